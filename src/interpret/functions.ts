import { entryCount, type NdArray } from '../base/ndarray.ts';
import { fraction } from '../base/random.ts';

/** A function that a program leaves unknown, made concrete: its value and its derivatives of every order. */
export interface UnknownFunction {
  readonly name: string;
  /**
   * The derivative of the given order at x; order 0 is the value. Elementwise: the shape of x. A function of the whole
   * array x: the axes of the result, then the axes of x once for every order.
   */
  derivative(order: number, x: NdArray): NdArray;
}

/** sin, cos, -sin, -cos: the k-th derivative of sin at z. */
const sineDerivative = (z: number, k: number): number => Math.sin(z + (k % 4) * (Math.PI / 2));

/** f(x) = sin(αx + β) + γx², with constants that depend on the name alone. */
export function elementwiseStandIn(name: string): UnknownFunction {
  const alpha = 0.6 + 0.7 * fraction(name, 'alpha');
  const beta = 2 * fraction(name, 'beta') - 1;
  const gamma = 0.2 + 0.4 * fraction(name, 'gamma');
  const square = (k: number, x: number): number => (k === 0 ? x * x : k === 1 ? 2 * x : k === 2 ? 2 : 0);
  return {
    name,
    derivative: (order, { shape, data }) => ({
      shape,
      data: data.map((x) => alpha ** order * sineDerivative(alpha * x + beta, order) + gamma * square(order, x)),
    }),
  };
}

/** One sine would make every Hessian have rank 1, and hide what a test should see. */
const waves = 3;

/** gᵢ(x) = Σᵣ sin(Σⱼ P⁽ʳ⁾ᵢⱼ xⱼ + qᵢ⁽ʳ⁾) for x and g of any axes, with constants that depend on the name alone. */
export function vectorStandIn(name: string, to: readonly number[]): UnknownFunction {
  return {
    name,
    // ∂ᵏgᵢ/∂xⱼ₁…∂xⱼₖ = Σᵣ P⁽ʳ⁾ᵢⱼ₁ ⋯ P⁽ʳ⁾ᵢⱼₖ sin⁽ᵏ⁾(z⁽ʳ⁾ᵢ)
    derivative(order, x) {
      const n = x.data.length;
      const shape = [...to, ...Array.from({ length: order }, () => x.shape).flat()];
      const block = n ** order;
      const data = new Float64Array(entryCount(to) * block);
      for (let i = 0; i < entryCount(to); i++)
        for (let r = 0; r < waves; r++) {
          const row = Float64Array.from(
            x.data,
            (_, j) => (2 * fraction(name, r, i, j) - 1) * (n > 4 ? 2 / Math.sqrt(n) : 1),
          );
          const z = row.reduce((sum, p, j) => sum + p * x.data[j]!, 2 * fraction(name, r, i) - 1);
          const wave = sineDerivative(z, order);
          for (let e = 0; e < block; e++) {
            let product = wave;
            for (let k = 0, rest = e; k < order; k++, rest = Math.floor(rest / n)) product *= row[rest % n]!;
            data[i * block + e]! += product;
          }
        }
      return { shape, data };
    },
  };
}

/** The function that stands for an unknown one: `to` is undefined for an elementwise function. */
export const standIn = (name: string, to?: readonly number[]): UnknownFunction =>
  to ? vectorStandIn(name, to) : elementwiseStandIn(name);
