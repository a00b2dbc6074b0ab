import {
  type Derivative,
  derive,
  type Layout,
  type PointValues,
  type Result,
  randomValues,
} from '../../src/api/index.ts';
import type { Numbers } from './formula-value.ts';

/** The value of a result that must be one. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

export const derived = (program: string, wrt: string, layout: Layout = 'denominator'): Derivative =>
  must(derive(program, wrt.split(','), { certify: false, layout }));

/** A derivative with its dense value at a seeded random point. */
export function numbersOf(d: Derivative, given?: PointValues): Numbers {
  const random = must(randomValues(d.program, 3, d.wrt));
  const at = given ?? random.values;
  return { derivative: d, at, sizes: random.sizes, dense: must(d.evaluate(at)).value };
}

/** Every tuple of places of a shape, counted from 1. */
export function everyPlace(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (list, size) => list.flatMap((p) => Array.from({ length: size }, (_, i) => [...p, i + 1])),
    [[]],
  );
}

const network = `A0: m
W1: m x n
b1: n
W2: n x p
y: p
f: elementwise
Z1 = W1'*A0 + b1
A1 = f(Z1)
Z2 = W2'*A1
L = sum((Z2 - y).^2)`;

/** Outputs and inputs of every order, with what makes each of them hard. */
export const cases: readonly (readonly [program: string, wrt: string])[] = [
  ["A: m\nZ = W'*A", 'W'],
  ["A: m\nZ = W'*A", 'A'],
  ['f: elementwise\nz: n\nf(z)', 'z'],
  ['s: scalar\ns^3 + 2*s', 's'],
  ['s: scalar\nM: m x n\nsin(s)*M', 's'],
  ['s: scalar\nv: 3\nexp(s)*v', 's'],
  ['x: n\nA: m x n\ny: m\nnorm2(A*x - y)^2', 'x'],
  ["x: n\nx'*A*x/(x'*x)", 'x'],
  ["x: n\nx'*A*x", 'x,x'],
  ['x: n\nlogsumexp(x)', 'x,x'],
  ['x: n\ny: n\nexp(x.*y)', 'x,y'],
  ['A*X*B', 'X'],
  ['X*X', 'X'],
  ['X: 2 x 3\nX.^2', 'X'],
  ['X: n x n\ninv(X)', 'X'],
  ['X: n x n\nlogdet(X)', 'X'],
  ["X: m x n\nX'", 'X'],
  ['X: 2 x 3\nvec(X)', 'X'],
  ['x: 4\ncumsum(x)', 'x'],
  ['x: 5\nx[3]*x', 'x'],
  ['X: m x n\nsum(X,1)', 'X'],
  ['x: n\nsoftmax(x)', 'x'],
  ['x: n\nsum(x)*x', 'x'],
  ['T: 2 x 3 x 2\nx: 2\neinsum("ijk,k->ij", T, x)', 'T'],
  ['A: n x n symmetric\nx: n\nA*x', 'x'],
  ["X: n x n symmetric\na: n\na'*X*a", 'X'],
  [network, 'W1'],
  [network, 'b1'],
  [network, 'Z1'],
];
