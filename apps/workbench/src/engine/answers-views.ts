import {
  condensedView,
  contractedView,
  type Derivative,
  entryView,
  labelledView,
  type PageView,
  type PointValues,
  type Result,
  renderView,
  unfoldedView,
} from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import type { DerivativeInput, Drawn, PointInput } from './protocol.ts';
import { limits, optional, viewed } from './session.ts';

/** The same, drawn too. */
const drawn = <T extends PageView>(
  input: DerivativeInput & { point?: PointInput },
  make: (d: Derivative, at: { at?: PointValues }) => Result<T>,
): Result<Drawn<T>> =>
  viewed(input, (d, at) => {
    const made = make(d, at);
    return made.ok ? { ok: true, value: { data: made.value, html: renderView(made.value, 'html') } } : made;
  });

/** Views of a derivative as an array; loaded when one is first asked for. */
export const views: Pick<Answering, 'entry' | 'labelled' | 'unfolded' | 'condensed' | 'contracted'> = {
  entry: (input) => drawn(input, (d, at) => entryView(d, { limits, ...at, ...optional({ entry: input.entry }) })),
  labelled: (input) => drawn(input, (d, at) => labelledView(d, { limits, ...at, ...optional({ most: input.most }) })),
  unfolded: (input) =>
    drawn(input, (d, at) =>
      unfoldedView(d, { limits, ...at, ...optional({ rows: input.rows, columns: input.columns }) }),
    ),
  condensed: (input) => drawn(input, (d) => condensedView(d, { limits })),
  contracted: (input) => drawn(input, (d) => contractedView(d, { limits })),
};
