import { shapeText } from '../../shape/size.ts';
import type { ChainView } from '../chain.ts';
import type { NetworkView } from '../chain-network.ts';
import { linkText } from './chain-page.ts';

/** Boxes on a grid, and arrows between them. */
export interface Drawing {
  readonly boxes: readonly {
    readonly id: string;
    readonly label: string;
    readonly under: string;
    readonly column: number;
    /** Lines below the middle one; halves where a column holds an even number. */
    readonly row: number;
    readonly role: 'variable' | 'between' | 'output' | 'more';
  }[];
  readonly arrows: readonly {
    readonly from: string;
    readonly to: string;
    readonly label: string;
    readonly under: string;
  }[];
}

/** More names than this are drawn as a beginning and an end. */
const mostBoxes = 24;
const longestLabel = 26;

const brief = (text: string): string =>
  [...text].length > longestLabel ? `${[...text].slice(0, longestLabel - 1).join('')}…` : text;

/** Each name in the column of its longest way from the variable. */
export function drawingOf(view: ChainView): Drawing {
  const depth = new Map<string, number>();
  const into = new Map<string, string[]>();
  for (const { from, to } of view.links) into.set(to, [...(into.get(to) ?? []), from]);
  for (const { name } of view.names)
    depth.set(name, Math.max(-1, ...(into.get(name) ?? []).map((from) => depth.get(from) ?? -1)) + 1);
  const rows = new Map<number, number>();
  const cut = view.names.length > mostBoxes;
  const kept = cut ? [...view.names.slice(0, 6), ...view.names.slice(-5)] : view.names;
  const names = new Set(kept.map((n) => n.name));
  const shift = cut ? depth.get(view.names.at(-5)!.name)! - depth.get(view.names[5]!.name)! - 2 : 0;
  const boxes = kept.map((n, k) => {
    const column = depth.get(n.name)! - (cut && k >= 6 ? shift : 0);
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    return { id: n.name, label: n.unicode, under: shapeText(n.shape), column, row, role: n.role };
  });
  const arrows = view.links
    .filter((l) => names.has(l.from) && names.has(l.to))
    .map((l) => ({ from: l.from, to: l.to, label: l.symbol.unicode, under: brief(linkText(l)) }));
  const centred = boxes.map((b) => ({ ...b, row: b.row - (rows.get(b.column)! - 1) / 2 }));
  if (!cut) return { boxes: centred, arrows };
  const column = depth.get(view.names[5]!.name)! + 1;
  return { boxes: [...centred, { id: '…', label: '…', under: '', column, row: 0, role: 'more' }], arrows };
}

const mostLayers = 8;

/** A, Z, A, Z … from left to right, weights and biases above. */
export function networkDrawing(view: NetworkView): Drawing {
  const cut = view.rows.length > mostLayers;
  const rows = cut ? [...view.rows.slice(0, 3), ...view.rows.slice(-2)] : view.rows;
  const boxes: Drawing['boxes'][number][] = [];
  const arrows: Drawing['arrows'][number][] = [];
  const seen = new Set<string>();
  const put = (id: string, column: number, row: number, role: 'variable' | 'between' | 'output' | 'more'): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const { unicode, shape } = view.names.get(id) ?? { unicode: id, shape: undefined };
    boxes.push({ id, label: unicode, under: shape ? shapeText(shape) : '', column, row, role });
  };
  let column = 0;
  put(rows[0]!.layer.before, column, 0, 'variable');
  rows.forEach(({ layer, links }, k) => {
    if (cut && k === 3) put('…', ++column, 0, 'more');
    const { preactivation, weight, bias, before, activation } = layer;
    column++;
    put(weight, column, -1, 'variable');
    if (bias !== undefined) put(bias, column, 1, 'variable');
    put(preactivation, column, 0, 'between');
    const add = (from: string, to: string, link: { symbol: { unicode: string } } | undefined): void => {
      if (link && seen.has(from)) arrows.push({ from, to, label: link.symbol.unicode, under: '' });
    };
    add(before, preactivation, links.before);
    add(weight, preactivation, links.weight);
    if (bias !== undefined) add(bias, preactivation, links.bias);
    if (activation === undefined) return;
    put(activation, ++column, 0, 'between');
    add(preactivation, activation, links.activation);
  });
  put(view.output, ++column, 0, 'output');
  const start = view.rows.at(-1)!.products;
  arrows.push({
    from: view.last,
    to: view.output,
    label: (start.activation ?? start.preactivation).symbol.unicode,
    under: '',
  });
  return { boxes, arrows };
}
