/** Four digits, as tables of numbers need them. */
export const short = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(4)));

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Round places along an axis: steps of 1, 2 or 5 times a power of ten, about `most` of them. */
export function ticksOf(low: number, high: number, most: number): readonly Tick[] {
  if (!(high > low)) return [];
  const rough = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((k) => k * power >= rough) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => {
    const at = (first + k) * step;
    const label = Math.abs(at) >= 1e5 || (at !== 0 && digits > 4) ? at.toExponential(0) : at.toFixed(digits);
    return { at, label: label.replace(/^-(?=0(?:\.0*)?$)/, '').replace('-', '−') };
  });
}
