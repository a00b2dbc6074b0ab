import type { NdArray } from '../base/ndarray.ts';
import type { RawDerivative } from '../calculus/derive.ts';
import { bindPoint } from '../interpret/bind.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Node } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import type { PointValues } from './types.ts';

/** What a finished derivation knows; the views of a `Derivative` are made from it. */
export interface Derived {
  readonly builder: Kit;
  readonly analysis: Analysis;
  readonly wrt: readonly string[];
  /** In the engine's own order of axes. */
  readonly raw: RawDerivative;
  /** Other forms of the same derivative: from the other direction, multiplied out or not. */
  readonly others: readonly RawDerivative[];
  /** The other direction of accumulation, where it was taken. */
  readonly other?: Node;
  /** Names that closed forms may use or must not reuse. */
  readonly taken: ReadonlySet<string>;
  readonly variables: readonly Node[];
  readonly lets: ReadonlyMap<string, Node>;
}

/** The output's name; one without a name is called y, or by the next letter that the program does not use. */
export function nameOfOutput(analysis: Analysis): string {
  if (analysis.output.name !== undefined) return analysis.output.name;
  return ['y', 'z', 'f', 'u', 'v', 'w', 'output'].find((n) => !analysis.names.has(n)) ?? 'output_';
}

/** How names look in typeset output. */
export function printNames(analysis: Analysis): ReadonlyMap<string, { axes: number; row?: boolean }> {
  const names = new Map<string, { axes: number; row?: boolean }>();
  for (const info of analysis.names.values())
    if (info.role === 'input' || info.role === 'assigned')
      names.set(info.name, { axes: info.type.axes.length, ...(info.type.row ? { row: true } : {}) });
  return names;
}

/** The variables of a tensor graph at a point, with the sizes they imply. */
export function scopeAt(analysis: Analysis, wrt: readonly string[], point: PointValues) {
  const held = new Map<string, NdArray>();
  const inputs = new Map<string, NdArray>();
  for (const [name, value] of point) {
    const info = analysis.names.get(name);
    if (info?.role === 'assigned') {
      if (wrt.includes(name)) held.set(name, value);
    } else inputs.set(name, value);
  }
  const { sizes, values } = bindPoint(analysis, inputs, held);
  const indices = new Map<string, number>();
  for (const info of analysis.names.values())
    if (info.role === 'index' && values.has(info.name)) indices.set(info.name, values.get(info.name)!.data[0]!);
  return { held, inputs, sizes, indices, variables: values };
}
