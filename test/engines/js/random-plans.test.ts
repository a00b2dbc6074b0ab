import { test } from 'vitest';
import { createJsEngine } from '../../../src/engines/js/index.ts';
import { randomPlan } from '../../plan/random-plan.ts';
import { expectAgrees } from '../compare.ts';

test('random plans in float64 equal the definition', async () => {
  for (let seed = 0; seed < 400; seed++) {
    const { plan, inputs } = randomPlan(seed, 14, seed % 4 === 0);
    await expectAgrees(createJsEngine(), plan, inputs, {}, `seed ${seed}`);
  }
});
