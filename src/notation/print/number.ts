/** The parts of a number as it is written: the shortest decimal that reads back as the same float64. */
export interface NumberParts {
  readonly negative: boolean;
  /** Digits with a decimal point if need be; `Inf` or `NaN` where there are none. */
  readonly digits: string;
  /** Power of ten, where writing all zeros would be longer than a dozen characters. */
  readonly exponent?: number;
}

export const isNegative = (value: number): boolean => value < 0 || Object.is(value, -0);

export function numberParts(value: number): NumberParts {
  const negative = isNegative(value);
  const size = Math.abs(value);
  if (!Number.isFinite(size)) return { negative, digits: Number.isNaN(size) ? 'NaN' : 'Inf' };
  const plain = String(size);
  const [digits, exponent] = size.toExponential().split('e') as [string, string];
  const short = `${digits}e${Number(exponent)}`;
  if (plain.includes('e') || (plain.length > 12 && short.length < plain.length))
    return { negative, digits, exponent: Number(exponent) };
  return { negative, digits: plain };
}

/** `0.5`, `1e-9`, without the sign. */
export function numberText(value: number): string {
  const { digits, exponent } = numberParts(value);
  return exponent === undefined ? digits : `${digits}e${exponent}`;
}
