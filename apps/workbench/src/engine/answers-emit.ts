import { emit as write } from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import { optionsOf } from './session.ts';

/** The derivative as code. */
export const emit: Pick<Answering, 'emit'> = {
  emit(input) {
    const options = optionsOf(input.program);
    if (!options.ok) return options;
    const { layout, wrt, target, program } = input;
    const made = write(program.source, { value: true, derivatives: [wrt] }, target, { ...options.value, layout });
    return made.ok ? { ok: true, value: { code: made.value.content, fileName: made.value.fileName } } : made;
  },
};
