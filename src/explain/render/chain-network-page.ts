import { shapeText } from '../../shape/size.ts';
import type { Layer } from '../chain-layers.ts';
import type { ChainLink } from '../chain-links.ts';
import type { NetworkRow, NetworkView } from '../chain-network.ts';
import type { ChainProduct } from '../chain-products.ts';
import { arrayBlock } from './chain-arrays.ts';
import { networkDrawing } from './chain-drawing.ts';
import { type ChainBlock, inBrackets, mark, oneLine, pointWords, tallyWords } from './chain-page.ts';

/** The whole backward pass: the links of every layer, then what comes back through them, last layer first. */
export function networkPage(view: NetworkView): readonly ChainBlock[] {
  const { rows, output, lossGiven } = view;
  const shown = (name: string): string => view.names.get(name)?.unicode ?? name;
  const layers = `${rows.length} ${rows.length === 1 ? 'layer' : 'layers'}`;
  const start = rows.at(-1)!.products.activation ?? rows.at(-1)!.products.preactivation;
  const joined = rows.some((r) => r.joined);
  const large = rows.map((r) => r.links.weight).find((l) => l.full.shape.length > 2 && l.condensed.length > 0);
  return [
    { kind: 'title', text: `A network of ${layers}, and its backward pass` },
    {
      kind: 'note',
      text: lossGiven
        ? `${view.layout} layout; every cell with its shape`
        : `${view.layout} layout; the program gives no loss, so ${shown(output)} is an unknown function of ${shown(view.last)}: its shapes are known all the same`,
    },
    ...(view.given.length > 0
      ? [
          { kind: 'text' as const, text: 'Not named in the program, and named here:' },
          { kind: 'formula' as const, text: view.given.join('\n') },
        ]
      : []),
    { kind: 'picture', drawing: networkDrawing(view) },
    { kind: 'heading', text: 'The links of each layer' },
    {
      kind: 'table',
      head: ['layer', '', '∂Z/∂W', '∂Z/∂A before', '∂A/∂Z'],
      rows: rows.map(({ layer, links }) => [
        String(layer.number),
        does(view, layer),
        linkCell(links.weight),
        linkCell(links.before),
        links.activation ? linkCell(links.activation) : '',
      ]),
    },
    ...(large
      ? [
          {
            kind: 'note' as const,
            text: `"of ${shapeText(large.full.shape)}" is the size of the whole derivative: what is not shown of it is zero, or repeats.`,
          },
        ]
      : []),
    { kind: 'heading', text: 'What comes back, from the last layer to the first' },
    {
      kind: 'formula',
      text: `${start.symbol.unicode} = ${oneLine(start.form.unicode)}   ${inBrackets(start.shape)} ${mark(start.check)}`,
    },
    {
      kind: 'table',
      head: ['layer', `∂${shown(output)}/∂Z`, `∂${shown(output)}/∂W`, `∂${shown(output)}/∂b`],
      rows: [...rows]
        .reverse()
        .map((row) => [
          String(row.layer.number),
          comesBack(row),
          productCell(row.products.weight),
          row.products.bias ? productCell(row.products.bias) : '',
        ]),
    },
    ...(joined
      ? [
          {
            kind: 'note' as const,
            text: `∂${shown(output)}/∂A of each layer is inside ∂${shown(output)}/∂Z: ${example(view)}`,
          },
        ]
      : []),
    ...numberBlocks(view),
    {
      kind: 'note',
      text: tallyWords(view.tally),
    },
    {
      kind: 'note',
      text:
        view.programCheck.status === 'verified'
          ? '✓ the backward pass as a program, read again and run, gives the same numbers'
          : `the backward pass as a program: ${view.programCheck.how}`,
    },
  ];
}

/** `A₁ = relu(Z₁)`. */
function does({ names }: NetworkView, { preactivation, activation, kind }: Layer): string {
  const shown = (name: string): string => names.get(name)!.unicode;
  if (activation === undefined) return shown(preactivation);
  return `${shown(activation)} = ${kind === 'function' ? 'function of ' : kind}${kind === 'function' ? shown(preactivation) : `(${shown(preactivation)})`}`;
}

function linkCell(link: ChainLink): string {
  const { full, condensed, check } = link;
  if (full.shape.length <= 2) return `${oneLine(full.unicode)} ${inBrackets(full.shape)} ${mark(check)}`;
  const kept = condensed.map(({ cores }) => cores.map((c) => oneLine(c.unicode)).join(' · ')).join(' + ');
  const shape =
    condensed.length === 1 && condensed[0]!.cores.length === 1 ? ` ${inBrackets(condensed[0]!.cores[0]!.shape)}` : '';
  return kept
    ? `${kept}${shape} of ${shapeText(full.shape)} ${mark(check)}`
    : `${oneLine(full.unicode)} ${inBrackets(full.shape)} ${mark(check)}`;
}

const productCell = ({ form, shape, check }: ChainProduct): string =>
  `${oneLine(form.unicode)} ${inBrackets(shape)} ${mark(check)}`;

const comesBack = ({ joined, products }: NetworkRow): string =>
  joined
    ? `${oneLine(joined.unicode)} ${inBrackets(products.preactivation.shape)} ${mark(products.preactivation.check)}`
    : productCell(products.preactivation);

function example({ rows }: NetworkView): string {
  const row = rows.find((r) => r.joined && r.products.activation)!;
  const { activation } = row.products;
  return `${activation!.symbol.unicode} = ${oneLine(activation!.form.unicode)} ${inBrackets(activation!.shape)}`;
}

function numberBlocks({ rows, point, names, output }: NetworkView): ChainBlock[] {
  if (!point) return [];
  const value = (name: string | undefined): ChainBlock[] => {
    const found = name === undefined ? undefined : point.values.get(name);
    return found ? [arrayBlock(names.get(name!)!.unicode, found)] : [];
  };
  const layerBlocks = (row: NetworkRow): ChainBlock[] => {
    const { links, products } = row;
    const link = (l: ChainLink | undefined): ChainBlock[] =>
      l?.value && l.full.shape.length <= 2 ? [arrayBlock(l.symbol.unicode, l.value)] : [];
    const product = (p: ChainProduct | undefined): ChainBlock[] =>
      p?.value ? [arrayBlock(p.symbol.unicode, p.value)] : [];
    return [
      { kind: 'heading', text: `Layer ${row.layer.number} in numbers` },
      ...link(links.activation),
      ...product(products.activation),
      ...product(products.preactivation),
      ...product(products.weight),
      ...product(products.bias),
    ];
  };
  return [
    { kind: 'heading', text: pointWords(point) },
    ...value(rows[0]!.layer.before),
    ...rows.flatMap(({ layer }) => [layer.weight, layer.bias, layer.preactivation, layer.activation].flatMap(value)),
    ...value(output),
    ...[...rows].reverse().flatMap(layerBlocks),
  ];
}
