import { approxHtml, approximate, fromNested } from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import { optional, optionsOf, viewed } from './session.ts';

/** How well a linear step predicts a change. */
export const approx: Pick<Answering, 'approx'> = {
  approx: (input) =>
    viewed(input, (d, at) => {
      const direction = input.direction === undefined ? undefined : fromNested(input.direction);
      const options = optionsOf(input.program);
      if (!options.ok) return options;
      const made = approximate(input.program.source, [...d.wrt], {
        ...options.value,
        ...at,
        ...optional({ direction }),
      });
      return made.ok ? { ok: true, value: { data: made.value, html: approxHtml(made.value) } } : made;
    }),
};
