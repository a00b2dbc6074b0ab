import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import katex from 'katex';
import { describe, expect, test } from 'vitest';
import {
  type Declaration,
  type Derivative,
  derive,
  renderStepsLatex,
  type StepsView,
  steps,
} from '../../src/api/index.ts';
import { stepDisplays } from '../../src/explain/render/steps-latex.ts';
import { readCorpus } from '../derive/corpus.ts';

const path = fileURLToPath(new URL('../../../shared/conformance/public.jsonl', import.meta.url));

interface Case {
  readonly id: string;
  readonly program: string;
  readonly wrt: readonly string[];
  readonly output: string | null;
  readonly declare: Readonly<Record<string, { readonly shape: readonly number[]; readonly symmetric?: boolean }>>;
}

const read = (): readonly Case[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);

function derivativeOf({ program, wrt, output, declare }: Case): Derivative {
  const declarations = Object.entries(declare).map(
    ([name, { shape, symmetric }]): Declaration => ({
      name,
      shape: { kind: 'array', axes: shape },
      properties: symmetric ? ['symmetric'] : [],
    }),
  );
  const derived = derive(program, wrt, {
    certify: false,
    declare: declarations,
    ...(output === null ? {} : { output }),
  });
  if (!derived.ok) throw new Error(`${program}: ${derived.error.message}`);
  return derived.value;
}

describe.runIf(existsSync(path))('the steps of every public case', () => {
  const cases = existsSync(path) ? read().map((c) => ({ ...c, derivative: derivativeOf(c) })) : [];
  const told = (depth: 'outline' | 'full' | 'rewrites') =>
    cases.map((c) => {
      const view = steps(c.derivative, { depth });
      if (!view.ok) throw new Error(`${c.id}: ${view.error.message}`);
      return { id: c.id, view: view.value };
    });
  const full = told('full');
  const unsure = (list: typeof full): string[] =>
    list.flatMap(({ id, view }) =>
      view.steps
        .filter((s) => s.check.status !== 'passed')
        .map((s) => `${id} step ${s.number} (${s.rule}): ${s.check.status}, ${s.check.reason ?? s.check.worst}`),
    );

  test('each is evaluated before and after, and none differs', () => {
    expect(unsure(full)).toEqual([]);
  });

  test('so is every link of the outline and every rewrite of the engine', () => {
    expect(unsure(told('outline'))).toEqual([]);
    expect(unsure(told('rewrites'))).toEqual([]);
  });

  test('the median has at most 12 steps, and nearly all a page of them', () => {
    const counts = full.map(({ view }) => view.steps.length).sort((a, b) => a - b);
    expect(counts[counts.length >> 1]).toBeLessThanOrEqual(12);
    expect(counts[Math.floor(0.9 * counts.length)]).toBeLessThanOrEqual(15);
  });

  test('the last formula is the derivative itself', () => {
    for (const [k, { view }] of full.entries()) {
      const { text, shape } = cases[k]!.derivative;
      const lines = [...view.result.where.map((w) => `${w.name} = ${w.value.text}`), view.result.value.text];
      expect(lines.join('\n')).toBe(text);
      expect(view.result.shape).toEqual(shape);
    }
  });

  test('every formula typesets', () => {
    expect(full.flatMap(({ id, view }) => untypeset(id, view))).toEqual([]);
  });
});

/** The formulas of a view that KaTeX refuses. */
function untypeset(id: string, view: StepsView): string[] {
  const bad: string[] = [];
  const set = (latex: string, displayMode: boolean): void => {
    try {
      katex.renderToString(latex, { throwOnError: true, strict: 'error', displayMode });
    } catch (error) {
      bad.push(`${id}: ${latex}: ${(error as Error).message.slice(0, 90)}`);
    }
  };
  for (const step of view.steps) for (const display of stepDisplays(step)) set(display, true);
  for (const [, inline] of renderStepsLatex(view).matchAll(/\$([^$]+)\$/g)) set(inline!, false);
  return bad;
}

test.each([...readCorpus()])('the corpus, %s: every step passes and typesets', (family, cases) => {
  const bad = cases.flatMap(({ id, program, wrt, output }) => {
    const derived = derive(program, wrt, { certify: false, ...(output === undefined ? {} : { output }) });
    if (!derived.ok) return [`${id}: ${derived.error.message}`];
    const view = steps(derived.value);
    if (!view.ok) return [`${id}: ${view.error.message}`];
    const failed = view.value.steps.filter((s) => s.check.status === 'failed');
    return [...failed.map((s) => `${family}/${id} step ${s.number}`), ...untypeset(id, view.value)];
  });
  expect(bad).toEqual([]);
});
