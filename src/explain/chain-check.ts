import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import { type NdArray, ndarray } from '../base/ndarray.ts';
import { createRandom } from '../base/random.ts';
import { bindPoint } from '../interpret/bind.ts';
import { type Point, randomPoint } from '../interpret/points.ts';
import { evaluateProgram } from '../interpret/program.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { sizeSymbols } from '../shape/size.ts';
import type { Node } from '../tensor/node.ts';
import type { ChainGraph } from './chain-graph.ts';

/** How a formula fared against finite differences of the program, run by the interpreter. */
export interface ChainCheck {
  readonly status: 'verified' | 'failed' | 'not verified';
  /** The largest relative error found. */
  readonly error: number;
  /** What it was compared with, in words; or why it could not be. */
  readonly how: string;
}

export const unchecked = (why: string): ChainCheck => ({ status: 'not verified', error: 0, how: why });

/** A point at which every name of a graph has a value. */
export interface Place {
  readonly sizes: ReadonlyMap<string, number>;
  readonly indices: ReadonlyMap<string, number>;
  /** Inputs, and every name between the sources and the output. */
  readonly values: ReadonlyMap<string, NdArray>;
  /** Sizes and index symbols as the program interpreter takes them. */
  readonly scalars: ReadonlyMap<string, NdArray>;
  readonly random: boolean;
}

/** Values of all names where the inputs are given. Errors: those of evaluating the program. */
export function placeAt(
  graph: ChainGraph,
  given: ReadonlyMap<string, NdArray>,
  random: boolean,
  budget: Budget,
): Place {
  const { analysis } = graph;
  const { sizes, values } = bindPoint(analysis, new Map([...given].filter(([name]) => isInput(graph, name))));
  const scalars = new Map([...values].filter(([name]) => !isArray(graph, name)));
  for (const [symbol, size] of sizes) scalars.set(symbol, ndarray([], [size]));
  const indices = new Map<string, number>();
  for (const info of analysis.names.values())
    if (info.role === 'index' && values.has(info.name)) indices.set(info.name, values.get(info.name)!.data[0]!);
  const all = new Map(values);
  const run = evaluateProgram(graph.view(graph.output), values, {}, budget);
  for (const [name, value] of run.values) all.set(name, value);
  all.set(graph.output, run.output);
  return { sizes, indices, values: all, scalars, random };
}

const isArray = (graph: ChainGraph, name: string): boolean => {
  const role = graph.analysis.names.get(name)?.role;
  return role === 'input' || role === 'assigned';
};
/** An assigned source is independent for the chain, but its value is the program's. */
const isInput = (graph: ChainGraph, name: string): boolean => !graph.analysis.assigned.has(name);

/** Where random points are looked for; the large ones keep long chains from growing or dying out. */
export type Temper = 'positive' | 'centred' | 'gentle';

/** Sizes for programs with many size symbols, where ever larger primes would make arrays too large. */
const smallPrimes = [3, 5, 2, 7];
const largerPrimes = [29, 31, 37, 41];
const mostDistinctSizes = 6;

/** Arrays larger than this are not worth a numeric check. */
const mostEntries = 200_000;

/** What an error says of a numeric attempt; a request that was cancelled, or has no time left, goes on to its end. */
export function giveUp(error: unknown): string {
  const code = error instanceof WrtError ? error.diagnostics[0]?.code : undefined;
  if (code === undefined || code.startsWith('cancelled/') || code === 'limit/time') throw error;
  return (error as WrtError).message;
}

/** A random point at which all names are finite and which `accept` likes; failing that, the first finite one. */
export function randomPlace(
  graph: ChainGraph,
  seed: number,
  tempers: readonly Temper[],
  accept: (place: Place) => boolean,
  budget: Budget,
): Place | undefined {
  for (const info of graph.analysis.names.values())
    if (info.type.axes.reduce<number>((n, s) => n * (typeof s === 'number' ? s : 7), 1) > mostEntries) return undefined;
  let spare: Place | undefined;
  let sizes = cyclingSizes(graph, smallPrimes, mostDistinctSizes);
  for (let round = 0; round < 3; round++)
    for (const temper of tempers) {
      budget.tick();
      try {
        const point = tempered(
          graph,
          randomPoint(graph.declared, round === 0 ? seed : `${seed}+${round}`, {
            range: temper === 'centred' ? [-1, 1] : [0.3, 1.7],
            ...(sizes ? { sizes } : {}),
          }),
          temper,
        );
        const place = placeAt(graph, point, true, budget);
        if (![...place.values.values()].every((a) => a.data.every(Number.isFinite))) continue;
        if (accept(place)) return place;
        spare ??= place;
      } catch (error) {
        giveUp(error);
        // An index such as 9 asks for larger arrays.
        if (error instanceof WrtError && error.diagnostics[0]?.code === 'shape/index')
          sizes = cyclingSizes(graph, largerPrimes, 0);
      }
    }
  return spare;
}

function cyclingSizes(
  { analysis }: ChainGraph,
  primes: readonly number[],
  unless: number,
): ReadonlyMap<string, number> | undefined {
  const symbols = new Set<string>();
  for (const info of analysis.names.values())
    for (const size of info.type.axes) for (const symbol of sizeSymbols(size)) symbols.add(symbol);
  if (symbols.size <= unless) return undefined;
  return new Map([...symbols].map((symbol, k) => [symbol, primes[k % primes.length]!] as const));
}

/** Matrices scaled so that a product with them keeps the size of what it is applied to. */
function tempered({ declared }: ChainGraph, { values }: Point, temper: Temper): ReadonlyMap<string, NdArray> {
  if (temper === 'positive') return values;
  return new Map(
    [...values].map(([name, a]) => {
      const info = declared.names.get(name);
      if (info?.role !== 'input' || info.properties.length > 0 || a.shape.length === 0) return [name, a] as const;
      const wide = a.shape.length === 1 ? 1 : Math.max(...a.shape);
      const factor = temper === 'gentle' ? (a.shape.length === 1 ? 0.3 : 1 / wide) : 1.6 / Math.sqrt(wide);
      return [name, { shape: a.shape, data: a.data.map((x) => x * factor) }] as const;
    }),
  );
}

/** The value of one definition at the place, with some of the names that it mentions changed. */
export function definitionAt(
  graph: ChainGraph,
  name: string,
  place: Place,
  changed: ReadonlyMap<string, NdArray>,
  budget: Budget,
): NdArray {
  const held = new Map<string, NdArray>();
  const inputs = new Map(place.scalars);
  for (const used of graph.mentions.get(name)!) {
    const value = changed.get(used) ?? place.values.get(used)!;
    if (graph.analysis.assigned.has(used)) held.set(used, value);
    else inputs.set(used, value);
  }
  return evaluateProgram(graph.alone(name), inputs, { held }, budget).output;
}

/** The value of `of` (the output unless told) when some names are changed and everything after them follows. */
export function programAt(
  graph: ChainGraph,
  place: Place,
  changed: ReadonlyMap<string, NdArray>,
  budget: Budget,
  of: string = graph.output,
): NdArray {
  const held = new Map<string, NdArray>();
  const inputs = new Map(place.scalars);
  for (const [name, value] of place.values) if (isArray(graph, name) && isInput(graph, name)) inputs.set(name, value);
  // An independent name that the program assigns keeps its value when names before it change.
  for (const source of graph.sources) if (!isInput(graph, source)) held.set(source, place.values.get(source)!);
  for (const [name, value] of changed) (isInput(graph, name) ? inputs : held).set(name, value);
  return held.get(of) ?? inputs.get(of) ?? evaluateProgram(graph.view(of), inputs, { held }, budget).output;
}

export const nodeAt = (node: Node, { values, sizes, indices }: Place, budget: Budget): NdArray =>
  evaluateNode(node, { variables: values, sizes, indices }, budget);

export const tolerance = 1e-6;
const steps = [1e-3, 1e-4, 1e-5];

/** A direction with entries in [-1, 1). */
export function direction(shape: readonly number[], ...seed: readonly (string | number)[]): NdArray {
  const random = createRandom('chain', ...seed);
  const count = shape.reduce((n, s) => n * s, 1);
  return ndarray(
    shape,
    Array.from({ length: count }, () => random.between(-1, 1)),
  );
}

export const moved = (x: NdArray, h: number, v: NdArray): NdArray => ({
  shape: x.shape,
  data: x.data.map((value, i) => value + h * v.data[i]!),
});

export const largest = (data: ArrayLike<number>): number => {
  let top = 0;
  for (let i = 0; i < data.length; i++) top = Math.max(top, Math.abs(data[i]!));
  return top;
};

/**
 * How far what is claimed of f's derivative along v is from central differences (one step of Richardson), relative to
 * `scale`. A kink may lie within a long step and rounding spoils a short one: the best of three counts.
 */
export function differenceError(
  f: (x: NdArray) => ArrayLike<number>,
  x: NdArray,
  v: NdArray,
  claimed: ArrayLike<number>,
  scale: number,
): number {
  let best = Number.POSITIVE_INFINITY;
  for (const h of steps) {
    const central = (step: number): readonly number[] => {
      const [up, down] = [f(moved(x, step, v)), f(moved(x, -step, v))];
      return Array.from(up, (u, i) => (u - down[i]!) / (2 * step));
    };
    const [wide, narrow] = [central(h), central(h / 2)];
    let error = 0;
    let size = scale;
    for (let i = 0; i < claimed.length; i++) {
      const estimate = (4 * narrow[i]! - wide[i]!) / 3;
      size = Math.max(size, Math.abs(estimate), Math.abs(claimed[i]!));
      error = Math.max(error, Math.abs(estimate - claimed[i]!));
    }
    const relative = error === 0 ? 0 : error / size;
    if (!(relative >= best)) best = Number.isNaN(relative) ? best : relative;
    if (best < 1e-9) break;
  }
  return best;
}

export const verdict = (error: number, how: string): ChainCheck => ({
  status: error <= tolerance ? 'verified' : 'failed',
  error,
  how,
});
