import type { Dtype } from '../../plan/plan.ts';
import { type Col, type ColumnLanguage, col, elementwise, isName } from '../columns/language.ts';
import type { Library } from '../library.ts';
import { binding, type ElementwiseName, literal, negated, smallRatio, wrapped } from '../scalar.ts';

/** Functions that have the same name and the same values, not finite ones included. */
const builtIn = new Set<ElementwiseName>([
  ...(['exp', 'expm1', 'abs', 'sign', 'erf', 'sin', 'cos', 'tan', 'atan', 'sinh', 'cosh', 'tanh'] as const),
]);

const product = binding.product;

export function matlabLanguage(library: Library, dtype: Dtype): ColumnLanguage {
  const call = (fn: string, args: readonly string[], array = true): Col => col(`${fn}(${args.join(', ')})`, array);
  const helper = (name: string, args: readonly string[], array = true): Col =>
    name === 'det' ? call('det', args, array) : call(library.use(names.get(name) ?? name), args, array);
  const single = dtype === 'float32' ? ["'single'"] : [];
  const list = (items: readonly (string | number)[]): string => `[${items.join(' ')}]`;
  const along = (over: readonly number[]): string =>
    over.length === 1 ? String(over[0]! + 1) : list(over.map((axis) => axis + 1));
  const number = (value: number): Col => {
    if (!Number.isFinite(value)) return col(Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : '-Inf', false);
    const ratio = smallRatio(value);
    if (ratio) return col(`${ratio[0]} / ${ratio[1]}`, false, product);
    return { ...literal(value, String), array: false };
  };
  const reshape = (a: Col, sizes: readonly string[]): Col => {
    if (sizes.length === 0) return a;
    if (sizes.length > 1) return call('reshape', [a.text, ...sizes]);
    return isName(a) ? call(a.text, [':']) : call('reshape', [a.text, '[]', '1']);
  };
  const transpose = (a: Col): Col => col(`${wrapped(a, binding.atom)}'`, true);
  const permute = (a: Col, order: readonly number[]): Col => call('permute', [a.text, list(order.map((k) => k + 1))]);
  /** Drops axes of length 1 that are not the last. */
  const dropped = (a: Col, over: readonly number[], rank: number, sizes: readonly string[]): Col => {
    if (sizes.length === 0) return { ...a, array: false };
    const trailing = over.every((axis, k) => axis === rank - over.length + k);
    if (trailing) return a;
    return sizes.length === 1 && rank === 2 ? transpose(a) : reshape(a, sizes);
  };
  const l: ColumnLanguage = {
    assign: (name, value) => `${name} = ${value};`,
    number,
    count: (text, isProduct) => col(text, false, isProduct ? product : binding.atom),
    infix(op, a, b) {
      const both = a.array && b.array;
      const divide = b.array ? ' ./ ' : ' / ';
      return elementwise(op, a, b, { add: ' + ', subtract: ' - ', multiply: both ? ' .* ' : ' * ', divide });
    },
    negate: (a) => ({ ...negated(a), array: a.array }),
    power(a, exponent) {
      if (exponent === 0.5) return helper('realroot', [a.text], a.array);
      if (exponent === -1) {
        const text = `1 ${a.array ? './' : '/'} ${wrapped(a, binding.power)}`;
        return { ...col(text, a.array, product), reciprocal: a };
      }
      if (!Number.isInteger(exponent)) return helper('realpower', [a.text, String(exponent)], a.array);
      const base = wrapped(a, binding.atom);
      return col(
        `${base} ${a.array ? '.^' : '^'} ${exponent < 0 ? `(${exponent})` : exponent}`,
        a.array,
        binding.power,
      );
    },
    apply(fn, args) {
      const array = args.some((a) => a.array);
      const texts = args.map((a) => a.text);
      if (builtIn.has(fn)) return call(fn, texts, array);
      if (fn === 'sqrt') return helper('realroot', texts, array);
      if (fn === 'pow') return helper('realpower', texts, array);
      if (fn === 'square') return l.power(args[0]!, 2);
      return helper(fn, texts, array);
    },
    unknown: (fn, x) => call(fn, [x.text], x.array),
    helper,
    matmul: (a, b) => col(`${wrapped(a, binding.sign)} * ${wrapped(b, binding.power)}`, true, product),
    transpose,
    permute,
    align(a, axes, _sizes, rank) {
      // Axes behind the last one of the array have length 1, and fill the gaps.
      let next = axes.length;
      const order = Array.from({ length: rank }, (_, place) => {
        const axis = axes.indexOf(place);
        return axis >= 0 ? axis : next++;
      });
      return permute(a, order);
    },
    reshape,
    repeat(a, counts) {
      if (counts.every((n) => n === '1')) return a;
      if (!a.array) return call('repmat', [a.text, ...(counts.length === 1 ? [counts[0]!, '1'] : counts)]);
      return call('repmat', [a.text, list(counts.length === 1 ? [counts[0]!, '1'] : counts)]);
    },
    sum(a, over, rank, sizes) {
      if (sizes.length === 0) {
        if (rank === 1) return call('sum', [a.text], false);
        if (isName(a)) return call('sum', [`${a.text}(:)`], false);
        return rank === 2 ? call('sum', [`sum(${a.text})`], false) : call('sum', [reshape(a, ['']).text], false);
      }
      const summed = over.reduce((x, axis) => call('sum', [x.text, String(axis + 1)]), a);
      return dropped(summed, over, rank, sizes);
    },
    dot(a, b, rank) {
      if (rank === 1) return col(`${transpose(a).text} * ${wrapped(b, binding.power)}`, false, product);
      return l.sum(l.infix('multiply', a, b), [...Array(rank).keys()], rank, []);
    },
    reduce(fn, x, over, rank, sizes) {
      const reduced =
        fn === 'prod' && over.length === 1
          ? call('prod', [x.text, String(over[0]! + 1)])
          : helper(reductions[fn], [x.text, along(over)]);
      return dropped(reduced, over, rank, sizes);
    },
    along: (fn, x, over) => helper(fn, [x.text, along(over)]),
    structures: {
      zeros: (sizes) => call('zeros', [...(sizes.length === 1 ? [sizes[0]!, '1'] : sizes), ...single]),
      ones: (sizes) => call('ones', [...(sizes.length === 1 ? [sizes[0]!, '1'] : sizes), ...single]),
      eye: (n) => call('eye', [n, ...single]),
      unit: (n, at) =>
        call(dtype === 'float32' ? 'single' : 'double', [`(1:${/^\w+$/.test(n) ? n : `(${n})`})' == ${at}`]),
      triangle: (n) => call('tril', [`ones(${[n, ...single].join(', ')})`]),
      levi: () => helper('levi', []),
    },
    diagonalOf: (x) => call('diag', [x.text]),
    // Of one entry, diag would take the diagonal of a matrix, which is the same.
    diagonal: (x) => call('diag', [x.text]),
    slice(x, at, sizes) {
      const taken = call(
        x,
        at.map((k) => k ?? ':'),
      );
      const kept = at.flatMap((k, axis) => (k === undefined ? [axis] : []));
      if (kept.length === 0) return { ...taken, array: false };
      if (kept.every((axis, k) => axis === k)) return taken;
      return at.length === 2 ? transpose(taken) : reshape(taken, sizes);
    },
  };
  return l;
}

/** Helpers whose names differ from those of the language: they are NaN where the built-in function is complex, or fails. */
const names: ReadonlyMap<string, string> = new Map([
  ['inv', 'inverse'],
  ['chol', 'cholesky'],
  ['pinv', 'pseudoinverse'],
  ['log', 'realln'],
  ['log1p', 'realln1p'],
  ['asin', 'realasin'],
  ['acos', 'realacos'],
  ['max2', 'larger'],
  ['min2', 'smaller'],
]);

const reductions = { max: 'largest', min: 'smallest', prod: 'productalong', logsumexp: 'logsumexp' } as const;
