import { describe, expect, test } from 'vitest';
import { answer } from '../../apps/workbench/src/engine/answers.ts';
import type { Answer, QuestionKind, Questions } from '../../apps/workbench/src/engine/protocol.ts';

interface Sample {
  readonly title: string;
  readonly source: string;
  readonly declare: string;
  readonly wrt: string;
  readonly right: string;
}
const samples: readonly Sample[] = [
  { title: 'quadratic form', source: "x'*A*x", declare: '', wrt: 'x', right: "(A + A')*x" },
  {
    title: 'matrix product',
    source: 'Z = W*A',
    declare: 'W: 2 x 3; A: 3 x 5',
    wrt: 'A',
    right: "einsum('ik,jl->klij', W, eye(5))",
  },
  { title: 'loss', source: "r = A*x - y\nr'*r", declare: '', wrt: 'x', right: "2*A'*(A*x - y)" },
  { title: 'logdet', source: 'log(det(X))', declare: '', wrt: 'X', right: "inv(X)'" },
  {
    title: 'network',
    source: "h = tanh(W*x + b)\ns = v'*h",
    declare: '',
    wrt: 'W',
    right: "(v.*(1 - tanh(W*x + b).^2))*x'",
  },
  { title: 'scalar', source: 'sin(t)^2', declare: 't: scalar', wrt: 't', right: '2*sin(t)*cos(t)' },
];

async function ask<K extends QuestionKind>(kind: K, takes: Questions[K]['takes']): Promise<Questions[K]['gives']> {
  const given: Answer<K> = await answer({ kind, takes });
  if (!given.ok) throw new Error(JSON.stringify(given.errors));
  return given.value;
}

describe.each(samples)('$title', ({ source, declare, wrt, right }) => {
  const program = { source, declare };
  const input = { program, wrt: [wrt], layout: 'denominator' as const };
  const point = { seed: 2 };

  test('analyse and derive', async () => {
    const known = await ask('analyse', { program });
    expect(known.variables).toContain(wrt);
    expect(known.names.find((n) => n.name === wrt)).toMatchObject({ role: 'input' });
    const derived = await ask('derive', input);
    expect(derived.certificate.status).toBe('verified');
    expect(derived.latex).not.toBe('');
    expect(derived.mathml).toContain('<math');
    // Plain data: it goes through a message.
    expect(structuredClone(derived)).toEqual(derived);
  });

  test('steps', async () => {
    for (const depth of ['outline', 'full', 'rewrites'] as const) {
      const steps = await ask('steps', { ...input, depth });
      expect(steps.steps.length).toBeGreaterThan(0);
      expect(steps.checks.failed).toBe(0);
      expect(structuredClone(steps)).toEqual(steps);
    }
  });

  test('views of the array, symbolic and at a point', async () => {
    for (const kind of ['labelled', 'entry', 'unfolded'] as const)
      for (const takes of [input, { ...input, point }]) {
        const view = await ask(kind, takes);
        expect(view.html).toContain('<');
        expect(structuredClone(view)).toEqual(view);
      }
    for (const kind of ['condensed', 'contracted'] as const) expect((await ask(kind, input)).html).toContain('<');
  });

  test('tables, what becomes of their entries, and one entry alone', async () => {
    for (const takes of [input, { ...input, point }]) {
      const { stack, partial } = await ask('tables', takes);
      const entries = stack.flatMap((row) => row.flatMap((table) => table?.cells.flat() ?? []));
      const [entry] = entries;
      if (entry?.kind !== 'entry') throw new Error('the first cell is no entry');
      expect('point' in takes).toBe(entry.value !== undefined);
      const collapse = await ask('collapse', { ...takes, summand: 1 });
      expect(collapse.stages[0]!.kind).toBe('full');
      expect(collapse.title).toContain(partial);
      expect(structuredClone(collapse)).toEqual(collapse);
      const axes = [...entry.by, entry.of].flatMap((part) => part.indices);
      const { value: _, ...plain } = entry;
      expect(await ask('place', { ...input, entry: axes.map(() => 1) })).toEqual(plain);
    }
  });

  test('linear approximation', async () => {
    const { data, html } = await ask('approx', { ...input, point });
    expect(data.steps.length).toBeGreaterThan(2);
    expect(html).toContain('<');
  });

  test('a right and a wrong answer', async () => {
    const asked = { ...input, strict: false };
    expect((await ask('check', { ...asked, answer: right })).verdict).toBe('right');
    expect((await ask('check', { ...asked, answer: `3*(${right})` })).verdict).toBe('wrong');
  });

  test('code', async () => {
    for (const target of ['numpy', 'torch', 'jax', 'julia', 'matlab', 'typescript'] as const) {
      const { code, fileName } = await ask('emit', { ...input, target });
      expect(code.length).toBeGreaterThan(40);
      expect(fileName).toContain('.');
    }
  });
});

test('functions of the language, each with a line of documentation', async () => {
  const functions = await ask('functions', {});
  expect(functions.length).toBeGreaterThan(40);
  expect(functions.every((f) => f.name !== '' && f.usage !== '' && f.doc !== '')).toBe(true);
});

test('layers of a network', async () => {
  const program = { source: 'h = tanh(W1*x + b1)\ny = W2*h + b2\nnorm2(y - t)^2', declare: '' };
  const { data, html } = await ask('network', { program, layout: 'denominator', point: { seed: 1 } });
  expect(data.rows).toHaveLength(2);
  expect(html).toContain('<svg');
});

test('errors are answers', async () => {
  const wrong = async (kind: QuestionKind, takes: unknown): Promise<string | undefined> => {
    const given = await answer({ kind, takes: takes as never });
    return given.ok ? undefined : given.errors[0]!.code;
  };
  const input = (source: string, wrt = 'x', declare = '') => ({
    program: { source, declare },
    wrt: [wrt],
    layout: 'denominator',
  });
  expect(await wrong('analyse', { program: { source: 'x +', declare: '' } })).toMatch(/^syntax\//);
  expect(await wrong('analyse', { program: { source: 'x', declare: 'x: (' } })).toMatch(/^declaration\//);
  expect(await wrong('derive', input('A*B', 'A', 'A: 2 x 3; B: 2 x 5'))).toMatch(/^shape\//);
  expect(await wrong('derive', input("x'*x", 'y'))).toMatch(/^name\//);
  expect(await wrong('derive', undefined)).toBe('internal/unexpected');
  expect(await wrong('network', { program: { source: 'x +', declare: '' }, layout: 'denominator' })).toMatch(
    /^syntax\//,
  );
  expect(await wrong('check', { ...input("x'*x"), answer: '2*', strict: false })).toMatch(/^syntax\//);
  expect(await wrong('labelled', { ...input("x'*A*x"), point: { seed: 1, values: { A: [[1, 2]] } } })).toBeDefined();
});
