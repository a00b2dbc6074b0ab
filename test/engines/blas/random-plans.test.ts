import { test } from 'vitest';
import { randomPlan } from '../../plan/random-plan.ts';
import { expectAgrees } from '../compare.ts';
import { blas, eager, missing } from './library.ts';

for (const dtype of ['float64', 'float32'] as const)
  test.runIf(!missing)(`random plans, the library wherever it can, ${dtype}`, async () => {
    for (let seed = 1; seed <= 150; seed++) {
      const { plan, inputs } = randomPlan(seed);
      await expectAgrees(eager, plan, inputs, { dtype }, `seed ${seed}`);
    }
  });

test.runIf(!missing)('random plans, the library where it is faster', async () => {
  for (let seed = 1000; seed < 1060; seed++) {
    const { plan, inputs } = randomPlan(seed, 14, true);
    await expectAgrees(blas, plan, inputs, {}, `seed ${seed}`);
  }
});
