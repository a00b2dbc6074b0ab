import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { fromNested, type NdArray } from '../../src/base/ndarray.ts';
import { evaluateProgram } from '../../src/interpret/program.ts';
import { evaluateNode } from '../../src/interpret/tensor.ts';
import { lower } from '../../src/language/lower.ts';
import type { Analysis } from '../../src/syntax/analysis.ts';
import type { Declaration } from '../../src/syntax/expr.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import { arrays, read } from './read.ts';

interface Case {
  readonly id: string;
  readonly declare: Readonly<Record<string, { readonly shape: readonly number[]; readonly symmetric?: boolean }>>;
  readonly program: string;
  readonly output: string | null;
  readonly wrt: readonly string[];
  readonly at: Readonly<Record<string, unknown>>;
  readonly held?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly value: { readonly shape: readonly number[]; readonly value: unknown };
}

const file = '../shared/conformance/public.jsonl';
const cases: readonly Case[] = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
  : [];

function analysed(c: Case): Analysis {
  const declare = Object.entries(c.declare).map(
    ([name, { shape, symmetric }]): Declaration => ({
      name,
      shape: { kind: 'array', axes: shape },
      properties: symmetric ? ['symmetric'] : [],
    }),
  );
  const options = { declare, wrt: c.wrt, ...(c.output === null ? {} : { output: c.output }) };
  return read(c.program, options);
}

function expectClose(got: NdArray, want: Case['value']): void {
  expect(got.shape).toEqual(want.shape);
  const wanted = fromNested(want.value)!;
  const scale = Math.max(1, ...wanted.data.map(Math.abs));
  wanted.data.forEach((x, e) => {
    expect(Math.abs(got.data[e]! - x)).toBeLessThanOrEqual(1e-12 * scale);
  });
}

// Without the file one test still says so.
test('the published cases are read where they are at hand', () => {
  expect(cases.length === 0 || cases.length > 100).toBe(true);
});

const heldBy = (c: Case): Map<string, NdArray> =>
  arrays(Object.fromEntries(Object.entries(c.held ?? {}).map(([name, { value }]) => [name, value])));

for (const c of cases) {
  test(`${c.id}: the text evaluates to the published value`, () => {
    const { output, warnings } = evaluateProgram(analysed(c), arrays(c.at), { held: heldBy(c) }, createBudget());
    expect(warnings).toEqual([]);
    expectClose(output, c.value);
  });

  test(`${c.id}: the tensor graph evaluates to the published value`, () => {
    const held = heldBy(c);
    const { output } = lower(analysed(c), { independent: [...held.keys()] }, createBuilder(createBudget()));
    const variables = new Map([...arrays(c.at), ...held]);
    expectClose(evaluateNode(output, { variables, sizes: new Map() }, createBudget()), c.value);
  });
}
