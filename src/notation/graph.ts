import type { Size } from '../shape/size.ts';
import { binary, call, type Expr, num } from '../syntax/expr.ts';
import { diagonalItem, flipAll, type Item, itemsExpr, matrixItem, vectorItem } from './items.ts';
import { sameExpr, tokensOf } from './term.ts';

/**
 * A product as a graph: indices are vertices, factors with two axes are edges, factors with one axis label a vertex.
 * Reduction removes summed vertices until only the free ones (terminals) remain.
 */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** The product read from `from` to `to`. */
  readonly items: readonly Item[];
}
export interface Graph {
  /** Vertex → its labels, multiplied entry by entry. */
  readonly labels: Map<number, Label[]>;
  edges: Edge[];
  readonly scalars: Expr[];
  readonly summed: Set<number>;
  readonly sizeOf: (vertex: number) => Size;
}
/** A vector at a vertex: a product that ends in a column; or, `inverse`, one to divide by. */
export interface Label {
  readonly items: readonly Item[];
  readonly inverse?: boolean;
}

export const labelsAt = (g: Graph, v: number): Label[] => g.labels.get(v) ?? [];
export function addLabel(g: Graph, v: number, label: Label): void {
  g.labels.set(v, [...labelsAt(g, v), label]);
}

const expr = (items: readonly Item[]): Expr => itemsExpr(items, sameExpr);

/** A vector item for several labels multiplied entry by entry; undefined for none. */
export function hadamard(labels: readonly Label[]): readonly Item[] | undefined {
  const real = labels.filter((l) => !(l.items.length === 1 && l.items[0]!.ones !== undefined));
  if (real.length === 0) return labels[0]?.items;
  if (real.length === 1 && !real[0]!.inverse) return real[0]!.items;
  const top = real.filter((l) => !l.inverse).map((l) => expr(l.items));
  const bottom = real.filter((l) => l.inverse).map((l) => expr(l.items));
  const upper = top.length > 0 ? top.reduce((a, b) => binary('.*', a, b)) : num(1);
  return [vectorItem(bottom.reduce((a, b) => binary('./', a, b), upper))];
}

/** Removes summed vertices while it can; true when none is left. */
export function reduceGraph(g: Graph): boolean {
  while (g.summed.size > 0 || hasParallel(g)) {
    if (!step(g)) return false;
  }
  return true;
}

const degree = (g: Graph, v: number): Edge[] => g.edges.filter((e) => e.from === v || e.to === v);
const pairKey = (e: Edge): string => (e.from < e.to ? `${e.from},${e.to}` : `${e.to},${e.from}`);

function hasParallel(g: Graph): boolean {
  return new Set(g.edges.map(pairKey)).size < g.edges.length || g.edges.some((e) => e.from === e.to);
}

function step(g: Graph): boolean {
  const loop = g.edges.find((e) => e.from === e.to);
  if (loop) {
    closeLoop(g, loop);
    return true;
  }
  // Vectors first: a pendant vertex turns a matrix into a vector, which keeps what follows small.
  const degrees = [...g.summed].map((v) => [v, degree(g, v)] as const);
  const isolated = degrees.find(([, edges]) => edges.length === 0);
  if (isolated) {
    g.scalars.push(totalOf(labelsAt(g, isolated[0])));
    drop(g, isolated[0]);
    return true;
  }
  const pendants = degrees.filter(([, edges]) => edges.length === 1);
  const pendant = pendants.find(([v]) => labelsAt(g, v).length > 0) ?? pendants[0];
  if (pendant) {
    const [v, [edge]] = pendant as [number, Edge[]];
    contractPendant(g, v, edge!);
    return true;
  }
  const parallel = g.edges.find((e, i) => g.edges.some((f, j) => j > i && pairKey(f) === pairKey(e)));
  // A trace is shorter than a sum over a Hadamard product when the two share a summed vertex pair of degree two.
  if (parallel) {
    joinParallel(g, parallel);
    return true;
  }
  const through = degrees.find(([, edges]) => edges.length === 2);
  if (through) {
    const [v, [a, b]] = through as [number, Edge[]];
    joinSeries(g, v, a!, b!);
    return true;
  }
  return false;
}

function drop(g: Graph, v: number): void {
  g.labels.delete(v);
  g.summed.delete(v);
}

/** The edge's product read from `v`. */
const readFrom = (e: Edge, v: number): readonly Item[] => (e.from === v ? e.items : flipAll(e.items));
const otherEnd = (e: Edge, v: number): number => (e.from === v ? e.to : e.from);

function contractPendant(g: Graph, v: number, edge: Edge): void {
  const u = otherEnd(edge, v);
  const items = readFrom(edge, u);
  const column = hadamard(labelsAt(g, v));
  g.edges = g.edges.filter((e) => e !== edge);
  const scaled = column && !isOnes(column);
  addLabel(g, u, { items: scaled ? [...items, ...column] : (rowVector(g, v, items) ?? rowSums(items)) });
  drop(g, v);
}

const isOnes = (items: readonly Item[]): boolean => items.length === 1 && items[0]!.ones !== undefined;

/** A row summed over its one axis of size 1 is the row as a column. */
function rowVector(g: Graph, v: number, items: readonly Item[]): readonly Item[] | undefined {
  const last = items[items.length - 1]!;
  if (g.sizeOf(v) !== 1 || !last.row || !last.flipped) return undefined;
  return [...items.slice(0, -1), vectorItem({ kind: 'transpose', arg: last.expr })];
}

/** A·…·M·1: the row sums of the last factor. */
function rowSums(items: readonly Item[]): Item[] {
  const last = items[items.length - 1]!;
  if (last.kind === 'diagonal') return [...items.slice(0, -1), vectorItem(last.expr)];
  const sums: Expr = last.flipped
    ? { kind: 'transpose', arg: call('sum', last.expr, num(1)) }
    : call('sum', last.expr, num(2));
  return [...items.slice(0, -1), vectorItem(sums)];
}

/** Σ of the entries of the product of the labels. */
function totalOf(labels: readonly Label[]): Expr {
  const top = labels.filter((l) => !l.inverse && !isOnes(l.items));
  if (labels.some((l) => l.inverse) || top.length < 2) {
    const only = hadamard(labels)!;
    const last = only[only.length - 1]!;
    const whole = rowSummed(last.expr);
    if (whole) return call('sum', only.length === 1 ? whole.expr : expr([...only.slice(0, -1), whole]));
    // Σ(x.^2) = xᵀx
    const squared = only.length === 1 ? squareRoot(last.expr) : undefined;
    if (squared) {
      const product = expr([{ ...vectorItem(squared), flipped: true }, vectorItem(squared)]);
      const norm = binary('^', call('norm2', squared), num(2));
      return tokensOf(norm) < tokensOf(product) ? norm : product;
    }
    if (last.expr.kind === 'call' && last.expr.fn === 'diag' && only.length === 1) return call('tr', ...last.expr.args);
    return call('sum', expr(only));
  }
  const [first, ...rest] = top as [Label, ...Label[]];
  return dotExpr(first.items, hadamard(rest)!);
}

/** M (as it stands in the product) when the vector is its row sums: sum(M, 2) or sum(M, 1)'. */
function rowSummed(e: Expr): Item | undefined {
  const [sums, flipped] = e.kind === 'transpose' ? [e.arg, true] : [e, false];
  if (sums.kind !== 'call' || sums.fn !== 'sum' || sums.args.length !== 2) return undefined;
  const [matrix, axis] = sums.args as [Expr, Expr];
  return axis.kind === 'number' && axis.value === (flipped ? 1 : 2) ? { ...matrixItem(matrix), flipped } : undefined;
}

const squareRoot = (e: Expr): Expr | undefined =>
  e.kind === 'binary' && e.op === '.^' && e.right.kind === 'number' && e.right.value === 2 ? e.left : undefined;

/** aᵀb, written in the direction that needs the fewest transposes. */
export function dotExpr(a: readonly Item[], b: readonly Item[]): Expr {
  const forward = expr([...flipAll(a), ...b]);
  const backward = expr([...flipAll(b), ...a]);
  return tokensOf(backward) < tokensOf(forward) ? backward : forward;
}

function closeLoop(g: Graph, loop: Edge): void {
  const v = loop.from;
  g.edges = g.edges.filter((e) => e !== loop);
  const flipped = flipAll(loop.items);
  const best = tokensOf(expr(flipped)) < tokensOf(expr(loop.items)) ? flipped : loop.items;
  if (g.summed.has(v) && labelsAt(g, v).length === 0 && degree(g, v).length === 0) {
    g.scalars.push(call('tr', expr(best)));
    drop(g, v);
  } else addLabel(g, v, { items: [vectorItem(call('diag', expr(best)))] });
}

function joinSeries(g: Graph, v: number, a: Edge, b: Edge): void {
  const [u, w] = [otherEnd(a, v), otherEnd(b, v)];
  const middle = hadamard(labelsAt(g, v));
  const between = middle && !isOnes(middle) ? [diagonalItem(expr(middle))] : [];
  const items = [...readFrom(a, u), ...between, ...readFrom(b, v)];
  g.edges = [...g.edges.filter((e) => e !== a && e !== b), { from: u, to: w, items }];
  drop(g, v);
}

/** Two edges between the same vertices: a Hadamard product, or, where one end is only theirs, a product. */
function joinParallel(g: Graph, edge: Edge): void {
  const twin = g.edges.find((e) => e !== edge && pairKey(e) === pairKey(edge))!;
  const { from, to } = edge;
  // Σ over both ends of A ⊙ B with nothing else there: tr(AᵀB) or sum(A.*B), whichever is shorter; leave it to series.
  const [x, y] = [readFrom(edge, from), readFrom(twin, from)];
  const upright = binary('.*', expr(x), expr(y));
  const turned = binary('.*', expr(flipAll(x)), expr(flipAll(y)));
  g.edges = g.edges.filter((e) => e !== edge && e !== twin);
  const joined: Edge =
    tokensOf(turned) < tokensOf(upright)
      ? { from: to, to: from, items: [matrixItem(turned)] }
      : { from, to, items: [matrixItem(upright)] };
  g.edges.push(joined);
  const summed = (v: number): boolean => g.summed.has(v) && labelsAt(g, v).length === 0 && degree(g, v).length === 1;
  if (summed(from) && summed(to)) {
    const trace = call('tr', expr([...flipAll(x), ...y]));
    const other = call('tr', expr([...flipAll(y), ...x]));
    const total = call('sum', joined.items[0]!.expr);
    g.edges = g.edges.filter((e) => e !== joined);
    g.scalars.push([trace, other].reduce((best, e) => (tokensOf(e) < tokensOf(best) ? e : best), total));
    drop(g, from);
    drop(g, to);
  }
}
