import type { ScalarOp } from '../../plan/plan.ts';
import { operandsOf } from '../../plan/scalar.ts';
import { call, type FunctionBuilder, type ModuleBuilder } from './assembler/index.ts';
import type { Lanes, Vector } from './codegen-lanes.ts';
import { applyFunction, applyPower, elementwiseKernels, type Kit, type Vectors } from './kernels/index.ts';

/** What the code of a body may use. */
export interface BodyScope {
  readonly m: ModuleBuilder;
  readonly f: FunctionBuilder;
  readonly lanes: Lanes;
  readonly kit: Kit;
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
  used: number = scope.lanes.lanes,
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
  for (const op of body) for (const a of operandsOf(op)) uses[a]!++;
  return uses;
}

const names = { add: 'add', subtract: 'sub', multiply: 'mul', divide: 'div' } as const;

function operation(
  op: ScalarOp,
  value: (k: number) => Group,
  scope: BodyScope,
  count: number,
  used: number,
): readonly Vector[] {
  const { f, lanes, kit } = scope;
  const ops = lanes.vector;
  const kept = (group: Group): Vectors => group.map((v) => f.let(v));
  const same = (v: number): Vector[] => Array<Vector>(count).fill(f.constant(lanes.vector.splat(v)));
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
      return applyPower(kit, kept(value(op.a)), op.exponent);
    case 'apply':
      return kernels.has(op.fn)
        ? applyFunction(
            kit,
            op.fn,
            op.args.map((a) => kept(value(a))),
          )
        : hostFunction(op.fn, op.args.map(value), scope, used);
    default: {
      const [x, y] = [value(op.a), value(op.b)];
      return x.map((v, u) => ops[names[op.op]](v, y[u]!));
    }
  }
}

/** Where the module imports functions from that have no kernel. */
export const hostModule = 'function';

const kernels: ReadonlySet<string> = new Set(elementwiseKernels);

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

/** Whether a body has a function without a kernel. */
export const needsHost = (body: readonly ScalarOp[]): boolean =>
  body.some((op) => op.op === 'apply' && !kernels.has(op.fn));
