import { fail } from '../base/diagnostic.ts';
import { entryCount, type NdArray } from '../base/ndarray.ts';
import { type Size, shapeText, sizeFactor, sizeSymbols, sizeValue } from '../shape/size.ts';
import { isRow, type Type } from '../shape/type.ts';
import type { Analysis } from '../syntax/analysis.ts';
import { reshape, sizesText } from './array.ts';

/** A point whose arrays have the axes that the program gives them, and the sizes that follow from them. */
export interface Bound {
  readonly sizes: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, NdArray>;
}

/** The shape in numbers; `shape/unbound` when a symbol has no value. */
export function sizesOf(axes: readonly Size[], bound: ReadonlyMap<string, number>): number[] {
  return axes.map((size) => {
    const value = sizeValue(size, bound);
    if (value !== undefined) return value;
    const missing = sizeSymbols(size).find((symbol) => !bound.has(symbol));
    return fail(
      'shape/unbound',
      `the size ${missing} is not known at this point`,
      undefined,
      `give a value for ${missing}`,
    );
  });
}

/** A vector may come as n×1, a row as a plain list, a scalar as one nested number. */
function withAxes(array: NdArray, type: Type): NdArray | undefined {
  const { axes } = type;
  if (array.shape.length === axes.length) return array;
  if (axes.length === 0) return entryCount(array.shape) === 1 ? reshape(array, []) : undefined;
  if (axes.length === 1 && array.shape.length === 2 && array.shape[1] === 1) return reshape(array, [array.shape[0]!]);
  if (isRow(type) && array.shape.length === 1) return reshape(array, [1, array.shape[0]!]);
  return undefined;
}

/**
 * Binds the size symbols of a program to the shapes of a point's arrays. A symbol that no array shows may be given as
 * a scalar of its own name. Names that the point leaves out are not asked for here.
 * Fails with `shape/point` when an array disagrees with its declaration or with another array.
 */
export function bindPoint(analysis: Analysis, ...points: readonly ReadonlyMap<string, NdArray>[]): Bound {
  const sizes = new Map<string, number>();
  const firstSeen = new Map<string, string>();
  const values = new Map<string, NdArray>();
  const open: { name: string; size: Size; value: number; axis: number }[] = [];

  const mismatch = (name: string, given: NdArray, type: Type, why = ''): never =>
    fail(
      'shape/point',
      `${name} has shape ${sizesText(given.shape)} at this point, but ${shapeText(type.axes)} ${analysis.names.get(name)?.inferred ? 'follows from the program' : 'was declared'}${why}`,
      analysis.names.get(name)?.span,
    );

  for (const point of points)
    for (const [name, given] of point) {
      const info = analysis.names.get(name);
      if (!info || info.role === 'index') {
        values.set(name, given.shape.length > 0 && given.data.length === 1 ? reshape(given, []) : given);
        continue;
      }
      if (info.role === 'function') continue;
      const array = withAxes(given, info.type) ?? mismatch(name, given, info.type);
      values.set(name, array);
      info.type.axes.forEach((size, axis) => {
        open.push({ name, size, value: array.shape[axis]!, axis });
      });
    }

  for (const [name, value] of values)
    if (
      !analysis.names.has(name) &&
      value.shape.length === 0 &&
      Number.isInteger(value.data[0]) &&
      value.data[0]! > 0
    ) {
      sizes.set(name, value.data[0]!);
      firstSeen.set(name, name);
    }

  // Single symbols first, then products of which all but one symbol are known; each round must bind something.
  for (let progress = true; progress; ) {
    progress = false;
    for (const { name, size, value } of open) {
      const unknown = sizeSymbols(size).filter((symbol) => !sizes.has(symbol));
      const symbol = unknown[0];
      if (symbol === undefined || unknown.some((other) => other !== symbol)) continue;
      const known = sizeSymbols(size).reduce((product, s) => product * (sizes.get(s) ?? 1), sizeFactor(size));
      // vec(A) of an m×m matrix has m·m entries.
      const root = Math.round((value / known) ** (1 / unknown.length));
      if (root < 1 || root ** unknown.length * known !== value) continue;
      sizes.set(symbol, root);
      firstSeen.set(symbol, name);
      progress = true;
    }
  }

  for (const { name, size, value } of open) {
    const wanted = sizeValue(size, sizes);
    // Two unknown factors of one size stay open: whoever needs them says so.
    const unknown = new Set(sizeSymbols(size).filter((symbol) => !sizes.has(symbol)));
    if (wanted === value || unknown.size > 1) continue;
    const type = analysis.names.get(name)!.type;
    const others = sizeSymbols(size).filter((symbol) => sizes.has(symbol));
    const source = others.map((symbol) => {
      const from = firstSeen.get(symbol)!;
      return `${symbol} = ${sizes.get(symbol)}${from === symbol ? ' as given' : from === name ? '' : ` in ${from}`}`;
    });
    mismatch(name, values.get(name)!, type, source.length > 0 ? `, with ${source.join(' and ')}` : '');
  }
  return { sizes, values };
}

/** The value of every size symbol at a point. Fails as `bindPoint` does. */
export const bindSizes = (analysis: Analysis, point: ReadonlyMap<string, NdArray>): ReadonlyMap<string, number> =>
  bindPoint(analysis, point).sizes;
