import type { Library } from '../library.ts';
import type { LoopLanguage } from '../loops/context.ts';
import { atom, binding, type Code, type ElementwiseName, literal, smallRatio, wrapped } from '../scalar.ts';

const call = (fn: string, args: readonly Code[]): Code => atom(`${fn}(${args.map((a) => a.text).join(', ')})`);

/** Functions that `Math` has under the name of the language. */
const inMath = new Set<ElementwiseName>([
  ...(['exp', 'log', 'log1p', 'expm1', 'sqrt', 'abs', 'sign', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const),
  ...(['sinh', 'cosh', 'tanh'] as const),
]);

/** Plain loops as TypeScript writes them. */
export const typescriptLoops = (library: Library): LoopLanguage => ({
  loop: (variable, limit, body) => [`for (let ${variable} = 0; ${variable} < ${limit}; ${variable}++) {`, body, '}'],
  constant: (name, value) => `const ${name} = ${value};`,
  variable: (name, value) => `let ${name} = ${value};`,
  number(value) {
    if (!Number.isFinite(value)) return atom(Number.isNaN(value) ? 'Number.NaN' : `${value}`);
    const ratio = smallRatio(value);
    const quotient: Code | undefined = ratio && { text: `${ratio[0]} / ${ratio[1]}`, level: binding.product };
    return quotient ?? literal(value, String);
  },
  count: (text, product) => ({ text, level: product ? binding.product : binding.atom }),
  apply(fn, args) {
    if (inMath.has(fn)) return call(`Math.${fn}`, args);
    if (fn === 'max2' || fn === 'min2') return call(fn === 'max2' ? 'Math.max' : 'Math.min', args);
    return call(library.use(fn), args);
  },
  power(a, exponent) {
    if (exponent === 0.5) return call('Math.sqrt', [a]);
    // `-x ** 3` is no expression: what has a power in it gets parentheses like a product.
    return { text: `${wrapped(a, binding.atom)} ** ${exponent}`, level: binding.product };
  },
  extreme: (of, a, b) => `Math.${of}(${a}, ${b})`,
  infinity: 'Infinity',
  isFinite: (text) => `Number.isFinite(${text})`,
  unknown: (fn, x) => `${fn}(${x})`,
});
