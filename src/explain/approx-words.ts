/** A step as people write it: 1/8, 4, 2⁻²⁰. */
export function stepText(h: number): string {
  const k = Math.log2(h);
  if (!Number.isInteger(k)) return short(h);
  if (k >= 0) return k <= 13 ? String(h) : `2${superscript(k)}`;
  return k >= -13 ? `1/${2 ** -k}` : `2${superscript(k)}`;
}

export const superscript = (n: number): string =>
  [...String(n)].map((c) => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('');

/** At most this many significant digits, as short as they go: 0.0312, 3.1·10⁻⁹. */
export function short(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? '—' : x > 0 ? '∞' : '−∞';
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e-3 && size < 10 ** Math.max(digits + 1, 6)) return String(Number(x.toPrecision(digits)));
  const [mantissa, exponent] = x.toExponential(digits - 1).split('e') as [string, string];
  const lead = String(Number(mantissa));
  const power = `10${superscript(Number(exponent))}`;
  return lead === '1' ? power : lead === '-1' ? `-${power}` : `${lead}·${power}`;
}

/** 0.0123 → 1.23 %. */
export const percent = (x: number): string => `${short(100 * x)} %`;

/** At most as large as x, with three significant digits: what is said of it stays true. */
export function roundedDown(x: number): number {
  const step = 10 ** (Math.floor(Math.log10(x)) - 2);
  const down = Number((Math.floor(x / step) * step).toPrecision(3));
  return down <= x ? down : Number((down - step).toPrecision(3));
}

export const count = (n: number, one: string): string => `${n} ${n === 1 ? one : `${one}s`}`;
