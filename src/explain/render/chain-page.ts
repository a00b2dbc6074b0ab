import type { NdArray } from '../../base/ndarray.ts';
import { type Size, shapeText } from '../../shape/size.ts';
import type { ChainPoint, ChainView, Tally } from '../chain.ts';
import type { ChainCheck } from '../chain-check.ts';
import type { ChainLink } from '../chain-links.ts';
import type { ChainSplit } from '../chain-parts.ts';
import type { ChainProduct } from '../chain-products.ts';
import { type ArrayBlock, arrayBlock, arrayText, numberText } from './chain-arrays.ts';
import { type Drawing, drawingOf } from './chain-drawing.ts';

/** What a page is made of, in order; the terminal and HTML draw the same blocks. */
export type ChainBlock =
  | { readonly kind: 'title' | 'heading' | 'text' | 'note' | 'formula'; readonly text: string }
  /** The first row is the head where there is one; a row of one cell is an aside to the row before. */
  | { readonly kind: 'table'; readonly head?: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | ArrayBlock
  | { readonly kind: 'picture'; readonly drawing: Drawing };

export const mark = ({ status }: ChainCheck): string => (status === 'verified' ? '✓' : status === 'failed' ? '✗' : '–');

export const inBrackets = (shape: readonly Size[]): string => `(${shapeText(shape)})`;

const layoutWords = (layout: string): string =>
  layout === 'denominator'
    ? 'denominator layout: the link nearest to the variable stands first'
    : `${layout} layout: the link nearest to the variable stands last`;

/** One line of Unicode; where-clauses follow on the same line. */
export const oneLine = (unicode: string): string => unicode.replace(/\n\s*(?=where )/, '  ').replace(/\n\s+/g, ', ');

export function chainPage(view: ChainView): readonly ChainBlock[] {
  const { derivative, names, paths, pathCount } = view;
  const shown = new Map(names.map((n) => [n.name, n.unicode] as const));
  const many = pathCount > paths.length ? [`… ${pathCount - paths.length} more`] : [];
  const [output, variable] = [shown.get(view.output)!, shown.get(view.wrt)!];
  const total = [...view.products].reverse().find((p) => p.symbol.unicode.startsWith('d'));
  const totals =
    total &&
    `${total.symbol.unicode} counts every way, ∂${total.symbol.unicode.slice(1).replace('/d', '/∂')} the direct one alone.`;
  return [
    { kind: 'title', text: `From ${variable} to ${output}, link by link` },
    { kind: 'note', text: layoutWords(view.layout) },
    { kind: 'picture', drawing: drawingOf(view) },
    {
      kind: 'table',
      rows: [...paths.map((p) => [p.names.map((n) => withShape(view, n)).join(' → ')]), ...many.map((m) => [m])],
    },
    { kind: 'heading', text: 'The links, each with every other name held fixed' },
    { kind: 'table', rows: view.links.flatMap(linkRows) },
    ...(view.links.length > 1
      ? [
          {
            kind: 'heading' as const,
            text: pathCount === 1 ? 'Their product' : 'Their products, one for each way, added',
          },
          {
            kind: 'formula' as const,
            text: [
              `${derivative.symbol.unicode} = ${paths[0]!.factors.unicode}`,
              ...paths.slice(1).map((p) => `  + ${p.factors.unicode}`),
              ...many.map((m) => `  + ${m}`),
            ].join('\n'),
          },
          { kind: 'heading' as const, text: `One step at a time, from ${output} back to ${variable}` },
          { kind: 'table' as const, rows: view.products.flatMap(productRows) },

          ...(totals ? [{ kind: 'note' as const, text: totals }] : []),
        ]
      : []),
    { kind: 'heading', text: 'All in one formula' },
    {
      kind: 'formula',
      text: `${derivative.symbol.unicode} = ${derivative.form.unicode.replace(/\n/g, '\n    ')}   ${inBrackets(derivative.shape)} ${mark(derivative.check)}`,
    },
    ...(view.split ? splitBlocks(view, view.split) : []),
    ...(view.links.some((l) => l.value) && view.point ? numberBlocks(view, view.point) : []),
    { kind: 'note', text: tallyWords(view.tally) },
  ];
}

const withShape = (view: ChainView, name: string): string => {
  const found = view.names.find((n) => n.name === name)!;
  return `${found.unicode} ${inBrackets(found.shape)}`;
};

/** What a link's cell holds: its matrix, or what is left of a tensor. */
export function linkText(link: ChainLink): string {
  if (link.full.shape.length <= 2 || link.condensed.length === 0) return oneLine(link.full.unicode);
  return link.condensed
    .map(({ cores, dropped }) => {
      const kept = cores.map((c) => `${oneLine(c.unicode)} ${inBrackets(c.shape)}`).join(' · ');
      return dropped ? `${kept}, ${dropped}` : kept;
    })
    .join('  +  ');
}

function linkRows(link: ChainLink): string[][] {
  const aside =
    link.full.shape.length > 2
      ? [[`entry by entry: ${link.entry}`]]
      : link.product === 'elementwise product' && link.condensed.length === 1
        ? [[`as a factor: ${oneLine(link.condensed[0]!.cores[0]!.unicode)} ⊙`]]
        : [];
  return [[link.symbol.unicode, inBrackets(link.full.shape), linkText(link), mark(link.check)], ...aside];
}

function productRows(product: ChainProduct): string[][] {
  const { symbol, shape, parts, form, check } = product;
  const chain = parts.map((p) => p.factors.unicode).join(' + ');
  // The last link is its own product.
  const left = chain === symbol.unicode ? '' : `= ${chain}`;
  return [[symbol.unicode, inBrackets(shape), left, `= ${oneLine(form.unicode)}`, mark(check)]];
}

function splitBlocks(view: ChainView, split: ChainSplit): ChainBlock[] {
  const { complete, summands, finite } = split;
  const shown = (name: string): string => view.names.find((n) => n.name === name)!.unicode;
  const title = (s: ChainSplit['summands'][number]): string =>
    s.title === 'directly' ? 'directly' : `only through ${shown(s.through)}`;
  const [output, variable] = [shown(view.output), shown(view.wrt)];
  const blocks: ChainBlock[] = [
    {
      kind: 'heading',
      text: complete
        ? `The ways part at ${shown(split.at)}: one summand for each`
        : `Only through ${shown(summands[0]!.through)}, the other ways held fixed`,
    },
    {
      kind: 'table',
      rows: summands.map((s) => [title(s), s.factors.unicode, `= ${oneLine(s.form.unicode)}`, inBrackets(s.shape)]),
    },
  ];
  if (finite.length === 0) return blocks;
  const place = view.point ? pointWords(view.point).replace('At', 'at') : '';
  const scalar = finite[0]!.total.shape.length === 0;
  const exact = finite.every((f) => f.difference.data.every((d) => d === 0));
  const leftOver = exact
    ? 'Nothing is left over: the names do not act on each other.'
    : 'What is left over comes from moving together; it falls to about a quarter when the step is halved.';
  const number = (a: NdArray): string => arrayText(a);
  const head = [
    'step',
    ...summands.map(title),
    ...(complete && summands.length > 1 ? ['sum'] : []),
    `all of Δ${output}`,
    'difference',
  ];
  return [
    ...blocks,
    {
      kind: 'text',
      text: complete
        ? `A finite step Δ${variable} ${place}: let one name follow it while the others keep their values, and add up. ${leftOver}`
        : `A finite step Δ${variable} ${place}, once through this name alone and once in full.`,
    },
    {
      kind: 'table',
      head,
      rows: finite.flatMap((f) => {
        const row = [
          f.scale === 1 ? `Δ${variable}` : `Δ${variable}/${1 / f.scale}`,
          ...f.summands.map((s) => number(s.actual)),
          ...(complete && summands.length > 1 ? [number(f.sum)] : []),
          number(f.total),
          number(f.difference),
        ];
        return [row];
      }),
    },
    ...(scalar && complete
      ? [
          {
            kind: 'text' as const,
            text: `Derivative times step gives ${finite[0]!.summands.map((s) => arrayText(s.predicted)).join(' + ')} = ${numberText(finite[0]!.summands.reduce((t, s) => t + s.predicted.data[0]!, 0))} for the whole step.`,
          },
        ]
      : []),
  ];
}

function numberBlocks(view: ChainView, point: ChainPoint): ChainBlock[] {
  return [
    { kind: 'heading', text: pointWords(point) },
    ...view.names.flatMap((n) => (n.value ? [arrayBlock(n.unicode, n.value)] : [])),
    { kind: 'heading', text: 'The links in numbers' },
    ...view.links.flatMap((l) => (l.value ? [arrayBlock(l.symbol.unicode, l.value)] : [])),
    { kind: 'heading', text: 'Their products in numbers' },
    ...view.products.flatMap((p) => (p.value ? [arrayBlock(p.symbol.unicode, p.value)] : [])),
  ];
}

export const pointWords = ({ random, sizes }: ChainPoint): string => {
  const list = [...sizes].slice(0, 8).map(([symbol, size]) => `${symbol} = ${size}`);
  const more = sizes.size > 8 ? ', …' : '';
  return random ? `At a random point${list.length > 0 ? ` (${list.join(', ')}${more})` : ''}` : 'At the given point';
};

export function tallyWords({ verified, failed, unverified, worst, reason = '' }: Tally): string {
  if (failed > 0)
    return `✗ ${failed} of ${verified + failed + unverified} formulas differ from finite differences: do not use them, and please report it`;
  const rest = unverified > 0 ? `; ${unverified} not checked (–), the first because ${reason}` : '';
  const all = verified === 1 ? 'the link' : `${verified} links and products`;
  return verified === 0
    ? `not checked: ${reason}`
    : `✓ ${all} agree with finite differences of the program, worst error ${worst === 0 ? '0' : worst.toExponential(0)}${rest}`;
}
