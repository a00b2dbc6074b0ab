import { expect, test } from 'vitest';
import { createRandom } from '../../../src/base/random.ts';
import { choicesFrom, randomProgram } from '../../derive/program-generator.ts';
import { expectClose, runOn, tolerances } from '../compare.ts';
import { planProgram } from '../programs.ts';
import { eager, missing } from './library.ts';

test.runIf(!missing)('random programs and their derivatives equal the interpreter', async () => {
  let compared = 0;
  for (let seed = 0; seed < 120; seed++) {
    const random = createRandom('blas programs', seed);
    const program = randomProgram(choicesFrom(Array.from({ length: 120 }, () => random.integer(10_000))));
    const wrt = Array.from(
      { length: random.integer(3) },
      () => program.variables[random.integer(program.variables.length)],
    );
    if (!wrt.every((name) => name !== undefined)) continue;
    const { plan, inputs, wanted, source } = planProgram(program, wrt, seed);
    if (!wanted.every((w) => w.data.every(Number.isFinite))) continue;
    for (const dtype of ['float64', 'float32'] as const) {
      const got = await runOn(eager, plan, inputs, { dtype });
      plan.outputs.forEach((output, k) => {
        if (output.form !== 'dense') expect.fail('dense was asked for');
        const where = `${source}\nby ${wrt}, seed ${seed}, ${dtype}, ${output.name}`;
        expectClose(got.get(output.value)!, wanted[k]!.data, tolerances[dtype], where);
      });
    }
    compared++;
  }
  expect(compared).toBeGreaterThan(80);
});
