import { axisLetters } from '../notation/entry.ts';
import { productText } from '../shape/size.ts';
import type { Entry, Formula, Index } from './entry-formula.ts';
import type { Subject } from './subject.ts';

/** The letters that stand for the places on a derivative's axes, in the layout's order; names and sizes are avoided. */
export const lettersOf = (s: Subject): readonly string[] => axisLetters(s.axes, s.taken);

/**
 * The partial derivative whose places are given, one per axis in the layout's order; `null` leaves a whole axis.
 * `∂Z[k]/∂W[i,j]`, `∂Z/∂W[:,2]`, `∂²L/∂x[i]∂x[j]`.
 */
export function partialAt(s: Subject, places: readonly (Index | null)[]): Formula & { kind: 'partial' } {
  const entry = (of: 'output' | number, name: string): Entry => {
    const indices: (Index | null)[] = [];
    s.axes.forEach((a, k) => {
      if (a.of === of) indices[a.axis] = places[k] ?? null;
    });
    return { name, indices: indices.every((i) => i === null) ? [] : indices };
  };
  return {
    kind: 'partial',
    of: entry('output', s.output),
    by: s.wrt.map((name, k) => entry(k, name)),
  };
}

/** The derivative itself: ∂Z/∂W. */
export const wholePartial = (s: Subject): Formula & { kind: 'partial' } =>
  partialAt(
    s,
    s.axes.map(() => null),
  );

/** Axes that belong to the output, or to one of the inputs, in the order in which the array has them. */
export const axesOfArray = (s: Subject, of: 'output' | number): readonly number[] =>
  s.axes
    .map((a, k) => ({ ...a, k }))
    .filter((a) => a.of === of)
    .sort((a, b) => a.axis - b.axis)
    .map((a) => a.k);

export const isOutputAxis = (s: Subject, axis: number): boolean => s.axes[axis]!.of === 'output';

/** `Z[k]`, `W[i,:]`: the part of an array that some places of the derivative's axes belong to; empty when none do. */
export function arrayPlace(s: Subject, of: 'output' | number, places: ReadonlyMap<number, Index>): Entry | undefined {
  const own = axesOfArray(s, of);
  if (!own.some((k) => places.has(k))) return undefined;
  const name = of === 'output' ? s.output : s.wrt[of]!;
  return { name, indices: own.map((k) => places.get(k) ?? null) };
}

export const entryText = ({ name, indices }: Entry): string =>
  indices.length === 0 ? name : `${name}[${indices.map((i) => i ?? ':').join(',')}]`;

/** Sizes as they are written in sentences: `m·n`. */
export const sizeText = productText;

/** Which names are vectors and rows: typeset output sets them bold. */
export type PrintedNames = ReadonlyMap<string, { readonly axes: number; readonly row?: boolean }>;

export function printedNames(s: Subject): PrintedNames {
  const names = new Map<string, { axes: number; row?: boolean }>();
  for (const info of s.analysis.names.values())
    if (info.role === 'input' || info.role === 'assigned')
      names.set(info.name, { axes: info.type.axes.length, ...(info.type.row ? { row: true } : {}) });
  return names;
}
