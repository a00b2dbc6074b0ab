import { type Size, sizeFactor, sizeSymbols } from '../../shape/size.ts';
import type { ChainView } from '../chain.ts';
import type { ChainLink } from '../chain-links.ts';
import type { NetworkView } from '../chain-network.ts';
import type { ChainProduct } from '../chain-products.ts';

const aligned = (lines: readonly string[]): string =>
  `\\begin{aligned}\n${lines.map((line) => `  ${line}`).join(' \\\\\n')}\n\\end{aligned}\n`;

/** The shape over what it belongs to, as the notes write it. */
const over = (formula: string, shape: readonly Size[]): string =>
  shape.length === 0 ? formula : `\\overbrace{${formula}}^{${shapeLatex(shape)}}`;

function shapeLatex(shape: readonly Size[]): string {
  const size = (s: Size): string => {
    const symbols = sizeSymbols(s).map((x) =>
      /^[A-Za-z]$/.test(x) ? x : `\\text{${x.replace(/[^\p{L}\p{N}]/gu, '')}}`,
    );
    const factor = sizeFactor(s);
    return [...(factor === 1 && symbols.length > 0 ? [] : [String(factor)]), ...symbols].join(' ');
  };
  return `(${shape.length === 1 ? `${size(shape[0]!)} \\times 1` : shape.map(size).join(' \\times ')})`;
}

const linkLine = (link: ChainLink): string => {
  const core =
    link.condensed.length === 1 && link.condensed[0]!.cores.length === 1 ? link.condensed[0]!.cores[0] : undefined;
  // A tensor that condenses to one array is written as that array, and called so.
  const body =
    link.full.shape.length > 2 && core
      ? `${core.latex} \\quad\\text{condensed to } ${core.shape.length === 0 ? '\\text{a number}' : shapeLatex(core.shape)}`
      : link.full.latex;
  return `${over(link.symbol.latex, link.full.shape)} &= ${body}`;
};

const productLine = ({ symbol, shape, parts, form }: ChainProduct): string => {
  const chain = parts.map((p) => p.factors.latex).join(' + ');
  const middle = chain === symbol.latex ? '' : `${chain} = `;
  return `${over(symbol.latex, shape)} &= ${middle}${form.latex}`;
};

/** The chain as one aligned environment: its product, its links, its partial products, the whole. */
export function chainLatex(view: ChainView): string {
  const { derivative, paths, pathCount, split } = view;
  const sum = paths.map((p) => p.factors.latex).join(' + ') + (pathCount > paths.length ? ' + \\dots' : '');
  return aligned([
    `${derivative.symbol.latex} &= ${sum}`,
    ...view.links.map(linkLine),
    // A link to the output is its own product.
    ...view.products.filter(({ parts }) => parts.length > 1 || parts[0]!.through !== view.output).map(productLine),
    ...(split?.complete && split.summands.length > 1
      ? [
          `${derivative.symbol.latex} &= ${split.summands
            .map(
              (s) =>
                `\\underbrace{${s.form.latex}}_{${s.title === 'directly' ? '\\text{directly}' : `\\text{only through }${latexName(view, s.through)}`}}`,
            )
            .join(' + ')}`,
        ]
      : []),
    `${over(derivative.symbol.latex, derivative.shape)} &= ${derivative.form.latex}`,
  ]);
}

const latexName = (view: ChainView, name: string): string => view.names.find((n) => n.name === name)?.latex ?? name;

/** The links of every layer and what comes back through them. */
export function networkLatex(view: NetworkView): string {
  const lines: string[] = [];
  const last = view.rows.at(-1)!;
  const start = last.products.activation;
  if (start) lines.push(productLine(start));
  for (const { links, products, joined } of [...view.rows].reverse()) {
    for (const link of [links.activation, links.before, links.weight]) if (link) lines.push(linkLine(link));
    const { preactivation, weight, bias } = products;
    lines.push(
      joined
        ? `${over(preactivation.symbol.latex, preactivation.shape)} &= ${joined.latex}`
        : productLine(preactivation),
    );
    lines.push(productLine(weight));
    if (bias) lines.push(productLine(bias));
  }
  return aligned(lines);
}
