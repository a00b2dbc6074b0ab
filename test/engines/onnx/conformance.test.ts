import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type CompileOptions, compile } from '../../../src/api/compile.ts';
import { type Declaration, derive, evaluate, fromNested, type NdArray } from '../../../src/api/index.ts';
import type { Dtype } from '../../../src/plan/plan.ts';
import { readCorpus } from '../../derive/corpus.ts';
import { must, pointOf } from '../../derive/numeric.ts';
import { expectClose, tolerances } from '../compare.ts';
import { onnx } from './engine.ts';

interface Case {
  readonly id: string;
  readonly declare: Readonly<Record<string, { readonly shape: readonly number[]; readonly symmetric?: boolean }>>;
  readonly program: string;
  readonly output: string | null;
  readonly wrt: readonly string[];
  readonly at: Readonly<Record<string, unknown>>;
  readonly held?: Readonly<Record<string, { readonly value: unknown }>>;
}

const file = '../shared/conformance/public.jsonl';
const cases = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Case)
  : [];

const arrays = (values: Readonly<Record<string, unknown>>): [string, NdArray][] =>
  Object.entries(values).map(([name, value]) => [name, fromNested(value)!]);

/** Compares the value and a derivative, by onnxruntime, with the interpreter; false when a function is unknown. */
async function agree(
  where: string,
  source: string,
  wrt: readonly string[],
  at: ReadonlyMap<string, NdArray>,
  options: CompileOptions,
  dtype: Dtype,
): Promise<boolean> {
  const found = must(derive(source, wrt, { ...options, certify: false }));
  const interpreted = must(found.evaluate(at));
  const made = await compile(
    source,
    { value: true, derivatives: [wrt] },
    { ...options, dtype, at, engines: [onnx], engine: 'onnx' },
  );
  if (!made.ok && made.error.code === 'usage/engine') return false;
  const compiled = must(made);
  const outputs = must(await compiled());
  const wanted = [interpreted.output, interpreted.value];
  [...outputs.values()].forEach((output, k) => {
    const got = output.form === 'dense' ? output : must(output.expand());
    expect(got.shape, where).toEqual(wanted[k]!.shape);
    expectClose(got.data, wanted[k]!.data, tolerances[dtype], `${where}, ${dtype}, output ${k}`, 0.1);
  });
  compiled.dispose();
  return true;
}

test.each(cases)('$id', async (c) => {
  const declare = Object.entries(c.declare).map(
    ([name, { shape, symmetric }]): Declaration => ({
      name,
      shape: { kind: 'array', axes: shape },
      properties: symmetric ? ['symmetric'] : [],
    }),
  );
  const held = Object.fromEntries(Object.entries(c.held ?? {}).map(([name, h]) => [name, h.value]));
  const at = new Map([...arrays(c.at), ...arrays(held)]);
  const options: CompileOptions = {
    declare,
    layout: 'jacobian',
    ...(c.output === null ? {} : { output: c.output }),
  };
  for (const dtype of ['float64', 'float32'] as const)
    expect(await agree(c.id, c.program, c.wrt, at, options, dtype)).toBe(true);
});

const corpus = [...readCorpus()].flatMap(([family, list]) => list.map((c) => ({ ...c, id: `${family}: ${c.id}` })));
const isAssigned = (program: string, name: string): boolean => new RegExp(`^ *${name} *=`, 'm').test(program);

test('every seventh derivative of the corpus', async () => {
  let compared = 0;
  for (const c of corpus.filter((_, k) => k % 7 === 3)) {
    const output = c.output === undefined ? {} : { output: c.output };
    const inputs = pointOf(c.program, 'corpus', c.range ? { range: c.range } : {});
    const at = new Map(inputs);
    // Intermediates that are independent have the values that the program gives them.
    for (const name of c.wrt.filter((n) => isAssigned(c.program, n)))
      at.set(name, must(evaluate(c.program, inputs, { output: name })).value);
    if (await agree(c.id, c.program, c.wrt, at, { layout: 'jacobian', ...output }, 'float64')) compared++;
  }
  expect(compared).toBeGreaterThan(100);
});
