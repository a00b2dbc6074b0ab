import { isInteger, minusOne, multiply, one } from '../base/rational.ts';
import { notate } from '../notation/derivative.ts';
import { type Size, sizeFactor, sizeSymbols } from '../shape/size.ts';
import { type Expr, name as nameExpr } from '../syntax/expr.ts';
import type { EinsumNode, Node, Operand } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { operandNodes } from '../tensor/substitute.ts';
import {
  addFormula,
  arrayFormula,
  type Formula,
  type Index,
  oneFormula,
  overFormula,
  productFormula,
  type Range,
  zeroFormula,
} from './entry-formula.ts';

/** How a node is written out in entries. */
export interface Writing {
  readonly builder: Kit;
  readonly taken: ReadonlySet<string>;
  /** Letters that must not be used for sums: those of the axes, and of the sums around. */
  readonly scope: readonly string[];
  /** Whether a node is taken apart into sums over entries; what is not stays a matrix product with an index behind it. */
  readonly apart: (node: Node) => boolean;
  /** Whether an intermediate is replaced by what it stands for. */
  readonly inline: (node: Node) => boolean;
}

const alphabet = 'ijklmnpqrstuvwabcdefgh';

/** The next letters that nothing uses. */
export function freshLetters(w: Writing, count: number): readonly string[] {
  const used = new Set([...w.taken, ...w.scope]);
  const free = [...alphabet].filter((l) => !used.has(l));
  return Array.from({ length: count }, (_, k) => free[k] ?? `i${w.scope.length + k + 1}`);
}

export const within = (w: Writing, letters: readonly string[]): Writing => ({ ...w, scope: [...w.scope, ...letters] });

/** The node's entry at the given places. */
export function writeEntry(w: Writing, node: Node, at: readonly Index[]): Formula {
  switch (node.kind) {
    case 'variable':
      return { kind: 'entry', target: nameExpr(node.name), indices: at };
    case 'let':
      return w.inline(node) || node.name.startsWith('·')
        ? writeEntry(w, node.body, at)
        : { kind: 'entry', target: nameExpr(node.name), indices: at };
    case 'number':
      return { kind: 'number', value: node.value };
    case 'size':
      return sizeFormula(node.size);
    case 'delta':
      return deltaFormula(at);
    case 'unit':
      return deltaFormula([at[0]!, node.at]);
    case 'triangle':
      return compared(at[1]!, at[0]!);
    case 'merge':
      return merged(at, node.shape);
    case 'einsum':
      return product(w, node, at);
    case 'sum':
      return addFormula(node.terms.map((t) => ({ coefficient: t.coefficient, formula: writeEntry(w, t.node, at) })));
    case 'map':
      return { kind: 'apply', fn: node.fn, order: node.order, args: node.args.map((a) => writeEntry(w, a, at)) };
    case 'power':
      return powerFormula(writeEntry(w, node.base, at), node.exponent);
    default:
      return whole(w, node, at);
  }
}

/** The node in matrix notation with the places behind it: `(A*x)[i]`, `softmax(x)[2]`. */
function whole(w: Writing, node: Node, at: readonly Index[]): Formula {
  const { assignments, value } = notate(w.builder, node, w.taken, false);
  // What can only be written with a where-clause is written out; there is none for a single function.
  if (assignments.length > 0 && node.kind === 'einsum') return sumOver(w, node, at);
  if (value.kind === 'transpose' && at.length === 2)
    return { kind: 'entry', target: value.arg, indices: [at[1]!, at[0]!] };
  return { kind: 'entry', target: value, indices: at };
}

export function sizeFormula(size: Size): Formula {
  const [factor, symbols] = [sizeFactor(size), sizeSymbols(size)];
  const names = symbols.map((s): Formula => arrayFormula(nameExpr(s)));
  return productFormula([{ kind: 'number', value: { n: factor, d: 1 } }, ...names]);
}

export function powerFormula(base: Formula, exponent: { n: number; d: number }): Formula {
  if (exponent.n === 1 && exponent.d === 1) return base;
  // (x²)^½ is |x|, not x: a root of an even power stays.
  const merges = isInteger(exponent) || (base.kind === 'power' && base.exponent.n % 2 !== 0);
  if (base.kind === 'power' && isInteger(base.exponent) && merges)
    return { kind: 'power', base: base.base, exponent: multiply(base.exponent, exponent) };
  return { kind: 'power', base, exponent };
}

/** δ: places that are known to agree are one, known to differ make zero. A size's name is the last of many places. */
export function deltaFormula(at: readonly Index[]): Formula {
  const distinct = [...new Set(at)];
  if (distinct.length <= 1) return oneFormula;
  const fixed = distinct.filter(isPlace);
  if (fixed.length > 1) return zeroFormula;
  return { kind: 'delta', indices: distinct };
}

/** Places on a shown axis are numbers, or a size standing for its last place, marked by a dot before it. */
export const lastPlace = (size: Size): Index => (typeof size === 'number' ? size : `·${size}`);
const isPlace = (i: Index): boolean => typeof i === 'number' || i.startsWith('·');

function compared(left: Index, right: Index): Formula {
  if (left === right) return oneFormula;
  if (typeof left === 'number' && typeof right === 'number') return left <= right ? oneFormula : zeroFormula;
  if (isPlace(left) && isPlace(right)) return typeof left === 'number' ? oneFormula : zeroFormula;
  return { kind: 'bracket', left, relation: '≤', right: String(right) };
}

/** M[p,i,j] = 1 where p = i + (j-1)·m. */
function merged(at: readonly Index[], shape: readonly Size[]): Formula {
  const [p, ...parts] = at;
  if (parts.every((i) => i === 1)) return deltaFormula([p!, 1]);
  if (at.every((i) => typeof i === 'number') && shape.every((s) => typeof s === 'number')) {
    let place = 1;
    let step = 1;
    parts.forEach((i, k) => {
      place += ((i as number) - 1) * step;
      step *= shape[k + 1] as number;
    });
    return place === p ? oneFormula : zeroFormula;
  }
  const steps = parts.map((i, k) => {
    const step = shape.slice(1, k + 1).join('*');
    return k === 0 ? String(i) : `(${i} - 1)*${step}`;
  });
  return { kind: 'bracket', left: p!, relation: '=', right: steps.join(' + ') };
}

function product(w: Writing, node: EinsumNode, at: readonly Index[]): Formula {
  const summed = node.sizes.length > node.shape.length;
  if (!summed || w.apart(node)) return sumOver(w, node, at);
  // Factors that a sum connects stay together in matrix notation; the others stand alone.
  const groups = connected(node);
  return productFormula(
    groups.map(({ operands, sums }) => {
      if (!sums)
        return writeEntry(
          w,
          operands[0]!.node,
          operands[0]!.labels.map((l) => at[l]!),
        );
      const free = [...new Set(operands.flatMap((o) => o.labels))].filter((l) => l < node.shape.length).sort(byNumber);
      const part = w.builder.contract(operands, free);
      const places = free.map((l) => at[l]!);
      return part.kind === 'einsum' ? whole(w, part, places) : writeEntry(w, part, places);
    }),
  );
}

const byNumber = (a: number, b: number): number => a - b;

/** The factors of a product, those that share a summed label together. */
function connected(node: EinsumNode): readonly { operands: readonly Operand[]; sums: boolean }[] {
  const out = node.shape.length;
  const groups: { operands: Operand[]; labels: Set<number> }[] = [];
  for (const o of node.operands) {
    const inner = o.labels.filter((l) => l >= out);
    const touching = groups.filter((g) => inner.some((l) => g.labels.has(l)));
    const [first, ...others] = touching;
    const group = first ?? { operands: [], labels: new Set<number>() };
    for (const g of others) {
      group.operands.push(...g.operands);
      for (const l of g.labels) group.labels.add(l);
      groups.splice(groups.indexOf(g), 1);
    }
    group.operands.push(o);
    for (const l of inner) group.labels.add(l);
    if (!first) groups.push(group);
  }
  return groups.map((g) => ({ operands: g.operands, sums: g.labels.size > 0 }));
}

/** Σ over the summed labels of the product of the entries. */
function sumOver(w: Writing, node: EinsumNode, at: readonly Index[]): Formula {
  const { names, ranges } = labelNames(w, node, at);
  const inner = within(
    w,
    ranges.map((r) => r.letter),
  );
  const factors = node.operands.map((o) =>
    writeEntry(
      inner,
      o.node,
      o.labels.map((l) => names[l]!),
    ),
  );
  return overFormula(ranges, productFormula(factors));
}

/** A name for every label of a product: the given places for its axes, fresh letters for what is summed. */
export function labelNames(w: Writing, node: EinsumNode, at: readonly Index[]): { names: Index[]; ranges: Range[] } {
  const out = node.shape.length;
  const letters = freshLetters(w, node.sizes.length - out);
  return {
    names: [...at, ...letters],
    ranges: letters.map((letter, k) => ({ letter, size: node.sizes[out + k]! })),
  };
}

export const entryOf = (target: Expr, indices: readonly Index[]): Formula => ({ kind: 'entry', target, indices });
export const negated = (formula: Formula): Formula => addFormula([{ coefficient: minusOne, formula }]);
export const scaled = (coefficient: { n: number; d: number }, formula: Formula): Formula =>
  addFormula([{ coefficient: coefficient ?? one, formula }]);

/**
 * How many nodes a formula of this node would have, with every shared one written as often as it is read, up to a limit.
 * Named intermediates count as one where they keep their name; the node itself is always opened. What the engine itself
 * had to name counts as too large.
 */
export function writtenSize(root: Node, keepNames: boolean, most = 10_000): number {
  const sizes = new Map<Node, number>();
  const stack: Node[] = [root];
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const byEngine = node.kind === 'let' && node.name.startsWith('·');
    const closed = byEngine || (keepNames && node !== root && node.kind === 'let');
    const operands = closed || sizes.has(node) ? [] : operandNodes(node);
    const open = operands.filter((o) => !sizes.has(o));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    if (!sizes.has(node)) {
      const size = operands.reduce((n, o) => n + sizes.get(o)!, 1);
      sizes.set(node, byEngine ? most : Math.min(most, size));
    }
  }
  return sizes.get(root)!;
}

/** An array in matrix notation; a long one with names for its repeated parts. */
export interface Written {
  readonly value: Formula;
  /** `s = softmax(x)`, for the names that the value uses. */
  readonly where: readonly Formula[];
}

/** Nodes of a graph that is written without names of its own, and of one that is written in entries. */
const largestPlain = 400;
export const largestWritten = 2000;

const known = new WeakMap<Node, Written>();

/** The node in matrix notation. */
export function writeArray(builder: Kit, node: Node, taken: ReadonlySet<string>): Written {
  const done = known.get(node);
  if (done) return done;
  const { value, assignments } = notate(builder, node, taken, writtenSize(node, true) > largestPlain);
  const where = assignments.map(([name, e]) => ({
    kind: 'equals' as const,
    sides: [arrayFormula(nameExpr(name)), arrayFormula(e)],
  }));
  const written: Written = { value: arrayFormula(value), where };
  known.set(node, written);
  return written;
}
