import type { ScalarOp } from '../../plan/plan.ts';
import { operandsOf } from '../../plan/scalar.ts';
import type { Nest } from '../loops.ts';
import { type FunctionBuilder, i32, type Local, type Operand, v128 } from './assembler/index.ts';
import { type BodyScope, type Group, writeBody } from './codegen-body.ts';
import type { Lanes, Vector } from './codegen-lanes.ts';
import { type Schedule, scheduleLoops } from './codegen-schedule.ts';
import type { Part } from './phases.ts';

/** A fused loop over arrays in memory: array 0 is written, the others are the arguments of the body. */
export interface FusedLoop {
  readonly nest: Nest;
  /** Where each array begins, in bytes. */
  readonly addresses: readonly number[];
  readonly body: readonly ScalarOp[];
  /** What a sum is multiplied by when it is complete. */
  readonly scale?: number;
}

export interface LoopScope extends BodyScope {
  /** The part of the loop to run; all of it without. */
  readonly part?: Part;
}

/** Where a class of arrays stands: those that move alike share one offset. */
interface Offset {
  readonly local: Local<'i32'> | undefined;
  readonly constant: number;
}
type Offsets = readonly Offset[];

/** Loops that come to fewer operations than this are written out. */
const unrolledOperations = 160;

/** Whether the loop can be cut into parts: its outermost loop is not summed. */
export function canCut({ nest, body }: FusedLoop, lanes: Lanes): boolean {
  const schedule = scheduleLoops(nest, lanes.lanes, body.length);
  return schedule.kept > 0 || (schedule.lanes !== undefined && !nest.summed[schedule.lanes]);
}

export function writeLoop(loop: FusedLoop, scope: LoopScope): void {
  const { nest } = loop;
  const { f, lanes } = scope;
  const schedule = scheduleLoops(nest, lanes.lanes, loop.body.length);
  const classes = classesOf(nest);
  const start: Offsets = classes.strides.map(() => ({ local: undefined, constant: 0 }));
  f.hoist(() => writeKept(createWriter(loop, schedule, classes, scope), 0, start, schedule.group.count));
}

interface Classes {
  /** In bytes by loop. */
  readonly strides: readonly (readonly number[])[];
  /** The class of each array. */
  readonly of: readonly number[];
}

function classesOf(nest: Nest): Classes {
  const keys = nest.strides.map((s) => s.join());
  const distinct = [...new Set(keys)];
  return {
    strides: distinct.map((key) => nest.strides[keys.indexOf(key)]!),
    of: keys.map((key) => distinct.indexOf(key)),
  };
}

type Writer = ReturnType<typeof createWriter>;

function createWriter(loop: FusedLoop, schedule: Schedule, classes: Classes, scope: LoopScope) {
  const { nest, addresses, body } = loop;
  const { f, lanes } = scope;
  const stride = (array: number, axis: number | undefined): number =>
    axis === undefined ? 0 : nest.strides[array]![axis]!;
  const at = (array: number, offsets: Offsets): { at: Operand<'i32'>; offset: number } => {
    const { local, constant } = offsets[classes.of[array]!]!;
    return { at: local ?? 0, offset: addresses[array]! + constant };
  };
  const moved = (offsets: Offsets, axis: number | undefined, turns: number): Offsets =>
    axis === undefined || turns === 0
      ? offsets
      : offsets.map((o, k) => ({ ...o, constant: o.constant + turns * classes.strides[k]![axis]! * lanes.bytes }));
  /** Turns from one vector of a group to the next. */
  const step = schedule.group.along === schedule.lanes ? lanes.lanes : 1;
  const place = (offsets: Offsets, vector: number): Offsets => moved(offsets, schedule.group.along, vector * step);
  return { loop, schedule, classes, scope, stride, at, moved, place, step, body, f, lanes, nest };
}

/** Runs `inside` for each turn of a loop (`step` turns at a time), with the offsets of all classes moved along. */
function turns(
  w: Writer,
  axis: number,
  from: Offsets,
  trips: number,
  step: number,
  unrolled: boolean,
  part: LoopScope['part'],
  inside: (offsets: Offsets) => void,
): void {
  const { f, classes, lanes } = w;
  if (trips <= 0) return;
  if (!part && (trips === 1 || unrolled)) {
    for (let turn = 0; turn < trips; turn++) inside(w.moved(from, axis, turn * step));
    return;
  }
  f.scope(() => {
    const counter = f.let<'i32'>(i32.const(trips));
    const first = part && f.let(cut(trips, part.index, part.parts));
    if (part && first) f.set(counter, i32.sub(cut(trips, i32.add(part.index, 1), part.parts), first));
    const moving = from.map((o, k): Offset => {
      const bytes = classes.strides[k]![axis]! * step * lanes.bytes;
      if (bytes === 0) return o;
      const base = o.local ?? i32.const(0);
      return { local: f.let(first ? i32.add(base, i32.mul(first, bytes)) : base), constant: o.constant };
    });
    const round = (): void =>
      f.loop((again) => {
        inside(moving);
        moving.forEach((o, k) => {
          const bytes = classes.strides[k]![axis]! * step * lanes.bytes;
          if (bytes !== 0) f.set(o.local!, i32.add(o.local!, bytes));
        });
        f.set(counter, i32.sub(counter, 1));
        f.brIf(again, counter);
      });
    if (part) f.if(i32.gt(counter, 0), round);
    else round();
  });
}

/** trips·index/parts, rounded down. */
const cut = (trips: number, index: Operand<'i32'>, parts: Operand<'i32'>) => i32.divU(i32.mul(trips, index), parts);

/** The kept loops, one inside the other; a loop whose turns are grouped goes in steps of the group. */
function writeKept(w: Writer, depth: number, offsets: Offsets, count: number): void {
  const { schedule, nest, scope, f } = w;
  const part = depth === 0 ? scope.part : undefined;
  if (depth === schedule.kept) {
    writeGroups(w, offsets, count, part);
    return;
  }
  const axis = schedule.outer[depth]!;
  const extent = nest.extents[axis]!;
  if (axis === schedule.group.along) {
    const trips = Math.floor(extent / count);
    turns(w, axis, offsets, trips, count, operations(w, depth) <= unrolledOperations, part, (o) =>
      writeKept(w, depth + 1, o, count),
    );
    const rest = extent % count;
    if (rest > 0) lastPart(f, part, () => writeKept(w, depth + 1, w.moved(offsets, axis, trips * count), rest));
  } else
    turns(w, axis, offsets, extent, 1, operations(w, depth) <= unrolledOperations, part, (o) =>
      writeKept(w, depth + 1, o, count),
    );
}

/** What does not fill a whole step is done by the last part. */
function lastPart(f: FunctionBuilder, part: LoopScope['part'], rest: () => void): void {
  if (part) f.if(i32.eq(part.index, part.parts - 1), rest);
  else rest();
}

/** About how many operations the loops from this depth inwards come to. */
function operations(w: Writer, depth: number): number {
  const { schedule, nest, body, lanes } = w;
  const inner = schedule.lanes === undefined ? 1 : nest.extents[schedule.lanes]!;
  const groups = Math.floor(inner / lanes.lanes) + (inner % lanes.lanes);
  return schedule.outer.slice(depth).reduce((product, axis) => product * nest.extents[axis]!, groups * body.length);
}

/** The loop in lanes where it is kept: groups of vectors, single vectors, single entries. */
function writeGroups(w: Writer, offsets: Offsets, count: number, part: LoopScope['part']): void {
  const { schedule, nest, lanes, f } = w;
  const axis = schedule.lanes;
  if (axis === undefined || nest.summed[axis]) {
    writeGroup(w, offsets, count, lanes.lanes);
    return;
  }
  const extent = nest.extents[axis]!;
  const along = schedule.group.along === axis;
  const wide = along ? count * lanes.lanes : lanes.lanes;
  const trips = Math.floor(extent / wide);
  const unrolled = operations(w, schedule.kept) <= unrolledOperations;
  invariants(w, offsets, axis, (known) => {
    turns(w, axis, offsets, trips, wide, unrolled, part, (o) => writeGroup(w, o, count, lanes.lanes, known));
    lastPart(f, part, () => {
      let done = trips * wide;
      const vectors = Math.floor((extent - done) / lanes.lanes);
      if (vectors > 0) writeGroup(w, w.moved(offsets, axis, done), vectors, lanes.lanes, known);
      done += vectors * lanes.lanes;
      for (; done < extent; done++) writeGroup(w, w.moved(offsets, axis, done), along ? 1 : count, 1, known);
    });
  });
}

/** Operations that stay the same along a loop, computed in front of it. */
function invariants(
  w: Writer,
  offsets: Offsets,
  axis: number,
  inside: (known: ReadonlyMap<number, Group>) => void,
): void {
  const { body, schedule, stride, f } = w;
  // With summed loops inside, the arguments are read there.
  if (schedule.outer.length > schedule.kept || schedule.group.along !== axis) {
    inside(new Map());
    return;
  }
  const fixed = new Set<number>();
  body.forEach((op, k) => {
    const operands = operandsOf(op);
    if (op.op === 'arg' ? stride(op.arg + 1, axis) === 0 : operands.length > 0 && operands.every((a) => fixed.has(a)))
      fixed.add(k);
  });
  f.scope(() => {
    const known = new Map<number, Group>();
    for (const k of fixed) {
      const [value] = writeBody(body.slice(0, k + 1), w.scope, 1, (arg) => splat(w, arg, offsets), known);
      known.set(k, [f.let(value!)]);
    }
    inside(known);
  });
}

function splat(w: Writer, arg: number, offsets: Offsets): Vector {
  const { at, offset } = w.at(arg + 1, offsets);
  return w.lanes.loadSplat(at, offset);
}

/** `used` lanes of an argument. */
function read(w: Writer, arg: number, offsets: Offsets, used: number): Vector {
  const { lanes, schedule, stride, f } = w;
  const apart = stride(arg + 1, schedule.lanes);
  const { at, offset } = w.at(arg + 1, offsets);
  if (apart === 0 || used === 1) return lanes.loadSplat(at, offset);
  if (apart === 1) return v128.load(at, offset);
  const entry = (lane: number): number => offset + lane * apart * lanes.bytes;
  let value: Vector = lanes.loadSplat(at, offset);
  for (let lane = 1; lane < lanes.lanes; lane++) value = lanes.loadLane(at, value, lane, entry(lane));
  return f.let(value);
}

function write(w: Writer, value: Vector, offsets: Offsets, used: number): void {
  const { lanes, schedule, stride, f } = w;
  const apart = schedule.lanes !== undefined && w.nest.summed[schedule.lanes] ? 0 : stride(0, schedule.lanes);
  const { at, offset } = w.at(0, offsets);
  if (used === 1 || apart === 0) f.do(lanes.storeLane(at, value, 0, offset));
  else if (apart === 1) f.do(v128.store(at, value, offset));
  else {
    const kept = f.let(value);
    for (let lane = 0; lane < lanes.lanes; lane++)
      f.do(lanes.storeLane(at, kept, lane, offset + lane * apart * lanes.bytes));
  }
}

/** One group of vectors: the body, or its sum over the summed loops. */
function writeGroup(
  w: Writer,
  offsets: Offsets,
  count: number,
  used: number,
  known: ReadonlyMap<number, Group> = new Map(),
): void {
  const { schedule, nest, scope, f, body } = w;
  const summedLanes = schedule.lanes !== undefined && nest.summed[schedule.lanes]!;
  if (schedule.outer.length > schedule.kept || summedLanes) {
    writeSums(w, offsets, count, used);
    return;
  }
  f.scope(() => {
    const argument = (arg: number, vector: number): Vector => read(w, arg, w.place(offsets, vector), used);
    const values = writeBody(body, scope, count, argument, known, used);
    values.forEach((value, vector) => {
      write(w, scaled(w, value), w.place(offsets, vector), used);
    });
  });
}

function scaled(w: Writer, value: Vector): Vector {
  const { scale } = w.loop;
  if (scale === undefined || scale === 1) return value;
  return scale === -1
    ? w.lanes.vector.neg(value)
    : w.lanes.vector.mul(value, w.f.constant(w.lanes.vector.splat(scale)));
}

/** Sums: one accumulator per vector where the lanes are kept, and several for one entry where the lanes are summed. */
function writeSums(w: Writer, offsets: Offsets, count: number, used: number): void {
  const { schedule, nest, lanes, f } = w;
  const ops = lanes.vector;
  const axis = schedule.lanes;
  const summedLanes = axis !== undefined && nest.summed[axis]!;
  const rows = schedule.group.along === axis && summedLanes ? 1 : count;
  const chains = summedLanes && schedule.group.along === axis ? count : 1;
  f.scope(() => {
    const zero = (): Local<'v128'> => f.let<'v128'>(lanes.vector.splat(0));
    const sums = Array.from({ length: Math.max(rows, summedLanes ? chains * rows : rows) }, zero);
    const single = summedLanes ? Array.from({ length: rows }, zero) : [];
    const inside = (depth: number, o: Offsets): void => {
      const loop = schedule.outer[depth];
      if (loop !== undefined) {
        const small = operations(w, depth) <= unrolledOperations;
        turns(w, loop, o, nest.extents[loop]!, 1, small, undefined, (next) => inside(depth + 1, next));
        return;
      }
      if (!summedLanes) {
        accumulate(w, o, count, used, sums);
        return;
      }
      const extent = nest.extents[axis]!;
      const wide = chains * lanes.lanes;
      const trips = Math.floor(extent / wide);
      const small = operations(w, schedule.outer.length) <= unrolledOperations;
      turns(w, axis, o, trips, wide, small, undefined, (next) => accumulate(w, next, chains * rows, lanes.lanes, sums));
      let done = trips * wide;
      const vectors = Math.floor((extent - done) / lanes.lanes);
      if (vectors > 0) accumulate(w, w.moved(o, axis, done), vectors * rows, lanes.lanes, sums);
      done += vectors * lanes.lanes;
      for (; done < extent; done++) accumulate(w, w.moved(o, axis, done), rows, 1, single);
    };
    inside(schedule.kept, offsets);
    for (let row = 0; row < rows; row++) {
      let value: Vector = sums[row]!;
      if (summedLanes) {
        const own = chains > 1 ? sums : [sums[row]!];
        value = ops.add(lanes.total(f.let(treeSum(own, ops.add))), single[row]!);
      }
      write(w, scaled(w, value), rows > 1 ? w.place(offsets, row) : offsets, used);
    }
  });
}

const treeSum = (values: readonly Vector[], add: (a: Vector, b: Vector) => Vector): Vector =>
  values.length === 1
    ? values[0]!
    : add(treeSum(values.slice(0, values.length >> 1), add), treeSum(values.slice(values.length >> 1), add));

/** Adds the body of each vector to its accumulator; a product is added in one instruction where there is one. */
function accumulate(w: Writer, offsets: Offsets, count: number, used: number, sums: readonly Local<'v128'>[]): void {
  const { body, scope, f, lanes } = w;
  const ops = lanes.vector;
  const last = body.at(-1)!;
  f.scope(() => {
    const argument = (arg: number, vector: number): Vector => read(w, arg, w.place(offsets, vector), used);
    const factors = last.op === 'multiply' && body.length <= 3 ? [body[last.a]!, body[last.b]!] : [];
    const [x, y] = factors;
    if (lanes.relaxed && x?.op === 'arg' && y?.op === 'arg') {
      for (let u = 0; u < count; u++) f.set(sums[u]!, lanes.madd(argument(x.arg, u), argument(y.arg, u), sums[u]!));
      return;
    }
    const values = writeBody(body, scope, count, argument, new Map(), used);
    values.forEach((value, u) => {
      f.set(sums[u]!, ops.add(sums[u]!, value));
    });
  });
}
