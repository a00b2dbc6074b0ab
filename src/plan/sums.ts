import { toNumber } from '../base/rational.ts';
import type { Node, SumNode } from '../tensor/node.ts';
import { elementwise, multiplyLoop } from './loop.ts';
import { contextFor, type Lowering } from './lowering.ts';
import { arrangeAll, lowerProduct, type Placed, placeProduct, scatter, scattersOnto } from './product.ts';
import type { BodyWriter, View } from './writer.ts';

interface Addend {
  readonly coefficient: number;
  readonly view: View;
}

/** Σ cₖ·nodeₖ: one loop over what is dense, and then what has a pattern of zeros added in its places. */
export function lowerSum(node: SumNode, low: Lowering): View {
  const addends: Addend[] = [];
  const patterned: Placed[] = [];
  for (const { coefficient, node: term } of node.terms) {
    const c = toNumber(coefficient);
    // A lone product takes its coefficient in; among others it is added or subtracted as it stands.
    const inside = node.terms.length === 1 || hasPattern(term) ? c : 1;
    const placed = placedTerm(term, inside, low);
    if (placed && scattersOnto(placed)) patterned.push(placed);
    else
      addends.push({ coefficient: placed ? c / inside : c, view: placed ? placeProduct(placed, low) : low.view(term) });
  }
  const dense = addOf(node, addends, low);
  if (patterned.length === 0) return dense ?? { value: low.writer.number(0), labels: [] };
  const axes = node.shape.map((_, axis) => axis);
  let value = dense && arrangeAll(dense, axes, contextFor(node.shape, low));
  for (const placed of patterned) value = scatter(placed, value, low);
  return { value: value!, labels: axes };
}

/** Whether the entries of a product stand on diagonals or at fixed positions, so that it is added in those places alone. */
const hasPattern = (term: Node): boolean =>
  term.kind === 'delta' ||
  (term.kind === 'einsum' &&
    term.operands.some((o) => (o.node.kind === 'delta' && o.labels.length > 1) || o.node.kind === 'unit'));

/** The term times its coefficient before its entries are placed, where this sum is to make it. */
function placedTerm(term: Node, coefficient: number, low: Lowering): Placed | undefined {
  if (term.kind === 'einsum' && low.isDeferred(term)) return lowerProduct(term, coefficient, low);
  if (term.kind !== 'delta' || term.shape.length < 2) return undefined;
  // c·δ: the number along a diagonal.
  return {
    core: { value: low.writer.number(coefficient), labels: [] },
    shape: term.shape,
    axes: term.shape.map(() => [0]),
    fixed: new Map(),
    context: contextFor(term.shape, low),
  };
}

function addOf(node: SumNode, addends: readonly Addend[], low: Lowering): View | undefined {
  const only = addends[0];
  if (!only) return undefined;
  if (addends.length === 1 && only.coefficient === 1) return only.view;
  if (addends.length === 1)
    return multiplyLoop([only.view], only.view.labels, only.coefficient, contextFor(node.shape, low));
  // Something positive stands first, so that no sum begins with a minus that it does not need.
  const first = Math.max(
    0,
    addends.findIndex((a) => a.coefficient > 0),
  );
  const ordered = [addends[first]!, ...addends.filter((_, k) => k !== first)];
  return elementwise(
    node.shape,
    ordered.map((a) => a.view),
    low.writer,
    (body, args) =>
      ordered
        .slice(1)
        .reduce(
          (sum, { coefficient }, k) => addTo(body, sum, coefficient, args[k + 1]!),
          body.scale(ordered[0]!.coefficient, args[0]!),
        ),
  );
}

function addTo(body: BodyWriter, sum: number, coefficient: number, arg: number): number {
  const b = body.scale(Math.abs(coefficient), arg);
  return body.write({ op: coefficient < 0 ? 'subtract' : 'add', a: sum, b });
}
