import type { Dtype } from '../../plan/plan.ts';
import type { Library } from '../library.ts';
import type { LoopLanguage } from '../loops/context.ts';
import { atom, binding, type Code, type ElementwiseName, literal, smallRatio } from '../scalar.ts';

/** What a C file is written with: the type of its numbers, and the prefix of everything that it defines. */
export interface CDialect {
  readonly prefix: string;
  readonly real: 'double' | 'float';
  /** `f` in `expf` and `2.0f`. */
  readonly suffix: '' | 'f';
  /** `d` in `cblas_dgemm` and `dgetrf_`. */
  readonly blas: 'd' | 's';
  readonly library: Library;
}

export const cDialect = (prefix: string, dtype: Dtype, library: Library): CDialect =>
  dtype === 'float32'
    ? { prefix, real: 'float', suffix: 'f', blas: 's', library }
    : { prefix, real: 'double', suffix: '', blas: 'd', library };

/** Elementwise functions of <math.h> by their names in the graph. */
const inMath: ReadonlyMap<ElementwiseName, string> = new Map([
  ...(['exp', 'log', 'log1p', 'expm1', 'sqrt', 'erf', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const).map(
    (name) => [name, name] as const,
  ),
  ...(['sinh', 'cosh', 'tanh'] as const).map((name) => [name, name] as const),
  ['abs', 'fabs'] as const,
]);

/** A helper by its full name; using it prints it. */
export const helper = (d: CDialect, name: string): string => `${d.prefix}_${d.library.use(name)}`;

export function cLoops(d: CDialect): LoopLanguage {
  const call = (fn: string, args: readonly Code[]): Code => atom(`${fn}(${args.map((a) => a.text).join(', ')})`);
  const digits = (value: number): string =>
    (Number.isInteger(value) && value < 1e15 ? `${value}.0` : String(value)) + d.suffix;
  const number = (value: number): Code => {
    if (!Number.isFinite(value)) return atom(Number.isNaN(value) ? 'NAN' : value > 0 ? 'INFINITY' : '(-INFINITY)');
    const ratio = smallRatio(value);
    if (!ratio) return literal(value, digits);
    const [p, q] = ratio;
    return { text: `${p < 0 ? '-' : ''}${digits(Math.abs(p))} / ${digits(q)}`, level: binding.product };
  };
  return {
    loop: (variable, limit, body) => [
      `for (size_t ${variable} = 0; ${variable} < ${limit}; ${variable}++) {`,
      body,
      '}',
    ],
    constant: (name, value) => `const ${d.real} ${name} = ${value};`,
    variable: (name, value) => `${d.real} ${name} = ${value};`,
    number,
    count: (text, product) => atom(`(${d.real})${product ? `(${text})` : text}`),
    apply(fn, args) {
      const known = inMath.get(fn);
      return call(known === undefined ? helper(d, fn) : known + d.suffix, args);
    },
    power: (a, exponent) =>
      exponent === 0.5 ? call(`sqrt${d.suffix}`, [a]) : call(`pow${d.suffix}`, [a, number(exponent)]),
    extreme: (of, a, b) => `${helper(d, `${of}2`)}(${a}, ${b})`,
    infinity: 'INFINITY',
    isFinite: (text) => `isfinite(${text})`,
    unknown: (fn, x) => `${fn}(${x}, context)`,
  };
}
