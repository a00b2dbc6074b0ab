import type { Size } from '../shape/size.ts';
import { expand } from '../simplify/expand.ts';
import type { Node, Operand, Term } from '../tensor/node.ts';
import { generalEntry } from './entry.ts';
import { type Formula, type Index, zeroFormula } from './entry-formula.ts';
import { partialAt } from './entry-names.ts';
import { largestWritten, writeArray, writtenSize } from './entry-write.ts';
import { type GridLine, type GridOptions, partsOf, shownPlaces, sizeOfAxis } from './labelled-grid.ts';
import type { Subject } from './subject.ts';

export type BlockCell =
  | {
      readonly kind: 'block';
      /** ∂Z[2]/∂W[:,1] */
      readonly partial: Formula;
      readonly value: Formula;
      readonly zero: boolean;
      /** Number of axes of the block: a zero of one axis is written 0⃗. */
      readonly axes: number;
    }
  | { readonly kind: 'gap'; readonly dots: '⋯' | '⋮' | '⋱' };

/** The derivative as a matrix of blocks: rows and columns are the axes that a δ ties, blocks hold the others. */
export interface Blocks {
  /** Pairs of axes (in the layout, from 0) that must agree. */
  readonly pairs: readonly (readonly [number, number])[];
  readonly blockShape: readonly Size[];
  readonly rows: readonly GridLine[];
  readonly columns: readonly GridLine[];
  readonly cells: readonly (readonly BlockCell[])[];
  /** Everything off the diagonal is zero. */
  readonly diagonal: boolean;
  /** The block on the diagonal, where it is the same at every place. */
  readonly repeated?: Formula;
}

const termsOf = (node: Node): readonly Term[] =>
  node.kind === 'sum' ? node.terms : [{ coefficient: { n: 1, d: 1 }, node }];

const operandsOf = (node: Node): readonly Operand[] =>
  node.kind === 'einsum' ? node.operands : [{ node, labels: node.shape.map((_, i) => i) }];

/** The δ's between axes that stand in a product. */
const ties = (node: Node): readonly (readonly number[])[] =>
  operandsOf(node).flatMap((o) =>
    o.node.kind === 'delta' && o.labels.length > 1 && o.labels.every((l) => l < node.shape.length) ? [o.labels] : [],
  );

/** The block picture; nothing where no δ ties two axes. */
export function blocksOf(s: Subject, options: GridOptions): Blocks | undefined {
  if (writtenSize(s.node, true) > largestWritten) return undefined;
  const plain = termsOf(s.node);
  const terms = plain.some((t) => ties(t.node).length > 0) ? plain : termsOf(expand(s.builder, s.node));
  const tied = terms.map((t) => ties(t.node)).find((groups) => groups.length > 0);
  if (!tied) return undefined;
  const pairs = tied.map((group): readonly [number, number] => {
    const [a, b] = [...group].sort((x, y) => x - y) as [number, number];
    return [a, b];
  });
  const on = new Set(pairs.flat());
  const rest = s.axes.map((_, k) => k).filter((k) => !on.has(k));
  const sizes = pairs.map(([a]) => sizeOfAxis(s, a, options.scope));
  const places = shownPlaces(sizes, options.most ?? 5);
  const line = (side: 0 | 1): GridLine[] =>
    places.map((tuple): GridLine => {
      if (!tuple) return { kind: 'gap' };
      const at = new Map(pairs.map((p, k) => [p[side], tuple[k]!] as const));
      return { kind: 'line', places: at, parts: partsOf(s, at) };
    });
  const diagonal = terms.every((t) =>
    pairs.every((p) => ties(t.node).some((g) => p.every((axis) => g.includes(axis)))),
  );
  const block = (row: readonly Index[], column: readonly Index[]): BlockCell => {
    const node = blockAt(s, terms, pairs, rest, row, column);
    const at = new Map(pairs.flatMap((p, k) => [[p[0], row[k]!] as const, [p[1], column[k]!] as const]));
    const zero = s.builder.isZero(node);
    return {
      kind: 'block',
      partial: partialAt(
        s,
        s.axes.map((_, k) => at.get(k) ?? null),
      ),
      value: zero
        ? zeroFormula
        : rest.length === 0
          ? generalEntry(
              s,
              s.axes.map((_, k) => at.get(k)!),
            )
          : writeArray(s.builder, node, s.taken).value,
      zero,
      axes: rest.length,
    };
  };
  const first = blockAt(s, terms, pairs, rest, places[0]!, places[0]!);
  const same = places.every((p) => !p || blockAt(s, terms, pairs, rest, p, p) === first);
  return {
    pairs,
    blockShape: rest.map((k) => sizeOfAxis(s, k, options.scope)),
    rows: line(0),
    columns: line(1),
    cells: places.map((row) =>
      places.map((column): BlockCell => {
        if (row && column) return block(row, column);
        return { kind: 'gap', dots: !row && !column ? '⋱' : row ? '⋯' : '⋮' };
      }),
    ),
    diagonal,
    ...(same && diagonal ? { repeated: writeArray(s.builder, first, s.taken).value } : {}),
  };
}

/** One block: a term whose δ ties a pair that disagrees is zero there. */
function blockAt(
  s: Subject,
  terms: readonly Term[],
  pairs: readonly (readonly [number, number])[],
  rest: readonly number[],
  row: readonly Index[],
  column: readonly Index[],
): Node {
  const { builder: b } = s;
  const place = (i: Index): number | string => (typeof i === 'string' ? i.replace(/^·/, '') : i);
  const alive = terms.filter(({ node }) =>
    pairs.every((p, k) => row[k] === column[k] || !ties(node).some((g) => p.every((axis) => g.includes(axis)))),
  );
  const made = alive.map(({ coefficient, node }): Term => {
    const labels = s.axes.map((_, k) => k);
    const units = pairs.flatMap(([a, c], k): Operand[] => [
      { node: b.unit(s.axes[a]!.size, place(row[k]!)), labels: [a] },
      { node: b.unit(s.axes[c]!.size, place(column[k]!)), labels: [c] },
    ]);
    return { coefficient, node: b.contract([{ node, labels }, ...units], rest) };
  });
  return b.sum(
    made,
    rest.map((k) => s.axes[k]!.size),
  );
}
