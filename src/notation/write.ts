import { isInteger, negate, type Rational, rational, sign, toNumber } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import { binary, call, type Expr, name, num } from '../syntax/expr.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import { flipAll, type Item, matrixItem, sizeExpr, vectorItem } from './items.ts';
import { writeProduct } from './product.ts';
import { spreadDiagonal, sumTerm } from './sums.ts';
import { one, type Term, term, termExpr, textOf } from './term.ts';

/** What one writing pass knows. */
export interface Writer {
  readonly builder: Builder & { isSymmetric(a: Node): boolean };
  /** Why something could not be put in matrix notation, in words; each once. */
  readonly reasons: Set<string>;
  readonly written: Map<Node, Term>;
  /** Nodes that are written by a name of their own, with what the name stands for. */
  readonly shared: Map<Node, { readonly name: string; readonly axes: number; readonly value: Expr }>;
  /** Picks a free name for a shared node, or says that it is not shared. */
  shareName(node: Node, value: Expr): string | undefined;
  /** Assigns the value to a free name. */
  nameFor(node: Node, value: Expr): string;
}

/** A node in matrix notation. Nodes with three and more axes become one `einsum`. */
export function write(w: Writer, node: Node): Term {
  const known = w.written.get(node);
  if (known) return known;
  w.builder.budget.tick();
  let result = writers[node.kind](w, node as never);
  if (node.kind !== 'let' && node.kind !== 'variable') {
    const value = termExpr(result);
    const shared = w.shareName(node, value);
    if (shared) {
      w.shared.set(node, { name: shared, axes: node.shape.length, value });
      result = atom(w, node, name(shared));
    }
  }
  w.written.set(node, result);
  return result;
}

export const writeExpr = (w: Writer, node: Node): Expr => termExpr(write(w, node));

/** Whether an intermediate is a row by its definition: spread along a first axis of size 1. */
const isRow = ({ shape, body }: Extract<Node, { kind: 'let' }>): boolean =>
  shape.length === 2 &&
  shape[0] === 1 &&
  body.kind === 'einsum' &&
  body.operands.some((o) => o.node.kind === 'delta' && o.labels.length === 1 && o.labels[0] === 0);

/** One unbreakable expression as a term, by the number of its axes. */
export function atom(w: Writer, node: Node, expr: Expr): Term {
  switch (node.shape.length) {
    case 0:
      return { coefficient: one, scalars: [expr], denominators: [], items: [] };
    case 1:
      return term([vectorItem(expr)]);
    case 2:
      return term([matrixItem(expr, w.builder.isSymmetric(node))]);
    default:
      return term([matrixItem(expr, true)]);
  }
}

type Writers = { readonly [K in Node['kind']]: (w: Writer, node: Extract<Node, { kind: K }>) => Term };

const writers: Writers = {
  variable: (w, node) => atom(w, node, name(node.name)),
  let: (w, node) => {
    if (!node.name.startsWith('·')) {
      const t = atom(w, node, name(node.name));
      return isRow(node) ? { ...t, items: t.items.map((item) => ({ ...item, row: true })) } : t;
    }
    // A name that the engine gave: it is written out once, under a readable name.
    const value = writeExpr(w, node.body);
    return atom(w, node, name(w.nameFor(node, value)));
  },
  number: (_, node) => ({ coefficient: node.value, scalars: [], denominators: [], items: [] }),
  size: (w, node) => atom(w, node, sizeExpr(node.size)),
  delta: (w, node) => {
    if (node.shape.length === 1) return term([onesItem(node.shape[0]!)]);
    if (node.shape.length === 2) return atom(w, node, call('eye', sizeExpr(node.shape[0]!)));
    return writeProduct(w, leafProduct(node));
  },
  unit: (_, node) => term([unitItem(node.shape[0]!, node.at)]),
  merge: (w, node) => {
    const [whole, ...parts] = node.shape.map(sizeExpr);
    return atom(w, node, call('reshape', call('eye', whole!), whole!, ...parts));
  },
  triangle: (w, node) => atom(w, node, call('cumsum', call('eye', sizeExpr(node.shape[0]!)))),
  levi: (w, node) => atom(w, node, call('levicivita')),
  einsum: (w, node) => writeProduct(w, node),
  sum: (w, node) => {
    if (node.terms.length === 0) return zeroTerm(w, node);
    if (node.terms.length === 1) {
      const [{ coefficient, node: inner }] = node.terms as [(typeof node.terms)[0]];
      return scaleTerm(write(w, inner), coefficient);
    }
    const joined = node.shape.length === 0 ? joinTotals(w, node.terms) : undefined;
    if (joined) return joined;
    // A number beside the unit matrix would be read as a multiple of it: there everything is written in full.
    const inFull = node.shape.length === 2 && node.terms.some((t) => isDiagonal(t.node));
    return sumTerm(
      node.terms.map((t) => scaleTerm(inFull ? write(w, t.node) : writeLoose(w, t.node), t.coefficient)),
      node.shape.length,
      w.builder.isSymmetric(node),
    );
  },
  map: (w, node) => {
    const args = node.args.map((a) => {
      const t = writeLoose(w, a);
      return termExpr(a.shape.length === 2 ? spreadDiagonal(t) : t);
    });
    if (node.fn === 'pow') return atom(w, node, binary(node.shape.length === 0 ? '^' : '.^', args[0]!, args[1]!));
    return atom(w, node, { kind: 'call', fn: printedNames.get(node.fn) ?? node.fn, order: node.order, args });
  },
  power: (w, node) => writePower(w, node.base, node.exponent, node),
  call: (w, node) => {
    const args = node.args.map((a) => writeExpr(w, a));
    if (node.fn === 'softmax' && !node.unknown && node.axes.length > 1) {
      // The language's softmax runs along one axis; over all entries it is exp(X - logsumexp(X)).
      return atom(w, node, call('exp', binary('-', args[0]!, call('logsumexp', args[0]!))));
    }
    if (node.unknown) return atom(w, node, { kind: 'call', fn: node.fn, order: node.order, args });
    const order = node.args[0]!.shape.length;
    // Functions that work along axes of a matrix: f(X) down the columns, f(X, 2) along the rows.
    if (node.axes.length === 1 && order === 2 && node.axes.length < order) {
      if (node.fn === 'softmax')
        return atom(w, node, node.axes[0] === 0 ? call('softmax', ...args) : call('softmax', ...args, num(2)));
      const reduced = call(node.fn, ...args, num(node.axes[0]! + 1));
      return atom(w, node, node.axes[0] === 0 ? { kind: 'transpose', arg: reduced } : reduced);
    }
    return atom(w, node, call(node.fn, ...args));
  },
};

/** IR names that the language spells otherwise. */
const printedNames = new Map([
  ['max2', 'max'],
  ['min2', 'min'],
]);

export const onesItem = (size: Size): Item => ({ ...vectorItem(call('ones', sizeExpr(size))), ones: size });
export const unitItem = (size: Size, at: number | string): Item => ({
  ...vectorItem({
    kind: 'index',
    target: call('eye', sizeExpr(size)),
    indices: [null, typeof at === 'number' ? num(at) : name(at)],
  }),
  unit: { at, size },
});

function zeroTerm(w: Writer, node: Node): Term {
  if (node.shape.length === 0) return { coefficient: rational(0), scalars: [], denominators: [], items: [] };
  return atom(w, node, call('zeros', ...node.shape.map(sizeExpr)));
}

const isDiagonal = (node: Node): boolean =>
  (node.kind === 'delta' && node.shape.length > 1) ||
  (node.kind === 'einsum' && node.operands.some((o) => o.node.kind === 'delta' && o.labels.length > 1));

/** Σaᵢ - Σbᵢ is sum(a - b), for totals of arrays of one shape. */
function joinTotals(w: Writer, terms: Extract<Node, { kind: 'sum' }>['terms']): Term | undefined {
  const inner: { coefficient: Rational; node: Node }[] = [];
  for (const { coefficient, node } of terms) {
    const only = node.kind === 'einsum' && node.operands.length === 1 ? node.operands[0]! : undefined;
    if (!only || new Set(only.labels).size !== only.labels.length) return undefined;
    if (inner[0] && inner[0].node.shape.join() !== only.node.shape.join()) return undefined;
    inner.push({ coefficient, node: only.node });
  }
  const { shape } = inner[0]!.node;
  if (shape.length > 2) return undefined;
  const { coefficient, ...rest } = write(w, w.builder.sum(inner, shape));
  return { coefficient, scalars: [call('sum', termExpr({ coefficient: one, ...rest }))], denominators: [], items: [] };
}

export function scaleTerm(t: Term, c: Rational): Term {
  return { ...t, coefficient: rational(t.coefficient.n * c.n, t.coefficient.d * c.d) };
}

/** A leaf as a product of one factor, so that the product writer deals with it. */
const leafProduct = (node: Node): Extract<Node, { kind: 'einsum' }> => ({
  kind: 'einsum',
  id: node.id,
  shape: node.shape,
  operands: [{ node, labels: node.shape.map((_, i) => i) }],
  sizes: node.shape,
});

/** base^exponent as numerator and denominator. */
export function powerExpr(base: Expr, exponent: Rational, scalar: boolean): Expr {
  if (exponent.n === 1 && exponent.d === 1) return base;
  if (exponent.n === 1 && exponent.d === 2) return call('sqrt', base);
  const value = toNumber(exponent);
  const shown: Expr =
    isInteger(exponent) || String(value).length <= 6 ? num(value) : binary('/', num(exponent.n), num(exponent.d));
  return binary(scalar ? '^' : '.^', base, shown);
}

/** The base of a power, with the norms by their names: √(xᵀx) is norm2(x), √ΣXᵢⱼ² is normF(X). */
export function powerBase(w: Writer, base: Node, exponent: Rational): { base: Expr; exponent: Rational } {
  if (base.shape.length === 0 && exponent.d === 2) {
    const norm = normOf(w, base);
    if (norm) return { base: norm, exponent: rational(exponent.n) };
  }
  return { base: writeExpr(w, base), exponent };
}

/** The norm whose square the node is. */
export function normOf(w: Writer, node: Node): Expr | undefined {
  if (node.kind !== 'einsum' || node.shape.length > 0) return undefined;
  const only = node.operands[0]!;
  if (node.operands.length === 1 && only.node.kind === 'power' && toNumber(only.node.exponent) === 2) {
    const inner = only.node.base;
    if (new Set(only.labels).size !== only.labels.length || inner.shape.length > 2) return undefined;
    return call(inner.shape.length === 1 ? 'norm2' : 'normF', writeExpr(w, inner));
  }
  // xᵀMᵀMx reads the same from both ends.
  const t = write(w, node);
  const [product] = t.scalars;
  if (t.scalars.length !== 1 || t.items.length > 0 || t.denominators.length > 0 || !product) return undefined;
  return palindrome(product);
}

function palindrome(product: Expr): Expr | undefined {
  const factors: Expr[] = [];
  let e = product;
  while (e.kind === 'binary' && e.op === '*') {
    factors.unshift(e.right);
    e = e.left;
  }
  factors.unshift(e);
  if (factors.length % 2 !== 0 || factors.length < 4) return undefined;
  const half = factors.slice(factors.length / 2);
  const mirrored = [...half]
    .reverse()
    .map((f): Expr => (f.kind === 'transpose' ? f.arg : { kind: 'transpose', arg: f }));
  if (!mirrored.every((f, i) => textOf(f) === textOf(factors[i]!))) return undefined;
  return call(
    'norm2',
    half.reduce((a, b) => binary('*', a, b)),
  );
}

function writePower(w: Writer, baseNode: Node, power: Rational, node: Node): Term {
  const scalar = node.shape.length === 0;
  const { base, exponent } = powerBase(w, baseNode, power);
  if (sign(exponent) > 0) return atom(w, node, powerExpr(base, exponent, scalar));
  const below = powerExpr(base, negate(exponent), scalar);
  if (scalar) return { coefficient: one, scalars: [], denominators: [below], items: [] };
  return atom(w, node, binary('./', num(1), below));
}

/**
 * A node inside a sum or an elementwise function, where scalars, columns and rows are spread by the language itself:
 * axes that only broadcast are left out. Whoever uses it makes sure that some other operand has the full shape.
 */
export function writeLoose(w: Writer, node: Node): Term {
  if (node.kind === 'sum' && node.terms.length === 0 && node.shape.length > 0)
    return { coefficient: rational(0), scalars: [], denominators: [], items: [] };
  if (node.kind === 'sum' && node.terms.length === 1)
    return scaleTerm(writeLoose(w, node.terms[0]!.node), node.terms[0]!.coefficient);
  const stripped = stripOnes(node);
  // Tensors with three axes and more spread nothing but numbers.
  if (!stripped || (node.shape.length > 2 && stripped.kept.length > 0)) return write(w, node);
  const { operands, kept } = stripped;
  const inner = w.builder.contract(operands, kept);
  const t = write(w, inner);
  // A vector that runs along the columns of a matrix is written as a row.
  if (node.shape.length === 2 && kept.length === 1 && kept[0] === 1) return { ...t, items: flipAll(t.items) };
  return t;
}

function stripOnes(
  node: Node,
): { operands: Extract<Node, { kind: 'einsum' }>['operands']; kept: number[] } | undefined {
  if (node.kind === 'delta' && node.shape.length === 1) return { operands: [], kept: [] };
  if (node.kind !== 'einsum') return undefined;
  const ones = node.operands.filter((o) => o.node.kind === 'delta' && o.labels.length === 1);
  if (ones.length === 0) return undefined;
  const gone = new Set(ones.flatMap((o) => o.labels));
  return {
    operands: node.operands.filter((o) => !ones.includes(o)),
    kept: node.shape.map((_, i) => i).filter((i) => !gone.has(i)),
  };
}
