import type { Derivative, PointValues, Result } from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import type { Heat } from './protocol.ts';
import { namedValues, viewed } from './session.ts';

const refuse = (message: string): Result<never> => {
  const error = { code: 'usage/axes', message } as const;
  return { ok: false, error, errors: [error] };
};

function heatOf(d: Derivative, at: PointValues): Result<Heat> {
  const axes = d.axes.length;
  if (axes === 0) return refuse('This derivative is one number: there is nothing to map.');
  if (axes > 2)
    return refuse(`A heat map shows a matrix, and this derivative has ${axes} axes: its slices are in the table.`);
  const made = d.evaluate(at);
  if (!made.ok) return made;
  const { shape, data } = made.value.value;
  const lies = axes === 1 && d.layout !== 'jacobian' && (d.axes[0]!.of === 'output') === (d.layout === 'denominator');
  const [rows, columns] = axes === 2 ? [shape[0]!, shape[1]!] : lies ? [1, shape[0]!] : [shape[0]!, 1];
  const sides = axes === 2 ? { down: 0, along: 1 } : { down: lies ? undefined : 0, along: lies ? 0 : undefined };
  return { ok: true, value: { rows, columns, data: [...data], ...sides } };
}

/** What is computed at a point. */
export const point: Pick<Answering, 'point' | 'heat'> = {
  point: (input) => viewed(input, (_, { at }) => ({ ok: true, value: namedValues(at!) })),
  heat: (input) => viewed(input, (d, { at }) => heatOf(d, at!)),
};
