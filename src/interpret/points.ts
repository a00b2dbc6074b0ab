import { fail } from '../base/diagnostic.ts';
import { entryCount, type NdArray, scalarArray } from '../base/ndarray.ts';
import { createRandom, type Random } from '../base/random.ts';
import { sizeSymbols } from '../shape/size.ts';
import type { Property } from '../shape/type.ts';
import type { Analysis, NameInfo } from '../syntax/analysis.ts';
import { sizesOf } from './bind.ts';

export interface Point {
  /** Sizes, inputs and index symbols together, as `evaluateProgram` takes them. */
  readonly values: ReadonlyMap<string, NdArray>;
  readonly sizes: ReadonlyMap<string, number>;
  readonly indices: ReadonlyMap<string, number>;
}

export interface PointOptions {
  /** Values are drawn from this interval. */
  readonly range?: readonly [number, number];
  /** Sizes that are chosen already; the others become different primes. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Assigned names that are independent and so need a value too. */
  readonly held?: Iterable<string>;
}

/** Where the usual functions are defined and not flat. */
export const defaultRange: readonly [number, number] = [0.3, 1.7];

/**
 * A seeded random point for a program: a different prime for every size symbol, so that a lost transpose changes a
 * shape, and arrays that have the declared properties.
 */
export function randomPoint(analysis: Analysis, seed: number | string, options: PointOptions = {}): Point {
  const sizes = primeSizes(analysis, seed, options.sizes ?? new Map());
  const values = new Map<string, NdArray>();
  const indices = new Map<string, number>();
  for (const [symbol, size] of sizes) if (!analysis.names.has(symbol)) values.set(symbol, scalarArray(size));
  const held = new Set(options.held);
  for (const info of analysis.names.values()) {
    if (info.role === 'input' || held.has(info.name)) values.set(info.name, randomInput(info, seed, options, sizes));
    if (info.role !== 'index') continue;
    const random = createRandom('index', seed, info.name);
    const index = 1 + random.integer(indexLimit(analysis, info.name, sizes));
    indices.set(info.name, index);
    values.set(info.name, scalarArray(index));
  }
  return { values, sizes, indices };
}

const randomInput = (
  info: NameInfo,
  seed: number | string,
  options: PointOptions,
  sizes: ReadonlyMap<string, number>,
): NdArray =>
  randomArray(
    sizesOf(info.type.axes, sizes),
    info.properties,
    createRandom('point', seed, info.name),
    options.range ?? defaultRange,
  );

/** The smallest axis that an index symbol stands at, so that every place accepts it. */
function indexLimit(analysis: Analysis, name: string, sizes: ReadonlyMap<string, number>): number {
  let limit = Number.POSITIVE_INFINITY;
  for (const expr of analysis.types.keys()) {
    if (expr.kind !== 'index') continue;
    const axes = analysis.types.get(expr.target)?.axes ?? [];
    expr.indices.forEach((index, k) => {
      if (index?.kind !== 'name' || index.name !== name) return;
      const along = expr.indices.length === 1 ? axes : axes.slice(k, k + 1);
      limit = Math.min(limit, entryCount(sizesOf(along, sizes)));
    });
  }
  return Number.isFinite(limit) ? limit : 1;
}

/** Different primes for the symbols of a program, in an order that depends on the seed. */
function primeSizes(
  analysis: Analysis,
  seed: number | string,
  given: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const symbols = new Set<string>();
  const collect = (axes: readonly (number | string)[]): void => {
    for (const size of axes) for (const symbol of sizeSymbols(size)) symbols.add(symbol);
  };
  for (const info of analysis.names.values()) {
    collect(info.type.axes);
    if (info.shape.kind === 'function') collect([...info.shape.from, ...info.shape.to]);
  }
  for (const type of analysis.types.values()) collect(type.axes);
  const open = [...symbols].filter((symbol) => !given.has(symbol));
  const taken = new Set(given.values());
  const primes = firstPrimes(open.length + taken.size)
    .filter((p) => !taken.has(p))
    .slice(0, open.length);
  shuffle(primes, createRandom('sizes', seed));
  return new Map([...given, ...open.map((symbol, k) => [symbol, primes[k]!] as const)]);
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p !== 0)) primes.push(n);
  return primes;
}

function shuffle<T>(items: T[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}

/** A random array that has the properties; `declaration/property` when they do not fit the shape. */
export function randomArray(
  shape: readonly number[],
  properties: readonly Property[],
  random: Random,
  range: readonly [number, number] = defaultRange,
): NdArray {
  const has = (property: Property): boolean => properties.includes(property);
  const [m, n] = shape as [number, number];
  if (has('orthogonal')) return { shape, data: orthogonal(m, n, random) };
  const draw = (): number => {
    const x = random.between(...range);
    return has('nonnegative') || (has('diagonal') && has('positive definite')) ? Math.abs(x) : x;
  };
  const data = Float64Array.from({ length: entryCount(shape) }, draw);
  if (!has('symmetric') && !has('diagonal') && !has('positive definite')) return { shape, data };
  if (shape.length !== 2 || m !== n)
    return fail('declaration/property', `a matrix of shape ${shape.join('×')} cannot be ${properties.join(', ')}`);
  if (has('diagonal')) return { shape, data: data.map((x, e) => (e % (n + 1) === 0 ? x : 0)) };
  // B + Bᵀ keeps the range; BBᵀ/n + I/2 has no eigenvalue below a half.
  const entry = (i: number, j: number): number => {
    if (!has('positive definite')) return (data[i * n + j]! + data[j * n + i]!) / 2;
    let sum = i === j ? n / 2 : 0;
    for (let k = 0; k < n; k++) sum += data[i * n + k]! * data[j * n + k]!;
    return sum / n;
  };
  return {
    shape,
    data: data.map((_, e) => entry(Math.min(Math.floor(e / n), e % n), Math.max(Math.floor(e / n), e % n))),
  };
}

/** Orthonormal columns (rows where the matrix is wide) by Gram and Schmidt, each step done twice for full precision. */
function orthogonal(m: number, n: number, random: Random): Float64Array {
  const [length, count] = [Math.max(m, n), Math.min(m, n)];
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const v = Float64Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass++)
      for (const u of basis) {
        const along = u.reduce((sum, x, i) => sum + x * v[i]!, 0);
        for (let i = 0; i < length; i++) v[i]! -= along * u[i]!;
      }
    const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    if (norm > 1e-6) basis.push(v.map((x) => x / norm));
  }
  return Float64Array.from({ length: m * n }, (_, e) => {
    const [i, j] = [Math.floor(e / n), e % n];
    return m >= n ? basis[j]![i]! : basis[i]![j]!;
  });
}
