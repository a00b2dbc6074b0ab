import { test } from 'vitest';
import { expectAgrees } from '../compare.ts';
import { onnx, randomOnnxPlan } from './engine.ts';

test('random plans in float64 equal the definition', async () => {
  for (let seed = 0; seed < 150; seed++) {
    const { plan, inputs } = randomOnnxPlan(seed, 14, seed % 4 === 0);
    await expectAgrees(onnx, plan, inputs, {}, `seed ${seed}`);
  }
});
