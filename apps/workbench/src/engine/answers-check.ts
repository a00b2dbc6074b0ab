import { check as compare } from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import { optionsOf } from './session.ts';

/** Whether somebody's own derivative is right. */
export const check: Pick<Answering, 'check'> = {
  check({ program, wrt, layout, answer: theirs, strict }) {
    const options = optionsOf(program);
    return options.ok ? compare(program.source, wrt, theirs, { ...options.value, layout, strict }) : options;
  },
};
