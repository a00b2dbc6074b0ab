import type { Budget } from '../base/budget.ts';
import { fail, WrtError } from '../base/diagnostic.ts';
import { entryCount, type NdArray } from '../base/ndarray.ts';
import { allFinite, entryOf, type LocalFunction } from '../explain/approx-measure.ts';
import type { Subject } from '../explain/subject.ts';
import { sizesOf } from '../interpret/bind.ts';
import { randomPoint } from '../interpret/points.ts';
import { evaluateProgram } from '../interpret/program.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { type Local, placeOf } from './approx-direction.ts';
import { scopeAt } from './derived.ts';
import { unwrap } from './result.ts';
import { subjectOf } from './subject.ts';
import type { Derivative, PointValues } from './types.ts';

/** The point with a value for every intermediate that is differentiated by. */
export function complete({ analysis, wrt }: Subject, at: PointValues, budget: Budget): PointValues {
  const point = new Map(at);
  for (const name of wrt)
    if (analysis.names.get(name)?.role === 'assigned' && !point.has(name)) {
      const held = new Map([...point].filter(([n]) => wrt.includes(n)));
      point.set(name, evaluateProgram(analysis, at, { held, output: name }, budget).output);
    }
  return new Map(scopeAt(analysis, wrt, point).variables);
}

/** Where the usual functions are defined, in the order in which they are tried. */
const ranges: readonly (readonly [number, number])[] = [
  [0.3, 1.7],
  [0.1, 0.9],
  [-1, 1],
  [1.1, 3],
];

/**
 * A random point at which function and derivative are finite, or the first one that was tried. Sizes grow where the
 * program asks for an entry that does not exist.
 */
export function anyPoint(derivative: Derivative, subject: Subject, seed: number, budget: Budget) {
  const { analysis, wrt } = subject;
  const held = wrt.filter((n) => analysis.names.get(n)?.role === 'assigned');
  const symbols = [...randomPoint(analysis, seed, { held }).sizes.keys()];
  const seeds = [seed, `${seed}+1`, `${seed}+2`, `${seed}+3`];
  const draws = [undefined, 11, 101].map((least) =>
    seeds.flatMap((s) =>
      ranges.map((range) => () => {
        const sizes = least === undefined ? {} : { sizes: new Map(symbols.map((name, k) => [name, least + 2 * k])) };
        return randomPoint(analysis, s, { held, range, ...sizes });
      }),
    ),
  );
  const found =
    firstOf(draws.flat(), ({ values }) => {
      const f = localFunction(derivative, subject, values, budget);
      return allFinite(f.value(f.x)) && allFinite(f.push({ shape: f.x.shape, data: f.x.data.map(() => 1) }));
    }) ?? draws[0]![0]!();
  return { point: found.values as PointValues, random: { seed, sizes: found.sizes } };
}

/** The first made thing that passes the test; what cannot be indexed does not. */
function firstOf<T>(makers: readonly (() => T)[], passes: (made: T) => boolean): T | undefined {
  for (const make of makers) {
    const made = make();
    try {
      if (passes(made)) return made;
    } catch (error) {
      if (!(error instanceof WrtError) || error.diagnostics[0]?.code !== 'shape/index') throw error;
    }
  }
  return undefined;
}

/** The function as one of its (last) variable alone, everything else held at the point. */
export function localFunction(
  derivative: Derivative,
  subject: Subject,
  point: PointValues,
  budget: Budget,
): LocalFunction {
  const { analysis, raw, wrt } = subject;
  const variable = wrt.at(-1)!;
  const x = point.get(variable) ?? fail('name/unbound', `'${variable}' has no value at this point`);
  const level = raw.levels[wrt.length - 1]!;
  const shape = sizesOf(level.shape, scopeAt(analysis, wrt, point).sizes);
  const value = (at: NdArray): NdArray => {
    const { held, inputs, sizes, indices, variables } = scopeAt(analysis, wrt, new Map([...point, [variable, at]]));
    return wrt.length === 1
      ? evaluateProgram(analysis, inputs, { held }, budget).output
      : evaluateNode(level, { variables, sizes, indices }, budget);
  };
  return {
    x,
    value(at) {
      try {
        return value(at);
      } catch (error) {
        // No value here, as of the inverse of a singular matrix: one more entry that is not finite.
        if (!(error instanceof WrtError) || !error.diagnostics[0]?.code.startsWith('math/')) throw error;
        return { shape, data: new Float64Array(entryCount(shape)).fill(Number.NaN) };
      }
    },
    push(dx) {
      if (budget.remaining() <= 0) fail('limit/time', `the time limit of ${budget.limits.milliseconds} ms was reached`);
      return unwrap(derivative.condensed.apply(point, dx));
    },
  };
}

/** The function's name: the output, or ∂y/∂x where a second derivative is looked at. */
export function functionName({ output, wrt }: Subject): string {
  const inner = wrt.slice(0, -1);
  if (inner.length === 0) return output;
  const top = inner.length > 1 ? `∂${'⁰¹²³⁴⁵⁶⁷⁸⁹'[inner.length] ?? ''}${output}` : `∂${output}`;
  return `${top}/${inner.map((n) => `∂${n}`).join('')}`;
}

/** The function at a completed point, or one entry of it. A number is its own entry. Errors: `shape/entry`. */
export function localAt(
  derivative: Derivative,
  point: PointValues,
  { entry, seed = 1 }: { readonly entry?: readonly number[] | undefined; readonly seed?: number },
  budget: Budget,
): Local {
  const subject = subjectOf(derivative);
  const f = localFunction(derivative, subject, point, budget);
  const { shape } = f.value(f.x);
  const place = entry ? placeOf(functionName(subject), shape, entry) : shape.length === 0 ? 0 : undefined;
  const one = entry && place !== undefined ? entryOf(f, place) : f;
  return { derivative, subject, point, f: one, shape, ...(place === undefined ? {} : { place }), seed };
}
