import {
  type CondensedTermView,
  type Derivative,
  type Diagnostic,
  type NameInfo,
  type NdArray,
  shapeText,
} from '../../../src/api/index.ts';
import type { PointNumbers } from '../engine/derive.ts';
import { arrayLines } from './array.ts';
import { renderDiagnostics } from './diagnostics.ts';
import { padTo, plural, type Style, widthOf } from './style.ts';
import { wrapFormula, wrapWords } from './wrap.ts';

const margin = '  ';
const mostLines = 40;
/** Labels of the sections stand in a column of this width. */
const labelWidth = 11;

/** The page that `wrt derive` shows: the program as understood, the derivative, its laws and forms, its certificate. */
export function renderDerivative(
  d: Derivative,
  warnings: readonly Diagnostic[],
  numbers: PointNumbers | undefined,
  style: Style,
): string {
  const sections = [
    sourceLines(d.program.source),
    nameLines([...d.program.analysis.names.values()], style),
    resultLines(d, style),
    [...lawLines(d, style), ...ruleLines(d, style), ...formLines(d, style)],
    ...(numbers ? [numberLines(d, numbers, style)] : []),
    indentAll(renderDiagnostics(warnings, d.program.source, 'warning', style)),
    certificateLines(d, style),
  ];
  const page = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((l) => (margin + l).trimEnd()).join('\n'));
  return `\n${page.join('\n\n')}\n\n`;
}

/** `∂L/∂x`, as the laws write it. */
export const symbolOf = (d: Derivative): string => /^Size\((.*?)\) = /.exec(d.laws.size)?.[1] ?? '∂y/∂x';

const indentAll = (text: string): string[] => (text === '' ? [] : text.trimEnd().split('\n'));

function sourceLines(source: string): string[] {
  const lines = source.split(/\r?\n/).map((line) => line.replaceAll('\t', '  ').trimEnd());
  while (lines.length > 0 && lines[0] === '') lines.shift();
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  return shorten(lines, 'lines').map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line));
}

const shorten = (lines: readonly string[], what: string): string[] =>
  lines.length <= mostLines
    ? [...lines]
    : [...lines.slice(0, mostLines - 1), `… ${lines.length - mostLines + 1} more ${what}`];

/** Every name with its shape; what nobody declared says why it has the shape that it has. */
function nameLines(names: readonly NameInfo[], style: Style): string[] {
  const rows = names.map((info) => [info.name, kindOf(info), noteOf(info)] as const);
  const widths = [0, 1].map((k) => Math.max(0, ...rows.slice(0, mostLines).map((row) => widthOf(row[k]!))));
  return shorten(
    rows.map(([name, kind, note]) => `${padTo(name, widths[0]!)}  ${padTo(kind, widths[1]!)}  ${style.dim(note)}`),
    'names',
  );
}

function kindOf({ role, shape, type }: NameInfo): string {
  if (role === 'index') return 'index';
  if (shape.kind === 'elementwise' && role === 'function') return 'function, entry by entry';
  if (shape.kind === 'function' && role === 'function') return `${space(shape.from)} → ${space(shape.to)}`;
  return shapeText(type.axes);
}
const space = (axes: readonly (number | string)[]): string => (axes.length === 0 ? 'R' : `R^${shapeText(axes)}`);

function noteOf({ role, inferred, reason, properties }: NameInfo): string {
  const origin = role === 'assigned' ? 'assigned' : inferred ? `inferred${reason ? `: ${reason}` : ''}` : 'declared';
  return [...properties, origin].join(', ');
}

function resultLines(d: Derivative, style: Style): string[] {
  const [value = '', ...where] = d.unicode.split('\n');
  const left = `${symbolOf(d)}  =  `;
  const indent = ' '.repeat(widthOf(left));
  const room = style.columns - margin.length;
  const formula = `${left}${wrapFormula(value, room - widthOf(left), indent)}`;
  const shape = style.dim(`(${shapeText(d.shape)}) · ${d.layout} layout`);
  const lines = formula.split('\n').map((line) => style.bold(line));
  if (lines.length === 1 && where.length === 0 && widthOf(formula) + 4 + widthOf(shape) <= room)
    return [`${lines[0]}    ${shape}`];
  return [...lines, ...where.map((line) => indent + line), indent + shape];
}

/** A label, then text, wrapped and aligned. */
function labelled(label: string, text: string, style: Style): string[] {
  const width = Math.max(labelWidth, widthOf(label) + 2);
  const lines = text.split('\n').flatMap((line) => wrapWords(line, style.columns - width - margin.length).split('\n'));
  return lines.map((line, k) => (k === 0 ? style.dim(padTo(label, width)) : ' '.repeat(width)) + line);
}

const lawLines = (d: Derivative, style: Style): string[] => [
  ...labelled('size', d.laws.size, style),
  ...labelled('axes', d.laws.axes, style),
  ...(d.convention ? labelled('entries', d.convention.words, style) : []),
];

/** A program of assignments and a value on one line: `(diag(s) - s*s')*dx where s = softmax(x)`. */
function inline(program: string): string {
  const lines = program.split('\n');
  const value = lines.pop()!;
  return lines.length === 0 ? value : `${value}  where ${lines.join(', ')}`;
}

function ruleLines(d: Derivative, style: Style): string[] {
  const { rule } = d.condensed;
  const y = /^∂[⁰¹²³⁴⁵⁶⁷⁸⁹]*(.*?)\//.exec(symbolOf(d))?.[1] ?? 'y';
  const x = d.wrt.at(-1)!;
  const changed = d.wrt.length === 1 ? y : d.wrt.length === 2 ? `(∂${y}/∂${d.wrt[0]})` : '(the derivative before)';
  const [push, pull] = [`Δ${changed} ≈ ${inline(rule.apply)}`, `G ↦ ${inline(rule.pull)}`];
  const width = Math.max(widthOf(push), widthOf(pull)) + 4;
  const noted = (text: string, note: string): string =>
    width > style.columns / 2 ? text : padTo(text, width) + style.dim(note);
  return labelled(
    '⋆ rule',
    [
      `${rule.name}: ${rule.words}`,
      noted(push, `for a small change d${x} of ${x}`),
      noted(pull, 'carries a derivative G back'),
    ].join('\n'),
    style,
  );
}

const axisList = (axes: readonly number[]): string =>
  axes.length === 0 ? '' : ` on ${axes.length === 1 ? 'axis' : 'axes'} ${axes.map((a) => a + 1).join(', ')}`;

function termText({ cores, deltas, repeated }: CondensedTermView): string {
  const parts = cores.map((core) => `${inline(core.text)} (${shapeText(core.shape)})${axisList(core.axes)}`);
  for (const delta of deltas) parts.push(`δ${axisList(delta)}`);
  if (repeated.length > 0) parts.push(`repeated${axisList(repeated)}`);
  return parts.join('  ·  ') || '1';
}

/** What else there is to say of its form: why there is no matrix, the Kronecker form, the condensed form, storage. */
function formLines(d: Derivative, style: Style): string[] {
  const { condensed } = d;
  const { kept, full, keptNumber, fullNumber } = condensed.storage;
  const bare = (text: string, other: number | undefined): boolean => other !== undefined && text === String(other);
  const storage = [
    `${kept}${keptNumber !== undefined && !bare(kept, keptNumber) ? ` = ${keptNumber}` : ''}`,
    `${full}${fullNumber !== undefined && !bare(full, fullNumber) ? ` = ${fullNumber}` : ''}`,
  ];
  return [
    ...(d.reason === undefined ? [] : labelled('no matrix', d.reason, style)),
    ...(d.kronecker ? labelled('kronecker', `∂vec/∂vec = ${d.kronecker.unicode}`, style) : []),
    ...(condensed.smaller
      ? [
          ...labelled(
            'condensed',
            [...condensed.terms.map((t, k) => (k === 0 ? '' : '+ ') + termText(t)), condensed.entryRule()].join('\n'),
            style,
          ),
          ...labelled('storage', `${storage[0]} of ${storage[1]} entries`, style),
        ]
      : labelled('storage', `${storage[1]} ${full === '1' ? 'entry' : 'entries'}, nothing to condense`, style)),
  ];
}

function numberLines(d: Derivative, { at, random, output, value }: PointNumbers, style: Style): string[] {
  const sizes = random ? [...random].map(([symbol, size]) => `${symbol} = ${size}`).join(', ') : '';
  const title = random ? `at a random point (seed 1${sizes === '' ? '' : `, ${sizes}`})` : 'at the given point';
  const shown = (name: string, a: NdArray): string[] => {
    const lines = arrayLines(a, style.columns - labelWidth - margin.length);
    return lines.map((line, k) => `${k === 0 ? padTo(name, labelWidth - 1) : ' '.repeat(labelWidth - 1)} ${line}`);
  };
  const names = d.program.analysis.names;
  const inputs = [...at].filter(([name]) => names.get(name)?.role === 'input' || d.wrt.includes(name));
  return [
    style.dim(title),
    ...(random ? inputs.flatMap(([name, a]) => shown(name, a)) : []),
    ...shown(d.output.name ?? 'output', output),
    ...shown(symbolOf(d), value),
  ];
}

function certificateLines({ certificate }: Derivative, style: Style): string[] {
  const { status, worst, checks, reason } = certificate;
  switch (status) {
    case 'verified':
      return [`${style.good(`✓ verified: ${plural(checks.length, 'check')}, worst error ${errorText(worst)}`)}`];
    case 'not verified':
      return [style.warn(`not verified: ${reason ?? 'no check applied'}`)];
    case 'failed':
      return [
        style.bad(style.bold('✗ failed: do not use this derivative, and please report it')),
        ...checks.filter((c) => !c.passed).map((c) => `${style.bad('✗')} ${c.name}: ${c.detail}`),
      ];
  }
}

const errorText = (x: number): string => (x === 0 ? '0' : x.toExponential(0));
