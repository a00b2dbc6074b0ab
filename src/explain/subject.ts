import type { RawDerivative } from '../calculus/derive.ts';
import type { AxisOrigin, Layout } from '../calculus/layout.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Node } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';

/** Everything a view of one finished derivation is made from. Views never derive anew by other means. */
export interface Subject {
  readonly builder: Kit;
  readonly analysis: Analysis;
  readonly wrt: readonly string[];
  readonly layout: Layout;
  /** The output's name, or the letter it is given. */
  readonly output: string;
  /** In the engine's own order of axes (output first). Its levels are those of general variables, without structure. */
  readonly raw: RawDerivative;
  /** The variables differentiated by, one per entry of `wrt`, as nodes without their structural properties. */
  readonly variables: readonly Node[];
  /** The output and the program's intermediates as nodes, by name. */
  readonly lets: ReadonlyMap<string, Node>;
  /** The derivative in the layout's order of axes, and those axes. */
  readonly node: Node;
  readonly axes: readonly (AxisOrigin & { readonly name: string })[];
  /** Names that formulas may use or must not reuse. */
  readonly taken: ReadonlySet<string>;
}
