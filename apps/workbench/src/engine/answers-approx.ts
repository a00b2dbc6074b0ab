import {
  approxHtml,
  approximate,
  type Derivative,
  dialView,
  errorChart,
  graphView,
  localView,
  type PointValues,
  type Result,
} from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import type { GraphInput } from './protocol.ts';
import { derivativeOf, limits, optional, optionsOf, viewed } from './session.ts';

/** A view of the derivatives by each name that moves, at a point. */
const near = <T>(
  input: GraphInput,
  make: (derivatives: readonly Derivative[], at: PointValues) => Result<T>,
): Result<T> =>
  viewed(input, (d, { at }) => {
    if (input.also === undefined) return make([d], at!);
    const other = derivativeOf({ ...input, wrt: [input.also] });
    return other.ok ? make([d, other.value], at!) : other;
  });

/** How well a linear step predicts a change. */
export const approx: Pick<Answering, 'approx' | 'local' | 'graph' | 'dial'> = {
  local: (input) =>
    near(input, (ds, at) => localView(ds, { limits, at, ...optional({ entry: input.entry, window: input.window }) })),
  graph: (input) =>
    near(input, (ds, at) => graphView(ds, { limits, at, window: input.window, ...optional({ entry: input.entry }) })),
  dial: (input) =>
    viewed(input, (d, { at }) =>
      dialView(d, {
        limits,
        at: at!,
        seed: input.point.seed,
        ...optional({ entry: input.entry, towards: input.towards, h: input.h }),
      }),
    ),
  approx: (input) =>
    viewed(input, (d, { at }) => {
      const options = optionsOf(input.program);
      if (!options.ok) return options;
      const made = approximate(input.program.source, [...d.wrt], {
        ...options.value,
        at: at!,
        seed: input.point.seed,
        ...optional({ direction: input.direction, entry: input.entry }),
      });
      if (!made.ok) return made;
      const view = made.value;
      return { ok: true, value: { data: view, html: approxHtml(view), ...optional({ chart: errorChart(view) }) } };
    }),
};
