import type { BinaryExpr, BinaryOperator, Expr } from '../../syntax/expr.ts';
import {
  type Axes,
  atom,
  type Box,
  hadamardBox,
  inverseBox,
  inverseTransposeBox,
  negativeBox,
  productBox,
  quotientBox,
  scriptBox,
  spread,
  sumBox,
  transposeBox,
} from './boxes.ts';
import { setCall } from './functions.ts';
import { digits, type Layout, row, symbol, word } from './layout.ts';
import type { Names } from './names.ts';
import { isNegative, numberParts } from './number.ts';
import { isProduct } from './precedence.ts';
import { type Dialect, type Setter, setTarget } from './setter.ts';

/** The notation of an expression. */
export const typeset = (e: Expr, names: Names, dialect: Dialect): Layout => createSetter(names, dialect).set(e).layout;

function createSetter(names: Names, dialect: Dialect): Setter {
  const setter: Setter = {
    names,
    dialect,
    set: (e) => (table[e.kind] as (e: Expr, s: Setter) => Box)(e, setter),
    inline: (e) => (dialect.fractions ? flat.set(e) : setter.set(e)),
  };
  const flat = dialect.fractions ? createSetter(names, { ...dialect, fractions: false }) : setter;
  return setter;
}

type Table = { readonly [K in Expr['kind']]: (e: Extract<Expr, { kind: K }>, s: Setter) => Box };

const table: Table = {
  number: (e) => (isNegative(e.value) ? negativeBox(setNumber(-e.value)) : setNumber(e.value)),
  name: (e, s) => atom(s.names.identify(e.name), s.names.axes(e.name)),
  text: (e) => atom({ kind: 'words', text: `"${e.text}"` }),
  unary: (e, s) => negativeBox(s.set(e.arg), e.op === '-' ? 'negate' : 'positive'),
  transpose(e, s) {
    const inverted = invertedIn(e.arg);
    return inverted ? inverseTransposeBox(s.set(inverted)) : transposeBox(s.set(e.arg));
  },
  binary: setBinary,
  call: (e, s) => {
    const inverted = invertedIn(e);
    if (inverted?.kind === 'transpose') return inverseTransposeBox(s.set(inverted.arg));
    return setCall(e, s);
  },
  index(e, s) {
    const target = setTarget(s.set(e.target), s);
    const indices = e.indices.map((i) => (i ? s.inline(i).layout : symbol('colon')));
    return atom({ kind: 'entry', target, indices }, entryAxes(e.indices));
  },
};

const entryAxes = (indices: readonly (Expr | null)[]): Axes => {
  const colons = indices.filter((i) => i === null).length;
  return colons === 1 && indices.length === 2 && indices[1] === null ? 'row' : colons;
};

function setNumber(value: number): Box {
  const { digits: shown, exponent } = numberParts(value);
  if (shown === 'Inf') return atom(symbol('infinity'), 0);
  if (shown === 'NaN') return atom(word('NaN', 'function'), 0);
  if (exponent === undefined) return atom(digits(shown), 0);
  const power = digits(String(Math.abs(exponent)));
  const ten = scriptBox(atom(digits('10')), exponent < 0 ? row(symbol('negate'), power) : power, 0);
  return shown === '1' ? ten : productBox(atom(digits(shown), 0), ten);
}

/** X where e is inv(X) or X^-1. */
function invertedIn(e: Expr): Expr | undefined {
  if (e.kind === 'call') return e.fn === 'inv' && e.order === 0 && e.args.length === 1 ? e.args[0] : undefined;
  if (e.kind !== 'binary' || e.op !== '^') return undefined;
  const { right } = e;
  const minusOne =
    (right.kind === 'number' && right.value === -1) ||
    (right.kind === 'unary' && right.op === '-' && right.arg.kind === 'number' && right.arg.value === 1);
  return minusOne ? e.left : undefined;
}

const operatorTable: { readonly [O in BinaryOperator]: (left: Box, e: BinaryExpr, s: Setter) => Box } = {
  '+': (left, e, s) => sumBox('plus', left, s.set(e.right)),
  '-': (left, e, s) => sumBox('minus', left, s.set(e.right)),
  '*': (left, e, s) => productBox(left, s.set(e.right)),
  // B/A = B A⁻¹ where A is known to be a matrix.
  '/': (left, e, s) => {
    const right = s.set(e.right);
    return right.axes === 2 ? productBox(left, inverseBox(right)) : quotientBox(left, right, s.dialect.fractions);
  },
  // A\b = A⁻¹ b
  '\\': (left, e, s) => {
    const right = s.set(e.right);
    return left.axes === 0 ? quotientBox(right, left, s.dialect.fractions) : productBox(inverseBox(left), right);
  },
  '.*': (left, e, s) => {
    const right = s.set(e.right);
    return left.axes === 0 || right.axes === 0 ? productBox(left, right) : hadamardBox('hadamard', left, right);
  },
  './': (left, e, s) => {
    const right = s.set(e.right);
    return right.axes === 0
      ? quotientBox(left, right, s.dialect.fractions)
      : hadamardBox('hadamardQuotient', left, right);
  },
  '^': (left, e, s) => scriptBox(left, s.inline(e.right).layout, left.axes),
  '.^': (left, e, s) => {
    const right = s.inline(e.right);
    return scriptBox(left, right.layout, spread(left.axes, right.axes), !(left.axes === 0 && right.axes === 0));
  },
};

/** A chain of operators; a minus on its first factor becomes the sign of the product: (-a) b/c = -(a b/c). */
function setBinary(e: BinaryExpr, s: Setter): Box {
  const spine: BinaryExpr[] = [];
  let first: Expr = e;
  while (first.kind === 'binary') {
    spine.push(first);
    first = first.left;
  }
  const positive = isProduct(spine.at(-1)!.op) ? withoutMinus(first) : undefined;
  let pending = positive !== undefined;
  let box = s.set(positive ?? first);
  for (let k = spine.length - 1; k >= 0; k--) {
    const node = spine[k]!;
    if (pending && !isProduct(node.op)) {
      box = negativeBox(box);
      pending = false;
    }
    box = operatorTable[node.op](box, node, s);
  }
  return pending ? negativeBox(box) : box;
}

const withoutMinus = (e: Expr): Expr | undefined =>
  e.kind === 'unary' && e.op === '-'
    ? e.arg
    : e.kind === 'number' && isNegative(e.value)
      ? { ...e, value: -e.value }
      : undefined;
