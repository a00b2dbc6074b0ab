import { network as describe, networkHtml } from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import { optionsOf } from './session.ts';

/** The layers of a program and what comes back through them. */
export const network: Pick<Answering, 'network'> = {
  network({ program, layout }) {
    const options = optionsOf(program);
    const made = options.ok ? describe(program.source, { ...options.value, layout }) : options;
    return made.ok ? { ok: true, value: { data: made.value, html: networkHtml(made.value) } } : made;
  },
};
