import type { Size } from '../shape/size.ts';
import type { EinsumNode } from './node.ts';

const sameShape = (a: readonly Size[], b: readonly Size[]): boolean =>
  a.length === b.length && a.every((size, k) => size === b[k]);

/** The labels of a product once δ has joined some of them and merges have split others. */
export interface Labels {
  /** The label that stands for all those that δs made equal. */
  find(label: number): number;
  /** The labels that a merged label consists of, slowest first; itself when it is not merged. */
  split(label: number): readonly number[];
  /** Operands (by position) that are merges and need not be built. */
  readonly free: ReadonlySet<number>;
}

/**
 * δ joins labels, and a merge splits one label in two, so that neither has to be built. `sizes` by label; symbols are
 * equal when they are the same text.
 */
export function joinLabels(node: EinsumNode, sizes: readonly Size[]): Labels {
  const parent = sizes.map((_, label) => label);
  const find = (label: number): number => {
    let root = label;
    while (parent[root] !== root) root = parent[root]!;
    return root;
  };
  /** True when the two were different. */
  const join = (a: number, b: number): boolean => {
    const [x, y] = [find(a), find(b)];
    parent[Math.max(x, y)] = Math.min(x, y);
    return x !== y;
  };
  for (const { node: leaf, labels } of node.operands)
    if (leaf.kind === 'delta') for (const label of labels) join(labels[0]!, label);

  // M[p,i,j] M[p,k,l] with equal sizes means i = k and j = l; joining those may make other merges meet.
  const merges = node.operands.flatMap(({ node: leaf, labels }, k) =>
    leaf.kind === 'merge' ? [{ k, merged: labels[0]!, parts: labels.slice(1) }] : [],
  );
  const alike = (a: readonly number[], b: readonly number[]): boolean =>
    sameShape(
      a.map((l) => sizes[l]!),
      b.map((l) => sizes[l]!),
    );
  for (let changed = true; changed; ) {
    changed = false;
    for (const [at, a] of merges.entries())
      for (const b of merges.slice(0, at))
        if (find(a.merged) === find(b.merged) && alike(a.parts, b.parts))
          a.parts.forEach((part, i) => {
            if (join(part, b.parts[i]!)) changed = true;
          });
  }

  const parts = new Map<number, readonly number[]>();
  const split = (label: number): readonly number[] => parts.get(label)?.flatMap(split) ?? [label];
  const reaches = (label: number, target: number): boolean =>
    label === target || (parts.get(label)?.some((part) => reaches(part, target)) ?? false);
  const free = new Set<number>();
  for (const merge of merges) {
    const merged = find(merge.merged);
    // The first part runs fastest.
    const own = merge.parts.map(find).reverse();
    const known = parts.get(merged);
    if (known ? sameShape(known, own) : !own.some((part) => reaches(part, merged))) {
      parts.set(merged, own);
      free.add(merge.k);
    }
  }
  return { find, split, free };
}
