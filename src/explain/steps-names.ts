import type { Budget } from '../base/budget.ts';
import type { NdArray } from '../base/ndarray.ts';
import { type AxisOrigin, type Layout, layoutOrder } from '../calculus/layout.ts';
import { printLatex } from '../notation/print/latex.ts';
import { printText } from '../notation/print/text.ts';
import { printUnicode } from '../notation/print/unicode.ts';
import { type Size, sizeSymbols } from '../shape/size.ts';
import type { Expr } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { type Checker, permuted } from './steps-check.ts';
import { indexView, stepName } from './steps-index.ts';
import type { Printed } from './steps-types.ts';
import type { Subject } from './subject.ts';

/** What all formulas of one derivation share. */
export interface Teller {
  readonly subject: Subject;
  readonly budget: Budget;
  readonly checker: Checker;
  /** Names in use, those that the derivation introduces among them. */
  readonly taken: Set<string>;
  /** Shapes of the names that only the derivation knows. */
  readonly introduced: Map<string, readonly Size[]>;
  /** One-character names that stand for a derivative: what they are shown as. */
  readonly symbols: Map<string, Symbol>;
}

interface Symbol extends Printed {
  /** One entry of the derivative it stands for, its axes in the layout's order. */
  entry(letters: readonly string[], kind: 'unicode' | 'latex'): string;
}

export const createTeller = (subject: Subject, checker: Checker, budget: Budget): Teller => ({
  subject,
  budget,
  checker,
  taken: new Set([...subject.taken, subject.output, ...sizeSymbolsOf(subject)]),
  introduced: new Map(),
  symbols: new Map(),
});

const sizeSymbolsOf = ({ analysis }: Subject): string[] =>
  [...analysis.names.values()].flatMap((info) => info.type.axes.flatMap(sizeSymbols));

const letters = [
  ['s', 't', 'r', 'p', 'q', 'c', 'd', 'e'],
  ['u', 'v', 'w', 'p', 'q', 'r', 's', 't', 'g', 'h'],
  ['U', 'V', 'P', 'Q', 'R', 'S', 'M', 'N', 'H', 'K'],
  ['T', 'S', 'U', 'V'],
] as const;

/** A name for a part of the program that has none, by the number of its axes: s, u, U, T. */
export function freshName(t: Teller, shape: readonly Size[]): string {
  const list = letters[Math.min(shape.length, 3)]!;
  const free = list.find((l) => !t.taken.has(l));
  let name: string = free ?? '';
  for (let k = 1; name === ''; k++) if (!t.taken.has(`${list[0]}${k}`)) name = `${list[0]}${k}`;
  t.taken.add(name);
  t.introduced.set(name, shape);
  return name;
}

/** What a formula says something about: a name, or a derivative by one or more names. */
export interface Left {
  readonly of: string;
  /** Axes of what is differentiated. */
  readonly axes: number;
  readonly by: readonly { readonly name: string; readonly axes: number }[];
  /** How many letters the axes of the variable take, where a name's own letters are to leave room for them. */
  readonly beside?: number;
}

export const nameLeft = (of: string, node: Node, beside = 0): Left => ({ of, axes: node.shape.length, by: [], beside });

export type Medium = 'text' | 'unicode' | 'latex';
export const printers: { readonly [M in Medium]: (e: Expr, context?: { names: NameStyles }) => string } = {
  text: printText,
  unicode: printUnicode,
  latex: printLatex,
};
export type NameStyles = ReadonlyMap<string, { axes: number; row?: boolean }>;

const small = (n: number): string => [...String(n)].map((d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]).join('');

/** `∂²L/∂x∂u`, with the print of each name given. */
export function quotient(medium: Medium, top: string, below: readonly string[]): string {
  const order = below.length;
  if (medium !== 'latex') return `∂${order > 1 ? small(order) : ''}${top}/${below.map((b) => `∂${b}`).join('')}`;
  const list = below.map((b) => `\\partial ${b}`).join('\\,');
  return `\\frac{\\partial${order > 1 ? `^{${order}}` : ''} ${top}}{${list}}`;
}

export function printLeft(t: Teller, left: Left): Printed {
  const names = styles(t);
  const one = (medium: Medium): string => {
    const print = (n: string): string =>
      stepName(n, (e) => printers[medium](e, { names }), medium === 'latex' ? '\\Delta ' : 'Δ');
    if (left.by.length === 0) return print(left.of);
    return quotient(
      medium,
      print(left.of),
      left.by.map((b) => print(b.name)),
    );
  };
  return { text: one('text'), unicode: one('unicode'), latex: one('latex') };
}

/** How the names of a derivation look: those of the program, and its own. */
export function styles(t: Teller): NameStyles {
  const known = new Map<string, { axes: number; row?: boolean }>();
  for (const info of t.subject.analysis.names.values())
    if (info.role === 'input' || info.role === 'assigned')
      known.set(info.name, { axes: info.type.axes.length, ...(info.type.row ? { row: true } : {}) });
  for (const [name, shape] of t.introduced) known.set(name, { axes: shape.length });
  if (!known.has(t.subject.output)) known.set(t.subject.output, { axes: t.subject.raw.levels[0]!.shape.length });
  return known;
}

/** Origins of the axes of a derivative in the engine's order: what is differentiated, then by what. */
export function originsOf(left: Left, shape: readonly Size[]): readonly AxisOrigin[] {
  const origins: AxisOrigin[] = [];
  for (let axis = 0; axis < left.axes; axis++) origins.push({ of: 'output', axis, size: shape[axis]! });
  left.by.forEach(({ axes }, k) => {
    for (let axis = 0; axis < axes; axis++) origins.push({ of: k, axis, size: shape[origins.length]! });
  });
  return origins;
}

/** The order in which the layout writes the axes of such a derivative. */
export const orderOf = (left: Left, shape: readonly Size[], layout: Layout): readonly number[] =>
  left.by.length === 0 ? shape.map((_, i) => i) : layoutOrder(originsOf(left, shape), layout);

const firstSymbol = 0xe000;
const symbolPattern = /[\uE000-\uE0FF]/gu;

/** A variable that stands for a derivative, in the engine's order of axes, and is shown as `∂L/∂u`. */
export function symbolFor(t: Teller, left: Left, shape: readonly Size[], value: NdArray | undefined): Node | undefined {
  const at = t.symbols.size;
  if (at > 0xff) return undefined;
  const b = t.subject.builder;
  const order = orderOf(left, shape, t.subject.layout);
  const name = String.fromCodePoint(firstSymbol + at);
  const shown = order.map((k) => shape[k]!);
  t.symbols.set(name, {
    ...printLeft(t, left),
    entry: (letters, kind) => {
      const own: string[] = [];
      order.forEach((axis, k) => {
        own[axis] = letters[k]!;
      });
      const entry = entryOf(t, left, own.slice(0, left.axes), own.slice(left.axes), kind);
      return kind === 'latex' || left.by.length === 0 ? entry : `(${entry})`;
    },
  });
  t.introduced.set(name, shown);
  const ordered = permuted(value, order);
  if (ordered) t.checker.bind(name, ordered);
  const back = order.map((_, axis) => order.indexOf(axis));
  return b.permute(b.variable(name, shown), back);
}

/** The three prints of an expression, with derivatives in place of the symbols that stand for them. */
export function printed(t: Teller, e: Expr, names: NameStyles = styles(t)): Printed {
  const one = (medium: Medium): string => unfold(t, printers[medium](e, { names }), medium);
  return { text: one('text'), unicode: one('unicode'), latex: one('latex') };
}

export function unfold(t: Teller, text: string, medium: Medium): string {
  if (t.symbols.size === 0) return text;
  const show = (name: string, whole: boolean, next: string): string => {
    const symbol = t.symbols.get(name);
    if (!symbol) return name;
    if (medium === 'latex') return next === '^' || next === '_' ? `\\left(${symbol.latex}\\right)` : symbol.latex;
    return whole || !symbol.text.includes('/') ? symbol[medium] : `(${symbol[medium]})`;
  };
  if (medium !== 'latex') return text.replace(symbolPattern, (name) => show(name, [...text].length === 1, ''));
  return text.replace(/\\text(?:bf)?\{U\+(E0[0-9A-F]{2})\}/g, (match, code: string, at: number, all: string) =>
    show(String.fromCodePoint(Number.parseInt(code, 16)), false, all[at + match.length] ?? ''),
  );
}

/** The tree with readable names for the symbols. */
export function shownTree(t: Teller, e: Expr): Expr {
  if (t.symbols.size === 0) return e;
  switch (e.kind) {
    case 'name': {
      const symbol = t.symbols.get(e.name);
      return symbol ? { ...e, name: symbol.text } : e;
    }
    case 'unary':
    case 'transpose':
      return { ...e, arg: shownTree(t, e.arg) };
    case 'binary':
      return { ...e, left: shownTree(t, e.left), right: shownTree(t, e.right) };
    case 'call':
      return { ...e, args: e.args.map((a) => shownTree(t, a)) };
    case 'index':
      return { ...e, target: shownTree(t, e.target), indices: e.indices.map((i) => i && shownTree(t, i)) };
    default:
      return e;
  }
}

/** `(m×1)`, as the notes write shapes; a number has none. */
export const shapeLabel = (shape: readonly Size[]): string =>
  shape.length === 0 ? '' : `(${(shape.length === 1 ? [...shape, 1] : shape).map(sizeLabel).join('×')})`;
const sizeLabel = (s: Size): string => String(s).replaceAll('*', '·');
export const shapeLatex = (shape: readonly Size[]): string =>
  `(${(shape.length === 1 ? [...shape, 1] : shape).map((s) => String(s).replaceAll('*', ' \\cdot ')).join(' \\times ')})`;

/** `∂uⱼ/∂xᵢ`, or `uⱼ`: an entry by its letters. */
export function entryOf(
  t: Teller,
  left: Left,
  outputs: readonly string[],
  inputs: readonly string[],
  kind: 'unicode' | 'latex',
): string {
  const b = t.subject.builder;
  const context = { builder: b, taken: t.taken };
  const one = (name: string, letters: readonly string[]): string =>
    indexView(
      context,
      b.variable(
        name,
        letters.map(() => 1),
      ),
      letters,
    )![kind];
  const top = one(left.of, outputs);
  let at = 0;
  const below = left.by.map((v) => {
    const letters = inputs.slice(at, at + v.axes);
    at += v.axes;
    return one(v.name, letters);
  });
  return below.length === 0 ? top : quotient(kind, top, below);
}
