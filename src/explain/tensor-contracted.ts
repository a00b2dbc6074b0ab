import type { Budget } from '../base/budget.ts';
import type { NdArray } from '../base/ndarray.ts';
import { createRandom } from '../base/random.ts';
import type { Layout } from '../calculus/layout.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { type Size, sizeValue } from '../shape/size.ts';
import { name as nameExpr } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { generalEntry } from './entry.ts';
import { contractDeltas } from './entry-contract.ts';
import {
  arrayFormula,
  type Entry,
  equalsFormula,
  type Formula,
  formulaLength,
  overFormula,
  type Prose,
  productFormula,
} from './entry-formula.ts';
import { axesOfArray, lettersOf, type PrintedNames, partialAt, printedNames } from './entry-names.ts';
import { entryOf, type Written, writeArray } from './entry-write.ts';
import type { Subject } from './subject.ts';
import { attempt, checkPoint, compare, freeName, type NumericCheck } from './tensor-condensed.ts';

/** One direction in which the derivative is used, without the dense tensor. */
export interface Contraction {
  readonly words: Prose;
  /** The array that comes in, and its shape. */
  readonly incoming: Formula;
  readonly incomingShape: readonly Size[];
  /** What comes out, in matrix notation; and its shape. */
  readonly result: Formula;
  readonly resultShape: readonly Size[];
  /** Names for what the result repeats. */
  readonly where: readonly Formula[];
  /** The same as a sum over entries. */
  readonly entries: readonly Formula[];
  readonly check?: NumericCheck;
}

/** The derivative contracted with what comes from the other layers, and with a small change. */
export interface ContractedView {
  readonly kind: 'contracted';
  readonly layout: Layout;
  readonly names: PrintedNames;
  readonly partial: Formula;
  /** ∂L/∂x from G = ∂L/∂y. */
  readonly pull: Contraction;
  /** Δy from Δx. */
  readonly push: Contraction;
}

export function contractedView(s: Subject, seed: number, budget: Budget): ContractedView {
  const last = s.wrt.length - 1;
  const inputs = axesOfArray(s, last);
  const arrays: ('output' | number)[] = ['output', ...s.wrt.slice(0, -1).map((_, k) => k)];
  const outputs = arrays.flatMap((of) => axesOfArray(s, of));
  const g = freeName(s, 'G');
  const dx = freeName(s, `d${s.wrt[last]!}`);
  const loss = ['L', 'loss', 'J', 'C'].find((n) => !s.taken.has(n)) ?? freeName(s, 'L');
  const letters = lettersOf(s);
  const shapeOf = (axes: readonly number[]): Size[] => axes.map((k) => s.axes[k]!.size);
  const inner = inputs.map((k) => letters[k]!);
  const outer = outputs.map((k) => letters[k]!);
  const entry = partialAt(s, letters);
  const first = s.wrt.length === 1;
  const earlier: Formula = first
    ? arrayFormula(nameExpr(s.output))
    : { kind: 'partial', of: bare(s.output), by: s.wrt.slice(0, -1).map(bare) };
  const names = new Map([
    ...printedNames(s),
    [g, { axes: outputs.length }] as const,
    [dx, { axes: inputs.length }] as const,
  ]);
  const x = s.wrt[last]!;
  // A second derivative is contracted without a name for what comes out.
  const wanted = (indices: readonly string[]): Formula | undefined =>
    first ? { kind: 'partial', of: bare(loss), by: [{ name: x, indices }] } : undefined;
  const change = (indices: readonly string[]): Formula | undefined =>
    first ? entryOf(nameExpr(`Δ${s.output}`), indices) : undefined;
  const incoming = arrayFormula(nameExpr(g));
  const pulled = contractWith(s, g, outputs, inputs);
  const pushed = contractWith(s, dx, inputs, outputs);
  const pull = written(s, pulled, g);
  const push = written(s, pushed, dx);
  const pullCheck = checkContraction(s, pulled, g, outputs, inputs, seed, budget);
  const pushCheck = checkContraction(s, pushed, dx, inputs, outputs, seed, budget);
  return {
    kind: 'contracted',
    layout: s.layout,
    names,
    partial: partialAt(
      s,
      s.axes.map(() => null),
    ),
    pull: {
      words: first
        ? [
            'If ',
            arrayFormula(nameExpr(loss)),
            ' depends on ',
            earlier,
            ' alone, its derivative comes in as ',
            incoming,
            ', one number for every entry. Multiply and sum over these entries; no array larger than the two ends is needed.',
          ]
        : ['Let ', incoming, ' hold one number for every entry of ', earlier, '. Multiply and sum over these entries.'],
      incoming: first ? equalsFormula(incoming, { kind: 'partial', of: bare(loss), by: [bare(s.output)] }) : incoming,
      incomingShape: shapeOf(outputs),
      result: named(wanted([]), pull.value),
      where: pull.where,
      resultShape: shapeOf(inputs),
      entries: asSum(s, wanted(inner), entry, entryOf(nameExpr(g), outer), outputs, letters),
      ...(pullCheck ? { check: pullCheck } : {}),
    },
    push: {
      words: [
        'For a small change ',
        arrayFormula(nameExpr(dx)),
        ' of ',
        arrayFormula(nameExpr(x)),
        ', the change of ',
        earlier,
        ' is, to first order:',
      ],
      incoming: arrayFormula(nameExpr(dx)),
      incomingShape: shapeOf(inputs),
      result: named(change([]), push.value),
      where: push.where,
      resultShape: shapeOf(outputs),
      entries: asSum(s, change(outer), entry, entryOf(nameExpr(dx), inner), inputs, letters),
      ...(pushCheck ? { check: pushCheck } : {}),
    },
  };
}

const bare = (name: string): Entry => ({ name, indices: [] });
const named = (left: Formula | undefined, right: Formula): Formula => (left ? equalsFormula(left, right) : right);

/** The derivative times an array over some of its axes; a sum is contracted term by term, for each has a short form. */
function contractWith(s: Subject, name: string, over: readonly number[], rest: readonly number[]): Node {
  const { builder: b, node } = s;
  const labels = s.axes.map((_, k) => k);
  const array = b.variable(
    name,
    over.map((k) => s.axes[k]!.size),
  );
  const part = (n: Node): Node =>
    b.contract(
      [
        { node: n, labels },
        { node: array, labels: over },
      ],
      rest,
    );
  if (node.kind !== 'sum' || node.shape.length <= 2) return part(node);
  return b.sum(
    node.terms.map((t) => ({ coefficient: t.coefficient, node: part(t.node) })),
    rest.map((k) => s.axes[k]!.size),
  );
}

const written = (s: Subject, node: Node, name: string): Written =>
  writeArray(s.builder, node, new Set([...s.taken, name]));

/** `∂L/∂W[i,j] = Σ G[k]·∂Z[k]/∂W[i,j]`, then with the entry filled in and the δ's used up. */
function asSum(
  s: Subject,
  left: Formula | undefined,
  entry: Formula,
  incoming: Formula,
  over: readonly number[],
  letters: readonly string[],
): readonly Formula[] {
  const ranges = over.map((k) => ({ letter: letters[k]!, size: s.axes[k]!.size }));
  const first = overFormula(ranges, productFormula([entry, incoming]));
  const filled = contractDeltas(overFormula(ranges, productFormula([generalEntry(s, letters), incoming])));
  if (formulaLength(filled) > 16) return [named(left, first)];
  return left ? [equalsFormula(left, first), equalsFormula(left, filled)] : [equalsFormula(first, filled)];
}

/** The contraction in closed form against the same sum over the dense array. */
function checkContraction(
  s: Subject,
  contracted: Node,
  name: string,
  over: readonly number[],
  rest: readonly number[],
  seed: number,
  budget: Budget,
): NumericCheck | undefined {
  const scope = checkPoint(s, seed);
  if (!scope) return undefined;
  return attempt(() => {
    const dense = evaluateNode(s.node, scope, budget);
    const shape = over.map((k) => sizeValue(s.axes[k]!.size, scope.sizes)!);
    const random = createRandom('incoming', seed, name);
    const array: NdArray = {
      shape,
      data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.between(-1, 1)),
    };
    const closed = evaluateNode(
      contracted,
      { ...scope, variables: new Map([...scope.variables, [name, array]]) },
      budget,
    );
    const out = new Float64Array(closed.data.length);
    const places = dense.shape.map(() => 0);
    for (let e = 0; e < dense.data.length; e++) {
      budget.tick();
      for (let k = places.length - 1, left = e; k >= 0; k--) {
        places[k] = left % dense.shape[k]!;
        left = Math.floor(left / dense.shape[k]!);
      }
      const flat = (axes: readonly number[]): number => axes.reduce((n, k) => n * dense.shape[k]! + places[k]!, 0);
      out[flat(rest)]! += dense.data[e]! * array.data[flat(over)]!;
    }
    return compare(out, closed.data, scope);
  });
}
