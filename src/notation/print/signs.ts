import { type BinaryExpr, binary, type Expr, neg, num } from '../../syntax/expr.ts';
import { isNegative } from './number.ts';
import { isProduct, isSum } from './precedence.ts';
import { foldSpine } from './spine.ts';

/** ±e, where e itself begins with no sign. */
interface Signed {
  readonly negative: boolean;
  readonly e: Expr;
}

/**
 * The same value with its signs where one writes them: `-(X'*y)` becomes `-X'*y` (a minus on the first factor),
 * `a + -b` becomes `a - b`, `-(a - b)` becomes `b - a`, a negative number a minus and a positive one.
 */
export const normaliseSigns = (e: Expr): Expr => attach(signedOf(e));

const plus = (e: Expr): Signed => ({ negative: false, e });
const flip = (s: Signed): Signed => ({ negative: !s.negative, e: s.e });

type Table = { readonly [K in Expr['kind']]: (e: Extract<Expr, { kind: K }>) => Signed };

const table: Table = {
  number: (e) => (isNegative(e.value) ? { negative: true, e: num(-e.value) } : plus(e)),
  name: plus,
  text: plus,
  unary: (e) => (e.op === '+' ? signedOf(e.arg) : negated(signedOf(e.arg))),
  transpose: (e) => {
    const { negative, e: arg } = signedOf(e.arg);
    return { negative, e: { ...e, arg } };
  },
  binary: (e) => foldSpine(e, signedOf, join),
  call: (e) => plus({ ...e, args: e.args.map(normaliseSigns) }),
  index: (e) => {
    const { negative, e: target } = signedOf(e.target);
    return { negative, e: { ...e, target, indices: e.indices.map((i) => i && normaliseSigns(i)) } };
  },
};

const signedOf = (e: Expr): Signed => (table[e.kind] as (e: Expr) => Signed)(e);

function join(node: BinaryExpr, left: Signed): Signed {
  if (isSum(node.op)) {
    const right = signedOf(node.right);
    return plus(sum(left, node.op === '-' ? flip(right) : right));
  }
  if (isProduct(node.op)) {
    const right = signedOf(node.right);
    return { negative: left.negative !== right.negative, e: { ...node, left: left.e, right: right.e } };
  }
  return plus({ ...node, left: attach(left), right: normaliseSigns(node.right) });
}

const sum = (left: Signed, right: Signed): Expr => binary(right.negative ? '-' : '+', attach(left), right.e);

// -(a - b) = b - a
const negated = (s: Signed): Signed =>
  !s.negative && isDifference(s.e) ? plus(sum(signedOf(s.e.right), flip(signedOf(s.e.left)))) : flip(s);

const isDifference = (e: Expr): e is BinaryExpr => e.kind === 'binary' && e.op === '-';

/** Puts the sign on the first factor. */
function attach({ negative, e }: Signed): Expr {
  if (!negative) return e;
  if (e.kind !== 'binary' || !isProduct(e.op)) {
    const result = negated(plus(e));
    return result.negative ? neg(e) : result.e;
  }
  const factors: BinaryExpr[] = [];
  let first: Expr = e;
  while (first.kind === 'binary' && isProduct(first.op)) {
    factors.push(first);
    first = first.left;
  }
  let result = attach({ negative, e: first });
  for (const node of factors.reverse()) result = { ...node, left: result };
  return result;
}
