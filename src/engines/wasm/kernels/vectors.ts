import type { FunctionBuilder, Local, ModuleBuilder, Value } from '../assembler/index.ts';
import { i32, v128 } from '../assembler/index.ts';
import { type Dialect, dialectOf, type Target } from './dialect.ts';

type V = Value<'v128'>;

/**
 * Several vectors that go through the same instructions side by side. A long chain of dependent instructions leaves the
 * machine idle; four chains at once do not.
 */
export type Vectors = readonly Local<'v128'>[];

/** Vectors, or one vector that is the same for all of them. */
export type Argument = Vectors | Local<'v128'>;

/** Writes instructions on vectors into a function, each result in a local of its own. */
export interface Kit {
  readonly m: ModuleBuilder;
  readonly f: FunctionBuilder;
  readonly d: Dialect;
  /** A number in all lanes, made in front of the innermost `f.hoist`. */
  number(value: number): Local<'v128'>;
  /** Lanes with these bits. */
  pattern(bits: bigint): Local<'v128'>;
  each(op: (...vectors: V[]) => V, ...args: readonly Argument[]): Vectors;
  set(targets: Vectors, values: Vectors): void;
  add(a: Argument, b: Argument): Vectors;
  sub(a: Argument, b: Argument): Vectors;
  mul(a: Argument, b: Argument): Vectors;
  div(a: Argument, b: Argument): Vectors;
  /** a·b + c */
  madd(a: Argument, b: Argument, c: Argument): Vectors;
  /** c - a·b */
  nmadd(a: Argument, b: Argument, c: Argument): Vectors;
  sqrt(a: Argument): Vectors;
  abs(a: Argument): Vectors;
  /** b < a ? b : a, which is `a` where either is NaN. */
  atMost(a: Argument, b: Argument): Vectors;
  /** a < b ? b : a, which is `a` where either is NaN. */
  atLeast(a: Argument, b: Argument): Vectors;
  lt(a: Argument, b: Argument): Vectors;
  gt(a: Argument, b: Argument): Vectors;
  eq(a: Argument, b: Argument): Vectors;
  ne(a: Argument, b: Argument): Vectors;
  and(a: Argument, b: Argument): Vectors;
  andnot(a: Argument, b: Argument): Vectors;
  or(a: Argument, b: Argument): Vectors;
  select(mask: Argument, a: Argument, b: Argument): Vectors;
  /** -|a| */
  minusAbs(a: Argument): Vectors;
  /** `a`, which is not negative, with the sign of `x`. */
  withSign(a: Argument, x: Argument): Vectors;
  /** Σ cₖ·xᵏ, the coefficients from c₀ on, by Horner's scheme. */
  polynomial(x: Argument, coefficients: readonly number[]): Vectors;
  /** 1 when a lane of a mask is zero, else 0. */
  notAll(masks: Vectors): Value<'i32'>;
}

const signBit = { float64: 1n << 63n, float32: 1n << 31n } as const;

export function createKit(m: ModuleBuilder, f: FunctionBuilder, target: Target | Dialect): Kit {
  const d = 'vector' in target ? target : dialectOf(target);
  const { vector } = d;
  const isList = (a: Argument): a is Vectors => Array.isArray(a);

  const each: Kit['each'] = (op, ...args) => {
    const width = args.find(isList)?.length ?? 1;
    return Array.from({ length: width }, (_, i) => f.let(op(...args.map((a) => (isList(a) ? a[i]! : a)))));
  };
  const number = (value: number): Local<'v128'> => f.constant(vector.splat(value));
  const pattern = (bits: bigint): Local<'v128'> => f.constant(d.bits.splat(bits));
  const two =
    (op: (a: V, b: V) => V) =>
    (a: Argument, b: Argument): Vectors =>
      each(op as (...v: V[]) => V, a, b);
  const three =
    (op: (a: V, b: V, c: V) => V) =>
    (a: Argument, b: Argument, c: Argument): Vectors =>
      each(op as (...v: V[]) => V, a, b, c);
  const sign = (): Local<'v128'> => pattern(signBit[d.dtype]);

  const kit: Kit = {
    m,
    f,
    d,
    number,
    pattern,
    each,
    set(targets, values) {
      targets.forEach((target, i) => {
        f.set(target, values[i]!);
      });
    },
    add: two(vector.add),
    sub: two(vector.sub),
    mul: two(vector.mul),
    div: two(vector.div),
    madd: three(d.madd),
    nmadd: three(d.nmadd),
    sqrt: (a) => each(vector.sqrt as (...v: V[]) => V, a),
    abs: (a) => each(vector.abs as (...v: V[]) => V, a),
    atMost: two(vector.pmin),
    atLeast: two(vector.pmax),
    lt: two(vector.lt),
    gt: two(vector.gt),
    eq: two(vector.eq),
    ne: two(vector.ne),
    and: two(v128.and),
    andnot: two(v128.andnot),
    or: two(v128.or),
    select: three(d.select),
    minusAbs: (a) => kit.or(a, sign()),
    withSign: (a, x) => kit.or(a, kit.and(x, sign())),
    polynomial(x, coefficients) {
      let [sum, ...rest] = coefficients.toReversed() as [number | Vectors, ...number[]];
      for (const c of rest) sum = kit.madd(typeof sum === 'number' ? number(sum) : sum, x, number(c));
      return typeof sum === 'number' ? each((v) => v, number(sum)) : sum;
    },
    notAll: (masks) =>
      i32.ne(d.bits.bitmask(masks.slice(1).reduce<V>((a, b) => v128.and(a, b), masks[0]!)), 2 ** d.lanes - 1),
  };
  return kit;
}
