import { network as describe, networkHtml, parse } from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import { namedValues, optionsOf, pointOf } from './session.ts';

/** The layers of a program, what runs forward through them at a point, and what comes back. */
export const network: Pick<Answering, 'network'> = {
  network({ program, layout, point }) {
    const options = optionsOf(program);
    if (!options.ok) return options;
    const parsed = parse(program.source, options.value);
    if (!parsed.ok) return parsed;
    const at = pointOf(parsed.value, [], point);
    if (!at.ok) return at;
    const made = describe(program.source, { ...options.value, layout, at: at.value });
    return made.ok
      ? { ok: true, value: { data: made.value, html: networkHtml(made.value), point: namedValues(at.value) } }
      : made;
  },
};
