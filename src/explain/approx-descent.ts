import type { NdArray } from '../base/ndarray.ts';
import { combine, type LocalFunction, norm, scaled } from './approx-measure.ts';
import { short, stepText } from './approx-words.ts';

/** One step of length h against the gradient. */
export interface DescentRow {
  readonly h: number;
  /** −h·‖g‖, and what y really does. */
  readonly predicted: number;
  readonly actual: number;
}

/** The direction in which a scalar falls fastest. */
export interface Descent {
  /** −g/‖g‖; absent where the gradient is zero. */
  readonly direction?: NdArray;
  readonly gradient: NdArray;
  /** ‖g‖ */
  readonly length: number;
  readonly rows: readonly DescentRow[];
  readonly words: string;
}

const mostRows = 6;

export function descentOf(
  f: LocalFunction,
  gradient: NdArray,
  first: number,
  { output, variable }: { readonly output: string; readonly variable: string },
): Descent {
  const length = norm(gradient);
  if (length === 0)
    return {
      gradient,
      length,
      rows: [],
      words: `The gradient is zero: to first order no direction makes ${output} smaller.`,
    };
  const direction = scaled(-1 / length, gradient);
  const base = f.value(f.x).data[0]!;
  const rows: DescentRow[] = [];
  for (let k = 0; k < mostRows; k++) {
    const h = first * 4 ** -k;
    const actual = f.value(combine(f.x, h, direction)).data[0]! - base;
    if (Number.isFinite(actual)) rows.push({ h, predicted: -h * length, actual });
  }
  return { direction, gradient, length, rows, words: words(rows, output, variable, length) };
}

function words(rows: readonly DescentRow[], output: string, variable: string, length: number): string {
  const head = `Moving ${variable} against its gradient lowers ${output} fastest: by ‖g‖ = ${short(length)} per unit of length, for short steps.`;
  const largest = rows.find((r) => r.actual < 0);
  if (!largest) return head;
  if (largest === rows[0]) return head;
  return `${head} Longer steps than about h = ${stepText(largest.h)} overshoot: the slope has changed before they end.`;
}
