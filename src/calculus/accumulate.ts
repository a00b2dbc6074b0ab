import { isOne, type Rational } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node, Operand, Term } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import { linksOf, type Partial } from './partials.ts';

/** How derivatives were accumulated: from the output back, or from the input on. */
export type Mode = 'reverse' | 'forward';

/** The nodes between the variables and the output, in order of creation: operands before what is built from them. */
export function activeNodes(output: Node, ...variables: readonly Node[]): readonly Node[] {
  const isVariable = new Set(variables);
  const reached = new Map<Node, boolean>();
  const stack: Node[] = [output];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (reached.has(node)) {
      stack.pop();
      continue;
    }
    const operands = isVariable.has(node) ? [] : operandNodes(node);
    const open = operands.filter((o) => !reached.has(o));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    reached.set(node, isVariable.has(node) || operands.some((o) => reached.get(o)));
    stack.pop();
  }
  return [...reached]
    .filter(([, active]) => active)
    .map(([node]) => node)
    .sort((a, b) => a.id - b.id);
}

/** One link that an accumulation went through: what a derivation is told from. */
export interface AccumulationStep {
  readonly mode: Mode;
  /** The node whose rule was applied, and the operand it was applied to. */
  readonly node: Node;
  readonly operand: Node;
  /** ∂node/∂operand as a sum of products (see `Partial`). */
  readonly partials: readonly Partial[];
  /** Reverse: ∂output/∂node. Forward: ∂operand/∂variable. */
  readonly before: Node;
  /** This link's summand of ∂output/∂operand (reverse) or of ∂node/∂variable (forward). */
  readonly after: Node;
}

/** ∂output/∂variable with the output's axes first, then the variable's. */
export function differentiate(
  b: Builder,
  output: Node,
  variable: Node,
  mode: Mode,
  record?: (step: AccumulationStep) => void,
): Node {
  const shape = [...output.shape, ...variable.shape];
  const active = activeNodes(output, variable);
  if (active.length === 0) return b.zeros(shape);
  return mode === 'reverse'
    ? reverse(b, output, [variable], active, active.length > namedFrom, record)[0]!
    : forward(b, output, variable, active, record);
}

/** δ of the axes with themselves: ∂x/∂x. */
function identity(b: Builder, axes: readonly Size[]): Node {
  const n = axes.length;
  return b.contract(
    axes.map((size, i) => ({ node: b.delta(size), labels: [i, n + i] })),
    [...axes, ...axes].map((_, i) => i),
  );
}

/** Contracts an accumulated derivative with one local product; `inner` labels are contracted, `outer` take their place. */
function through(
  b: Builder,
  accumulated: Node,
  kept: number,
  partial: Partial,
  inner: 'x' | 'y',
): { coefficient: Rational; node: Node } {
  const base = 1 + Math.max(-1, ...partial.x, ...partial.y, ...partial.factors.flatMap((f) => f.labels));
  const free = Array.from({ length: kept }, (_, i) => base + i);
  const outer = inner === 'y' ? partial.x : partial.y;
  const labels = inner === 'y' ? [...free, ...partial.y] : [...partial.x, ...free];
  const operands: Operand[] = [{ node: accumulated, labels }, ...partial.factors];
  return {
    coefficient: partial.coefficient,
    node: b.contract(operands, inner === 'y' ? [...free, ...outer] : [...outer, ...free]),
  };
}

const total = (b: Builder, terms: readonly Term[], shape: readonly Size[]): Node => {
  const only = terms[0];
  return terms.length === 1 && only && isOne(only.coefficient) ? only.node : b.sum(terms, shape);
};

/** Programs with more nodes than this between variable and output get named adjoints. */
const namedFrom = 60;

/** Names that the engine gives begin with a character that no user's name has; the writer finds readable ones. */
const named = (b: Builder, of: Node, derivative: Node): Node =>
  derivative.kind === 'einsum' || derivative.kind === 'sum' ? b.let(`·${of.id}`, derivative) : derivative;

/**
 * ∂output/∂variable for several variables in one walk, as reverse mode does it by hand: adjoints that several links
 * read, or that belong to a named intermediate, have names, so that all the derivatives share them.
 */
export const differentiateAll = (b: Builder, output: Node, variables: readonly Node[]): readonly Node[] =>
  reverse(b, output, variables, activeNodes(output, ...variables), true);

/** Adjoints: ∂output/∂node for every node, from the output down (pullbacks). */
function reverse(
  b: Builder,
  output: Node,
  variables: readonly Node[],
  active: readonly Node[],
  naming: boolean,
  record?: (step: AccumulationStep) => void,
): readonly Node[] {
  const out = output.shape.length;
  const isActive = new Set(active);
  const isVariable = new Set(variables);
  const adjoints = new Map<Node, Term[]>([
    [output, [{ coefficient: { n: 1, d: 1 }, node: identity(b, output.shape) }]],
  ]);
  for (let i = active.length - 1; i >= 0; i--) {
    const node = active[i]!;
    const terms = adjoints.get(node);
    if (!terms || isVariable.has(node)) continue;
    b.budget.tick();
    let adjoint = total(b, terms, [...output.shape, ...node.shape]);
    adjoints.delete(node);
    const links = linksOf(node, b).filter((l) => isActive.has(l.operand));
    // In a large program what several links read, and what belongs to a named intermediate, gets a name of its own:
    // otherwise each reader would repeat it whole, and a chain would grow with every layer.
    if (naming && (links.length > 1 || node.kind === 'let')) adjoint = named(b, node, adjoint);
    for (const { operand, partials } of links) {
      const list = adjoints.get(operand) ?? [];
      const made = partials.map((partial) => through(b, adjoint, out, partial, 'y'));
      list.push(...made);
      adjoints.set(operand, list);
      record?.({
        mode: 'reverse',
        node,
        operand,
        partials,
        before: adjoint,
        after: total(b, made, [...output.shape, ...operand.shape]),
      });
    }
  }
  return variables.map((variable) => total(b, adjoints.get(variable) ?? [], [...output.shape, ...variable.shape]));
}

/** Tangents: ∂node/∂variable for every node, from the variable up (pushforwards). */
function forward(
  b: Builder,
  output: Node,
  variable: Node,
  active: readonly Node[],
  record?: (step: AccumulationStep) => void,
): Node {
  const kept = variable.shape.length;
  const tangents = new Map<Node, Node>([[variable, identity(b, variable.shape)]]);
  for (const node of active) {
    if (node === variable) continue;
    b.budget.tick();
    const terms: Term[] = [];
    for (const { operand, partials } of linksOf(node, b)) {
      const tangent = tangents.get(operand);
      if (!tangent) continue;
      const made = partials.map((partial) => through(b, tangent, kept, partial, 'x'));
      terms.push(...made);
      record?.({
        mode: 'forward',
        node,
        operand,
        partials,
        before: tangent,
        after: total(b, made, [...node.shape, ...variable.shape]),
      });
    }
    const tangent = total(b, terms, [...node.shape, ...variable.shape]);
    tangents.set(node, active.length > namedFrom && node.kind === 'let' ? named(b, node, tangent) : tangent);
  }
  return tangents.get(output)!;
}
