import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { WrtError } from '../../src/base/diagnostic.ts';
import { ndarray, toNested } from '../../src/base/ndarray.ts';
import { bindSizes } from '../../src/interpret/bind.ts';
import type { UnknownFunction } from '../../src/interpret/functions.ts';
import { evaluateProgram, type ProgramOptions } from '../../src/interpret/program.ts';
import { arrays, read } from './read.ts';

const run = (text: string, at: Readonly<Record<string, unknown>>, options: ProgramOptions = {}) =>
  evaluateProgram(read(text), arrays(at), options, createBudget());
const value = (text: string, at: Readonly<Record<string, unknown>>, options: ProgramOptions = {}) =>
  toNested(run(text, at, options).output);
const refusal = (f: () => unknown) => {
  try {
    f();
  } catch (error) {
    if (error instanceof WrtError) return error.diagnostics[0]!;
    throw error;
  }
  throw new Error('nothing was refused');
};

test('intermediates are evaluated once each and handed back', () => {
  const { output, values } = run('x: n\na = 2*x\nb = a.*a\nc = 1/0\nsum(b)', { x: [1, 2, 3] });
  expect(toNested(output)).toBe(56);
  expect([...values.keys()]).toEqual(['x', 'a', 'b']);
  expect(toNested(values.get('b')!)).toEqual([4, 16, 36]);
});

test('a held name keeps its value, and what only its definition needs may be left out', () => {
  const text = 'x: n\nu = log(x)\ny = 3*u';
  expect(value(text, {}, { held: arrays({ u: [1, 2] }) })).toEqual([3, 6]);
  expect(value(text, {}, { held: arrays({ u: [1, 2] }), output: 'u' })).toEqual([1, 2]);
});

test('another assigned name can be the output', () => {
  expect(value('x: n\nu = 2*x\ny = sum(u)', { x: [1, 2] }, { output: 'u' })).toEqual([2, 4]);
  expect(refusal(() => run('y = 1', {}, { output: 'z' })).code).toBe('name/output');
});

test('sizes follow from the arrays, also from products and squares of sizes', () => {
  const sizes = (text: string, at: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(bindSizes(read(text), arrays(at)));
  expect(sizes('A: m x n; x: n\nA*x', { A: [[1, 2, 3]], x: [1, 2, 3] })).toEqual({ m: 1, n: 3 });
  expect(
    sizes('A: m x n; v: n*m\nvec(A) + v', {
      v: [1, 2, 3, 4, 5, 6],
      A: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    }),
  ).toEqual({ m: 3, n: 2 });
  expect(sizes('A: n x n; v: n*n\nvec(A) + v', { v: [1, 2, 3, 4] })).toEqual({ n: 2 });
});

test('a size symbol is a scalar where it stands as a value', () => {
  expect(value('x: n\nsum(x)/n', { x: [1, 2, 6] })).toBe(3);
  expect(value('sum(ones(k))', { k: 7 })).toBe(7);
  expect(refusal(() => run('sum(ones(k))', {})).code).toBe('name/unbound');
  expect(refusal(() => run('x: n\nsum(x)', {})).code).toBe('name/unbound');
});

test('a vector may come as a column, a row as a list, a scalar as one nested number', () => {
  expect(value('x: n; s: scalar\ns*x', { x: [[1], [2]], s: [[3]] })).toEqual([3, 6]);
  expect(value("x: n\ny = 2*x'\nz = y + 1", {}, { held: arrays({ y: [5, 6] }) })).toEqual([[6, 7]]);
});

test('arrays that disagree are refused with both shapes', () => {
  expect(refusal(() => run('x: 3\nsum(x)', { x: [1, 2, 3, 4] }))).toMatchObject({
    code: 'shape/point',
    message: 'x has shape 4 at this point, but 3 was declared',
  });
  expect(refusal(() => run('A: m x n; x: n\nA*x', { A: [[1, 2, 3]], x: [1, 2] }))).toMatchObject({
    code: 'shape/point',
    message: 'x has shape 2 at this point, but n was declared, with n = 3 in A',
  });
  expect(refusal(() => run('A: m x n\nsum(A)', { A: [1, 2] })).message).toBe(
    'A has shape 2 at this point, but m×n was declared',
  );
});

test('a name without a value is refused only where it is needed', () => {
  expect(value('x: n; y: n\na = sum(y)\nsum(x)', { x: [1] })).toBe(1);
  expect(refusal(() => run('x: n; y: n\nsum(x) + sum(y)', { x: [1, 2] }))).toMatchObject({ code: 'name/unbound' });
});

test('index symbols are bound by the point and checked', () => {
  const text = 'x: n; i: index\nx[i]^2';
  expect(value(text, { x: [3, 5], i: 2 })).toBe(25);
  expect(refusal(() => run(text, { x: [3, 5], i: 3 })).message).toBe(
    "index 3 is out of range in 'x[i]': the axis has 2 entries",
  );
  expect(refusal(() => run(text, { x: [3, 5], i: 0 })).message).toBe('index 0 is out of range: indices begin at 1');
});

test('non-finite entries: the first operation that made one is named with its place, and only it', () => {
  const { warnings, output } = run('x: n\ny = log(x)\nz = exp(y) + 1', { x: [1, -2, 3] });
  expect(output.data[1]).toBeNaN();
  expect(output.data[2]).toBeCloseTo(4, 14);
  expect(warnings.map((w) => [w.code, w.message])).toEqual([
    ['math/not-finite', "log of a negative number at 'log(x)', entry 2"],
  ]);
  const { source } = read('x: n\ny = log(x)\nz = exp(y) + 1').program;
  expect(source.slice(warnings[0]!.span!.start, warnings[0]!.span!.end)).toBe('log(x)');
});

test.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
  ['x: n; y: n\nx./y', { x: [1, 2], y: [1, 0] }, "division by zero at 'x./y', entry 2"],
  ['A: m x n; s: scalar\nA/s', { A: [[1], [2]], s: 0 }, "division by zero at 'A/s', entry 1 (and 1 more)"],
  [
    'A: 2 x 2; u: 2\nA./u',
    {
      A: [
        [1, 2],
        [3, 4],
      ],
      u: [1, 0],
    },
    "division by zero at 'A./u', entry (2,1) (and 1 more)",
  ],
  ['s: scalar\ns^0.5', { s: -4 }, "power 0.5 of a negative number at 's^0.5'"],
  ['x: n\nx.^-1', { x: [0] }, "division by zero at 'x.^-1', entry 1"],
  ['x: n\nexp(x)', { x: [1, 1000] }, "exp overflows at 'exp(x)', entry 2"],
  ['s: scalar\ns*s', { s: 1e200 }, "overflow at 's*s'"],
  ["x: n\nx'*x", { x: [1e200, 1] }, "overflow at 'x'*x'"],
])('%s', (text, at, message) => {
  expect(run(text, at).warnings.map((w) => w.message)).toEqual([message]);
});

test('singular matrices are refused where they are divided by', () => {
  const at = {
    A: [
      [1, 1],
      [1, 1],
    ],
    b: [1, 2],
  };
  const solve = refusal(() => run('A: 2 x 2; b: 2\nA\\b', at));
  expect(solve).toMatchObject({ code: 'math/singular', message: "the matrix of '\\' is singular at this point" });
  expect(solve.span).toMatchObject({ line: 2, column: 2 });
  expect(refusal(() => run("A: 2 x 2; b: 2\nb'/A", at)).message).toBe("the matrix of '/' is singular at this point");
  expect(refusal(() => run('A: 2 x 2\nA^-1', at)).message).toBe("the matrix of '^' is singular at this point");
  expect(refusal(() => run('A: 2 x 2\ninv(A)', at))).toMatchObject({
    code: 'math/singular',
    message: expect.stringContaining('singular'),
  });
});

test('arrays over the limit are refused before memory is asked for', () => {
  const huge = refusal(() => run('eye(1000000000)', {}));
  expect(huge).toMatchObject({
    code: 'limit/entries',
    message: 'eye(1000000000) would hold 1e18 entries; the limit is 20,000,000',
  });
  expect(refusal(() => run("sum(ones(n)*ones(n)')", { n: 1e6 })).code).toBe('limit/entries');
});

test('unknown functions stand for something smooth, the same for the same name, or for what is given', () => {
  const text = "f: elementwise; x: n\nf(x) + f''(x)";
  expect(value(text, { x: [0.1, 0.2] })).toEqual(value(text, { x: [0.1, 0.2] }));
  const cube: UnknownFunction = {
    name: 'f',
    derivative: (k, { shape, data }) => ({ shape, data: data.map((x) => [x ** 3, 3 * x * x, 6 * x][k]!) }),
  };
  expect(value(text, { x: [1, 2] }, { functions: new Map([['f', cube]]) })).toEqual([7, 20]);
  expect(run('g: R^n -> R^3; x: n\ng(x)', { x: [1, 2] }).output.shape).toEqual([3]);
  expect(run('loss: R^n -> R; x: n\nloss(x)', { x: [1, 2] }).output.shape).toEqual([]);
});

test('a sum of 20,000 terms and a chain of 5,000 names do not exhaust the stack', () => {
  const deep = createBudget({ limits: { nesting: 100_000 } });
  const sum = read(`s: scalar\n${Array(20_000).fill('s').join(' + ')}`, {}, deep);
  expect(toNested(evaluateProgram(sum, arrays({ s: 1 }), {}, deep).output)).toBe(20_000);
  const chain = Array.from({ length: 5_000 }, (_, k) => `a${k + 1} = a${k} + 1`).join('\n');
  expect(value(`a0: scalar\n${chain}`, { a0: 0 })).toBe(5_000);
});

test('the time limit stops a long evaluation', () => {
  const budget = createBudget({ limits: { milliseconds: 30 } });
  const big = ndarray([3_000, 3_000]);
  const run = () => evaluateProgram(read('A: n x n\nA*A*A'), new Map([['A', big]]), {}, budget);
  expect(refusal(run).code).toBe('limit/time');
});

test('names of the prototype chain are ordinary names', () => {
  expect(
    value('constructor: n; toString: n\nsum(constructor.*toString)', { constructor: [1, 2], toString: [3, 4] }),
  ).toBe(11);
});
