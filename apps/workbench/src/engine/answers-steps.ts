import { steps as stepsOf } from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import { limits, viewed } from './session.ts';

/** How a derivative was found, and the other ways to write it that its steps know. */
export const steps: Pick<Answering, 'steps' | 'forms'> = {
  steps: (input) => viewed(input, (d) => stepsOf(d, { depth: input.depth, limits })),
  forms: (input) =>
    viewed(input, (d) => {
      const made = stepsOf(d, { depth: 'outline', limits });
      if (!made.ok) return made;
      const { left, factorsLatex, index } = made.value.result;
      return {
        ok: true,
        value: { left: left.latex, factors: factorsLatex, ...(index ? { index: index.latex } : {}) },
      };
    }),
};
