import { type Derivative, type NdArray, ndarray, type PointValues, type Result } from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import type { Curve, Heat } from './protocol.ts';
import { viewed } from './session.ts';

const refuse = (message: string): Result<never> => {
  const error = { code: 'usage/axes', message } as const;
  return { ok: false, error, errors: [error] };
};

/** How far the curve is drawn to each side, and at how many places. */
const reach = 2;
const places = 121;

function curveOf(d: Derivative, at: PointValues): Result<Curve> {
  const variable = d.wrt[0]!;
  const x = at.get(variable);
  if (d.wrt.length !== 1 || d.shape.length !== 0 || !x) return refuse('a curve needs one number that depends on one');
  const number = (value: number): NdArray => ndarray(x.shape, [value]);
  const centre = x.data[0]!;
  const here = d.evaluate(at);
  if (!here.ok) return here;
  const xs = Array.from({ length: places }, (_, k) => centre + reach * ((2 * k) / (places - 1) - 1));
  const value = here.value.output.data[0]!;
  const ys: number[] = [];
  const tangent: number[] = [];
  for (const t of xs) {
    const there = d.evaluate(new Map([...at, [variable, number(t)]]));
    const step = d.condensed.apply(at, number(t - centre));
    if (!step.ok) return step;
    ys.push(there.ok ? there.value.output.data[0]! : Number.NaN);
    tangent.push(value + step.value.data[0]!);
  }
  const { name: output = 'y' } = d.output;
  return {
    ok: true,
    value: { variable, output, at: centre, value, slope: here.value.value.data[0]!, xs, ys, tangent },
  };
}

function heatOf(d: Derivative, at: PointValues): Result<Heat> {
  const axes = d.axes.length;
  if (axes === 0 || axes > 2) return refuse('a heat map needs a derivative with one or two axes');
  const made = d.evaluate(at);
  if (!made.ok) return made;
  const { shape, data } = made.value.value;
  const lies = axes === 1 && d.layout !== 'jacobian' && (d.axes[0]!.of === 'output') === (d.layout === 'denominator');
  const [rows, columns] = axes === 2 ? [shape[0]!, shape[1]!] : lies ? [1, shape[0]!] : [shape[0]!, 1];
  const sides = axes === 2 ? { down: 0, along: 1 } : { down: lies ? undefined : 0, along: lies ? 0 : undefined };
  return { ok: true, value: { rows, columns, data: [...data], ...sides } };
}

/** What is computed at a point. */
export const point: Pick<Answering, 'point' | 'heat' | 'curve'> = {
  point: (input) =>
    viewed(input, (_, { at }) => ({
      ok: true,
      value: [...at!].map(([name, { shape, data }]) => ({ name, shape, data: [...data] })),
    })),
  heat: (input) => viewed(input, (d, { at }) => heatOf(d, at!)),
  curve: (input) => viewed(input, (d, { at }) => curveOf(d, at!)),
};
