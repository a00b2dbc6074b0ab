import { type Rational, toNumber } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import { sizeFactor, sizeProduct, sizeSymbols } from '../shape/size.ts';
import type { Node, Operand } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { expand } from './expand.ts';

/** One independent factor: a smaller tensor that carries the given axes of the derivative. */
export interface Core {
  readonly node: Node;
  readonly axes: readonly number[];
}

/** A summand as an outer product of cores. What was dropped: δ's between axes, and axes on which it is constant. */
export interface CondensedTerm {
  /** The summand as a whole, with all its axes. */
  readonly node: Node;
  readonly cores: readonly Core[];
  /** Groups of axes that must agree; entries off that diagonal are zero. */
  readonly deltas: readonly (readonly number[])[];
  /** Axes that only repeat. */
  readonly repeated: readonly number[];
  /** Axes on which only one position is not zero, with that position. */
  readonly fixed: readonly { readonly axis: number; readonly at: number | string }[];
}

/** A derivative without its empty and repeated parts. Axes are numbered as in the tensor it came from. */
export interface Condensation {
  readonly shape: readonly Size[];
  readonly terms: readonly CondensedTerm[];
}

/** Splits each term of a tensor into connected components; δ's between axes are dropped and listed. */
export function condense(b: Kit, node: Node): Condensation {
  const spread = hidesStructure(node) ? expand(b, node) : node;
  const terms = spread.kind === 'sum' ? spread.terms : [{ coefficient: { n: 1, d: 1 }, node: spread }];
  const condensed = terms.map((t) => condenseTerm(b, t.coefficient, t.node));
  // One dense summand makes the whole dense: then nothing is gained by keeping the others apart.
  const dense = condensed.some((t) => t.cores.some((c) => c.axes.length === node.shape.length));
  if (!dense || condensed.length === 1) return { shape: node.shape, terms: condensed };
  return {
    shape: node.shape,
    terms: [{ node, cores: [{ node, axes: node.shape.map((_, i) => i) }], deltas: [], repeated: [], fixed: [] }],
  };
}

/**
 * Contracts a tensor with others summand by summand, each of them condensed, so that no dense tensor is needed where the
 * tensor is a sum: diag(s)·v - s·(sᵀv) costs n, not n².
 */
export function contractByTerm(
  b: Kit,
  node: Node,
  labels: readonly number[],
  others: readonly Operand[],
  out: readonly number[],
): Node {
  const spread = hidesStructure(node) ? expand(b, node) : node;
  if (spread.kind !== 'sum') return b.contract([{ node: spread, labels }, ...others], out);
  const sizes = new Map<number, Size>();
  for (const o of [{ node, labels }, ...others])
    for (const [i, l] of o.labels.entries()) sizes.set(l, o.node.shape[i]!);
  return b.sum(
    spread.terms.map((t) => ({
      coefficient: t.coefficient,
      node: b.contract([{ node: t.node, labels }, ...others], out),
    })),
    out.map((l) => sizes.get(l)!),
  );
}

/** Whether a sum inside a product holds δ's between axes that would be lost as a dense factor. */
function hidesStructure(node: Node): boolean {
  if (node.kind === 'sum') return node.terms.some((t) => hidesStructure(t.node));
  if (node.kind !== 'einsum') return false;
  return node.operands.some(
    (o) => o.node.kind === 'sum' && o.node.shape.length >= 2 && o.node.terms.some((t) => hasDelta(t.node)),
  );
}

const hasDelta = (node: Node): boolean =>
  (node.kind === 'delta' && node.shape.length > 1) ||
  (node.kind === 'einsum' && node.operands.some((o) => o.node.kind === 'delta' && o.labels.length > 1));

function condenseTerm(b: Kit, coefficient: Rational, node: Node): CondensedTerm {
  const axes = node.shape.map((_, i) => i);
  const operands: readonly Operand[] = node.kind === 'einsum' ? node.operands : [{ node, labels: axes }];
  const deltas: (readonly number[])[] = [];
  const repeated: number[] = [];
  const fixed: { axis: number; at: number | string }[] = [];
  const scalars: Operand[] = [];
  const groups: { operands: Operand[]; labels: Set<number> }[] = [];
  for (const o of operands) {
    const onAxes = o.labels.every((l) => l < axes.length);
    if (o.node.kind === 'delta' && onAxes) {
      if (o.labels.length === 1) repeated.push(o.labels[0]!);
      else deltas.push(o.labels);
    } else if (o.node.kind === 'unit' && onAxes) fixed.push({ axis: o.labels[0]!, at: o.node.at });
    else if (o.labels.length === 0) scalars.push(o);
    else {
      const touching = groups.filter((g) => o.labels.some((l) => g.labels.has(l)));
      const merged = { operands: [o], labels: new Set(o.labels) };
      for (const g of touching) {
        merged.operands.push(...g.operands);
        for (const l of g.labels) merged.labels.add(l);
        groups.splice(groups.indexOf(g), 1);
      }
      groups.push(merged);
    }
  }
  // Constant factors go with the first core, or stand alone.
  if (groups.length === 0 || (scalars.length > 0 && groups.length === 0))
    groups.push({ operands: [], labels: new Set() });
  groups[0]!.operands.push(...scalars);
  const cores = groups.map((g, i): Core => {
    const own = [...g.labels].filter((l) => l < axes.length).sort((x, y) => x - y);
    const core = g.operands.length === 0 ? b.number(1) : b.contract(g.operands, own);
    return { node: i === 0 ? b.scale(coefficient, core) : core, axes: own };
  });
  return { node: b.scale(coefficient, node), cores, deltas, repeated, fixed };
}

/** Whether something was left out of a tensor, or taken apart, whatever its sizes. */
export const isSmaller = (c: Condensation): boolean =>
  c.terms.some((t) => t.deltas.length > 0 || t.repeated.length > 0 || t.cores.length > 1 || t.fixed.length > 0);

/** A sum of products of sizes, such as `m*n + k^2`, kept as a list of products. */
export type EntryCount = readonly Size[];

/** Entries kept: those of the cores, each array counted once however often it stands there, scaled or transposed. */
export function storedEntries(k: Kit, c: Condensation): EntryCount {
  const arrays = new Map<Node, Size>();
  for (const t of c.terms)
    for (const { node } of t.cores) {
      const bare = node.kind === 'sum' && node.terms.length === 1 ? node.terms[0]!.node : node;
      const turned = k.transposeOf(bare);
      arrays.set(turned.id < bare.id ? turned : bare, sizeProduct(...node.shape));
    }
  return collect([...arrays.values()]);
}

/** Equal products gathered: m*n + m*n → 2*m*n. */
function collect(sizes: readonly Size[]): EntryCount {
  const bySymbols = new Map<string, number>();
  for (const size of sizes) {
    const key = sizeSymbols(size).join('*');
    bySymbols.set(key, (bySymbols.get(key) ?? 0) + sizeFactor(size));
  }
  return [...bySymbols].map(([symbols, factor]) => sizeProduct(factor, ...(symbols ? [symbols] : [])));
}

/**
 * How many entries can be different from zero: the union of the terms' patterns, by inclusion and exclusion over the
 * groups of axes that must agree. `undefined` when there are too many patterns or a size is not known.
 */
export function structuralNonzeros(c: Condensation, sizeOf: (s: Size) => number | undefined): number | undefined {
  const patterns = new Map<string, CondensedTerm>();
  for (const t of c.terms) {
    if (t.cores.some((core) => core.node.kind === 'number' && toNumber(core.node.value) === 0)) continue;
    // A core with zeros of its own is a pattern that is not counted here.
    if (t.cores.some((core) => hasZeros(core.node))) return undefined;
    patterns.set(JSON.stringify([t.deltas, t.fixed]), t);
  }
  const list = [...patterns.values()];
  if (list.length > 12) return undefined;
  const sizes = c.shape.map(sizeOf);
  if (sizes.some((s) => s === undefined)) return undefined;
  let total = 0;
  for (let mask = 1; mask < 1 << list.length; mask++) {
    const chosen = list.filter((_, i) => mask & (1 << i));
    const count = positions(chosen, sizes as number[]);
    if (count === undefined) return undefined;
    total += chosen.length % 2 === 1 ? count : -count;
  }
  return total;
}

const sparseKinds: ReadonlySet<Node['kind']> = new Set(['triangle', 'merge', 'levi', 'unit', 'delta']);
const hasZeros = (node: Node): boolean =>
  node.kind === 'einsum'
    ? node.operands.some(
        (o) =>
          sparseKinds.has(o.node.kind) &&
          (o.node.kind !== 'delta' || o.labels.length > 1) &&
          o.labels.some((l) => l < node.shape.length),
      )
    : node.kind === 'sum'
      ? node.terms.some((t) => hasZeros(t.node))
      : sparseKinds.has(node.kind) && (node.kind !== 'delta' || node.shape.length > 1);

/** Positions allowed by all the patterns at once. */
function positions(terms: readonly CondensedTerm[], sizes: readonly number[]): number | undefined {
  const parent = sizes.map((_, i) => i);
  const find = (i: number): number => (parent[i] === i ? i : find(parent[i]!));
  for (const t of terms) for (const group of t.deltas) for (const axis of group) parent[find(axis)] = find(group[0]!);
  const at = new Map<number, number>();
  for (const t of terms)
    for (const f of t.fixed) {
      if (typeof f.at === 'string') return undefined;
      const root = find(f.axis);
      if (at.has(root) && at.get(root) !== f.at) return 0;
      at.set(root, f.at);
    }
  return sizes.reduce((n, size, i) => (find(i) === i && !at.has(i) ? n * size : n), 1);
}
