import { negate, rational, sign } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import { binary, call, type Expr, name, num } from '../syntax/expr.ts';
import type { EinsumNode, Node, Operand } from '../tensor/node.ts';
import type { Draft } from './draft.ts';
import { addLabel, type Edge, type Graph, hadamard, type Label, labelsAt, reduceGraph } from './graph.ts';
import { diagonalItem, flipAll, type Item, itemsExpr, matrixItem, sizeExpr, vectorItem } from './items.ts';
import { foldReshapes, foldStructures } from './reshapes.ts';
import { sameExpr, type Term, tokensOf } from './term.ts';
import { onesItem, powerBase, powerExpr, unitItem, type Writer, write, writeExpr } from './write.ts';

const expr = (items: readonly Item[]): Expr => itemsExpr(items, sameExpr);

/** Σ Π of factors, in matrix notation where it has one, as an `einsum` otherwise. */
export function writeProduct(w: Writer, node: EinsumNode): Term {
  const draft = draftOf(w, node);
  foldStructures(draft);
  let reduced = reduceAround(draft);
  // Contracting first leaves less to reshape.
  if (foldReshapes(draft)) reduced = reduceAround(draft);
  takeTotals(draft);
  const array = arrayPart(w, draft, node, reduced);
  return {
    coefficient: draft.coefficient,
    scalars: draft.graph.scalars,
    denominators: draft.denominators,
    items: array,
  };
}

/** Reduces the graph; what a factor with three or more axes holds cannot be summed away around it. */
function reduceAround({ graph, hypers }: Draft): boolean {
  const pinned = hypers.flatMap((h) => h.labels).filter((l) => graph.summed.delete(l));
  const reduced = reduceGraph(graph);
  for (const l of pinned) graph.summed.add(l);
  return reduced;
}

/** A factor with three or more axes that is summed on its own is a number. */
function takeTotals(draft: Draft): void {
  const { graph } = draft;
  for (const h of draft.hypers) {
    const alone = h.labels.every(
      (l) =>
        graph.summed.has(l) &&
        labelsAt(graph, l).length === 0 &&
        graph.edges.every((e) => e.from !== l && e.to !== l) &&
        draft.hypers.every((x) => x === h || !x.labels.includes(l)),
    );
    if (!alone || new Set(h.labels).size !== h.labels.length) continue;
    for (const l of h.labels) graph.summed.delete(l);
    graph.scalars.push(call('sum', h.expr));
    draft.hypers = draft.hypers.filter((x) => x !== h);
  }
}

function draftOf(w: Writer, node: EinsumNode): Draft {
  const out = node.shape.map((_, i) => i);
  const summed = new Set(node.sizes.map((_, l) => l).slice(out.length));
  const draft: Draft = {
    graph: { labels: new Map(), edges: [], scalars: [], summed, sizeOf: (v) => node.sizes[v]! },
    coefficient: rational(1),
    denominators: [],
    hypers: [],
    deltas: [],
    out,
  };
  const inverseEdges: Edge[] = [];
  for (const operand of pickIndices(node)) placeFactor(w, draft, operand, inverseEdges);
  for (const e of inverseEdges) divideEdge(draft.graph, e);
  return draft;
}

/** X[i,j] e_k[i] with i held by nothing else is the line X[k,:]: an index, for factors with any number of axes. */
function pickIndices(node: EinsumNode): readonly (Operand & { indices?: readonly (Expr | null)[] })[] {
  const count = new Map<number, number>();
  for (const { labels } of node.operands) for (const l of labels) count.set(l, (count.get(l) ?? 0) + 1);
  const unitAt = new Map<number, Operand>();
  for (const o of node.operands) if (o.node.kind === 'unit') unitAt.set(o.labels[0]!, o);
  if (unitAt.size === 0) return node.operands;
  const used = new Set<Operand>();
  const isPicked = (l: number): boolean => l >= node.shape.length && count.get(l) === 2 && unitAt.has(l);
  const result = node.operands.map((o) => {
    const indexable = o.node.kind !== 'unit' && o.node.kind !== 'delta' && o.node.kind !== 'merge';
    if (!indexable || !o.labels.some(isPicked)) return o;
    const indices = o.labels.map((l): Expr | null => {
      if (!isPicked(l)) return null;
      const unit = unitAt.get(l)!;
      used.add(unit);
      const { at } = unit.node as Extract<Node, { kind: 'unit' }>;
      return typeof at === 'number' ? num(at) : name(at);
    });
    return { ...o, indices };
  });
  return result.filter((o) => !used.has(o));
}

function placeFactor(
  w: Writer,
  draft: Draft,
  { node, labels, indices }: Operand & { indices?: readonly (Expr | null)[] },
  inverseEdges: Edge[],
): void {
  const { graph } = draft;
  if (indices) {
    const kept = labels.filter((_, i) => indices[i] === null);
    for (const [i, l] of labels.entries()) if (indices[i] !== null) graph.summed.delete(l);
    const line: Expr = { kind: 'index', target: writeExpr(w, node), indices };
    // A picked row of a matrix is a row; as a label it stands as a column.
    const asColumn: Expr = labels.length === 2 && indices[0] !== null ? { kind: 'transpose', arg: line } : line;
    if (kept.length === 0) graph.scalars.push(line);
    else if (kept.length === 1) addLabel(graph, kept[0]!, { items: [vectorItem(asColumn)] });
    else if (kept.length === 2 && kept[0] !== kept[1])
      graph.edges.push({ from: kept[0]!, to: kept[1]!, items: [matrixItem(line)] });
    else draft.hypers.push({ expr: line, labels: kept });
    return;
  }
  if (node.kind === 'delta') {
    if (labels.length === 1) addLabel(graph, labels[0]!, { items: [onesItem(node.shape[0]!)] });
    else draft.deltas.push(labels);
    return;
  }
  if (node.kind === 'unit') {
    addLabel(graph, labels[0]!, { items: [unitItem(node.shape[0]!, node.at)] });
    return;
  }
  const inverse = node.kind === 'power' && sign(node.exponent) < 0 ? node : undefined;
  if (labels.length === 0) {
    if (inverse) {
      const { base, exponent } = powerBase(w, inverse.base, inverse.exponent);
      draft.denominators.push(powerExpr(base, negate(exponent), true));
    } else takeScalars(draft, write(w, node));
    return;
  }
  if (labels.length === 1) {
    const label: Label = inverse
      ? { items: [vectorItem(powerExpr(writeExpr(w, inverse.base), negate(inverse.exponent), false))], inverse: true }
      : { items: takeScalars(draft, write(w, node)) };
    addLabel(graph, labels[0]!, label);
    return;
  }
  if (labels.length === 2 && labels[0] !== labels[1]) {
    const [from, to] = labels as [number, number];
    if (inverse) {
      const below = powerExpr(writeExpr(w, inverse.base), negate(inverse.exponent), false);
      inverseEdges.push({ from, to, items: [matrixItem(below)] });
    } else graph.edges.push({ from, to, items: takeScalars(draft, write(w, node)) });
    return;
  }
  if (labels.length === 2) {
    addLabel(graph, labels[0]!, { items: [vectorItem(call('diag', writeExpr(w, node)))] });
    return;
  }
  draft.hypers.push({ expr: writeExpr(w, node), labels });
}

/** A factor's own coefficient and scalars join those of the product. */
function takeScalars(draft: Draft, t: Term): readonly Item[] {
  draft.coefficient = rational(draft.coefficient.n * t.coefficient.n, draft.coefficient.d * t.coefficient.d);
  draft.graph.scalars.push(...t.scalars);
  draft.denominators.push(...t.denominators);
  return t.items;
}

/** M ⊙ 1/N: M./N where an edge runs beside, 1./N alone. */
function divideEdge(g: Graph, below: Edge): void {
  const beside = g.edges.find(
    (e) => (e.from === below.from && e.to === below.to) || (e.from === below.to && e.to === below.from),
  );
  const upper = beside ? expr(beside.from === below.from ? beside.items : flipAll(beside.items)) : num(1);
  g.edges = g.edges.filter((e) => e !== beside);
  g.edges.push({ ...below, items: [matrixItem(binary('./', upper, expr(below.items)))] });
}

function arrayPart(w: Writer, draft: Draft, node: EinsumNode, reduced: boolean): readonly Item[] {
  const { graph, out, hypers } = draft;
  const order = out.length;
  if (reduced && hypers.length === 0) {
    if (order === 0) return [];
    if (order === 1) return hadamard(labelsAt(graph, 0))!;
    if (order === 2) return matrixPart(w, draft, node);
  }
  if (order <= 2) w.reasons.add(stuckReason(draft, node));
  const item = einsumItem(draft, node);
  if (order > 0) return [item];
  graph.scalars.push(item.expr);
  return [];
}

function stuckReason({ graph, hypers }: Draft, node: EinsumNode): string {
  const order = Math.max(0, ...node.operands.map((o) => o.labels.length));
  if (hypers.length > 0 && order > 2)
    return `a factor has ${order} axes, and no product of matrices sums over one of three axes`;
  const stuck = [...graph.summed].find((v) => graph.edges.filter((e) => e.from === v || e.to === v).length > 2);
  return stuck === undefined
    ? 'the summed indices do not form a chain of matrix products'
    : 'an index that is summed over stands in three or more factors, which no chain of matrix products can express';
}

/** Two free axes: what stands between them, and the vectors at each. */
function matrixPart(w: Writer, draft: Draft, node: EinsumNode): readonly Item[] {
  const { graph, deltas } = draft;
  const isSymmetric = w.builder.isSymmetric(node);
  if (deltas.length > 0) {
    const d = hadamard(labelsAt(graph, 0));
    return [d && !isOnes(d) ? diagonalItem(expr(d)) : matrixItem(call('eye', sizeExpr(node.shape[0]!)), true)];
  }
  const left = hadamard(labelsAt(graph, 0));
  const right = hadamard(labelsAt(graph, 1));
  const edge = graph.edges[0];
  const [u, v] = [left && isOnes(left) ? undefined : left, right && isOnes(right) ? undefined : right];
  if (edge) {
    const middle = edge.from === 0 ? edge.items : flipAll(edge.items);
    const scaled = [...(u ? [diagonalItem(expr(u))] : []), ...middle, ...(v ? [diagonalItem(expr(v))] : [])];
    if (!u || !v) return scaled;
    const outer = matrixItem(binary('.*', expr([...u, ...flipAll(v)]), expr(middle)), isSymmetric);
    return tokensOf(outer.expr) < tokensOf(expr(scaled)) ? [outer] : scaled;
  }
  return outerProduct(node.shape as [Size, Size], u ?? left, v ?? right);
}

const isOnes = (items: readonly Item[]): boolean => items.length === 1 && items[0]!.ones !== undefined;

/** u vᵀ; axes of size 1 need no vector of ones, and two vectors of ones are a matrix of ones. */
function outerProduct([m, n]: readonly [Size, Size], u?: readonly Item[], v?: readonly Item[]): readonly Item[] {
  if (m === 1 && u && isOnes(u)) {
    const row = flipAll(v ?? [onesItem(n)]);
    return row;
  }
  if (u && v && isOnes(u) && isOnes(v)) return [matrixItem(call('ones', sizeExpr(m), sizeExpr(n)), m === n)];
  return [...(u ?? [onesItem(m)]), ...flipAll(v ?? [onesItem(n)])];
}

/** The product as an `einsum` over what the graph could not reduce: every tensor has this form. */
function einsumItem(draft: Draft, node: EinsumNode): Item {
  const { graph, out, deltas, hypers } = draft;
  const names = new Map<number, string>();
  const letters = 'ijklmnpqrstuvwabcdefghxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const letter = (l: number): string => {
    if (!names.has(l)) names.set(l, letters[names.size]!);
    return names.get(l)!;
  };
  for (const l of out) letter(l);
  const specs: string[] = [];
  const operands: Expr[] = [];
  const held = new Set<number>();
  const put = (e: Expr, labels: readonly number[]): void => {
    specs.push(labels.map(letter).join(''));
    operands.push(e);
    for (const l of labels) held.add(l);
  };
  for (const h of hypers) put(h.expr, h.labels);
  for (const { from, to, items } of graph.edges) {
    const [upright, turned] = [expr(items), expr(flipAll(items))];
    if (tokensOf(turned) < tokensOf(upright)) put(turned, [to, from]);
    else put(upright, [from, to]);
  }
  const vectors = new Map([...graph.labels].map(([v, labels]) => [v, hadamard(labels)!] as const));
  for (const delta of deltas)
    for (const l of delta.slice(1)) {
      // δ[i,l]·v[i] is diag(v).
      const v = vectors.get(delta[0]!);
      vectors.delete(delta[0]!);
      put(v && !isOnes(v) ? call('diag', expr(v)) : call('eye', sizeExpr(node.sizes[l]!)), [delta[0]!, l]);
    }
  for (const [v, items] of vectors) if (!isOnes(items)) put(expr(items), [v]);
  const bare = [...out, ...graph.summed].filter((l) => !held.has(l));
  const ones = call('ones', ...bare.map((l) => sizeExpr(node.sizes[l]!)));
  const asItem = (e: Expr): Item => (out.length === 1 ? vectorItem(e) : matrixItem(e, out.length > 2));
  if (operands.length === 0) return asItem(ones);
  if (bare.length > 0) put(ones, bare);
  const order = specs
    .map((s, i) => [s, operands[i]!] as const)
    .sort(([a], [b]) => firstOf(a, letters) - firstOf(b, letters));
  const target = out.map(letter).join('');
  if (order.length === 1 && order[0]![0] === target) return asItem(order[0]![1]);
  const spec = `${order.map(([s]) => s).join(',')}->${target}`;
  const text: Expr = { kind: 'text', text: spec };
  return asItem({ kind: 'call', fn: 'einsum', order: 0, args: [text, ...order.map(([, e]) => e)] });
}

const firstOf = (spec: string, letters: string): number => letters.indexOf(spec[0] ?? 'i');
