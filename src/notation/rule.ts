import type { Size } from '../shape/size.ts';
import { contractByTerm } from '../simplify/condense.ts';
import type { Node } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { notate } from './derivative.ts';
import type { PrintContext } from './print/names.ts';
import { printProgramLatex, printProgramText } from './print/program.ts';

interface RuleAxis {
  readonly of: 'output' | number;
  readonly axis: number;
  readonly size: Size;
  readonly name: string;
}

/** The product ⋆ of a derivative and its adjoint, named and written out in matrix notation. */
export interface Rule {
  /** "dot product", "transposed matrix product", "tensor contraction" … */
  readonly name: string;
  /** One sentence. */
  readonly words: string;
  /** Δy as an expression of the language in the change of the variable (JVP); and its LaTeX. */
  readonly apply: string;
  readonly applyLatex: string;
  /** ∂L/∂x from an incoming derivative `G` of the output's shape (VJP). */
  readonly pull: string;
  readonly pullLatex: string;
}

/** Names the product by the shapes it connects and writes Δy and the pulled-back derivative as expressions. */
export function linkRule(
  builder: Kit,
  node: Node,
  axes: readonly RuleAxis[],
  request: { readonly wrt: readonly string[]; readonly output: string; readonly layout: string },
  taken: ReadonlySet<string>,
  context: PrintContext,
): Rule {
  const { wrt, output, layout } = request;
  const last = wrt.length - 1;
  const labels = axes.map((_, i) => i);
  const pick = (test: (a: RuleAxis) => boolean): number[] =>
    labels.filter((i) => test(axes[i]!)).sort((a, b) => order(axes[a]!) - order(axes[b]!));
  const order = (a: RuleAxis): number => (a.of === 'output' ? -1 : a.of) * 100 + a.axis;
  const inputs = pick((a) => a.of === last);
  const outputs = pick((a) => a.of !== last);
  const free = (wanted: string): string => {
    let candidate = wanted;
    while (taken.has(candidate)) candidate += '_';
    return candidate;
  };
  const [dx, g] = [free(`d${wrt[last]!}`), free('G')];
  const contractWith = (name: string, over: readonly number[], rest: readonly number[]): Node => {
    const shape = over.map((i) => axes[i]!.size);
    return contractByTerm(builder, node, labels, [{ node: builder.variable(name, shape), labels: over }], rest);
  };
  const applied = notate(builder, contractWith(dx, inputs, outputs), new Set([...taken, dx]));
  const pulled = notate(builder, contractWith(g, outputs, inputs), new Set([...taken, g]));
  const name = productName(outputs.length, inputs.length, isDiagonal(node), layout);
  const names = new Map([
    ...(context.names ?? []),
    [dx, { axes: inputs.length }] as const,
    [g, { axes: outputs.length }] as const,
  ]);
  return {
    name,
    words: words(name, output, wrt[last]!, inputs.length, outputs.length),
    apply: printProgramText(applied),
    applyLatex: printProgramLatex(applied, { ...context, names }),
    pull: printProgramText(pulled),
    pullLatex: printProgramLatex(pulled, { ...context, names }),
  };
}

const isDiagonal = (node: Node): boolean =>
  node.kind === 'einsum'
    ? node.operands.some((o) => o.node.kind === 'delta' && o.labels.length === 2) &&
      node.operands.every((o) => o.node.kind === 'delta' || o.labels.length < 2)
    : node.kind === 'sum'
      ? node.terms.length > 0 && node.terms.every((t) => isDiagonal(t.node))
      : node.kind === 'delta' && node.shape.length === 2;

function productName(outputs: number, inputs: number, diagonal: boolean, layout: string): string {
  if (inputs === 0) return 'multiplication by a scalar';
  if (outputs === 0) return inputs === 1 ? 'dot product' : inputs === 2 ? 'Frobenius product' : 'inner product';
  if (outputs === 1 && inputs === 1) {
    if (diagonal) return 'elementwise product';
    return layout === 'denominator' ? 'transposed matrix product' : 'matrix product';
  }
  return 'tensor contraction';
}

function words(name: string, y: string, x: string, inputs: number, outputs: number): string {
  if (name === 'elementwise product') return `a change Δ${x} changes each entry of ${y} by its own factor`;
  if (inputs === 0) return `a change Δ${x} multiplies every entry of the derivative`;
  const over = inputs === 1 ? 'the one axis' : `all ${inputs} axes`;
  const rest = outputs === 0 ? 'a number is left' : outputs === 1 ? 'one axis is left' : `${outputs} axes are left`;
  return `multiply the derivative with Δ${x} and sum over ${over} of ${x}; ${rest}`;
}
