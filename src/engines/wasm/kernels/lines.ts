import { type Func, i32, type ModuleBuilder } from '../assembler/index.ts';
import type { Dialect } from './dialect.ts';
import { applyFunction } from './elementwise.ts';
import { contiguousLine, type Line, parallelLines } from './line.ts';
import { type Argument, createKit, type Kit, type Vectors } from './vectors.ts';

// Reductions and normalisations along one axis. The array is [outer, length, inner], and a line runs along the middle.
// Where inner is 1 a line is read several vectors at a time; else neighbouring lines are done side by side.

export type LineFunction = 'softmax' | 'logsumexp' | 'max' | 'min' | 'maxmask' | 'minmask' | 'prod';

export interface LineSizes {
  readonly length: number;
  readonly inner: number;
}

/** Whether the result has the shape of the array, or one number for each line. */
const keepsLines = (fn: LineFunction): boolean => fn === 'softmax' || fn === 'maxmask' || fn === 'minmask';

export type LinesFunc = Func<readonly ['i32', 'i32', 'i32'], readonly []>;

/** lines(x, y, outer): `fn` of all lines of `outer` blocks of length·inner entries at x, written to y. */
export function lines(m: ModuleBuilder, d: Dialect, fn: LineFunction, { length, inner }: LineSizes): LinesFunc {
  return m.once(`lines.${d.dtype}.${fn}.${length}.${inner}`, () => {
    const f = m.func(fn, ['i32', 'i32', 'i32'], []);
    const k = createKit(m, f, d);
    const [x, y, outer] = f.params;
    const stride = inner * d.bytes;
    const sideBySide = (): void => {
      const whole = Math.floor(inner / d.lanes);
      const looped = whole - (whole % 4);
      const i = f.local('i32');
      const at = (offset: number) => [f.let(i32.add(x, offset)), f.let(i32.add(y, offset))] as const;
      f.for(i, 0, looped * 16, 64, () =>
        f.scope(() => oneLine(k, fn, parallelLines(k, f.let(i32.add(x, i)), f.let(i32.add(y, i)), length, stride, 4))),
      );
      if (whole > looped)
        f.scope(() => oneLine(k, fn, parallelLines(k, ...at(looped * 16), length, stride, whole - looped)));
      const rest = inner % d.lanes;
      if (rest > 0) f.scope(() => oneLine(k, fn, parallelLines(k, ...at(whole * 16), length, stride, 1, rest)));
    };
    f.hoist(() =>
      f.while(i32.gt(outer, 0), () => {
        if (inner > 1) sideBySide();
        // A product is not regrouped, so that it overflows where the definition does: one lane, entry by entry.
        else if (fn === 'prod') oneLine(k, fn, parallelLines(k, x, y, length, stride, 1, 1));
        else oneLine(k, fn, contiguousLine(k, x, y, length));
        f.set(x, i32.add(x, length * stride));
        f.set(y, i32.add(y, keepsLines(fn) ? length * stride : stride));
        f.set(outer, i32.sub(outer, 1));
      }),
    );
    return f;
  });
}

const asVectors = (a: Argument): Vectors => ('local' in a ? [a] : a);

/** Writes `fn` for one line, or for lines side by side. */
function oneLine(k: Kit, fn: LineFunction, line: Line): void {
  const { vector } = k.d;
  const larger = (a: Vectors, b: Vectors): Vectors => k.each((x, y) => vector.max(x!, y!), a, b);
  const smaller = (a: Vectors, b: Vectors): Vectors => k.each((x, y) => vector.min(x!, y!), a, b);
  const largest = (): Argument => line.reduce(Number.NEGATIVE_INFINITY, larger, larger);
  const smallest = (): Argument => line.reduce(Number.POSITIVE_INFINITY, smaller, smaller);
  // The largest entry is taken out first, so that nothing overflows.
  const exponentials = (top: Argument, keep: boolean): Argument =>
    line.reduce(
      0,
      (sums, entries, put) => {
        const e = applyFunction(k, 'exp', [k.sub(entries, top)]);
        if (keep) put(e);
        return k.add(sums, e);
      },
      k.add,
    );
  switch (fn) {
    case 'max':
      line.result(largest());
      break;
    case 'min':
      line.result(smallest());
      break;
    case 'prod':
      line.result(line.reduce(1, k.mul, k.mul));
      break;
    case 'softmax': {
      const total = exponentials(largest(), true);
      line.rewrite('output', (e) => k.div(e, total));
      break;
    }
    case 'logsumexp': {
      const top = asVectors(largest());
      const whole = k.add(top, applyFunction(k, 'log', [asVectors(exponentials(argument(top), false))]));
      // A top that is not finite is the result.
      const finite = k.lt(k.abs(top), k.number(Number.POSITIVE_INFINITY));
      line.result(k.select(finite, whole, top));
      break;
    }
    case 'maxmask':
    case 'minmask': {
      const top = fn === 'maxmask' ? largest() : smallest();
      const one = k.number(1);
      const hits = (entries: Vectors): Vectors => k.eq(entries, top);
      const ties = line.reduce(0, (count, entries) => k.add(count, k.and(hits(entries), one)), k.add);
      const share = argument(k.div(one, asVectors(ties)));
      line.rewrite('input', (entries) => k.and(hits(entries), share));
      break;
    }
  }
}

/** Vectors side by side as they are; a single one for any number of them. */
const argument = (v: Vectors): Argument => (v.length === 1 ? v[0]! : v);
