import { expect, test } from 'vitest';
import { createWasmEngine } from '../../../src/engines/wasm/index.ts';
import { brokenPlanRules } from '../../../src/plan/spec.ts';
import { expectInterpreted, randomPrograms } from '../programs.ts';

test('random programs and their derivatives, planned, equal the interpreter', async () => {
  let compared = 0;
  for (const program of randomPrograms(150, 300)) {
    expect(brokenPlanRules(program.plan), program.where).toEqual([]);
    await expectInterpreted(createWasmEngine(), program, program.where);
    compared++;
  }
  expect(compared).toBeGreaterThan(100);
});
