import type { Size } from '../shape/size.ts';
import type { ValueId } from './plan.ts';
import type { PlanWriter, View } from './writer.ts';

/** A factor of a product under construction: a view, or an inverse that nobody has asked for yet. */
export interface Factor {
  readonly labels: readonly number[];
  /** Makes the value (once), with its axes in the order of `labels`. */
  value(): ValueId;
  /** An inverse that is better applied than built: the matrix, its axes in the order of `labels` too. */
  readonly inverseOf?: () => ValueId;
}

export const viewFactor = (view: View): Factor => ({ labels: view.labels, value: () => view.value });
export const asView = (f: Factor): View => ({ labels: f.labels, value: f.value() });

/** Where products are written: the plan, the sizes of labels, and sizes in numbers to compare costs with. */
export interface ProductContext {
  readonly writer: PlanWriter;
  sizeOf(label: number): Size;
  estimate(size: Size): number;
}
