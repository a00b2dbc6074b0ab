import type { Budget } from '../base/budget.ts';
import { type Diagnostic, fail } from '../base/diagnostic.ts';
import { type NdArray, scalarArray } from '../base/ndarray.ts';
import { toNumber } from '../base/rational.ts';
import { elementwiseTable } from '../ops/index.ts';
import { primitiveTable } from '../ops/primitives.ts';
import type { CallNode, MapNode, Node } from '../tensor/node.ts';
import { allocate, checkEntries, entryText, firstNonFinite, reshape, sameShape, sizesText } from './array.ts';
import { type Scope as ContractionScope, contractEinsum, type Ring } from './contraction.ts';
import { standIn, type UnknownFunction } from './functions.ts';
import { readsBesides, removable } from './removable.ts';
import { boundSize, denseStructure, isStructure, operandsOf, type Positions, positionOf } from './structure.ts';

export interface TensorScope extends Positions {
  readonly variables: ReadonlyMap<string, NdArray>;
  /** What the unknown functions are; a stand-in of the same name where none is given. */
  readonly functions?: ReadonlyMap<string, UnknownFunction>;
  /** Told of every operation that makes the first entry that is not finite. */
  readonly warn?: (diagnostic: Diagnostic) => void;
}

interface Evaluation {
  readonly scope: TensorScope;
  readonly budget: Budget;
  readonly contraction: ContractionScope;
  /** The value of an operand. */
  value(node: Node): NdArray;
  shape(node: Node): number[];
  /** Why the node's entry is not finite. */
  because(reason: string, entry?: number): void;
}

export const real: Ring = { add: (a, b) => a + b, multiply: (a, b) => a * b, integer: (n) => n };

type Evaluators = {
  readonly [K in Node['kind']]: (node: Extract<Node, { kind: K }>, e: Evaluation) => NdArray;
};

const evaluators: Evaluators = {
  variable: (node, e) => {
    const value = e.scope.variables.get(node.name);
    if (!value) return fail('name/unbound', `'${node.name}' has no value at this point`);
    const shape = e.shape(node);
    if (sameShape(value.shape, shape)) return value;
    // A row may stand for a vector and the other way round.
    const long = (s: readonly number[]): number[] => s.filter((n) => n !== 1);
    return sameShape(long(value.shape), long(shape))
      ? reshape(value, shape)
      : fail(
          'shape/point',
          `${node.name} has shape ${sizesText(value.shape)} at this point, expected ${sizesText(shape)}`,
        );
  },
  number: (node) => scalarArray(toNumber(node.value)),
  size: (node, e) => denseStructure(node, e.scope, e.budget),
  delta: (node, e) => denseStructure(node, e.scope, e.budget),
  unit: (node, e) => denseStructure(node, e.scope, e.budget),
  merge: (node, e) => denseStructure(node, e.scope, e.budget),
  triangle: (node, e) => denseStructure(node, e.scope, e.budget),
  levi: (node, e) => denseStructure(node, e.scope, e.budget),
  einsum: (node, e) => {
    const together = removable(node, e.value);
    if (together.size === 0) return contractEinsum(node, e.contraction);
    return contractEinsum(node, { ...e.contraction, value: (n) => together.get(n) ?? e.value(n) });
  },
  sum: (node, e) => {
    const out = e.shape(node);
    const { data } = allocate(out, e.budget, () => `a sum of shape ${sizesText(out)}`);
    for (const { coefficient, node: term } of node.terms) {
      e.budget.tick();
      const c = toNumber(coefficient);
      const x = e.value(term).data;
      for (let i = 0; i < data.length; i++) data[i]! += c * x[i]!;
    }
    return { shape: out, data };
  },
  map: (node, e) => {
    const args = node.args.map((arg) => e.value(arg));
    const given = e.scope.functions?.get(node.fn);
    const record = given ? undefined : elementwiseTable.get(node.fn);
    if (!record || node.order > 0) return (given ?? standIn(node.fn)).derivative(node.order, args[0]!);
    const at = (i: number): number[] => args.map((a) => a.data[i]!);
    // One argument is the common case, and worth a loop without arrays.
    const data = args[0]!.data.map(args.length === 1 ? (x) => record.value(x) : (_, i) => record.value(...at(i)));
    const bad = firstNonFinite({ shape: [], data });
    if (bad >= 0) e.because(record.trouble?.(...at(bad)) ?? `${node.fn} overflows`, bad);
    return { shape: args[0]!.shape, data };
  },
  power: (node, e) => {
    const base = e.value(node.base);
    const exponent = toNumber(node.exponent);
    // Math.pow(x, 0.5) may differ from the square root in the last digit.
    const f = exponent === 0.5 ? Math.sqrt : (x: number) => x ** exponent;
    const data = base.data.map(f);
    const bad = firstNonFinite({ shape: [], data });
    if (bad >= 0) {
      const x = base.data[bad]!;
      e.because(x === 0 ? 'division by zero' : x < 0 ? `power ${exponent} of a negative number` : 'overflow', bad);
    }
    return { shape: base.shape, data };
  },
  call: (node, e) => {
    const args = node.args.map((arg) => e.value(arg));
    const shape = e.shape(node);
    checkEntries(shape, e.budget, () => `'${node.fn}' of shape ${sizesText(shape)}`);
    if (node.unknown) {
      const to = shape.slice(0, shape.length - node.order * args[0]!.shape.length);
      return (e.scope.functions?.get(node.fn) ?? standIn(node.fn, to)).derivative(node.order, args[0]!);
    }
    const primitive = primitiveTable.get(node.fn);
    if (!primitive) return fail('internal/primitive', `there is no primitive '${node.fn}'`);
    return primitive.evaluate(args, node.axes, (reason) => e.because(reason));
  },
  let: (node, e) => e.value(node.body),
};

/**
 * Evaluates a node of the tensor graph in float64, slowly and plainly: the oracle of every pass. Values that are already
 * in `memo` are taken from there, and new ones put into it. Fails with `name/unbound`, `shape/unbound`, `shape/point`,
 * `shape/index` and `limit/entries`.
 */
export function evaluateNode(root: Node, scope: TensorScope, budget: Budget, memo?: Map<Node, NdArray>): NdArray {
  const values = memo ?? new Map<Node, NdArray>();
  const order = reachable(root, (node) => values.has(node));
  // Without a memo that outlives the call, a value is dropped after its last reader.
  const readers = new Map<Node, number>();
  const readsOf = (node: Node): readonly Node[] => [...operandsOf(node), ...readsBesides(node)];
  if (!memo) for (const node of order) for (const x of readsOf(node)) readers.set(x, (readers.get(x) ?? 0) + 1);
  const notes: { reason: string; entry: number | undefined }[] = [];

  const value = (node: Node): NdArray =>
    values.get(node) ??
    (isStructure(node)
      ? denseStructure(node, scope, budget)
      : fail('internal/order', 'a node was read before it was evaluated'));
  const e: Evaluation = {
    scope,
    budget,
    contraction: {
      ring: real,
      budget,
      value,
      size: (size) => boundSize(size, scope),
      position: (node) => positionOf(node, scope),
    },
    value,
    shape: (node) => node.shape.map((size) => boundSize(size, scope)),
    because: (reason, entry) => {
      notes.push({ reason, entry });
    },
  };
  for (const node of order) {
    budget.tick();
    notes.length = 0;
    const result = (evaluators[node.kind] as (node: Node, e: Evaluation) => NdArray)(node, e);
    values.set(node, result);
    const entry = firstNonFinite(result);
    if (entry >= 0 && scope.warn && operandsOf(node).every((x) => firstNonFinite(value(x)) < 0))
      scope.warn(notFinite(node, result, notes[0]?.reason ?? 'overflow', notes[0]?.entry ?? entry));
    for (const x of readers.size > 0 ? readsOf(node) : []) {
      const left = readers.get(x)! - 1;
      readers.set(x, left);
      if (left === 0 && x !== root) values.delete(x);
    }
  }
  return values.get(root)!;
}

/** The nodes below `root` that are not known yet, operands first. */
export function reachable(root: Node, known: (node: Node) => boolean): Node[] {
  const seen = new Set<Node>();
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (seen.has(node) || known(node)) continue;
    seen.add(node);
    for (const operand of operandsOf(node)) stack.push(operand);
  }
  // Operands have smaller ids than what is built from them.
  return [...seen].sort((a, b) => a.id - b.id);
}

function notFinite(node: Node, result: NdArray, reason: string, entry: number): Diagnostic {
  const name = node.kind === 'map' || node.kind === 'call' ? (node as MapNode | CallNode).fn : node.kind;
  const at = entryText(result.shape, entry);
  return { code: 'math/not-finite', message: `${reason} at '${name}'${at ? `, ${at}` : ''}` };
}
