import { expect, test } from 'vitest';
import { expectInterpreted, randomPrograms } from '../programs.ts';
import { onnx } from './engine.ts';

test('random programs and their derivatives, planned, equal the interpreter', async () => {
  let compared = 0;
  for (const program of randomPrograms(3_000, 3_120)) {
    // The format has no place for functions that the program leaves unknown.
    if (program.plan.functions.length > 0) continue;
    await expectInterpreted(onnx, program, program.where);
    compared++;
  }
  expect(compared).toBeGreaterThan(60);
});
