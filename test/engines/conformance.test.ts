import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type CompileOptions, compile } from '../../src/api/compile.ts';
import { type Declaration, derive, evaluate, fromNested, type NdArray } from '../../src/api/index.ts';
import { createJsEngine } from '../../src/engines/js/index.ts';
import { createWasmEngine } from '../../src/engines/wasm/index.ts';
import { readCorpus } from '../derive/corpus.ts';
import { must, pointOf } from '../derive/numeric.ts';
import { eager, missing } from './blas/library.ts';
import { expectClose, tolerances } from './compare.ts';

interface Case {
  readonly id: string;
  readonly program: string;
  readonly wrt: readonly string[];
  readonly at: ReadonlyMap<string, NdArray>;
  readonly options: CompileOptions;
}

interface Line {
  readonly id: string;
  readonly declare: Readonly<Record<string, { readonly shape: readonly number[]; readonly symmetric?: boolean }>>;
  readonly program: string;
  readonly output: string | null;
  readonly wrt: readonly string[];
  readonly at: Readonly<Record<string, unknown>>;
  readonly held?: Readonly<Record<string, { readonly value: unknown }>>;
}

const file = '../shared/conformance/public.jsonl';
const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
const shared = lines.map((text): Case => {
  const line = JSON.parse(text) as Line;
  const declare = Object.entries(line.declare).map(
    ([name, { shape, symmetric }]): Declaration => ({
      name,
      shape: { kind: 'array', axes: shape },
      properties: symmetric ? ['symmetric'] : [],
    }),
  );
  const values = [
    ...Object.entries(line.at),
    ...Object.entries(line.held ?? {}).map(([name, h]) => [name, h.value] as const),
  ];
  return {
    id: line.id,
    program: line.program,
    wrt: line.wrt,
    at: new Map(values.map(([name, value]) => [name, fromNested(value)!])),
    options: { declare, layout: 'jacobian', ...(line.output === null ? {} : { output: line.output }) },
  };
});
const isAssigned = (program: string, name: string): boolean => new RegExp(`^ *${name} *=`, 'm').test(program);

/** Every fifth case of our own: the others are derived elsewhere. */
const own = [...readCorpus()]
  .flatMap(([family, list]) => list.map((c) => ({ ...c, id: `${family}: ${c.id}` })))
  .filter((_, k) => k % 5 === 2)
  .map(({ id, program, wrt, range, output }): Case => {
    const inputs = pointOf(program, 'corpus', range ? { range } : {});
    const at = new Map(inputs);
    // Intermediates that are independent have the values that the program gives them.
    for (const name of wrt.filter((n) => isAssigned(program, n)))
      at.set(name, must(evaluate(program, inputs, { output: name })).value);
    return { id, program, wrt, at, options: output === undefined ? {} : { output } };
  });

// The system's library on every step that it has code for, however small, where there is one.
const engines = [createJsEngine(), createWasmEngine(), ...(missing === undefined ? [eager] : [])];

test.each([...shared, ...own])('$id', async ({ id, program, wrt, at, options }) => {
  const found = must(derive(program, wrt, { ...options, certify: false }));
  const evaluated = found.evaluate(at);
  for (const engine of engines)
    for (const dtype of ['float64', 'float32'] as const) {
      const request = { value: true, derivatives: [wrt] };
      const made = await compile(program, request, { ...options, dtype, at, engines: [engine], engine: engine.name });
      const compiled = must(made);
      const outputs = must(await compiled());
      const { output, value } = must(evaluated);
      [output, value].forEach((wanted, k) => {
        const got = [...outputs.values()][k]!;
        const dense = got.form === 'dense' ? got : must(got.expand());
        expect(dense.shape, id).toEqual(wanted.shape);
        expectClose(dense.data, wanted.data, tolerances[dtype], `${id}, ${engine.name}, ${dtype}, output ${k}`, 0.1);
      });
      compiled.dispose();
    }
});

test('there are cases', () => {
  expect(own.length).toBeGreaterThan(50);
});
