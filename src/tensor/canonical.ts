import type { Size } from '../shape/size.ts';
import type { Operand } from './node.ts';

/**
 * Canonical order of the operands of a product and canonical numbers of its labels, so that products that differ only
 * in the names of their indices or the order of their factors get the same key: colour refinement (Weisfeiler–Leman)
 * on the contraction graph, where each remaining tie is broken by singling one label out and refining again.
 */
export interface Canonical {
  readonly operands: readonly Operand[];
  readonly sizes: readonly Size[];
  readonly key: string;
}

const mix = (h: number, x: number): number => {
  let v = Math.imul(h ^ x, 0x9e3779b1);
  v ^= v >>> 15;
  v = Math.imul(v, 0x85ebca6b);
  return (v ^ (v >>> 13)) >>> 0;
};

export function canonicalise(
  operands: readonly Operand[],
  out: readonly number[],
  sizeOf: (label: number) => Size,
  isSymmetric: (operand: Operand) => boolean,
): Canonical {
  const colour = new Map<number, number>();
  out.forEach((label, i) => {
    colour.set(label, mix(0x1234567, i + 1));
  });
  const summed: number[] = [];
  for (const { labels } of operands)
    for (const label of labels)
      if (!colour.has(label)) {
        colour.set(label, 7);
        summed.push(label);
      }
  const symmetric = operands.map(isSymmetric);
  const commutes = (i: number): boolean => symmetric[i]! || operands[i]!.node.kind === 'delta';

  const refine = (): number => {
    const next = new Map<number, number>();
    operands.forEach(({ node, labels }, i) => {
      const free = commutes(i);
      let signature = mix(0xabcdef, node.id);
      if (free) {
        let total = 0;
        for (const l of labels) total = (total + mix(colour.get(l)!, 99)) >>> 0;
        signature = mix(signature, total);
      } else for (const l of labels) signature = mix(signature, colour.get(l)!);
      labels.forEach((l, position) => {
        // Sums are order-free, so a label's new colour does not depend on the order of the factors.
        next.set(l, ((next.get(l) ?? 0) + mix(signature, free ? 0 : position + 1)) >>> 0);
      });
    });
    const seen = new Set<number>();
    for (const l of summed) {
      const c = mix(colour.get(l)!, next.get(l)!);
      colour.set(l, c);
      seen.add(c);
    }
    return seen.size;
  };
  const settle = (): void => {
    let classes = 0;
    for (;;) {
      const now = refine();
      if (now === summed.length || now <= classes) return;
      classes = now;
    }
  };
  if (summed.length > 1) {
    settle();
    for (let guard = 0; guard < summed.length; guard++) {
      const count = new Map<number, number>();
      for (const l of summed) count.set(colour.get(l)!, (count.get(colour.get(l)!) ?? 0) + 1);
      const tied = summed.filter((l) => count.get(colour.get(l)!)! > 1);
      if (tied.length === 0) break;
      const pick = tied.reduce((a, b) => (colour.get(b)! < colour.get(a)! ? b : a));
      colour.set(pick, mix(colour.get(pick)!, 0x5eed));
      settle();
    }
  }

  const ordered = operands.map((operand, i) => {
    const labels = commutes(i)
      ? [...operand.labels].sort((a, b) => rank(out, a) - rank(out, b) || colour.get(a)! - colour.get(b)!)
      : operand.labels;
    return { node: operand.node, labels };
  });
  const byColour = (a: Operand, b: Operand): number => {
    if (a.node.id !== b.node.id) return a.node.id - b.node.id;
    for (let i = 0; i < a.labels.length; i++) {
      const [p, q] = [a.labels[i]!, b.labels[i]!];
      const d = rank(out, p) - rank(out, q) || colour.get(p)! - colour.get(q)!;
      if (d !== 0) return d;
    }
    return 0;
  };
  ordered.sort(byColour);

  const number = new Map<number, number>();
  const sizes: Size[] = [];
  const visit = (label: number): void => {
    if (number.has(label)) return;
    number.set(label, number.size);
    sizes.push(sizeOf(label));
  };
  for (const l of out) visit(l);
  for (const { labels } of ordered) for (const l of labels) visit(l);
  const result = ordered.map(({ node, labels }) => ({ node, labels: labels.map((l) => number.get(l)!) }));
  const key = `e${out.length}|${result.map((o) => `${o.node.id}:${o.labels.join(',')}`).join('|')}`;
  return { operands: result, sizes, key };
}

/** Output labels come first, in their order; all summed labels are equal here and decided by colour. */
function rank(out: readonly number[], label: number): number {
  const at = out.indexOf(label);
  return at < 0 ? out.length : at;
}
