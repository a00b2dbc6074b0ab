import type { NdArray } from '../base/ndarray.ts';
import { deriveAll } from '../calculus/derive.ts';
import { notate } from '../notation/derivative.ts';
import { axisLetters, entryRule } from '../notation/entry.ts';
import type { Size } from '../shape/size.ts';
import { type CondensedTerm, condense } from '../simplify/condense.ts';
import { expand } from '../simplify/expand.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes, substitute } from '../tensor/substitute.ts';
import type { ChainCheck } from './chain-check.ts';
import type { DerivativeSign, Formula, Pen } from './chain-formula.ts';
import type { ChainGraph } from './chain-graph.ts';

/** A formula with the shape of its value. */
export interface ShapedFormula extends Formula {
  readonly shape: readonly Size[];
}

/** One summand of a derivative without its empty and repeated parts. */
export interface CondensedLink {
  readonly cores: readonly ShapedFormula[];
  /** What was left out, in the letters of the entry formula: `zero unless j = k`. */
  readonly dropped: string;
}

/** What a link does to what comes down the chain. */
export type LinkProduct = 'scaling' | 'elementwise product' | 'matrix product' | 'contraction';

/** ∂to/∂from with every other name held fixed: one arrow of the chain. */
export interface ChainLink {
  readonly from: string;
  readonly to: string;
  readonly symbol: DerivativeSign;
  /** The whole derivative, its axes in the layout's order. */
  readonly full: ShapedFormula;
  /** Where that is smaller: the parts that must be kept. */
  readonly condensed: readonly CondensedLink[];
  /** `∂Z1[k]/∂W1[i,j] = A0[i] if j = k, 0 otherwise`. */
  readonly entry: string;
  readonly product: LinkProduct;
  /** The whole derivative at the point, where numbers were asked for. */
  readonly value?: NdArray;
  readonly check: ChainCheck;
}

/** A link before it is checked and given numbers. */
export interface LinkNode {
  readonly from: string;
  readonly to: string;
  /** Axes of `to`, then of `from`. */
  readonly raw: Node;
  readonly node: Node;
}

/** Graphs with more nodes than this are not multiplied out in search of a shorter form. */
const largestExpanded = 120;

/** ∂output/∂variable in its shortest form, the output's axes first. */
export function shortestDerivative(
  { builder, taken }: ChainGraph,
  output: Node,
  variable: Node,
  worthSpreading = 2,
): Node {
  const length = (node: Node): number => notate(builder, node, taken).tokens;
  const [best] = deriveAll(builder, output, [variable], (found) => {
    const lengths = new Map<Node, number>();
    const spread = found.filter((node) => isSmall(node)).map((node) => expand(builder, node));
    if (new Set([...found, ...spread]).size === 1) return found;
    // Products stay as the program has them unless multiplying out saves enough tokens.
    for (const node of found) lengths.set(node, length(node));
    for (const node of spread) if (!lengths.has(node)) lengths.set(node, length(node) + worthSpreading);
    return [...lengths.keys()].sort((a, b) => lengths.get(a)! - lengths.get(b)!);
  });
  return best!.node;
}

function isSmall(root: Node): boolean {
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    if (seen.size > largestExpanded) return false;
    for (const operand of operandNodes(node)) seen.add(operand);
  }
  return true;
}

export function linkNode(pen: Pen, from: string, to: string): LinkNode {
  const { graph } = pen;
  const raw = shortestDerivative(graph, graph.definition(to), graph.variable(from));
  return { from, to, raw, node: graph.builder.permute(raw, pen.order(graph.shape(to), graph.shape(from))) };
}

/**
 * Carries a derivative by `through` back to one of its variables: given ∂output/∂through in the layout's order of axes,
 * that part of ∂output/∂variable which goes through this node. It is the derivative of ⟨G, through⟩ with G held fixed,
 * so that the engine finds its form.
 */
export function pullBack(pen: Pen, incoming: Node, through: Node, variable: Node): Node {
  const { graph } = pen;
  const { builder } = graph;
  const out = graph.shape(graph.output);
  const labels = [...out, ...through.shape].map((_, i) => i);
  const order = pen.order(out, through.shape);
  // G is a name while we differentiate: it may hold the variable itself.
  const held = incoming.kind === 'variable' ? incoming : builder.variable('·incoming', incoming.shape);
  const joined = builder.contract(
    [
      { node: held, labels: order },
      { node: through, labels: labels.slice(out.length) },
    ],
    labels.slice(0, out.length),
  );
  // f′(Z) ⊙ G reads better than a sum, even where it is longer.
  const raw = shortestDerivative(graph, joined, variable, 6);
  const found = held === incoming ? raw : substitute(builder, raw, new Map([[held, incoming]]));
  return builder.permute(found, pen.order(out, variable.shape));
}

/** The link as it is shown, without numbers. */
export function describeLink(pen: Pen, link: LinkNode): Omit<ChainLink, 'check' | 'value'> {
  const { graph } = pen;
  const { from, to, node } = link;
  const axes = pen
    .order(graph.shape(to), graph.shape(from))
    .map((k) =>
      k < graph.shape(to).length
        ? { name: to, axis: k, of: 'output' as const }
        : { name: from, axis: k - graph.shape(to).length, of: 0 },
    );
  const condensation = condense(graph.builder, node);
  const letters = axisLetters(axes, graph.taken);
  // A matrix that is a sum reads better as it is.
  const smaller =
    (condensation.terms.length === 1 || node.shape.length > 2) &&
    condensation.terms.some((t) => t.deltas.length + t.repeated.length + t.fixed.length > 0 || t.cores.length > 1);
  const entry = entryRule(graph.builder, condensation, axes, { wrt: [from], output: to }, graph.taken);
  return {
    from,
    to,
    symbol: pen.symbol(to, from),
    full: { ...pen.write(node), shape: node.shape },
    condensed: smaller
      ? condensation.terms.map((term) => ({
          cores: term.cores.map((core) => ({ ...pen.write(core.node), shape: core.node.shape })),
          dropped: droppedWords(term, letters),
        }))
      : [],
    entry,
    product: productOf(graph.shape(to), graph.shape(from), condensation.terms, axes),
  };
}

function droppedWords(term: CondensedTerm, letters: readonly string[]): string {
  const conditions = [
    ...term.deltas.map((group) => group.map((axis) => letters[axis]!).join(' = ')),
    ...term.fixed.map(({ axis, at }) => `${letters[axis]!} = ${at}`),
  ];
  return [
    ...(conditions.length > 0 ? [`zero unless ${conditions.join(' and ')}`] : []),
    ...(term.repeated.length > 0 ? [`the same for every ${term.repeated.map((a) => letters[a]!).join(', ')}`] : []),
  ].join('; ');
}

function productOf(
  to: readonly Size[],
  from: readonly Size[],
  terms: readonly CondensedTerm[],
  axes: readonly { readonly axis: number; readonly of: 'output' | number }[],
): LinkProduct {
  if (to.length === 0 || from.length === 0) return 'scaling';
  const same = (group: readonly number[]): boolean =>
    group.length === 2 && axes[group[0]!]!.axis === axes[group[1]!]!.axis;
  if (to.length === from.length && terms.every((t) => t.deltas.length === to.length && t.deltas.every(same)))
    return 'elementwise product';
  return to.length === 1 && from.length === 1 ? 'matrix product' : 'contraction';
}
