import { call, type Expr } from '../syntax/expr.ts';
import type { Draft, Hyper } from './draft.ts';
import { addLabel, type Edge, labelsAt } from './graph.ts';
import { itemsExpr, matrixItem, sizeExpr, vectorItem } from './items.ts';
import { sameExpr } from './term.ts';

/** Marks the leaf that joins several axes into one (see `MergeNode`): how the writer prints it on its own. */
const isMerge = (h: Hyper): boolean =>
  h.expr.kind === 'call' && h.expr.fn === 'reshape' && h.expr.args[0]!.kind === 'call' && h.expr.args[0]!.fn === 'eye';

const isLevi = (h: Hyper): boolean => h.expr.kind === 'call' && h.expr.fn === 'levicivita';

/** Σ ε[p,q,r] a[q] b[r] = cross(a, b)[p], and the same after turning the three axes around. */
function foldCross(draft: Draft, levi: Hyper): boolean {
  const { graph } = draft;
  const vectorAt = (l: number): Expr | undefined => {
    const labels = labelsAt(graph, l);
    if (!isSummed(draft, l) || holders(draft, l) !== 2 || labels.length !== 1 || labels[0]!.inverse) return undefined;
    return itemsExpr(labels[0]!.items, sameExpr);
  };
  for (const turn of [0, 1, 2]) {
    const [p, q, r] = [0, 1, 2].map((i) => levi.labels[(i + turn) % 3]!) as [number, number, number];
    const [a, b] = [vectorAt(q), vectorAt(r)];
    if (!a || !b || p === q || q === r || p === r) continue;
    for (const l of [q, r]) {
      graph.labels.delete(l);
      graph.summed.delete(l);
    }
    draft.hypers = draft.hypers.filter((h) => h !== levi);
    addLabel(graph, p, { items: [vectorItem(call('cross', a, b))] });
    return true;
  }
  return false;
}

const expr = (e: Edge): Expr => itemsExpr(e.items, sameExpr);

/**
 * Writes merged axes by the functions that make them: Σ M[p,i,j] X[i,j] is vec(X), Σ M[p,i,j] x[p] is reshape(x, m, n),
 * and two merges over two matrices are kron(A, B).
 */
export function foldStructures(draft: Draft): void {
  for (const levi of draft.hypers.filter(isLevi)) foldCross(draft, levi);
  for (const merge of draft.hypers.filter(isMerge)) {
    if (!draft.hypers.includes(merge)) continue;
    if (!foldKron(draft, merge)) foldVec(draft, merge);
  }
}

/** The same for what is left after the rest of the product was contracted; true when something was written. */
export function foldReshapes(draft: Draft): boolean {
  let any = false;
  for (const merge of draft.hypers.filter(isMerge)) {
    if (!draft.hypers.includes(merge)) continue;
    const folded = foldKron(draft, merge) || foldVec(draft, merge) || foldReshape(draft, merge);
    any = folded || foldKronVector(draft, merge) || foldReshapeMatrix(draft, merge) || any;
  }
  return any;
}

const holders = (draft: Draft, label: number): number =>
  draft.graph.edges.filter((e) => e.from === label || e.to === label).length +
  labelsAt(draft.graph, label).length +
  draft.hypers.filter((h) => h.labels.includes(label)).length +
  draft.deltas.filter((d) => d.includes(label)).length;

const isSummed = (draft: Draft, label: number): boolean => draft.graph.summed.has(label);

/** Σᵢⱼ M[p,i,j] X[i,j] = vec(X)[p] */
function foldVec(draft: Draft, merge: Hyper): boolean {
  const [p, i, j, more] = merge.labels;
  if (more !== undefined || i === undefined || j === undefined) return false;
  if (!isSummed(draft, i) || !isSummed(draft, j) || holders(draft, i) !== 2 || holders(draft, j) !== 2) return false;
  const { graph } = draft;
  const edge = graph.edges.find((e) => (e.from === i && e.to === j) || (e.from === j && e.to === i));
  if (!edge) return false;
  const upright = edge.from === i ? expr(edge) : itemsExpr([{ ...matrixItem(expr(edge)), flipped: true }], sameExpr);
  graph.edges = graph.edges.filter((e) => e !== edge);
  draft.hypers = draft.hypers.filter((h) => h !== merge);
  graph.summed.delete(i);
  graph.summed.delete(j);
  addLabel(graph, p!, { items: [vectorItem(call('vec', upright))] });
  return true;
}

/** Σ_p M[p,i,j] x[p] = reshape(x, m, n)[i,j] */
function foldReshape(draft: Draft, merge: Hyper): boolean {
  const [p, i, j, more] = merge.labels;
  if (more !== undefined || i === undefined || j === undefined || i === j || !isSummed(draft, p!)) return false;
  const { graph } = draft;
  const labels = labelsAt(graph, p!);
  if (labels.length !== 1 || labels[0]!.inverse || holders(draft, p!) !== 2) return false;
  const sizes = (merge.expr as Extract<Expr, { kind: 'call' }>).args.slice(2);
  const vector = itemsExpr(labels[0]!.items, sameExpr);
  graph.labels.delete(p!);
  graph.summed.delete(p!);
  draft.hypers = draft.hypers.filter((h) => h !== merge);
  graph.edges.push({ from: i, to: j, items: [matrixItem(call('reshape', vector, ...sizes))] });
  return true;
}

/** Σ M[p,k,i] y[k] = kron(eye, y)[p,i], Σ M[p,k,i] x[i] = kron(x, eye)[p,k] */
function foldKronVector(draft: Draft, merge: Hyper): boolean {
  const { graph } = draft;
  const [p, k, i, more] = merge.labels;
  if (more !== undefined || k === undefined || i === undefined || k === i) return false;
  const sizes = (merge.expr as Extract<Expr, { kind: 'call' }>).args.slice(2);
  for (const [at, free] of [
    [k, i],
    [i, k],
  ] as const) {
    const labels = labelsAt(graph, at);
    if (!isSummed(draft, at) || holders(draft, at) !== 2 || labels.length !== 1 || labels[0]!.inverse) continue;
    const vector = itemsExpr(labels[0]!.items, sameExpr);
    const eye = call('eye', sizes[at === k ? 1 : 0]!);
    graph.labels.delete(at);
    graph.summed.delete(at);
    draft.hypers = draft.hypers.filter((h) => h !== merge);
    const product = at === k ? call('kron', eye, vector) : call('kron', vector, eye);
    graph.edges.push({ from: p!, to: free, items: [matrixItem(product)] });
    return true;
  }
  return false;
}

/** Σ_p A[q,p] M[p,i,j] = reshape(A, |q|, m, n)[q,i,j] */
function foldReshapeMatrix(draft: Draft, merge: Hyper): boolean {
  const { graph } = draft;
  const [p, ...parts] = merge.labels;
  if (!isSummed(draft, p!) || holders(draft, p!) !== 2) return false;
  const edge = graph.edges.find((e) => e.from === p || e.to === p);
  if (!edge || edge.from === edge.to) return false;
  const other = edge.from === p ? edge.to : edge.from;
  const matrix = edge.to === p ? expr(edge) : itemsExpr([{ ...matrixItem(expr(edge)), flipped: true }], sameExpr);
  const sizes = (merge.expr as Extract<Expr, { kind: 'call' }>).args.slice(2);
  graph.edges = graph.edges.filter((e) => e !== edge);
  graph.summed.delete(p!);
  draft.hypers = [
    ...draft.hypers.filter((h) => h !== merge),
    { expr: call('reshape', matrix, sizeExpr(graph.sizeOf(other)), ...sizes), labels: [other, ...parts] },
  ];
  return true;
}

/** Σ M[p,k,i] M[q,l,j] A[i,j] B[k,l] = kron(A, B)[p,q]: the second factor's index runs fastest. */
function foldKron(draft: Draft, merge: Hyper): boolean {
  const { graph } = draft;
  const [p, k, i, more] = merge.labels;
  if (more !== undefined || k === undefined || i === undefined) return false;
  const edgeAt = (l: number): Edge | undefined => {
    const found = graph.edges.filter((e) => e.from === l || e.to === l);
    return isSummed(draft, l) && holders(draft, l) === 2 && found.length === 1 ? found[0] : undefined;
  };
  const [inner, outer] = [edgeAt(k), edgeAt(i)];
  if (!inner || !outer || inner === outer) return false;
  const far = (e: Edge, l: number): number => (e.from === l ? e.to : e.from);
  const [l, j] = [far(inner, k), far(outer, i)];
  const twin = draft.hypers.find((h) => h !== merge && isMerge(h) && h.labels[1] === l && h.labels[2] === j);
  if (twin?.labels.length !== 3 || !edgeAt(l) || !edgeAt(j)) return false;
  const from = (e: Edge, at: number): Expr =>
    e.from === at ? expr(e) : itemsExpr([{ ...matrixItem(expr(e)), flipped: true }], sameExpr);
  graph.edges = graph.edges.filter((e) => e !== inner && e !== outer);
  draft.hypers = draft.hypers.filter((h) => h !== merge && h !== twin);
  for (const s of [k, i, l, j]) graph.summed.delete(s);
  graph.edges.push({
    from: p!,
    to: twin.labels[0]!,
    items: [matrixItem(call('kron', from(outer, i), from(inner, k)))],
  });
  return true;
}
