import type { Dtype } from '../../plan/plan.ts';
import { type Col, type ColumnLanguage, col, elementwise, isName } from '../columns/language.ts';
import type { Library } from '../library.ts';
import { binding, type ElementwiseName, literal, negated, smallRatio, wrapped } from '../scalar.ts';

/** Functions of Base that have the values of the language, not finite ones included. */
const builtIn: ReadonlyMap<ElementwiseName, string> = new Map([
  ...(['exp', 'expm1', 'abs', 'sign', 'sin', 'cos', 'tan', 'atan', 'sinh', 'cosh', 'tanh'] as const).map(
    (name) => [name, name] as const,
  ),
  ['max2', 'max'] as const,
  ['min2', 'min'] as const,
]);

/** Helpers whose names differ: they are NaN where Base throws, or belong to no package that is loaded. */
const names: ReadonlyMap<string, string> = new Map([
  ['log', 'nanlog'],
  ['log1p', 'nanlog1p'],
  ['sqrt', 'nansqrt'],
  ['pow', 'nanpow'],
  ['asin', 'nanasin'],
  ['acos', 'nanacos'],
  ['inv', 'inverse'],
  ['logdet', 'logdeterminant'],
  ['chol', 'choleskyfactor'],
  ['pinv', 'pseudoinverse'],
]);

const { product, power } = binding;

export function juliaLanguage(library: Library, dtype: Dtype): ColumnLanguage {
  const type = dtype === 'float32' ? 'Float32' : 'Float64';
  const suffix = dtype === 'float32' ? 'f0' : '';
  const call = (fn: string, args: readonly string[], array = true): Col => col(`${fn}(${args.join(', ')})`, array);
  const helper = (name: string, args: readonly string[], array = true): Col =>
    name === 'det' ? call('det', args, array) : call(library.use(names.get(name) ?? name), args, array);
  /** `f(x)` of numbers, `f.(x)` where one is an array. */
  const each = (fn: string, args: readonly Col[]): Col => {
    const array = args.some((a) => a.array);
    return call(
      array ? `${fn}.` : fn,
      args.map((a) => a.text),
      array,
    );
  };
  const dims = (over: readonly number[]): string =>
    over.length === 1 ? `dims=${over[0]! + 1}` : `dims=(${over.map((axis) => axis + 1).join(', ')})`;
  const digits = (value: number): string =>
    Number.isInteger(value) && value < 1e15
      ? String(value)
      : String(value).replace(/^([^e]*)(?:e\+?(-?\d+))?$/, (_, m, e) =>
          suffix ? `${m}f${e ?? 0}` : e === undefined ? m : `${m}e${e}`,
        );
  const number = (value: number): Col => {
    const infinite = dtype === 'float32' ? 'Inf32' : 'Inf';
    if (Number.isNaN(value)) return col(dtype === 'float32' ? 'NaN32' : 'NaN', false);
    if (!Number.isFinite(value)) return col(value > 0 ? infinite : `(-${infinite})`, false);
    const ratio = smallRatio(value);
    if (ratio) return col(`${ratio[0]}${suffix} / ${ratio[1]}`, false, product);
    return { ...literal(value, digits), array: false };
  };
  const stored = (a: Col): string => a.stored ?? a.text;
  const transpose = (a: Col, axes: 1 | 2): Col => ({
    ...col(`${wrapped(a, binding.atom)}'`, true),
    ...(axes === 2 ? { stored: `permutedims(${a.text})` } : {}),
  });
  const permute = (a: Col, order: readonly number[]): Col =>
    call('permutedims', [stored(a), ...(order.length === 2 ? [] : [`(${order.map((k) => k + 1).join(', ')})`])]);
  const reshape = (a: Col, sizes: readonly string[]): Col => {
    if (sizes.length === 0) return a.array ? call('only', [a.text], false) : a;
    if (!a.array) return call('fill', [a.text, ...sizes]);
    return sizes.length === 1 ? call('vec', [stored(a)]) : call('reshape', [stored(a), ...sizes]);
  };
  /** A reduction along some axes keeps them with length 1: they are dropped. */
  const dropped = (fn: string, x: Col, over: readonly number[], rank: number, sizes: readonly string[]): Col => {
    if (over.length === rank) return call(fn, [x.text], false);
    const kept = `${fn}(${x.text}; ${dims(over)})`;
    return sizes.length === 1 ? call('vec', [kept]) : col(`dropdims(${kept}; ${dims(over)})`, true);
  };
  const l: ColumnLanguage = {
    assign: (name, value) => `${name} = ${value}`,
    number,
    count: (text, isProduct) =>
      dtype === 'float32' ? call('Float32', [text], false) : col(text, false, isProduct ? product : binding.atom),
    infix(op, a, b) {
      const dot = a.array || b.array ? '.' : '';
      const table = { add: ` ${dot}+ `, subtract: ` ${dot}- `, multiply: ` ${dot}* `, divide: ` ${dot}/ ` };
      return elementwise(op, a, b, table);
    },
    negate: (a) => ({ ...negated(a), array: a.array }),
    power(a, exponent) {
      if (exponent === -1) {
        const text = `1 ${a.array ? './' : '/'} ${wrapped(a, power)}`;
        return { ...col(text, a.array, product), reciprocal: a };
      }
      if (exponent === 0.5) return each(library.use('nansqrt'), [a]);
      if (!Number.isInteger(exponent)) return each(library.use('nanpow'), [a, number(exponent)]);
      const base = wrapped(a, binding.atom);
      return col(`${base} ${a.array ? '.^' : '^'} ${exponent < 0 ? `(${exponent})` : exponent}`, a.array, power);
    },
    apply(fn, args) {
      if (fn === 'square') return l.power(args[0]!, 2);
      return each(builtIn.get(fn) ?? library.use(names.get(fn) ?? fn), args);
    },
    unknown: (fn, x) => each(fn, [x]),
    helper,
    matmul: (a, b) => col(`${wrapped(a, binding.sign)} * ${wrapped(b, power)}`, true, product),
    transpose,
    permute,
    align(a, axes, sizes, rank) {
      const sorted = [...axes].sort((p, q) => p - q);
      const order = sorted.map((place) => axes.indexOf(place));
      const ordered = order.every((axis, k) => axis === k) ? a : permute(a, order);
      const last = sorted.at(-1)!;
      const places = Array.from({ length: Math.min(rank, last + 1) }, (_, place) =>
        axes.includes(place) ? sizes[axes.indexOf(place)]! : '1',
      );
      return call('reshape', [stored(ordered), ...places]);
    },
    reshape,
    repeat(a, counts) {
      if (a.array) return call('repeat', [a.text, ...counts]);
      const whole = /^-?\d+$/.test(a.text) ? `${a.text}.0${suffix && 'f0'}`.replace('.0f0', 'f0') : a.text;
      return call('fill', [isName(a) || whole !== a.text ? whole : `${type}(${a.text})`, ...counts]);
    },
    sum: (a, over, rank, sizes) => dropped('sum', a, over, rank, sizes),
    dot: (a, b) => call('dot', [a.text, b.text], false),
    reduce(fn, x, over, rank, sizes) {
      const reducer = { max: 'maximum', min: 'minimum', prod: 'prod', logsumexp: 'logsumexp' }[fn];
      if (fn === 'logsumexp') library.use('logsumexp');
      return dropped(reducer, x, over, rank, sizes);
    },
    along(fn, x, over, rank) {
      const name = library.use(fn);
      return over.length === rank ? call(name, [x.text]) : col(`${name}(${x.text}; ${dims(over)})`, true);
    },
    structures: {
      zeros: (sizes) => call('zeros', [...(dtype === 'float32' ? ['Float32'] : []), ...sizes]),
      ones: (sizes) => call('ones', [...(dtype === 'float32' ? ['Float32'] : []), ...sizes]),
      eye: (n) => call(`Matrix{${type}}`, ['I', n, n]),
      unit: (n, at) => call(`${type}.`, [`(1:${n}) .== ${at}`]),
      triangle: (n) => call('tril', [call('ones', [...(dtype === 'float32' ? ['Float32'] : []), n, n]).text]),
      levi: () => col(`${type}[(j - i) * (k - i) * (k - j) / 2 for i in 1:3, j in 1:3, k in 1:3]`, true),
    },
    diagonalOf: (x) => call('diag', [x.text]),
    diagonal: (x) => call('diagm', [x.text]),
    slice(x, at) {
      const kept = at.some((k) => k === undefined);
      return col(`${x}[${at.map((k) => k ?? ':').join(', ')}]`, kept);
    },
  };
  return l;
}
