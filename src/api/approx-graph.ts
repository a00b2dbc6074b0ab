import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import { entryCount, type NdArray } from '../base/ndarray.ts';
import { type Dial, dialOf } from '../explain/approx-dial.ts';
import {
  type Graph,
  graphOf,
  type Interval,
  type NumberFunction,
  type Tangent,
  tangentOf,
} from '../explain/approx-graph.ts';
import { entryName, firstStep, indicesOf } from '../explain/approx-measure.ts';
import { hasGradient, type Local, planeAt, type Turn } from './approx-direction.ts';
import { complete, functionName, localAt, localFunction } from './approx-local.ts';
import { request } from './result.ts';
import { subjectOf } from './subject.ts';
import type { Derivative, PointValues, RequestOptions, Result } from './types.ts';

export type { Dial, Graph, Interval, Tangent, Turn };

export interface GraphOptions extends Pick<RequestOptions, 'limits' | 'signal'> {
  readonly at: PointValues;
  /** One entry of an output that is an array, by its indices from 1 (default: the first). */
  readonly entry?: readonly number[];
  /** Where the graph is looked at, an interval for each number that moves; kept while the point lies in it. */
  readonly window?: readonly Interval[];
}

/** What is known of a function at a point. */
export interface LocalView {
  /** The number that is looked at: `y`, or `y[1]` of an array. */
  readonly output: string;
  /** The entries among which one can choose, the first ones; none where the output is a number. */
  readonly entries: readonly { readonly label: string; readonly entry: readonly number[] }[];
  /** What moves, by variable. */
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    /** As above. */
    readonly entries: readonly { readonly label: string; readonly entry: readonly number[] }[];
  }[];
  /** Where one or two numbers move. */
  readonly tangent?: Tangent;
  /** Whether a direction can turn away from the gradient: there is a gradient, and more than one direction. */
  readonly turns: boolean;
}

/** As many entries are listed to choose from. */
const mostListed = 100;

/**
 * The output as a function of the variables' numbers: its tangent line or plane where one or two numbers move.
 * `derivatives` belong to one program, each by another name. Errors: `shape/point`, `shape/entry`, `math/not-finite`.
 */
export const localView = (derivatives: readonly Derivative[], options: GraphOptions): Result<LocalView> =>
  request(options, (budget) => {
    const locals = localsOf(derivatives, options, budget);
    const { subject, shape, place } = locals[0]!;
    const name = functionName(subject);
    const count = locals.reduce((sum, { f }) => sum + f.x.data.length, 0);
    return {
      output: entryName(name, shape, place!),
      entries: listed(name, shape),
      turns: locals[0]!.f.x.data.length > 1 && hasGradient(subject),
      inputs: locals.map(({ subject: s, f }) => ({
        name: s.wrt.at(-1)!,
        shape: f.x.shape,
        entries: listed(s.wrt.at(-1)!, f.x.shape),
      })),
      ...(count === 1 || count === 2 ? { tangent: tangentOf(numberFunction(locals, budget), options.window) } : {}),
    };
  });

/** The curve or the surface over a window. Errors: those of `localView`, `usage/axes` where more numbers move. */
export const graphView = (
  derivatives: readonly Derivative[],
  options: GraphOptions & { readonly window: readonly Interval[] },
): Result<Graph> =>
  request(options, (budget) => {
    const f = numberFunction(localsOf(derivatives, options, budget), budget);
    if (f.coordinates.length !== options.window.length || f.coordinates.length > 2)
      fail('usage/axes', `a graph over ${options.window.length} axes is no picture of ${f.coordinates.length} numbers`);
    return graphOf(f, options.window);
  });

/** Places around a dial. */
const around = 120;

export interface DialOptions extends GraphOptions, Pick<Turn, 'towards'> {
  /** The length of the step; about as long as the variable, without one. */
  readonly h?: number;
  readonly seed?: number;
}

/**
 * What a step of one length does in all directions of a plane through the gradient.
 * Errors: those of `localView`, `usage/direction` where there is no such plane.
 */
export const dialView = (derivative: Derivative, options: DialOptions): Result<Dial> =>
  request(options, (budget) => {
    const { seed = 1, towards, h } = options;
    const local = { ...localsOf([derivative], options, budget)[0]!, seed };
    const { f, subject, shape, place } = local;
    return dialOf(f, planeAt(local, towards), h ?? firstStep(f, 1), around, {
      output: entryName(functionName(subject), shape, place!),
      variable: subject.wrt.at(-1)!,
    });
  });

const listed = (name: string, shape: readonly number[]): LocalView['entries'] =>
  shape.length === 0
    ? []
    : Array.from({ length: Math.min(entryCount(shape), mostListed) }, (_, k) => ({
        label: entryName(name, shape, k),
        entry: indicesOf(shape, k),
      }));

/** The function of each variable, for one number of the output. */
function localsOf(derivatives: readonly Derivative[], { at, entry }: GraphOptions, budget: Budget): readonly Local[] {
  return derivatives.map((derivative) => {
    const subject = subjectOf(derivative);
    const point = complete(subject, at, budget);
    const whole = localAt(derivative, point, { entry }, budget);
    const local =
      whole.place === undefined ? localAt(derivative, point, { entry: whole.shape.map(() => 1) }, budget) : whole;
    if (!Number.isFinite(local.f.value(local.f.x).data[0]))
      fail('math/not-finite', `${subject.output} has no finite value at this point`, undefined, 'choose another point');
    return local;
  });
}

function numberFunction(locals: readonly Local[], budget: Budget): NumberFunction {
  const [first, second] = locals as [Local, ...Local[]];
  const coordinates = locals.flatMap(({ subject, f }) => {
    const variable = subject.wrt.at(-1)!;
    return Array.from(f.x.data, (at, place) => ({
      label: entryName(variable, f.x.shape, place),
      variable,
      place,
      at,
    }));
  });
  const slopes = locals.flatMap(({ f }) => Array.from(f.x.data, (_, k) => f.push(unit(f.x.shape, k)).data[0]!));
  const shaped = ({ f }: Local, data: readonly number[]): NdArray => ({
    shape: f.x.shape,
    data: Float64Array.from(data),
  });
  const count = first.f.x.data.length;
  return {
    coordinates,
    slopes,
    value(at) {
      if (!second) return first.f.value(shaped(first, at)).data[0]!;
      // The second variable is held by the function of the first: there it moves with the point.
      const moved = new Map([...first.point, [second.subject.wrt.at(-1)!, shaped(second, at.slice(count))] as const]);
      const there = localFunction(first.derivative, first.subject, moved, budget);
      return there.value(shaped(first, at.slice(0, count))).data[first.place!]!;
    },
  };
}

const unit = (shape: readonly number[], place: number): NdArray => {
  const data = new Float64Array(entryCount(shape));
  data[place] = 1;
  return { shape, data };
};
