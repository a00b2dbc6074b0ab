import { fenced, type Layout, productSign, row, type SymbolName, symbol } from './layout.ts';

/**
 * How tightly a piece of two-dimensional notation holds together, loosest first. Unlike in plain text, juxtaposition binds
 * tighter than ⊙; `open` is a sum over indices, which takes in all that follows it.
 */
export const tight = { open: 0, sum: 1, hadamard: 2, quotient: 3, product: 4, script: 5, atom: 6 } as const;
export type Tightness = (typeof tight)[keyof typeof tight];

/** The number of axes as far as it is known; a row has two, but times a vector it is a scalar. */
export type Axes = number | 'row' | undefined;

export interface Box {
  readonly layout: Layout;
  readonly level: Tightness;
  readonly axes: Axes;
  /** Begins with a minus sign. */
  readonly negative?: boolean;
  /** The operator of a `hadamard` box. */
  readonly op?: SymbolName;
  /** The parts of a fraction. */
  readonly fraction?: { readonly over: Box; readonly under: Box };
  /** The items of a row that only this box holds, so that a long chain grows in place. */
  readonly grow?: Layout[];
}

export const atom = (layout: Layout, axes: Axes = undefined): Box => ({ layout, level: tight.atom, axes });

/** The layout for a place that needs `level`; a leading minus is allowed only where it stands first. */
export const wrap = (box: Box, level: Tightness, first = false): Layout =>
  box.level < level || (box.negative && !first) ? fenced('paren', box.layout) : box.layout;

function chain(left: Box, wrapped: Layout, sign: SymbolName, right: Layout): { layout: Layout; grow: Layout[] } {
  const grow = left.grow && wrapped === left.layout ? left.grow : [wrapped];
  grow.push(symbol(sign), right);
  return { layout: grow === left.grow ? left.layout : { kind: 'row', items: grow }, grow };
}

const sign = (left: Box, wrapped: Layout) => (left.negative && wrapped === left.layout ? { negative: true } : {});

/** a + b and a - b; the right operand of a plus may be a sum itself. */
export function sumBox(op: 'plus' | 'minus', left: Box, right: Box): Box {
  const l = wrap(left, tight.sum, true);
  const r = wrap(right, op === 'plus' ? tight.sum : tight.hadamard);
  return { ...chain(left, l, op, r), ...sign(left, l), level: tight.sum, axes: spread(left.axes, right.axes) };
}

/** a b. A scalar in front of a product needs no parentheses: s (A x) = s A x. */
export function productBox(left: Box, right: Box): Box {
  const l = wrap(left, tight.product, true);
  const r = wrap(right, left.axes === 0 ? tight.product : tight.script);
  return {
    ...chain(left, l, productSign(l, r), r),
    ...sign(left, l),
    level: tight.product,
    axes: contract(left.axes, right.axes),
  };
}

/**
 * a ⊙ b, a ⊘ b. Some read A x ⊙ y from left to right, some let juxtaposition bind tighter: parentheses go where the two
 * would differ, as in y ⊙ (X w). Chains of ⊙, and a ⊙ b ⊘ c, are the same however they are grouped.
 */
export function hadamardBox(op: 'hadamard' | 'hadamardQuotient', left: Box, right: Box): Box {
  const l = wrap(left, left.level === tight.hadamard && left.op !== 'hadamard' ? tight.quotient : tight.hadamard, true);
  const r = wrap(right, op === 'hadamard' && right.op === op ? tight.hadamard : tight.script);
  return {
    ...chain(left, l, op, r),
    ...sign(left, l),
    level: tight.hadamard,
    op,
    axes: spread(left.axes, right.axes),
  };
}

/** a ⊗ b, a × b */
export function tensorBox(op: 'kronecker' | 'cross', left: Box, right: Box, axes: Axes): Box {
  const l = wrap(left, op === 'kronecker' && left.op === op ? tight.hadamard : tight.script, true);
  const r = wrap(right, tight.script);
  return { ...chain(left, l, op, r), ...sign(left, l), level: tight.hadamard, op, axes };
}

/** a/b, as a fraction where the medium has room for one; then a/b/c has one bar, over b c. */
export function quotientBox(left: Box, right: Box, fractions: boolean): Box {
  const { axes } = left;
  if (fractions) {
    if (left.fraction) return quotientBox(left.fraction.over, productBox(left.fraction.under, right), true);
    const layout: Layout = { kind: 'fraction', over: left.layout, under: right.layout };
    return { layout, level: tight.script, axes, fraction: { over: left, under: right } };
  }
  const l = wrap(left, tight.quotient, true);
  return { ...chain(left, l, 'solidus', wrap(right, tight.script)), ...sign(left, l), level: tight.quotient, axes };
}

/** -a, which is also the sign of the whole product that a begins. */
export const negativeBox = (arg: Box, op: 'negate' | 'positive' = 'negate'): Box => ({
  layout: row(symbol(op), wrap(arg, tight.hadamard)),
  level: arg.level < tight.hadamard || arg.level > tight.product ? tight.product : arg.level,
  negative: true,
  axes: arg.axes,
  ...(arg.op ? { op: arg.op } : {}),
});

/** A superscript; a subscript that is there already stays below it. */
export function scriptBox(base: Box, sup: Layout, axes: Axes, elementwise = false): Box {
  const layout = wrap(base, tight.atom);
  const more = { sup, ...(elementwise ? { elementwise } : {}) };
  return {
    layout:
      layout.kind === 'script' && !layout.sup ? { ...layout, ...more } : { kind: 'script', base: layout, ...more },
    level: tight.script,
    axes,
  };
}

export const transposeAxes = (axes: Axes): Axes => (axes === 1 ? 'row' : axes === 'row' ? 1 : axes);
export const transposeBox = (arg: Box): Box => scriptBox(arg, symbol('transpose'), transposeAxes(arg.axes));
export const inverseBox = (arg: Box): Box => scriptBox(arg, row(symbol('negate'), { kind: 'number', digits: '1' }), 2);
/** (A⁻¹)ᵀ = (Aᵀ)⁻¹ */
export const inverseTransposeBox = (arg: Box): Box => scriptBox(arg, row(symbol('negate'), symbol('transpose')), 2);

/** Axes of an elementwise result, with MATLAB's implicit expansion. */
export function spread(a: Axes, b: Axes): Axes {
  if (a === b || b === 0) return a;
  if (a === 0) return b;
  if (a === undefined || b === undefined) return undefined;
  return 2;
}

/** Axes of a matrix product. */
export function contract(a: Axes, b: Axes): Axes {
  if (a === 0) return b;
  if (b === 0) return a;
  if (a === 2 && (b === 1 || b === 2)) return b;
  if (a === 'row') return b === 1 ? 0 : b === 2 ? 'row' : undefined;
  return a === 1 && b === 'row' ? 2 : undefined;
}
