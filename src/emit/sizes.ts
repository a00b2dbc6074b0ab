import { fail } from '../base/diagnostic.ts';
import type { Plan } from '../plan/plan.ts';
import { type Size, sizeFactor, sizeProduct, sizeQuotient, sizeSymbols } from '../shape/size.ts';

/** A size symbol that is read off an input: the length of that axis, divided by `divisor` (1 unless the axis is a product). */
export interface SizeReading {
  readonly symbol: string;
  /** Position in `plan.inputs`. */
  readonly input: number;
  readonly axis: number;
  /** Made of symbols that are known by then. */
  readonly divisor: Size;
}

/** How size symbols get their values. Axes that no reading names are checked: `axisOf(input, axis)` tells which. */
export interface SizeReadings {
  /** In an order in which each can be computed: bare symbols first, by input, then quotients. */
  readonly readings: readonly SizeReading[];
  /** Symbols that no input shows; they become parameters of the function. */
  readonly parameters: readonly string[];
  /** The symbol that this axis, bare, is the first to show. */
  readonly shows: (input: number, axis: number) => string | undefined;
}

/** Reads size symbols off the shapes of the inputs: the first axis that is a bare symbol binds it, products are solved. */
export function readSizes(plan: Plan): SizeReadings {
  const readings: SizeReading[] = [];
  const known = new Set<string>();
  const first = new Map<string, string>();
  const axes = plan.inputs.flatMap(({ shape }, input) => shape.map((size, axis) => ({ size, input, axis })));
  for (const { size, input, axis } of axes) {
    const [symbol, ...more] = sizeSymbols(size);
    if (symbol === undefined || more.length > 0 || sizeFactor(size) !== 1 || known.has(symbol)) continue;
    known.add(symbol);
    first.set(`${input},${axis}`, symbol);
    readings.push({ symbol, input, axis, divisor: 1 });
  }
  for (let found = true; found; ) {
    found = false;
    for (const { size, input, axis } of axes) {
      const open = sizeSymbols(size).filter((s) => !known.has(s));
      if (open.length !== 1) continue;
      known.add(open[0]!);
      readings.push({ symbol: open[0]!, input, axis, divisor: sizeQuotient(size, open[0]!)! });
      found = true;
    }
  }
  return {
    readings,
    parameters: plan.sizes.filter((s) => !known.has(s)),
    shows: (input, axis) => first.get(`${input},${axis}`),
  };
}

/** Different primes for the size symbols of a self-check: a lost transpose changes a shape. Literal sizes are left out. */
export function checkSizes(plan: Plan): ReadonlyMap<string, number> {
  const literal = new Set<Size>(plan.inputs.flatMap((input) => input.shape));
  const primes = [5, 3, 2, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47].filter((p) => !literal.has(p));
  return new Map(plan.sizes.map((symbol, k) => [symbol, primes[k] ?? 53 + 2 * k]));
}

/** The product of sizes as code, `names` telling the identifier of each symbol; precedence is that of a product. */
export function sizeText(size: Size, names: ReadonlyMap<string, string>, times = ' * '): string {
  const factor = sizeFactor(size);
  const symbols = sizeSymbols(size).map(
    (s) => names.get(s) ?? fail('internal/plan', `the size symbol '${s}' has no name`),
  );
  return (factor === 1 && symbols.length > 0 ? symbols : [String(factor), ...symbols]).join(times);
}

/** How many entries a shape has, as a size. */
export const entriesOf = (shape: readonly Size[]): Size => sizeProduct(...shape);
