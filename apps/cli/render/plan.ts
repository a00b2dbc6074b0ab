import { type Planned, type Quantity, shapeText } from '../../../src/api/index.ts';
import { padTo, type Style, widthOf } from './style.ts';
import { wrapWords } from './wrap.ts';

interface Engine {
  readonly engine: string;
  readonly reason: string;
}

/** `1.2 M`: three digits and a unit. */
function short(value: number, units: readonly string[], step: number): string {
  let k = 0;
  let v = value;
  while (v >= step && k < units.length - 1) {
    v /= step;
    k++;
  }
  const text = v >= 100 || Number.isInteger(v) ? String(Math.round(v)) : v.toPrecision(2);
  return `${text}${units[k] ? ` ${units[k]}` : ''}`;
}
const countText = (q: Quantity): string =>
  q.value === undefined ? q.text : short(q.value, ['', 'k', 'M', 'G', 'T', 'P'], 1000);
const byteText = (q: Quantity): string =>
  q.value === undefined ? q.text : short(q.value, ['B', 'kB', 'MB', 'GB', 'TB'], 1000);

/** The page of `wrt plan`. */
export function renderPlan(p: Planned, engines: readonly Engine[], style: Style): string {
  const rows = p.steps.map((s) => [s.name, shapeText(s.shape), s.text, countText(s.flops), byteText(s.bytes)]);
  const head = ['value', 'shape', 'is', 'flops', 'bytes'];
  const fixed = [0, 1, 3, 4].map((k) => Math.max(...[head, ...rows].map((r) => widthOf(r[k]!))));
  const [name, shape, flops, bytes] = fixed as [number, number, number, number];
  const room = Math.max(24, style.columns - (2 + name + 2 + shape + 2 + 2 + flops + 2 + bytes));
  const line = (cells: readonly string[], look: (text: string) => string = (t) => t): string[] => {
    const text = wrapWords(cells[2]!, room).split('\n');
    return text.map((part, k) => {
      const first = k === 0;
      const left = `  ${padTo(first ? cells[0]! : '', name)}  ${style.dim(padTo(first ? cells[1]! : '', shape))}  ${padTo(part, room)}`;
      const right = first ? `  ${cells[3]!.padStart(flops)}  ${cells[4]!.padStart(bytes)}` : '';
      return look(`${left}${right}`.trimEnd());
    });
  };
  const outputs = p.outputs.map((o) => `  ${style.bold(o.name)} = ${o.text}  ${style.dim(`(${shapeText(o.shape)})`)}`);
  const totals = [
    ['flops', countText(p.flops) + (p.flops.value === undefined ? '' : style.dim(`  ${p.flops.text}`))],
    ['bytes', byteText(p.bytes) + style.dim(`  read and written, ${p.dtype}`)],
    ['growth', p.asymptotic],
    ...(p.peak === undefined
      ? [['peak', style.dim('known once all sizes are: --sizes m=2000,n=500')]]
      : [
          [
            'peak',
            `${byteText({ text: '', value: p.peak })}${style.dim('  in use at once, inputs and outputs included')}`,
          ],
        ]),
    ...engines.map((e, k) => [k === 0 ? 'engine' : '', k === 0 ? e.reason : style.dim(e.reason)]),
  ];
  return [
    ...line(head, style.dim),
    ...rows.flatMap((r) => line(r)),
    '',
    ...outputs,
    '',
    ...totals.map(([what, text]) => `  ${padTo(style.dim(what!), 8)}${text}`),
    '',
  ].join('\n');
}
