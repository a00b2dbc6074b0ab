import { type NdArray, ndarray } from '../base/ndarray.ts';
import { type Along, amount, combine, entryName, type Step, scaled, subtract } from './approx-measure.ts';
import type { SmallEnough } from './approx-small.ts';
import { percent, short, stepText } from './approx-words.ts';

/** One entry of x, moved alone. */
export interface Component {
  /** `v[2]`, `W[1,3]`. */
  readonly name: string;
  readonly dx: number;
  /** ∂y/∂xᵢ·Δxᵢ */
  readonly predicted: NdArray;
  /** The change of y when xᵢ alone moves. */
  readonly alone: NdArray;
}

/** Δy ≈ Σ ∂y/∂xᵢ Δxᵢ: what each component of the step contributes (concept 8). */
export interface Components {
  readonly h: number;
  readonly parts: readonly Component[];
  /** Σ of the predicted parts, which is the prediction for the whole step. */
  readonly predicted: NdArray;
  /** Σ of the changes alone. */
  readonly alone: NdArray;
  /** The change when all components move together. */
  readonly together: NdArray;
  readonly words: string;
}

/** More components than this, or larger outputs, are no table to read. */
const mostComponents = 12;
const mostOutputs = 3;

export function componentsOf(
  { f, direction, slope }: Along,
  steps: readonly Step[],
  small: SmallEnough,
  variable: string,
): Components | undefined {
  const { shape, data } = f.x;
  if (data.length < 2 || data.length > mostComponents || slope.data.length > mostOutputs) return undefined;
  const finite = steps.filter((s) => s.finite);
  const row = finite.find((s) => small.h !== undefined && s.h <= small.h) ?? finite[Math.floor(finite.length / 2)];
  if (!row) return undefined;
  const { h } = row;
  const base = f.value(f.x);
  const parts = Array.from(data, (_, i): Component => {
    const only = ndarray(shape);
    only.data[i] = direction.data[i]!;
    return {
      name: entryName(variable, shape, i),
      dx: h * direction.data[i]!,
      predicted: scaled(h, f.push(only)),
      alone: subtract(f.value(combine(f.x, h, only)), base),
    };
  });
  const total = (of: (c: Component) => NdArray): NdArray =>
    parts.reduce((sum, c) => combine(sum, 1, of(c)), ndarray(base.shape));
  const together = subtract(f.value(combine(f.x, h, direction)), base);
  const alone = total((c) => c.alone);
  const apart = amount(subtract(together, alone));
  const size = Math.abs(amount(together));
  return {
    h,
    parts,
    predicted: total((c) => c.predicted),
    alone,
    together,
    words: `With h = ${stepText(h)}: the changes of one component at a time add up to the change of all together${
      Math.abs(apart) <= 1e-12 * Math.max(size, Math.abs(amount(base)))
        ? ''
        : ` but for ${short(Math.abs(apart))}${size > 0 ? ` (${percent(Math.abs(apart) / size)})` : ''}`
    }.`,
  };
}
