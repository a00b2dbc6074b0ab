import type { Graph, Ref } from './graph.ts';

export type RealType = 'float64' | 'float32';

/** Arithmetic on arrays of one type, entry by entry. Sizes that are 1 or missing in front are repeated. */
export interface Algebra {
  readonly g: Graph;
  readonly type: RealType;
  /** Twice the largest relative error of rounding to the type. */
  readonly epsilon: number;
  number(value: number): Ref;
  add(a: Ref, b: Ref): Ref;
  subtract(a: Ref, b: Ref): Ref;
  multiply(a: Ref, b: Ref): Ref;
  divide(a: Ref, b: Ref): Ref;
  negate(a: Ref): Ref;
  /** An operator of the format by its name: `Exp`, `Greater`, `And`. */
  op(name: string, ...x: readonly Ref[]): Ref;
  where(condition: Ref, yes: Ref, no: Ref): Ref;
  /** Σ coefficients[k]·xᵏ. */
  polynomial(coefficients: readonly number[], x: Ref): Ref;
  cast(x: Ref, type: RealType): Ref;
}

export function createAlgebra(g: Graph, type: RealType): Algebra {
  const op = (name: string, ...x: readonly Ref[]): Ref => g.node(name, x);
  const number = (value: number): Ref => g.number(value, type);
  return {
    g,
    type,
    epsilon: type === 'float64' ? Number.EPSILON : 2 ** -23,
    number,
    op,
    add: (a, b) => op('Add', a, b),
    subtract: (a, b) => op('Sub', a, b),
    multiply: (a, b) => op('Mul', a, b),
    divide: (a, b) => op('Div', a, b),
    negate: (a) => op('Neg', a),
    where: (condition, yes, no) => op('Where', condition, yes, no),
    polynomial: (coefficients, x) =>
      coefficients
        .slice(0, -1)
        .reduceRight((sum, c) => op('Add', op('Mul', sum, x), number(c)), number(coefficients.at(-1)!)),
    cast: (x, to) => g.node('Cast', [x], { to: { type: to } }),
  };
}
