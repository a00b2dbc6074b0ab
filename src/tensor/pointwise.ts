import {
  divide,
  equal,
  fromNumber,
  isInteger,
  isOne,
  isZero,
  minusOne,
  multiply,
  negate,
  one,
  powerOf,
  type Rational,
  rational,
  sign,
} from '../base/rational.ts';
import { splitContent } from './contract.ts';
import type { Node, Operand } from './node.ts';
import type { Kit } from './store.ts';

/** base.^exponent for a constant exponent, normalised. */
export function power(k: Kit, base: Node, exponent: Rational): Node {
  if (isZero(exponent)) return k.ones(base.shape);
  if (isOne(exponent)) return base;
  const whole = isInteger(exponent);
  switch (base.kind) {
    case 'number': {
      if (whole && !(isZero(base.value) && exponent.n < 0)) {
        const value = powerOf(base.value, exponent.n);
        if (Number.isFinite(value.n) && value.n !== 0) return k.number(value);
      }
      if (exponent.d === 2 && sign(base.value) > 0) {
        const root = powerOf({ n: Math.sqrt(base.value.n), d: Math.sqrt(base.value.d) }, exponent.n);
        if (Number.isInteger(root.n) && Number.isInteger(root.d)) return k.number(root);
      }
      break;
    }
    case 'delta':
      if (sign(exponent) > 0 || base.shape.length === 1) return base;
      break;
    case 'power':
      // (x^a)^b = x^(ab) unless an even power made the base positive first.
      if (whole || !isInteger(base.exponent)) return k.power(base.base, multiply(base.exponent, exponent));
      break;
    case 'map':
      if (base.fn === 'abs' && whole && exponent.n % 2 === 0) return k.power(base.args[0]!, exponent);
      if (base.fn === 'exp' && whole && exponent.n < 0)
        return k.power(k.map('exp', k.negate(base.args[0]!)), negate(exponent));
      break;
    case 'sum': {
      if (base.terms.length === 0) break;
      const [c, rest] = splitContent(k, base);
      if (whole && !isOne(c)) return k.scale(powerOf(c, exponent.n), k.power(rest, exponent));
      const size = rational(Math.abs(c.n), c.d);
      const factor = fromNumber((size.n / size.d) ** (exponent.n / exponent.d));
      if (!isOne(size) && Number.isSafeInteger(factor.n) && factor.d < 1e6)
        return k.scale(factor, k.power(k.scale(divide(one, size), base), exponent));
      const sigmoid = whole && exponent.n < 0 ? sigmoidOf(k, base) : undefined;
      if (sigmoid) return k.power(sigmoid, negate(exponent));
      break;
    }
    case 'einsum': {
      const order = base.shape.length;
      if (base.sizes.length > order) break;
      const structural = (o: Operand): boolean => o.node.kind === 'delta' || o.node.kind === 'unit';
      if (whole) {
        if (exponent.n < 0 && base.operands.some((o) => structural(o) && o.node.shape.length > 1)) break;
        if (exponent.n < 0 && base.operands.some((o) => o.node.kind === 'unit' || o.node.kind === 'merge')) break;
        return distribute(k, base.operands, exponent, order);
      }
      // A fractional power may not be split over factors of unknown sign; ones come out.
      const ones = base.operands.filter((o) => o.node.kind === 'delta' && o.labels.length === 1);
      if (ones.length > 0) {
        const rest = base.operands.filter((o) => !ones.includes(o));
        const axes = [...new Set(rest.flatMap((o) => o.labels))].sort((a, b) => a - b);
        const inner = k.power(k.contract(rest, axes), exponent);
        return k.contract(
          [{ node: inner, labels: axes }, ...ones],
          base.shape.map((_, i) => i),
        );
      }
      break;
    }
    default:
  }
  const named = k.store.namedPowers.get(base.id);
  if (named && !equal(named.exponent, exponent)) {
    const ratio = divide(exponent, named.exponent);
    if (isInteger(ratio)) return k.power(named.name, ratio);
  }
  return k.store.intern(`p${base.id}^${exponent.n}/${exponent.d}`, (id) => ({
    kind: 'power',
    id,
    shape: base.shape,
    base,
    exponent,
  }));
}

const distribute = (k: Kit, operands: readonly Operand[], exponent: Rational, order: number): Node =>
  k.contract(
    operands.map((o) => ({ node: k.power(o.node, exponent), labels: o.labels })),
    Array.from({ length: order }, (_, i) => i),
  );

/** 1/(1 + exp(u)) = sigmoid(-u). */
function sigmoidOf(k: Kit, base: Node): Node | undefined {
  const u = onePlusExp(k, base);
  return u && k.map('sigmoid', k.negate(u));
}

/** u when the node is 1 + exp(u). */
function onePlusExp(k: Kit, node: Node): Node | undefined {
  if (node.kind !== 'sum' || node.terms.length !== 2 || !node.terms.every((t) => isOne(t.coefficient)))
    return undefined;
  const ones = k.ones(node.shape);
  const exp = node.terms.find((t) => t.node.kind === 'map' && t.node.fn === 'exp')?.node;
  return exp?.kind === 'map' && node.terms.some((t) => t.node === ones) ? exp.args[0] : undefined;
}

/** f(0) for the functions where it is a whole number. */
const atZero = new Map<string, number>([
  ['exp', 1], ['cos', 1], ['cosh', 1], ['sin', 0], ['tan', 0], ['sinh', 0], ['tanh', 0], ['asin', 0], ['atan', 0],
  ['relu', 0], ['leakyrelu', 0], ['abs', 0], ['sign', 0], ['erf', 0], ['log1p', 0], ['expm1', 0], ['step', 0],
]); // biome-ignore format: one table

/** f(-x) = ±f(x). */
const parity = new Map<string, 1 | -1>([
  ['cos', 1], ['cosh', 1], ['abs', 1],
  ['sin', -1], ['tan', -1], ['sinh', -1], ['tanh', -1], ['asin', -1], ['atan', -1], ['sign', -1], ['erf', -1],
]); // biome-ignore format: one table

/** f(args) entry by entry, normalised; all arguments have one shape. */
export function map(k: Kit, fn: string, order: number, args: readonly Node[]): Node {
  const first = args[0]!;
  const { shape } = first;
  if (args.length === 1 && order === 0) {
    const known = simplifyMap(k, fn, first);
    if (known) return known;
  }
  const pulled = pullOnes(k, fn, order, args);
  if (pulled) return pulled;
  const key = `m${fn}'${order}|${args.map((a) => a.id).join(',')}`;
  return k.store.intern(key, (id) => ({ kind: 'map', id, shape, fn, order, args }));
}

function simplifyMap(k: Kit, fn: string, x: Node): Node | undefined {
  const { shape } = x;
  if (k.isZero(x) && atZero.has(fn)) return k.scale(atZero.get(fn)!, k.ones(shape));
  if (x.kind === 'sum' && x.terms.length > 0) {
    const even = parity.get(fn);
    if (even !== undefined && sign(x.terms[0]!.coefficient) < 0)
      return k.scale(rational(even), k.map(fn, k.scale(minusOne, x)));
  }
  if (fn === 'log') {
    if (x.kind === 'map' && x.fn === 'exp') return x.args[0];
    if (x === k.ones(shape) || (x.kind === 'number' && isOne(x.value))) return k.zeros(shape);
    const u = onePlusExp(k, x);
    if (u) return k.map('softplus', u);
    if (x.kind === 'call' && x.fn === 'softmax' && !x.unknown) {
      const kept = shape.map((_, i) => i).filter((i) => !x.axes.includes(i));
      const total = k.call(
        'logsumexp',
        x.args,
        kept.map((i) => shape[i]!),
        x.axes,
      );
      return k.subtract(x.args[0]!, k.broadcast(total, shape, kept));
    }
    if (x.kind === 'einsum' && x.sizes.length === shape.length && x.operands.every((o) => o.node.kind !== 'unit')) {
      // log of a softmax inside a broadcast or a permuted one
      return undefined;
    }
  }
  if (fn === 'exp' && x.kind === 'map' && x.fn === 'log') return x.args[0];
  if ((fn === 'abs' || fn === 'relu') && isNonnegative(x)) return x;
  return undefined;
}

const isNonnegative = (x: Node): boolean =>
  (x.kind === 'variable' && x.properties.includes('nonnegative')) ||
  (x.kind === 'map' && ['exp', 'abs', 'sigmoid', 'relu', 'softplus', 'square'].includes(x.fn)) ||
  (x.kind === 'power' && isInteger(x.exponent) && x.exponent.n % 2 === 0);

/** f(a ⊗ 1) = f(a) ⊗ 1: axes on which every argument only broadcasts come out. */
function pullOnes(k: Kit, fn: string, order: number, args: readonly Node[]): Node | undefined {
  const { shape } = args[0]!;
  const flat = shape.map((_, axis) => axis).filter((axis) => args.every((a) => broadcastsAlong(a, axis)));
  if (flat.length === 0) return undefined;
  const kept = shape.map((_, i) => i).filter((i) => !flat.includes(i));
  const inner = args.map((a) => {
    const c = stripOnes(k, a, flat);
    return c;
  });
  return k.broadcast(k.mapOrder(fn, order, ...inner), shape, kept);
}

function broadcastsAlong(a: Node, axis: number): boolean {
  if (a.kind === 'delta') return a.shape.length === 1;
  if (a.kind === 'sum') return a.terms.every((t) => broadcastsAlong(t.node, axis));
  return (
    a.kind === 'einsum' &&
    a.operands.some((o) => o.node.kind === 'delta' && o.labels.length === 1 && o.labels[0] === axis)
  );
}

function stripOnes(k: Kit, a: Node, axes: readonly number[]): Node {
  const kept = a.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  if (a.kind === 'delta') return k.number(1);
  if (a.kind === 'sum')
    return k.sum(
      a.terms.map((t) => ({ coefficient: t.coefficient, node: stripOnes(k, t.node, axes) })),
      kept.map((i) => a.shape[i]!),
    );
  if (a.kind !== 'einsum') return a;
  const rest = a.operands.filter(
    (o) => !(o.node.kind === 'delta' && o.labels.length === 1 && axes.includes(o.labels[0]!)),
  );
  return k.contract(rest, kept);
}
