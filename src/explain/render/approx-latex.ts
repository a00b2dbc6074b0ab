import type { ApproxView } from '../approx.ts';
import { approxPage, type Block } from './approx-page.ts';

/**
 * The view as LaTeX displays, one a line: the prediction Δy ≈ ∂y/∂x ⋆ Δx, then every table of the page as an array.
 */
export function approxLatex(view: ApproxView): string {
  const tables = approxPage(view).flatMap((block) => (block.kind === 'table' ? [array(block)] : []));
  const prediction = `\\Delta ${name(view.output)} \\approx ${view.rule.applyLatex}`;
  return `${[prediction, ...tables].join('\n')}\n`;
}

function array({ rows }: Extract<Block, { kind: 'table' }>): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[], write: (c: string) => string): string => cells.map(write).join(' & ');
  const columns = 'r'.repeat(Math.max(head.length, ...body.map((r) => r.length)));
  return `\\begin{array}{${columns}} ${[`${line(head, words)} \\\\ \\hline`, ...body.map((r) => `${line(r, cell)} \\\\`)].join(' ')} \\end{array}`;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const digitOf = (c: string): string => (c === '⁻' ? '-' : String(superscripts.indexOf(c)));

/** A number as the page writes it, 3.9·10⁻⁴ or 28.4 %; anything else is text. */
function cell(text: string): string {
  const number = /^([-−]?)(\d*\.?\d+)(?:·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?( %)?$/u.exec(text.trim());
  const fraction = /^(\d+)\/(\d+)$/.exec(text.trim());
  if (fraction) return `${fraction[1]}/${fraction[2]}`;
  if (!number) return words(text);
  const [, sign, digits, power, percent] = number;
  const exponent = power ? ` \\cdot 10^{${[...power].map(digitOf).join('')}}` : '';
  return `${sign ? '-' : ''}${digits}${exponent}${percent ? '\\,\\%' : ''}`;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\textbackslash{}'],
  ['~', '\\textasciitilde{}'],
  ['^', '\\textasciicircum{}'],
  ['Δ', '$\\Delta$'],
  ['∂', '$\\partial$'],
  ['′', "'"],
  ['‖', '$\\Vert$'],
  ['−', '-'],
]);
const words = (text: string): string =>
  text.trim() === ''
    ? ''
    : `\\text{${[...text.trim()].map((c) => escapes.get(c) ?? (/[#$%&_{}]/.test(c) ? `\\${c}` : c)).join('')}}`;

const name = (text: string): string => (/^[a-zA-Z]$/.test(text) ? text : words(text));
