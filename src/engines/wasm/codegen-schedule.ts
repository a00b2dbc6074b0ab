import type { Nest } from '../loops.ts';

/** In which order and in what steps the loops of a nest are run. */
export interface Schedule {
  /** Kept loops around the group, outermost first, then the summed ones around the lanes. */
  readonly outer: readonly number[];
  /** How many of `outer` are kept; the rest is summed. */
  readonly kept: number;
  /** The loop that runs in vectors; none where there is no loop at all. */
  readonly lanes: number | undefined;
  /** Vectors that are computed together: neighbours along `along`, which is the lanes themselves or a kept loop. */
  readonly group: { readonly along: number | undefined; readonly count: number };
}

/** Reads of a vector whose lanes lie apart cost one load per lane. */
const apart = 1.2;

/** Rows of a blocked transpose: more would evict each other where rows lie a power of two apart, fewer waste lines. */
const transposed = 8;

/**
 * Chooses the lanes where most arrays are read without gaps, and groups of vectors. Where an array lies across the lanes
 * the group goes along the loop in which that array has no gaps (a blocked transpose): each line of the cache that is
 * touched is used up while it is there.
 */
export function scheduleLoops(nest: Nest, width: number, weight: number): Schedule {
  const loops = nest.extents.map((_, loop) => loop);
  const summedTurns = loops.reduce((turns, loop) => (nest.summed[loop] ? turns * nest.extents[loop]! : turns), 1);
  const cost = (loop: number): number => {
    const extent = nest.extents[loop]!;
    const groups = Math.floor(extent / width) + (extent % width);
    let perGroup = 0.5 * weight;
    nest.strides.forEach((strides, array) => {
      const stride = strides[loop]!;
      // The result of a sum is written once, after all turns of the summed loops.
      const share = array === 0 ? (nest.summed[loop] ? 0 : 1 / summedTurns) : 1;
      perGroup += share * (stride === 1 ? 1 : stride === 0 ? 0.1 : apart * width);
    });
    return (perGroup * groups) / extent;
  };
  const lanes = loops.length === 0 ? undefined : loops.reduce((a, b) => (cost(b) <= cost(a) ? b : a));
  const rest = loops.filter((loop) => loop !== lanes);
  const keptLoops = rest.filter((loop) => !nest.summed[loop]);
  const outer = [...keptLoops, ...rest.filter((loop) => nest.summed[loop])];
  const count = weight > 24 ? 2 : 4;
  if (lanes === undefined) return { outer, kept: 0, lanes, group: { along: undefined, count: 1 } };
  const across = nest.strides.findIndex((s, array) => array > 0 && s[lanes]! > 1 && keptLoops.some((l) => s[l] === 1));
  const along = across < 0 ? undefined : keptLoops.find((l) => nest.strides[across]![l] === 1);
  if (along !== undefined && nest.extents[along]! >= 4) {
    // The grouped loop comes last of the kept ones: its blocks run outside the lanes, its turns inside.
    const others = keptLoops.filter((l) => l !== along);
    const block = Math.min(transposed, nest.extents[along]!);
    return {
      outer: [...others, along, ...outer.slice(keptLoops.length)],
      kept: keptLoops.length,
      lanes,
      group: { along, count: block },
    };
  }
  return { outer, kept: keptLoops.length, lanes, group: { along: lanes, count } };
}
