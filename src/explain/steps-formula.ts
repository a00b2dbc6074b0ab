import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { type AxisOrigin, type Layout, layoutOrder } from '../calculus/layout.ts';
import { analyse } from '../language/analyse.ts';
import { notate } from '../notation/derivative.ts';
import { printLatex } from '../notation/print/latex.ts';
import { nodesOf } from '../notation/print/spine.ts';
import { printText } from '../notation/print/text.ts';
import { printUnicode } from '../notation/print/unicode.ts';
import { type Size, sizeSymbols } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import { type Declaration, type Expr, name as nameExpr, type Statement } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { type Checker, permuted, rowMark, type StepCheck } from './steps-check.ts';
import { indexView, pairLetters, stepName } from './steps-index.ts';
import type { Formula, Piece, Printed } from './steps-types.ts';
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

type Medium = 'text' | 'unicode' | 'latex';
const printers: { readonly [M in Medium]: (e: Expr, context?: { names: NameStyles }) => string } = {
  text: printText,
  unicode: printUnicode,
  latex: printLatex,
};
type NameStyles = ReadonlyMap<string, { axes: number; row?: boolean }>;

const small = (n: number): string => [...String(n)].map((d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]).join('');

/** `∂²L/∂x∂u`, with the print of each name given. */
function quotient(medium: Medium, top: string, below: readonly string[]): string {
  const order = below.length;
  if (medium !== 'latex') return `∂${order > 1 ? small(order) : ''}${top}/${below.map((b) => `∂${b}`).join('')}`;
  const list = below.map((b) => `\\partial ${b}`).join('\\,');
  return `\\frac{\\partial${order > 1 ? `^{${order}}` : ''} ${top}}{${list}}`;
}

export function printLeft(t: Teller, left: Left): Printed {
  const names = styles(t, [left.of, ...left.by.map((b) => b.name)]);
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
function styles(t: Teller, _names: readonly string[]): NameStyles {
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

/** Formulas longer than this are not taken apart into factors. */
const mostTokens = 90;

/**
 * A formula for a node given in the engine's order of axes; it is written in the layout's. `check` gets the comparison of
 * the formula, read by the program interpreter, with the node.
 */
export function formula(t: Teller, left: Left, node: Node, check?: StepCheck, share = true): Formula {
  const { builder, layout } = t.subject;
  const order = orderOf(left, node.shape, layout);
  const shown = builder.permute(node, order);
  const notation = notate(builder, shown, t.taken, share);
  const tree = { assignments: notation.assignments, value: notation.value };
  const made = fromTree(t, printLeft(t, left), tree, shown.shape, notation.tokens <= mostTokens, check, node, order);
  const index = notation.tokens <= mostTokens ? indexEquation(t, left, node) : undefined;
  return index ? { ...made, index } : made;
}

/** A formula from a tree that is written already. */
export function fromTree(
  t: Teller,
  left: Printed,
  tree: Formula['tree'],
  shape: readonly Size[],
  factors: boolean,
  check?: StepCheck,
  node?: Node,
  order: readonly number[] = shape.map((_, i) => i),
): Formula {
  const analysis = check || factors ? formulaAnalysis(t, tree) : undefined;
  if (check && node && analysis)
    t.checker.compare(
      `${left.text} as written`,
      t.checker.formula(analysis, check),
      permuted(t.checker.value(node, check), order),
      check,
    );
  const names = styles(t, []);
  const print = (e: Expr): Printed => printed(t, e, names);
  const value = print(tree.value);
  const cut = factors && analysis ? cutFactors(t, tree.value, analysis, names) : undefined;
  return {
    left,
    value,
    where: tree.assignments.map(([name, e]) => ({ name, value: print(e) })),
    tree: { assignments: tree.assignments.map(([n, e]) => [n, shownTree(t, e)]), value: shownTree(t, tree.value) },
    shape,
    factors: cut?.pieces ?? [{ unicode: value.unicode }],
    factorsLatex: cut?.latex ?? value.latex,
  };
}

/** The three prints of an expression, with derivatives in place of the symbols that stand for them. */
export function printed(t: Teller, e: Expr, names: NameStyles = styles(t, [])): Printed {
  const one = (medium: Medium): string => unfold(t, printers[medium](e, { names }), medium);
  return { text: one('text'), unicode: one('unicode'), latex: one('latex') };
}

function unfold(t: Teller, text: string, medium: Medium): string {
  if (t.symbols.size === 0) return text;
  const show = (name: string, whole: boolean, next: string): string => {
    const symbol = t.symbols.get(name);
    if (!symbol) return name;
    if (medium === 'latex') return next === '^' ? `\\left(${symbol.latex}\\right)` : symbol.latex;
    return whole || !symbol.text.includes('/') ? symbol[medium] : `(${symbol[medium]})`;
  };
  if (medium !== 'latex') return text.replace(symbolPattern, (name) => show(name, [...text].length === 1, ''));
  return text.replace(/\\text(?:bf)?\{U\+(E0[0-9A-F]{2})\}/g, (match, code: string, at: number, all: string) =>
    show(String.fromCodePoint(Number.parseInt(code, 16)), false, all[at + match.length] ?? ''),
  );
}

/** The tree with readable names for the symbols. */
function shownTree(t: Teller, e: Expr): Expr {
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

/** A formula as a program whose names are declared as they are known: for its types, and for its value. */
function formulaAnalysis(t: Teller, tree: Formula['tree']): Analysis | undefined {
  const { analysis } = t.subject;
  const used = new Set<string>();
  for (const e of nodesOf(tree.value, ...tree.assignments.map(([, v]) => v))) {
    if (e.kind === 'name') used.add(e.name);
    if (e.kind === 'call') used.add(e.fn);
  }
  const local = new Set(tree.assignments.map(([n]) => n));
  const declare: Declaration[] = [];
  const rows: Statement[] = [];
  for (const name of used) {
    const info = analysis.names.get(name);
    const shape = t.introduced.get(name);
    if (local.has(name)) continue;
    if (shape) declare.push({ name, shape: { kind: 'array', axes: shape }, properties: [] });
    else if (info?.type.row) {
      declare.push({ name: name + rowMark, shape: { kind: 'array', axes: [info.type.axes[1]!] }, properties: [] });
      rows.push({ name, value: { kind: 'transpose', arg: nameExpr(name + rowMark) } });
    } else if (info && (info.role === 'input' || info.role === 'assigned'))
      declare.push({ name, shape: { kind: 'array', axes: info.type.axes }, properties: info.properties });
    else if (info) declare.push({ name, shape: info.shape, properties: info.properties });
    else if (name === t.subject.output)
      declare.push({ name, shape: { kind: 'array', axes: t.subject.raw.levels[0]!.shape }, properties: [] });
  }
  // A size symbol that stands as a number must be known as a size.
  const declared = new Set(declare.flatMap((d) => (d.shape.kind === 'array' ? d.shape.axes.flatMap(sizeSymbols) : [])));
  for (const info of analysis.names.values())
    if (
      !used.has(info.name) &&
      info.shape.kind === 'array' &&
      info.type.axes.some((s) => sizeSymbols(s).some((n) => used.has(n) && !declared.has(n)))
    )
      declare.push({ name: info.name, shape: { kind: 'array', axes: info.type.axes }, properties: [] });
  const statements: Statement[] = [
    ...rows,
    ...tree.assignments.map(([name, value]) => ({ name, value })),
    { value: tree.value },
  ];
  try {
    return analyse({ source: '', declarations: [], statements }, { declare }, t.budget);
  } catch (error) {
    if (!(error instanceof WrtError) || error.diagnostics[0]?.code.startsWith('cancelled/')) throw error;
    return undefined;
  }
}

const firstFactor = 0xe100;
const factorPattern = /[\uE100-\uE1FF]/gu;

/** Cuts an expression at the factors of its products, so that each can carry its shape. */
function cutFactors(
  t: Teller,
  value: Expr,
  analysis: Analysis,
  names: NameStyles,
): { readonly pieces: readonly Piece[]; readonly latex: string } | undefined {
  const found: { readonly expr: Expr; readonly shape: readonly Size[] }[] = [];
  const leaf = (e: Expr): Expr => {
    const shape = analysis.types.get(e)?.axes;
    if (!shape || shape.length === 0 || found.length > 0xff) return e;
    found.push({ expr: e, shape });
    return nameExpr(String.fromCodePoint(firstFactor + found.length - 1));
  };
  // The factors of one product: what another operator joins stays together.
  const inProduct = (e: Expr, op?: string): Expr => {
    if (e.kind === 'unary') return { ...e, arg: inProduct(e.arg, op) };
    if (e.kind !== 'binary' || !['*', '.*', './', '/'].includes(e.op)) return leaf(e);
    if (op !== undefined && op !== e.op) return isNumber(e) ? e : leaf(e);
    return { ...e, left: inProduct(e.left, e.op === '/' ? undefined : e.op), right: inProduct(e.right, e.op) };
  };
  const isNumber = (e: Expr): boolean => analysis.types.get(e)?.axes.length === 0;
  const inSum = (e: Expr): Expr => {
    if (e.kind === 'unary') return { ...e, arg: inSum(e.arg) };
    if (e.kind === 'binary' && (e.op === '+' || e.op === '-'))
      return { ...e, left: inSum(e.left), right: inSum(e.right) };
    return inProduct(e);
  };
  const skeleton = inSum(value);
  const shapes = new Map(names);
  found.forEach(({ shape }, k) => {
    shapes.set(String.fromCodePoint(firstFactor + k), { axes: shape.length });
  });
  const loose = (e: Expr): boolean => (e.kind === 'binary' && e.op !== '^' && e.op !== '.^') || e.kind === 'unary';
  const alone = skeleton.kind === 'name';
  const parts = found.map(({ expr }) => {
    const p = printed(t, expr, names);
    if (alone || !loose(expr)) {
      // A derivative that is a factor stands in parentheses.
      const symbol = expr.kind === 'name' && t.symbols.get(expr.name)?.text.includes('/') && !alone;
      return symbol ? { unicode: `(${p.unicode})`, latex: p.latex } : p;
    }
    return { unicode: `(${p.unicode})`, latex: `\\left(${p.latex}\\right)` };
  });
  const index = (char: string): number => char.codePointAt(0)! - firstFactor;
  const pieces: Piece[] = [];
  const line = unfold(t, printUnicode(skeleton, { names: shapes }), 'unicode');
  let from = 0;
  for (const match of line.matchAll(factorPattern)) {
    if (match.index > from) pieces.push({ unicode: line.slice(from, match.index) });
    const k = index(match[0]);
    pieces.push({ unicode: parts[k]!.unicode, shape: found[k]!.shape });
    from = match.index + 1;
  }
  if (from < line.length) pieces.push({ unicode: line.slice(from) });
  const latex = unfold(t, printLatex(skeleton, { names: shapes }), 'latex').replace(
    /\\text(?:bf)?\{U\+(E1[0-9A-F]{2})\}/g,
    (_, code: string) => {
      const k = Number.parseInt(code, 16) - firstFactor;
      return `\\overbrace{${parts[k]!.latex}}^{${shapeLatex(found[k]!.shape)}}`;
    },
  );
  return { pieces, latex };
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

/** `∂uⱼ/∂xᵢ = Aⱼᵢ`: the equation entry by entry. */
function indexEquation(t: Teller, left: Left, node: Node): Formula['index'] {
  if (node.shape.length > 6) return undefined;
  const inputs = left.by.reduce((n, b) => n + b.axes, 0);
  const chosen = pairLetters(left.beside ?? inputs, left.axes, t.taken);
  const letters = [...chosen.outputs.slice(0, left.axes), ...chosen.inputs.slice(0, inputs)];
  const right = indexView({ builder: t.subject.builder, taken: t.taken, symbols: t.symbols }, node, letters);
  // Between numbers the equation itself says it all.
  if (!right || (letters.length === 0 && !/Σ/.test(right.unicode))) return undefined;
  const bare =
    node.kind === 'variable' && t.symbols.has(node.name) ? right.unicode.replace(/^\((.*)\)$/u, '$1') : right.unicode;
  const side = (kind: 'unicode' | 'latex'): string => entryOf(t, left, chosen.outputs, chosen.inputs, kind);
  return { unicode: `${side('unicode')} = ${bare}`, latex: `${side('latex')} = ${right.latex}` };
}
