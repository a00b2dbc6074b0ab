import type { NdArray } from '../../base/ndarray.ts';
import { shapeText } from '../../shape/size.ts';
import type { Counterexample, Verdict } from '../check-types.ts';
import { roundedText } from './formula.ts';

export interface CheckTextOptions {
  /** Width of the page (default 80). */
  readonly columns?: number;
  readonly bold?: (text: string) => string;
  readonly dim?: (text: string) => string;
  readonly good?: (text: string) => string;
  readonly bad?: (text: string) => string;
}

const plain = (text: string): string => text;
const marks = { right: '✓', wrong: '✗', undecided: '?' } as const;

/** The verdict as a page for a terminal. */
export function checkText(v: Verdict, options: CheckTextOptions = {}): string {
  const { columns = 80, bold = plain, dim = plain, good = plain, bad = plain } = options;
  const [first = '', ...rest] = v.words;
  const look = v.verdict === 'right' ? good : v.verdict === 'wrong' ? bad : plain;
  const lines = [
    ...wrap(`${marks[v.verdict]} ${first}`, columns - 4).map((line) => look(bold(line))),
    ...rest.flatMap((sentence) => wrap(sentence, columns - 4).map((line) => `  ${line}`)),
    ...(v.counterexample ? ['', ...counterLines(v.counterexample, v, columns, dim)] : []),
    '',
    `  ${dim('derivative')}  ${v.derivative.symbol.text} = ${v.derivative.value.text}`,
    `  ${dim('          ')}  ${shapeText(v.derivative.shape)}, ${v.derivative.layout} layout`,
  ];
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n\n`;
}

/** Values of many entries are left to `--json`. */
const mostEntries = 24;

function counterLines(c: Counterexample, v: Verdict, columns: number, dim: (text: string) => string): string[] {
  const sizes = c.sizes.map(([symbol, n]) => `${symbol} = ${n}`);
  const values = c.values
    .filter(([, a]) => a.data.length <= mostEntries)
    .map(([name, a]) => `${name} = ${arrayText(a)}`);
  const standIns = c.standIns.length === 0 ? [] : [`with a smooth function in place of ${c.standIns.join(' and ')}`];
  const at = wrap([...sizes, ...values, ...standIns].join(', '), columns - 17);
  const head = at.map((line, k) => `  ${dim(k === 0 ? 'for example' : '           ')}  ${line}`);
  const { entry } = c;
  if (!entry)
    return [
      ...head,
      `  ${dim('expected   ')}  ${arrayLine(c.derivative)}`,
      `  ${dim('yours      ')}  ${arrayLine(c.answer)}`,
    ];
  const side = (formula: string | undefined, value: number): string =>
    formula === undefined || formula === roundedText(value) ? roundedText(value) : `${formula} = ${roundedText(value)}`;
  return [
    ...head,
    `  ${dim('expected   ')}  ${v.derivative.shape.length === 0 ? v.derivative.symbol.text : entry.partial.unicode} = ${side(entry.formula?.unicode, entry.expected)}`,
    `  ${dim('yours      ')}  ${side(entry.answerFormula?.unicode, entry.found)}`,
  ];
}

const arrayLine = (a: NdArray): string =>
  a.data.length <= mostEntries ? arrayText(a) : `an array of ${a.shape.join('×')}`;

/** `[1, 2; 3, 4]`; with more than two axes nested lists. */
function arrayText({ shape, data }: NdArray): string {
  const build = (axis: number, from: number, count: number): string => {
    if (axis === shape.length) return roundedText(data[from]!);
    const step = count / shape[axis]!;
    const parts = Array.from({ length: shape[axis]! }, (_, i) => build(axis + 1, from + i * step, step));
    const inMatrix = shape.length === 2;
    return inMatrix && axis === 1 ? parts.join(', ') : `[${parts.join(inMatrix ? '; ' : ', ')}]`;
  };
  return build(0, 0, data.length);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && [...line].length + 1 + [...word].length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
