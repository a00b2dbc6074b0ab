/**
 * The size of one axis: a positive integer, or a product such as `m`, `m*n` or `2*k` written canonically
 * (integer first, then symbols in alphabetical order). Two sizes are equal exactly when they are `===`.
 * A symbol that starts with `?` is a unification variable.
 */
export type Size = number | string;

const parts = (size: Size): { factor: number; symbols: string[] } => {
  if (typeof size === 'number') return { factor: size, symbols: [] };
  let factor = 1;
  const symbols: string[] = [];
  for (const part of size.split('*')) {
    if (/^\d+$/.test(part)) factor *= Number(part);
    else symbols.push(part);
  }
  return { factor, symbols };
};

const join = (factor: number, symbols: string[]): Size => {
  if (symbols.length === 0) return factor;
  const text = symbols.sort().join('*');
  return factor === 1 ? text : `${factor}*${text}`;
};

/** The product of sizes; `1` for none. */
export function sizeProduct(...sizes: Size[]): Size {
  let factor = 1;
  const symbols: string[] = [];
  for (const size of sizes) {
    const p = parts(size);
    factor *= p.factor;
    symbols.push(...p.symbols);
  }
  return join(factor, symbols);
}

/** `a / b` where it is again a size, else `undefined`. */
export function sizeQuotient(a: Size, b: Size): Size | undefined {
  const p = parts(a);
  const q = parts(b);
  for (const symbol of q.symbols) {
    const at = p.symbols.indexOf(symbol);
    if (at < 0) return undefined;
    p.symbols.splice(at, 1);
  }
  return p.factor % q.factor === 0 ? join(p.factor / q.factor, p.symbols) : undefined;
}

export const sizeSymbols = (size: Size): string[] => parts(size).symbols;
export const sizeFactor = (size: Size): number => parts(size).factor;

/** The number a size stands for, once its symbols are bound; `undefined` when one is not. */
export function sizeValue(size: Size, bound: ReadonlyMap<string, number>): number | undefined {
  const p = parts(size);
  let value = p.factor;
  for (const symbol of p.symbols) {
    const v = bound.get(symbol);
    if (v === undefined) return undefined;
    value *= v;
  }
  return value;
}

/** The product as people write it: `m·n`, `2·k`, `n²`. */
export function productText(size: Size): string {
  const { factor, symbols } = parts(size);
  const powers = new Map<string, number>();
  for (const s of symbols) powers.set(s, (powers.get(s) ?? 0) + 1);
  const factors = [...powers].map(
    ([s, p]) => s + (p === 1 ? '' : [...String(p)].map((d) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(d)]).join('')),
  );
  return [...(factor === 1 && factors.length > 0 ? [] : [String(factor)]), ...factors].join('·');
}

/** `3×m`, `scalar` for no axes. */
export const shapeText = (shape: readonly Size[], times = '×'): string =>
  shape.length === 0 ? 'scalar' : shape.map(productText).join(times);
