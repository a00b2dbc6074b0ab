import type { Size } from '../shape/size.ts';

/** The order in which a derivative's axes are written down; see docs/layouts.md. */
export type Layout = 'denominator' | 'numerator' | 'jacobian';
export const layouts: readonly Layout[] = ['denominator', 'numerator', 'jacobian'];

/** Where an axis of a derivative came from, and how large it is. */
export interface AxisOrigin {
  /** `output`, or the place in `wrt` of the input it belongs to. */
  readonly of: 'output' | number;
  /** Which axis of that array, from 0. */
  readonly axis: number;
  readonly size: Size;
}

/**
 * The axes of a derivative in the given layout. The engine's own order is output first, then each input in order, which
 * is `jacobian`. `denominator`: the inputs in order (for a higher derivative one after the other), then the output
 * reversed; `numerator`: the full transpose of that.
 */
export function layoutAxes(origins: readonly AxisOrigin[], layout: Layout): readonly AxisOrigin[] {
  const inputs = origins.filter((o) => o.of !== 'output');
  const outputs = origins.filter((o) => o.of === 'output');
  switch (layout) {
    case 'jacobian':
      return [...outputs, ...inputs];
    case 'denominator':
      return [...inputs, ...outputs.reverse()];
    case 'numerator':
      return [...outputs, ...inputs.reverse()];
  }
}

/** The permutation that brings the engine's axes into the layout: axis k of the result is axis `order[k]`. */
export const layoutOrder = (origins: readonly AxisOrigin[], layout: Layout): readonly number[] =>
  layoutAxes(origins, layout).map((a) => origins.indexOf(a));
