import { i32, type Local, shuffle32, shuffle64, type Value, v128 } from '../assembler/index.ts';
import type { Argument, Kit, Vectors } from './vectors.ts';

// One line of an array, or several neighbouring lines side by side, as loops over vectors.

type Step = (sums: Vectors, entries: Vectors, put: (values: Vectors) => void) => Vectors;

export interface Line {
  /** Folds the entries in; what `put` is given is written to the output in their place. */
  reduce(start: number, step: Step, join: (a: Vectors, b: Vectors) => Vectors): Argument;
  /** Writes what `step` makes of the entries of the input, or of what was written to the output before. */
  rewrite(from: 'input' | 'output', step: (entries: Vectors) => Vectors): void;
  /** Writes the one number of a line. */
  result(value: Argument): void;
}

type Address = Local<'i32'>;
type V = Value<'v128'>;

/** Vectors that are worked on side by side. */
const most = 4;

/** The first `count` lanes, which are not all of them. */
function loadPart(k: Kit, at: Address, count: number, offset: number): V {
  let v = k.d.loadOne(at, offset);
  for (let i = 1; i < count; i++) v = k.d.loadLane(at, v, i, offset + i * k.d.bytes);
  return v;
}

function storePart(k: Kit, at: Address, v: Local<'v128'>, count: number, offset: number): void {
  for (let i = 0; i < count; i++) k.f.do(k.d.storeLane(at, v, i, offset + i * k.d.bytes));
}

/** All lanes joined, in every lane. */
function joinLanes(k: Kit, v: Vectors, join: (a: Vectors, b: Vectors) => Vectors): Vectors {
  if (k.d.lanes === 2)
    return join(
      v,
      k.each((x) => shuffle64(x!, x!, 1, 0), v),
    );
  const halves = join(
    v,
    k.each((x) => shuffle32(x!, x!, 2, 3, 0, 1), v),
  );
  return join(
    halves,
    k.each((x) => shuffle32(x!, x!, 1, 0, 3, 2), halves),
  );
}

/** The line of `length` neighbours at x; its output at y. */
export function contiguousLine(k: Kit, x: Address, y: Address, length: number): Line {
  const { f, d } = k;
  const whole = Math.floor(length / d.lanes);
  const rest = length % d.lanes;
  const looped = whole - (whole % most);
  const end = whole * 16;
  const i = f.local('i32');

  /** Calls `visit` for all entries, up to four vectors at a time; `part` is the number of lanes that count. */
  const walk = (visit: (width: number, at: Address, to: Address, offset: number, part?: number) => void): void => {
    f.for(i, 0, looped * 16, most * 16, () =>
      f.scope(() => visit(most, f.let(i32.add(x, i)), f.let(i32.add(y, i)), 0)),
    );
    if (whole > looped) f.scope(() => visit(whole - looped, x, y, looped * 16));
    if (rest > 0) f.scope(() => visit(1, x, y, end, rest));
  };
  const read = (width: number, at: Address, offset: number, part?: number): Vectors =>
    Array.from({ length: width }, (_, u) =>
      f.let(part ? loadPart(k, at, part, offset) : v128.load(at, offset + 16 * u)),
    );
  const write = (values: Vectors, at: Address, offset: number, part?: number): void => {
    values.forEach((v, u) => {
      if (part) storePart(k, at, v, part, offset);
      else f.do(v128.store(at, v, offset + 16 * u));
    });
  };
  const lanesBelow = (count: number): Local<'v128'> => {
    const bits = Array.from({ length: 16 }, (_, byte) => (byte < count * d.bytes ? 0xff : 0));
    return f.constant(v128.const(bits));
  };

  return {
    reduce(start, step, join) {
      const width = Math.max(1, Math.min(most, whole));
      const sums = Array.from({ length: width }, () => f.let(k.number(start) as V));
      walk((used, at, to, offset, part) => {
        const entries = read(used, at, offset, part);
        const own = sums.slice(0, used);
        const next = step(own, entries, (values) => write(values, to, offset, part));
        k.set(own, part ? k.select(lanesBelow(part), next, own) : next);
      });
      let total: Vectors = [sums[0]!];
      for (const sum of sums.slice(1)) total = join(total, [sum]);
      return joinLanes(k, total, join)[0]!;
    },
    rewrite(from, step) {
      walk((used, at, to, offset, part) => {
        write(step(read(used, from === 'input' ? at : to, offset, part)), to, offset, part);
      });
    },
    result(value) {
      const v = 'local' in value ? value : value[0]!;
      f.do(d.storeLane(y, v, 0));
    },
  };
}

/**
 * Lines side by side from x on, as many as `width` vectors hold, or `part` lanes of one; the entries of a line are
 * `stride` bytes apart. Outputs of whole lines lie the same way from y on.
 */
export function parallelLines(
  k: Kit,
  x: Address,
  y: Address,
  length: number,
  stride: number,
  width: number,
  part?: number,
): Line {
  const { f } = k;
  const i = f.local('i32');
  const walk = (visit: (offset: Address) => void): void =>
    f.for(i, 0, length * stride, stride, () => f.scope(() => visit(i)));
  const read = (base: Address, offset: Address): Vectors => {
    const at = f.let(i32.add(base, offset));
    return Array.from({ length: width }, (_, u) => f.let(part ? loadPart(k, at, part, 0) : v128.load(at, 16 * u)));
  };
  const write = (values: Vectors, at: Address): void => {
    values.forEach((v, u) => {
      if (part) storePart(k, at, v, part, 0);
      else f.do(v128.store(at, v, 16 * u));
    });
  };
  return {
    reduce(start, step) {
      const sums = Array.from({ length: width }, () => f.let(k.number(start) as V));
      walk((offset) =>
        k.set(
          sums,
          step(sums, read(x, offset), (values) => write(values, f.let(i32.add(y, offset)))),
        ),
      );
      return sums;
    },
    rewrite(from, step) {
      walk((offset) => write(step(read(from === 'input' ? x : y, offset)), f.let(i32.add(y, offset))));
    },
    result(value) {
      write('local' in value ? [value] : value, y);
    },
  };
}
