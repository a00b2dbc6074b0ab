import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import { fromNumber, isOne, isZero, minusOne, multiply, one, type Rational } from '../base/rational.ts';
import { type Size, shapeText, sizeFactor, sizeProduct, sizeSymbols } from '../shape/size.ts';
import type { Property } from '../shape/type.ts';
import { makeCall } from './calls.ts';
import { contract } from './contract.ts';
import { remember } from './naming.ts';
import type { LetNode, Node, Operand } from './node.ts';
import { map, power } from './pointwise.ts';
import { createStore, type Kit, sameShape } from './store.ts';
import { sum } from './sum.ts';

const asRational = (c: Rational | number): Rational => (typeof c === 'number' ? fromNumber(c) : c);

/** Makes a builder with a store of its own. Everything it builds is normalised and interned. */
export function createBuilder(budget: Budget): Kit {
  const store = createStore(budget);
  const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

  const k: Kit = {
    store,
    get budget() {
      return store.budget;
    },
    variable(name, shape, properties = []) {
      const sorted = [...properties].sort() as Property[];
      return store.intern(`v${name}|${shape.join(',')}|${sorted.join(',')}`, (id) => ({
        kind: 'variable',
        id,
        shape,
        name,
        properties: sorted,
      }));
    },
    number(value) {
      const v = asRational(value);
      if (isZero(v)) return k.zeros([]); // there is one zero of each shape
      return store.intern(`n${v.n}/${v.d}`, (id) => ({ kind: 'number', id, shape: [], value: v }));
    },
    size(size) {
      if (typeof size === 'number') return k.number(size);
      const symbols = sizeSymbols(size);
      if (symbols.length === 1 && sizeFactor(size) === 1)
        return store.intern(`z${size}`, (id) => ({ kind: 'size', id, shape: [], size }));
      return k.scale(sizeFactor(size), k.times(...symbols.map((s) => k.size(s))));
    },
    zeros: (shape) => sum(k, [], shape),
    ones(shape) {
      if (shape.length === 0) return k.number(1);
      return k.contract(
        shape.map((s, i) => ({ node: k.delta(s, 1), labels: [i] })),
        range(shape.length),
      );
    },
    delta(size, order = 2) {
      return store.intern(`d${size}^${order}`, (id) => ({ kind: 'delta', id, shape: range(order).map(() => size) }));
    },
    unit: (size, at) => store.intern(`u${size}@${at}`, (id) => ({ kind: 'unit', id, shape: [size], at })),
    merge(sizes) {
      if (sizes.length === 1) return k.delta(sizes[0]!);
      const shape = [sizeProduct(...sizes), ...sizes];
      return store.intern(`g${sizes.join(',')}`, (id) => ({ kind: 'merge', id, shape }));
    },
    triangle: (size) => store.intern(`t${size}`, (id) => ({ kind: 'triangle', id, shape: [size, size] })),
    levi: () => store.intern('levi', (id) => ({ kind: 'levi', id, shape: [3, 3, 3] })),
    einsum(spec, ...operands) {
      const [left, right] = spec.split('->') as [string, string];
      const labels = left.split(',');
      return contract(
        k,
        operands.map((node, i) => ({ node, labels: [...labels[i]!].map((c) => c.codePointAt(0)!) })),
        [...right].map((c) => c.codePointAt(0)!),
      );
    },
    contract: (operands, out) => contract(k, operands, out),
    sum: (terms, shape) => sum(k, terms, shape),
    add: (...nodes) => {
      const shape = commonShape(nodes);
      return sum(
        k,
        nodes.map((node) => ({ coefficient: one, node: spread(node, shape) })),
        shape,
      );
    },
    subtract: (a, b) => k.add(a, k.negate(b)),
    negate: (a) => k.scale(minusOne, a),
    scale(c, a) {
      const factor = asRational(c);
      if (isOne(factor)) return a;
      if (isZero(factor)) return k.zeros(a.shape);
      if (a.kind === 'number') return k.number(multiply(factor, a.value));
      return sum(k, [{ coefficient: factor, node: a }], a.shape);
    },
    times(...nodes) {
      const shape = commonShape(nodes);
      const axes = range(shape.length);
      const operands: Operand[] = nodes.map((node) => ({ node, labels: node.shape.length === 0 ? [] : axes }));
      return contract(k, operands, axes);
    },
    divide: (a, b) => k.times(a, k.power(b, minusOne)),
    power: (base, exponent) => power(k, base, asRational(exponent)),
    map: (fn, ...args) => k.mapOrder(fn, 0, ...args),
    mapOrder(fn, order, ...args) {
      const shape = commonShape(args);
      return map(
        k,
        fn,
        order,
        args.map((a) => spread(a, shape)),
      );
    },
    call: (fn, args, shape, axes = []) => makeCall(k, fn, false, 0, args, shape, axes),
    unknown: (fn, order, args, shape) => makeCall(k, fn, true, order, args, shape, []),
    let(name, body) {
      if (body.kind === 'number' || body.kind === 'variable' || body.kind === 'let' || k.isZero(body)) return body;
      // Asked before the name is known: afterwards the body's transpose is written with the name.
      const symmetric = k.isSymmetric(body);
      const node = store.intern(`l${name}=${body.id}`, (id) => ({ kind: 'let', id, shape: body.shape, name, body }));
      if (symmetric) store.transposes.set(node.id, node);
      remember(k, node as LetNode);
      return node;
    },
    permute: (a, order) =>
      order.every((axis, i) => axis === i) ? a : contract(k, [{ node: a, labels: range(order.length) }], order),
    transpose: (a) => (a.shape.length === 2 ? k.transposeOf(a) : a),
    broadcast(a, shape, axes) {
      if (sameShape(a.shape, shape)) return a;
      const operands: Operand[] = [{ node: a, labels: axes }];
      shape.forEach((size, axis) => {
        if (!axes.includes(axis)) operands.push({ node: k.delta(size, 1), labels: [axis] });
      });
      return contract(k, operands, range(shape.length));
    },
    total(a, axes) {
      const labels = range(a.shape.length);
      return contract(
        k,
        [{ node: a, labels }],
        labels.filter((l) => !axes.includes(l)),
      );
    },
    named: (a) => store.names.get(a.id) ?? a,
    isZero: (a) => a.kind === 'sum' && a.terms.length === 0,
    transposeOf(a) {
      if (a.shape.length !== 2) return a;
      const known = store.transposes.get(a.id);
      if (known) return known;
      const t = transposed(a);
      store.transposes.set(a.id, t);
      store.transposes.set(t.id, a);
      return t;
    },
    isSymmetric: (a) => a.shape.length === 2 && a.shape[0] === a.shape[1] && k.transposeOf(a) === a,
  };

  /** The transpose; leaves that are not symmetric become the product with one factor and swapped labels. */
  function transposed(a: Node): Node {
    const swapped = (): Node => {
      const [m, n] = a.shape as [Size, Size];
      return store.intern(`e2|${a.id}:1,0`, (id) => ({
        kind: 'einsum',
        id,
        shape: [n, m],
        operands: [{ node: a, labels: [1, 0] }],
        sizes: [n, m],
      }));
    };
    switch (a.kind) {
      case 'variable':
        return a.properties.some((p) => p === 'symmetric' || p === 'positive definite' || p === 'diagonal')
          ? a
          : swapped();
      case 'delta':
        return a;
      case 'call': {
        const square = a.args[0]!;
        if (a.unknown) return a.order === 2 && square.shape.length === 1 ? a : swapped();
        if (a.fn !== 'inv') return swapped();
        return k.transposeOf(square) === square ? a : swapped();
      }
      case 'sum':
        return k.sum(
          a.terms.map((t) => ({ coefficient: t.coefficient, node: k.transposeOf(t.node) })),
          [a.shape[1]!, a.shape[0]!],
        );
      case 'map':
        return k.mapOrder(a.fn, a.order, ...a.args.map((x) => k.transposeOf(x)));
      case 'power':
        return k.power(k.transposeOf(a.base), a.exponent);
      case 'einsum':
        return contract(k, a.operands, [1, 0]);
      default:
        return swapped();
    }
  }

  function commonShape(nodes: readonly Node[]): readonly Size[] {
    let shape: readonly Size[] = [];
    for (const node of nodes)
      if (shape.length === 0) shape = node.shape;
      else if (node.shape.length > 0 && !sameShape(node.shape, shape))
        fail('internal/shapes', `shapes ${shapeText(shape)} and ${shapeText(node.shape)} differ`);
    return shape;
  }
  const spread = (node: Node, shape: readonly Size[]): Node =>
    node.shape.length === shape.length ? node : k.broadcast(node, shape, []);

  return k;
}
