import { describe, expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { fromNested, type NdArray, toNested } from '../../src/base/ndarray.ts';
import { differentiate, type Mode } from '../../src/calculus/accumulate.ts';
import { evaluateProgram } from '../../src/interpret/program.ts';
import { evaluateNode } from '../../src/interpret/tensor.ts';
import { analyse } from '../../src/language/analyse.ts';
import { lower } from '../../src/language/lower.ts';
import { parseProgram } from '../../src/language/parse.ts';
import { elementwiseTable, functionTable, powerTrouble } from '../../src/ops/index.ts';
import type { Declaration } from '../../src/syntax/expr.ts';
import { createBuilder } from '../../src/tensor/builder.ts';

const budget = () => createBudget();
const declared = (axes: Readonly<Record<string, readonly (number | string)[]>>): Declaration[] =>
  Object.entries(axes).map(([name, a]) => ({ name, shape: { kind: 'array', axes: a }, properties: [] }));
const understand = (program: string, axes: Readonly<Record<string, readonly (number | string)[]>>) =>
  analyse(parseProgram(program, budget()).program, { declare: declared(axes) }, budget());
const pointOf = (at: Readonly<Record<string, unknown>>): Map<string, NdArray> =>
  new Map(Object.entries(at).map(([name, v]) => [name, fromNested(v)!]));
const axesOf = (at: Readonly<Record<string, unknown>>) =>
  Object.fromEntries([...pointOf(at)].map(([name, a]) => [name, a.shape]));

describe('derivatives at points where there is none', () => {
  const rows: [program: string, at: Record<string, unknown>, by: string, want: unknown][] = [
    ['relu(s)', { s: 0 }, 's', 0],
    ['leakyrelu(s)', { s: 0 }, 's', 0.01],
    ['leakyrelu(s, 0.2)', { s: 0 }, 's', 0.2],
    ['abs(s)', { s: 0 }, 's', 0],
    ['sign(s)', { s: 0 }, 's', 0],
    ['step(s)', { s: 0 }, 's', 0],
    ['heaviside(s)', { s: 0 }, 's', 0],
    ['max(s, t)', { s: 2, t: 2 }, 's', 0.5],
    ['max(s, t)', { s: 2, t: 2 }, 't', 0.5],
    ['min(s, t)', { s: 2, t: 2 }, 's', 0.5],
    ['min(s, t)', { s: 2, t: 2 }, 't', 0.5],
    ['max(x)', { x: [1, 3, 3] }, 'x', [0, 0.5, 0.5]],
    ['min(x)', { x: [1, 1, 3, 1] }, 'x', [1 / 3, 1 / 3, 0, 1 / 3]],
    ['norm1(x)', { x: [1, 0, -3] }, 'x', [1, 0, -1]],
    ['norm(x, "inf")', { x: [1, -3, 3] }, 'x', [0, -0.5, 0.5]],
  ];
  test.each(rows)('%s at %j by %s', (program, at, by, want) => {
    const analysis = understand(program, axesOf(at));
    for (const mode of ['reverse', 'forward'] as Mode[]) {
      const b = createBuilder(budget());
      const { output, variables } = lower(analysis, { independent: Object.keys(at) }, b);
      const d = differentiate(b, output, variables.get(by)!, mode);
      const scope = { variables: pointOf(at), sizes: new Map(), indices: new Map() };
      expect(toNested(evaluateNode(d, scope, budget()))).toEqual(want);
    }
  });
});

describe('values that are not finite say why', () => {
  const rows: [program: string, at: Record<string, unknown>, reason: string][] = [
    ['log(x)', { x: [1, -2] }, 'log of a negative number'],
    ['log(x)', { x: [1, 0] }, 'log of zero'],
    ['log1p(x)', { x: [-2] }, 'log1p of a number below -1'],
    ['sqrt(x)', { x: [1, -2] }, 'square root of a negative number'],
    ['asin(x)', { x: [1.5] }, 'asin of a number outside [-1, 1]'],
    ['acos(x)', { x: [-1.5] }, 'acos of a number outside [-1, 1]'],
    ['exp(x)', { x: [1000] }, 'exp overflows'],
    ['expm1(x)', { x: [1000] }, 'expm1 overflows'],
    ['cosh(x)', { x: [1000] }, 'cosh overflows'],
    ['logdet(X)', { X: [[1, 0], [0, -1]] }, 'negative determinant'], // biome-ignore format: a matrix
    ['logdet(X)', { X: [[1, 2], [2, 4]] }, 'zero'], // biome-ignore format: a matrix
  ];
  test.each(rows)('%s at %j: %s', (program, at, reason) => {
    const { warnings } = evaluateProgram(understand(program, axesOf(at)), pointOf(at), {}, budget());
    expect(warnings.map((w) => w.message).join(' ')).toContain(reason);
  });

  test('an argument that is not finite itself is not reported again', () => {
    const seen: string[] = [];
    const context = { shape: [2], literals: [], warn: (r: string) => seen.push(r), fail: () => expect.unreachable() };
    const x = { shape: [2], data: Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY) };
    functionTable.get('sin')!.evaluate([x], context);
    expect(seen).toEqual([]);
  });

  test('powers', () => {
    expect(powerTrouble(0, -1)).toBe('division by zero');
    expect(powerTrouble(-2, 0.5)).toBe('square root of a negative number');
    expect(powerTrouble(-2, 1.5)).toBe('a negative number to a power that is not an integer');
    expect(powerTrouble(-2, 3)).toBeUndefined();
    expect(powerTrouble(2, 0.3)).toBeUndefined();
    expect(elementwiseTable.get('pow')!.trouble!(0, -2)).toBe('division by zero');
  });
});

describe('points at which a function is refused', () => {
  const rows: [program: string, at: Record<string, unknown>, says: string][] = [
    ['inv(X)', { X: [[1, 1], [1, 1]] }, 'singular'], // biome-ignore format: a matrix
    ['inv(X)', { X: [[1, 2, 3], [4, 5, 6], [7, 8, 9]] }, 'singular'], // biome-ignore format: a matrix
    ['chol(X)', { X: [[1, 2], [2, 1]] }, 'not positive definite'], // biome-ignore format: a matrix
  ];
  test.each(rows)('%s at %j', (program, at, says) => {
    expect(() => evaluateProgram(understand(program, axesOf(at)), pointOf(at), {}, budget())).toThrow(says);
  });
});

describe('shapes', () => {
  const axes = {
    s: [],
    x: ['m'],
    y: ['n'],
    X: ['m', 'n'],
    Y: ['p', 'q'],
    A: ['n', 'n'],
    R: [1, 'n'],
    T: ['a', 'b', 'c'],
  };
  const rows: [program: string, shape: readonly (number | string)[], row?: true][] = [
    ["exp(x')", [1, 'm'], true],
    ['relu(sum(X, 1))', [1, 'n'], true],
    ['sum(X)', []],
    ['sum(X, 1)', [1, 'n'], true],
    ['sum(X, 2)', ['m']],
    ['sum(x, 1)', []],
    ['sum(x, 2)', ['m']],
    ["sum(x', 1)", [1, 'm'], true],
    ["sum(x', 2)", []],
    ['sum(T, 1)', [1, 'b', 'c']],
    ['sum(T, 2)', ['a', 1, 'c']],
    ['sum(T, 3)', ['a', 'b']],
    ['mean(X, 1)', [1, 'n'], true],
    ['logsumexp(X, 2)', ['m']],
    ['var(X, 0, 1)', [1, 'n'], true],
    ['softmax(X, 2)', ['m', 'n']],
    ["softmax(x')", [1, 'm'], true],
    ["cumsum(x')", [1, 'm'], true],
    ['max(X)', []],
    ['max(X, x)', ['m', 'n']],
    ["max(y', X)", ['m', 'n']],
    ["max(x, y')", ['m', 'n']],
    ["max(0, y')", [1, 'n'], true],
    ['norm2(R)', []],
    ['norm(T, "fro")', []],
    ['outer(x, y)', ['m', 'n']],
    ["dot(x', x)", []],
    ['tr(s)', []],
    ['det(A)', []],
    ['inv(s)', []],
    ['pinv(X)', ['n', 'm']],
    ['pinv(x)', [1, 'm'], true],
    ["pinv(x')", ['m']],
    ['diag(x)', ['m', 'm']],
    ["diag(x')", ['m', 'm']],
    ['diag(A)', ['n']],
    ['vec(X)', ['m*n']],
    ['vec(s)', []],
    ['vec(T)', ['a*b*c']],
    ['kron(X, Y)', ['m*p', 'n*q']],
    ['kron(x, y)', ['m*n']],
    ["kron(x', y')", [1, 'm*n'], true],
    ["kron(x, y')", ['m', 'n']],
    ['kron(x, Y)', ['m*p', 'q']],
    ["kron(x', Y)", ['p', 'm*q']],
    ['kron(s, x)', ['m']],
    ['transpose(x)', [1, 'm'], true],
    ['transpose(X)', ['n', 'm']],
    ['eye(n)', ['n', 'n']],
    ['eye(2, 3)', [2, 3]],
    ['ones(n)', ['n']],
    ['ones(2, 3)', [2, 3]],
    ['zeros(2, 3, 5)', [2, 3, 5]],
    ['x + vector(s)', ['m']],
    ['X + matrix(1)', ['m', 'n']],
    ['reshape(X, n, m)', ['n', 'm']],
    ['reshape(X, m*n)', ['m*n']],
    ['permute(T, 3, 1, 2)', ['c', 'a', 'b']],
    ['einsum("ij,j->i", X, y)', ['m']],
    ['einsum("zi->iz", x\')', ['m', 1]],
    ['einsum("ij", X)', ['m', 'n']],
  ];
  test.each(rows)('%s', (program, shape, row) => {
    const { type } = understand(program, axes).output;
    expect(type.axes).toEqual(shape);
    expect(type.row === true).toBe(row === true);
  });
});
