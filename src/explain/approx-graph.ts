/** One number that moves: an entry of a variable. */
export interface Coordinate {
  /** `t`, `x[2]`. */
  readonly label: string;
  readonly variable: string;
  /** Its place in the variable, from 0. */
  readonly place: number;
  readonly at: number;
}

export type Interval = readonly [low: number, high: number];

/** A number as a function of one or two numbers, with its slopes at a point, which are the derivative's. */
export interface NumberFunction {
  readonly coordinates: readonly Coordinate[];
  readonly slopes: readonly number[];
  value(at: readonly number[]): number;
}

/** The tangent at a point: a line, or a plane. */
export interface Tangent {
  readonly coordinates: readonly Coordinate[];
  readonly value: number;
  readonly slopes: readonly number[];
  /** Where the graph is looked at. */
  readonly window: readonly Interval[];
  /** The part of the tangent that is drawn: all of a line, of a plane what lies around the point. */
  readonly patch: readonly Interval[];
  /** Heights at the ends of the line or the corners of the plane, the first coordinate changing fastest. */
  readonly corners: readonly number[];
}

/** A curve or a surface as heights over a grid. */
export interface Graph {
  readonly labels: readonly string[];
  /** Places along each coordinate. */
  readonly grid: readonly (readonly number[])[];
  /** Heights over the grid, the first coordinate changing fastest; NaN where there is none. */
  readonly heights: readonly number[];
  /** Heights worth showing: a pole does not press all others flat. */
  readonly range: Interval;
}

/** How far one looks to each side of the point, at least. */
const reach = 2;
/** The part of the window that a tangent plane takes up to each side. */
const patchPart = 0.2;
const places = [161, 33] as const;

/** The window that was kept, while the point lies in it; otherwise one around the point. */
const windowAt = (at: readonly number[], kept: readonly Interval[] | undefined): readonly Interval[] =>
  kept?.length === at.length && at.every((x, k) => x >= kept[k]![0] && x <= kept[k]![1])
    ? kept
    : at.map((x): Interval => {
        const far = Math.max(reach, Math.abs(x) / 2);
        return [x - far, x + far];
      });

export function tangentOf(f: NumberFunction, kept?: readonly Interval[]): Tangent {
  const { coordinates, slopes } = f;
  const at = coordinates.map((c) => c.at);
  const value = f.value(at);
  const window = windowAt(at, kept);
  const patch =
    window.length === 1
      ? window
      : window.map(([low, high], k): Interval => {
          const far = patchPart * (high - low);
          return [Math.max(low, at[k]! - far), Math.min(high, at[k]! + far)];
        });
  const corners = product(patch).map((corner) => corner.reduce((y, x, k) => y + slopes[k]! * (x - at[k]!), value));
  return { coordinates, value, slopes, window, patch, corners };
}

export function graphOf(f: NumberFunction, window: readonly Interval[]): Graph {
  const count = places[window.length - 1]!;
  const grid = window.map(([low, high]) =>
    Array.from({ length: count }, (_, k) => low + ((high - low) * k) / (count - 1)),
  );
  const heights = product(grid).map((at) => f.value(at));
  return { labels: f.coordinates.map((c) => c.label), grid, heights, range: rangeOf(heights) };
}

/** All combinations, the first coordinate changing fastest. */
const product = (lists: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  lists.reduce<readonly (readonly number[])[]>(
    (made, list) => list.flatMap((x) => made.map((head) => [...head, x])),
    [[]],
  );

/** So many times as high as most of the graph, the rest of it is cut off. */
const tall = 6;

function rangeOf(heights: readonly number[]): Interval {
  const sorted = heights.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return [-1, 1];
  const quantile = (part: number): number => sorted[Math.round(part * (sorted.length - 1))]!;
  const [low, high] = [quantile(0), quantile(1)];
  const [most, least] = [quantile(0.9), quantile(0.1)];
  const room = tall * (most - least);
  if (high === low) return [low - 1, high + 1];
  return high - low > room && room > 0
    ? [Math.max(low, least - room / 4), Math.min(high, most + room / 4)]
    : [low, high];
}
