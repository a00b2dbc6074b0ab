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
  toNumber,
} from '../base/rational.ts';
import { splitContent } from './contract.ts';
import type { EinsumNode, Node, Operand, Term } from './node.ts';
import type { Kit } from './store.ts';

/** base.^exponent for a constant exponent, normalised. */
export function power(k: Kit, base: Node, exponent: Rational): Node {
  if (isZero(exponent)) return k.ones(base.shape);
  if (isOne(exponent)) return base;
  const whole = isInteger(exponent);
  const named = k.store.namedPowers.get(base.id);
  if (named && !equal(named.exponent, exponent)) {
    const ratio = divide(exponent, named.exponent);
    if (isInteger(ratio)) return k.power(named.name, ratio);
  }
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
      if (whole || !isInteger(base.exponent)) {
        const product = multiply(base.exponent, exponent);
        if (Number.isSafeInteger(product.n) && Number.isSafeInteger(product.d)) return k.power(base.base, product);
      }
      break;
    case 'map':
      if (base.fn === 'abs' && whole && exponent.n % 2 === 0) return k.power(base.args[0]!, exponent);
      if (base.fn === 'exp' && whole && exponent.n < 0)
        return k.power(k.map('exp', k.negate(base.args[0]!)), negate(exponent));
      if (base.fn === 'step' && sign(exponent) > 0) return base; // 0 and 1 are their own powers
      break;
    case 'sum': {
      if (base.terms.length === 0) break;
      const [c, rest] = splitContent(k, base);
      if (whole && !isOne(c)) return k.scale(powerOf(c, exponent.n), k.power(rest, exponent));
      const spread = base.terms.length === 1 ? spreadPower(k, base.terms[0]!, exponent) : undefined;
      if (spread) return spread;
      const size = rational(Math.abs(c.n), c.d);
      const factor = fromNumber((size.n / size.d) ** (exponent.n / exponent.d));
      if (base.terms.length === 1 && !isOne(size) && Number.isSafeInteger(factor.n) && factor.d < 1e6)
        return k.scale(factor, k.power(k.scale(divide(one, size), base), exponent));
      const sigmoid = whole && exponent.n < 0 ? sigmoidOf(k, base) : undefined;
      if (sigmoid) return k.power(sigmoid, negate(exponent));
      break;
    }
    case 'einsum': {
      const split = splitPower(k, base, exponent);
      if (split) return split;
      break;
    }
    default:
  }
  return k.store.intern(`p${base.id}^${exponent.n}/${exponent.d}`, (id) => ({
    kind: 'power',
    id,
    shape: base.shape,
    base,
    exponent,
  }));
}

/** (c·(a ⊗ 1))^p = (c·a)^p ⊗ 1, the coefficient staying with the array it was taken from. */
function spreadPower(k: Kit, { coefficient, node }: Term, exponent: Rational): Node | undefined {
  if (node.kind !== 'einsum') return undefined;
  const ones = node.operands.filter((o) => o.node.kind === 'delta' && o.labels.length === 1);
  if (ones.length === 0) return undefined;
  const rest = node.operands.filter((o) => !ones.includes(o));
  const axes = node.shape.map((_, i) => i).filter((i) => !ones.some((o) => o.labels[0] === i));
  const inner = k.power(k.scale(coefficient, k.contract(rest, axes)), exponent);
  return k.contract(
    [{ node: inner, labels: axes }, ...ones],
    node.shape.map((_, i) => i),
  );
}

/**
 * A power of a product, taken apart: (a ⊗ Σ b·c)^p = a^p ⊗ (Σ b·c)^p for a whole p, over factors that no summed index
 * connects. Of a fractional power only ones come out, for the factors' signs are not known.
 */
function splitPower(k: Kit, base: EinsumNode, exponent: Rational): Node | undefined {
  const order = base.shape.length;
  const whole = isInteger(exponent);
  // What is 0 off its pattern has no negative power there.
  const sparse = (o: Operand): boolean =>
    o.node.kind === 'unit' || o.node.kind === 'merge' || (o.node.kind === 'delta' && o.labels.length > 1);
  if (sign(exponent) < 0 && base.operands.some(sparse)) return undefined;
  const isOnes = (o: Operand): boolean => o.node.kind === 'delta' && o.labels.length === 1;
  const parts = whole
    ? connected(base.operands, (l) => l >= order)
    : [base.operands.filter(isOnes), base.operands.filter((o) => !isOnes(o))].filter((p) => p.length > 0);
  if (parts.length < 2) return undefined;
  return k.contract(
    parts.map((part) => {
      const axes = [...new Set(part.flatMap((o) => o.labels))].filter((l) => l < order).sort((a, b) => a - b);
      return { node: k.power(k.contract(part, axes), exponent), labels: axes };
    }),
    base.shape.map((_, i) => i),
  );
}

/** Factors in groups that share no label of the kind asked about. */
function connected(operands: readonly Operand[], counts: (label: number) => boolean): Operand[][] {
  let groups: { operands: Operand[]; labels: Set<number> }[] = [];
  for (const o of operands) {
    const labels = new Set(o.labels.filter(counts));
    const touching = groups.filter((g) => [...labels].some((l) => g.labels.has(l)));
    const merged = {
      operands: [...touching.flatMap((g) => g.operands), o],
      labels: new Set([...touching.flatMap((g) => [...g.labels]), ...labels]),
    };
    groups = [...groups.filter((g) => !touching.includes(g)), merged];
  }
  return groups.map((g) => g.operands);
}

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
  ['heaviside', 0.5],
]); // biome-ignore format: one table

/** Piecewise linear functions are exact at a number. */
const atNumber: ReadonlyMap<string, (x: number) => number> = new Map([
  ['relu', (x: number) => Math.max(x, 0)],
  ['abs', Math.abs],
  ['sign', Math.sign],
  ['step', (x: number) => (x > 0 ? 1 : 0)],
  ['heaviside', (x: number) => (x > 0 ? 1 : x < 0 ? 0 : 0.5)],
]);

/** f(-x) = ±f(x). */
const parity = new Map<string, 1 | -1>([
  ['cos', 1], ['cosh', 1], ['abs', 1],
  ['sin', -1], ['tan', -1], ['sinh', -1], ['tanh', -1], ['asin', -1], ['atan', -1], ['sign', -1], ['erf', -1],
]); // biome-ignore format: one table

/** f(args) entry by entry, normalised; all arguments have one shape. */
export function map(k: Kit, fn: string, order: number, args: readonly Node[]): Node {
  const first = args[0]!;
  if ((fn === 'max2' || fn === 'min2') && args[1] === first) return first;
  const { shape } = first;
  if (args.length === 1 && order === 0) {
    const known = simplifyMap(k, fn, first);
    if (known) return known;
  }
  const merged = pullMerge(k, fn, order, args);
  if (merged) return merged;
  const pulled = pullOnes(k, fn, order, args);
  if (pulled) return pulled;
  const key = `m${fn}'${order}|${args.map((a) => a.id).join(',')}`;
  return k.store.intern(key, (id) => ({ kind: 'map', id, shape, fn, order, args }));
}

function simplifyMap(k: Kit, fn: string, x: Node): Node | undefined {
  const { shape } = x;
  if (x.kind === 'number' && atNumber.has(fn)) return k.number(atNumber.get(fn)!(toNumber(x.value)));
  if (k.isZero(x) && atZero.has(fn)) return k.scale(atZero.get(fn)!, k.ones(shape));
  if (x.kind === 'sum' && x.terms.length > 0) {
    const even = parity.get(fn);
    const [c] = even === undefined ? [one] : splitContent(k, x);
    if (even !== undefined && sign(c) < 0) return k.scale(rational(even), k.map(fn, k.scale(minusOne, x)));
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

/** f(vec(X)) = vec(f(X)): entries are only arranged in another way. */
function pullMerge(k: Kit, fn: string, order: number, args: readonly Node[]): Node | undefined {
  const [arg] = args;
  if (args.length !== 1 || arg?.kind !== 'einsum' || arg.operands.length !== 2) return undefined;
  const merge = arg.operands.find((o) => o.node.kind === 'merge');
  const inner = arg.operands.find((o) => o !== merge);
  if (!merge || !inner || inner.node.kind === 'merge') return undefined;
  const [whole, ...parts] = merge.labels;
  const isVec = whole === 0 && parts.every((l) => l >= arg.shape.length) && inner.labels.join() === parts.join();
  const isSplit = inner.labels.length === 1 && inner.labels[0] === whole && whole! >= arg.shape.length;
  if (!isVec && !isSplit) return undefined;
  return k.contract(
    [merge, { node: k.mapOrder(fn, order, inner.node), labels: inner.labels }],
    arg.shape.map((_, i) => i),
  );
}

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
