import { elementwiseTable } from '../../ops/index.ts';
import type { ScalarOp } from '../../plan/plan.ts';
import { call, type FunctionBuilder, type Local, type ModuleBuilder, v128 } from './assembler/index.ts';
import type { Lanes, Vector } from './codegen-lanes.ts';

/** What the code of a body may use. */
export interface BodyScope {
  readonly m: ModuleBuilder;
  readonly f: FunctionBuilder;
  readonly lanes: Lanes;
  /** Names of the functions that the module imports from its host. */
  readonly imported: Set<string>;
}

/** The values of one operation for the vectors of a group; an invariant one is the same for all of them. */
export type Group = readonly Vector[];

/**
 * Writes a body for several vectors at once: operation by operation, so that functions with long chains of dependent
 * instructions work on all of them side by side. `known` holds operations that were computed before.
 */
export function writeBody(
  body: readonly ScalarOp[],
  scope: BodyScope,
  count: number,
  argument: (arg: number, vector: number) => Vector,
  known: ReadonlyMap<number, Group> = new Map(),
  used: number = scope.lanes.width,
): Group {
  const { f } = scope;
  const uses = usesOf(body);
  const values: Group[] = [];
  const keep = (k: number, group: readonly Vector[]): Group => {
    // What stands once is written where it is needed; what is read again is kept.
    if (uses[k]! <= 1 || body[k]!.op === 'number' || body[k]!.op === 'size') return group;
    return group.map((v) => f.let(v));
  };
  const vectors = Array.from({ length: count }, (_, u) => u);
  body.forEach((op, k) => {
    const found = known.get(k);
    if (found) values[k] = vectors.map((u) => found[u % found.length]!);
    else if (op.op === 'arg')
      values[k] = keep(
        k,
        vectors.map((u) => argument(op.arg, u)),
      );
    else
      values[k] = keep(
        k,
        operation(op, (a) => values[a]!, scope, count, used),
      );
  });
  return values.at(-1)!;
}

export function usesOf(body: readonly ScalarOp[]): number[] {
  const uses = body.map(() => 0);
  for (const op of body) for (const a of operandsOfOp(op)) uses[a]!++;
  return uses;
}

export function operandsOfOp(op: ScalarOp): readonly number[] {
  switch (op.op) {
    case 'arg':
    case 'number':
    case 'size':
      return [];
    case 'negate':
    case 'power':
      return [op.a];
    case 'apply':
      return op.args;
    default:
      return [op.a, op.b];
  }
}

const names = { add: 'add', subtract: 'sub', multiply: 'mul', divide: 'div' } as const;

function operation(
  op: ScalarOp,
  value: (k: number) => Group,
  scope: BodyScope,
  count: number,
  used: number,
): readonly Vector[] {
  const { f, lanes } = scope;
  const { ops } = lanes;
  const same = (v: number): Vector[] => Array<Vector>(count).fill(f.constant(lanes.splat(v)));
  switch (op.op) {
    case 'arg':
      return [];
    case 'number':
      return same(op.value);
    case 'size':
      return same(op.size as number);
    case 'negate':
      return value(op.a).map((x) => ops.neg(x));
    case 'power':
      return power(value(op.a), op.exponent, scope, used);
    case 'apply':
      return apply(op.fn, op.args.map(value), scope, used);
    default: {
      const [x, y] = [value(op.a), value(op.b)];
      return x.map((v, u) => ops[names[op.op]](v, y[u]!));
    }
  }
}

/** Exponents up to here are products; the rounding errors of longer ones would add up. */
const longestProduct = 16;

function power(x: Group, exponent: number, scope: BodyScope, used: number): readonly Vector[] {
  const { f, lanes } = scope;
  const { ops } = lanes;
  const one = f.constant(lanes.splat(1));
  const size = Math.abs(exponent);
  if (exponent === 0.5) return x.map((v) => ops.sqrt(v));
  // (-0)^(-1/2) is +∞: the sum turns -0 into 0.
  if (exponent === -0.5) {
    const zero = f.constant(lanes.splat(0));
    return x.map((v) => ops.div(one, ops.sqrt(ops.add(v, zero))));
  }
  if (!Number.isInteger(exponent) || size > longestProduct) return hostFunction(`power ${exponent}`, [x], scope, used);
  return x.map((v) => {
    // x^(2k+1) = x·(x²)^k
    let square: Local<'v128'> = f.let(v);
    let product: Vector | undefined;
    for (let rest = size; rest > 0; rest >>= 1) {
      if (rest & 1) product = product ? f.let(ops.mul(product, square)) : square;
      if (rest > 1) square = f.let(ops.mul(square, square));
    }
    return exponent < 0 ? ops.div(one, product!) : product!;
  });
}

function apply(fn: string, args: readonly Group[], scope: BodyScope, used: number): readonly Vector[] {
  const { f, lanes } = scope;
  const { ops } = lanes;
  const [x, y] = args as [Group, Group | undefined];
  const constant = (value: number): Vector => f.constant(lanes.splat(value));
  /** `make` for numbers, and NaN where the argument is. */
  const unlessNaN = (make: (v: Local<'v128'>) => Vector): readonly Vector[] =>
    x.map((given) => {
      const v = f.let(given);
      return v128.bitselect(make(v), v, ops.eq(v, v));
    });
  switch (fn) {
    case 'abs':
      return x.map((v) => ops.abs(v));
    case 'square':
      return x.map((given) => {
        const v = f.let(given);
        return ops.mul(v, v);
      });
    case 'sqrt':
      return x.map((v) => ops.sqrt(v));
    case 'max2':
      return x.map((v, u) => ops.max(v, y![u]!));
    case 'min2':
      return x.map((v, u) => ops.min(v, y![u]!));
    case 'relu':
      return x.map((v) => ops.max(v, constant(0)));
    case 'leakyrelu':
      return x.map((given) => {
        const v = f.let(given);
        return v128.bitselect(v, ops.mul(v, constant(0.01)), ops.gt(v, constant(0)));
      });
    case 'step':
      return unlessNaN((v) => v128.and(ops.gt(v, constant(0)), constant(1)));
    case 'heaviside':
      return unlessNaN((v) =>
        ops.add(v128.and(ops.gt(v, constant(0)), constant(0.5)), v128.and(ops.ge(v, constant(0)), constant(0.5))),
      );
    case 'sign':
      return unlessNaN((v) =>
        ops.sub(v128.and(ops.gt(v, constant(0)), constant(1)), v128.and(ops.lt(v, constant(0)), constant(1))),
      );
    default:
      return hostFunction(fn, args, scope, used);
  }
}

/** What the module imports for functions that it has no code for: `power 3.3`, or the name of an elementwise function. */
export function hostFunctionValue(name: string): (...x: number[]) => number {
  const power = /^power (\S+)$/.exec(name);
  if (!power) return elementwiseTable.get(name)!.value;
  const exponent = Number(power[1]);
  return (x) => x ** exponent!;
}

export const hostModule = 'function';

/** One call of the host per lane. */
function hostFunction(
  name: string,
  args: readonly Group[],
  { m, f, lanes, imported }: BodyScope,
  used: number,
): Vector[] {
  const types = args.map(() => 'f64' as const);
  imported.add(name);
  const func = m.once(`${hostModule} ${name}`, () => m.importFunc(hostModule, name, types, ['f64']));
  return args[0]!.map((_, u) => {
    const given = args.map((group) => f.let(group[u]!));
    const result = f.let(given[0]!);
    for (let lane = 0; lane < used; lane++)
      f.set(result, lanes.withDouble(result, lane, call(func, ...given.map((v) => lanes.toDouble(v, lane)))));
    return result;
  });
}
