import { toNested, type Verdict } from '../../../src/api/index.ts';

/** The verdict as JSON: arrays as nested lists, values and sizes by name as objects. */
export function checkJson({ counterexample: c, certainty, ...rest }: Verdict) {
  const { points, ...sure } = certainty;
  return {
    ...rest,
    certainty: {
      ...sure,
      points: points.map(({ sizes, ...point }) => ({ ...point, sizes: Object.fromEntries(sizes) })),
    },
    ...(c
      ? {
          counterexample: {
            ...c,
            sizes: Object.fromEntries(c.sizes),
            values: Object.fromEntries(c.values.map(([name, value]) => [name, toNested(value)])),
            derivative: toNested(c.derivative),
            answer: toNested(c.answer),
          },
        }
      : {}),
  };
}
