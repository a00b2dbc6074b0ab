import type { Partial } from '../calculus/partials.ts';
import { linksOf } from '../calculus/partials.ts';
import type { Size } from '../shape/size.ts';
import type { Node } from '../tensor/node.ts';
import {
  addFormula,
  type Formula,
  type Index,
  overFormula,
  plainSum,
  productFormula,
  type Range,
  zeroFormula,
} from './entry-formula.ts';
import { freshLetters, scaled, type Writing, within, writeEntry } from './entry-write.ts';

/** Where differentiating entry by entry ends: at the variable itself, or at an intermediate that keeps its name. */
export interface Leaf {
  readonly node: Node;
  readonly indices: readonly Index[];
}

export interface Differential {
  readonly active: ReadonlySet<Node>;
  readonly variable: Node;
  /** What stands for the derivative of a leaf's entry. */
  readonly leaf: (leaf: Leaf) => Formula;
}

/**
 * ∂node[at] written out before anything is simplified: the rules of scalars applied to one entry, term by term, from
 * the same table of local derivatives that the engine uses. `at` names the places on the node's axes.
 */
export function differentialFormula(w: Writing, d: Differential, node: Node, at: readonly Index[]): Formula {
  if (!d.active.has(node)) return zeroFormula;
  const named = node.kind === 'let' && !w.inline(node) && !node.name.startsWith('·');
  if (node === d.variable || named) return d.leaf({ node, indices: at });
  w.builder.budget.tick();
  const terms = linksOf(node, w.builder)
    .filter((link) => d.active.has(link.operand))
    .flatMap((link) => link.partials.map((p) => throughPartial(w, d, link.operand, p, at)));
  return plainSum(terms);
}

function throughPartial(w: Writing, d: Differential, operand: Node, p: Partial, at: readonly Index[]): Formula {
  const names = new Map<number, Index>(p.y.map((label, k) => [label, at[k]!]));
  const sizes = new Map<number, Size>();
  const meet = (labels: readonly number[], shape: readonly Size[]): void => {
    labels.forEach((label, k) => {
      if (!names.has(label)) sizes.set(label, shape[k]!);
    });
  };
  for (const f of p.factors) meet(f.labels, f.node.shape);
  meet(p.x, operand.shape);
  const summed = [...sizes.keys()].sort((a, b) => a - b);
  const letters = freshLetters(w, summed.length);
  for (const [k, label] of summed.entries()) names.set(label, letters[k]!);
  const ranges = summed.map((label, k): Range => ({ letter: letters[k]!, size: sizes.get(label)! }));
  const inner = within(w, letters);
  const place = (labels: readonly number[]): Index[] => labels.map((l) => names.get(l)!);
  const factors = p.factors.map((f) => writeEntry(inner, f.node, place(f.labels)));
  const rest = differentialFormula(inner, d, operand, place(p.x));
  // A product of sums is left as it is: that is how one would write it by hand.
  return scaled(p.coefficient, overFormula(ranges, productFormula([...factors, rest])));
}

/** Every leaf that the differential reaches, each once. */
export function leavesOf(w: Writing, d: Differential, node: Node, at: readonly Index[]): readonly Leaf[] {
  const found = new Map<string, Leaf>();
  const collect = (leaf: Leaf): Formula => {
    found.set(`${leaf.node.id}|${leaf.indices.join(',')}`, leaf);
    return addFormula([]);
  };
  differentialFormula(w, { ...d, leaf: collect }, node, at);
  return [...found.values()];
}
