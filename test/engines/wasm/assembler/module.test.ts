import { expect, test } from 'vitest';
import {
  atomic,
  call,
  createModule,
  f32,
  f64,
  f64x2,
  i32,
  i64,
  memory,
  v128,
} from '../../../../src/engines/wasm/assembler/index.ts';
import { detectFeatures } from '../../../../src/engines/wasm/features.ts';
import { instantiate, wasm } from '../run.ts';

test('an empty module is valid', () => {
  expect(wasm.validate(createModule().bytes())).toBe(true);
});

test('a loop sums an array; imports come before functions whenever they are declared', () => {
  const { exports, buffer } = instantiate(
    (m) => {
      const sum = m.func('sum', ['i32', 'i32'], ['f64']);
      const [at, n] = sum.params;
      const total = sum.local('f64');
      const i = sum.local('i32');
      sum.set(total, 0);
      const scale = m.importFunc('env', 'scale', ['f64'], ['f64']);
      sum.for(i, 0, n, 1, () => sum.set(total, f64.add(total, f64.load(i32.add(at, i32.shl(i, 3)), 8))));
      sum.return(call(scale, total));
      return [sum];
    },
    { initial: 1 },
    { env: { scale: (x: number) => 10 * x } },
  );
  new Float64Array(buffer, 0, 4).set([9, 1, 2, 3]);
  expect(exports.sum!(0, 3)).toBe(60);
  expect(exports.sum!(0, 0)).toBe(0);
  expect(exports.sum!(0, -5)).toBe(0);
});

test('jumps reach the block they were made for', () => {
  const { exports } = instantiate((m) => {
    // The first k with k² ≥ x, or -1 past 100.
    const f = m.func('root', ['i32'], ['i32']);
    const k = f.let(i32.const(0));
    f.block((none) => {
      f.loop((again) => {
        f.if(
          i32.lt(i32.mul(k, k), f.params[0]),
          () => {
            f.set(k, i32.add(k, 1));
            f.brIf(none, i32.gt(k, 100));
            f.br(again);
          },
          () => f.return(k),
        );
      });
    });
    f.return(-1);
    const halvings = m.func('halvings', ['i32'], ['i32']);
    const [x] = halvings.params;
    const count = halvings.let(i32.const(0));
    halvings.while(i32.gt(x, 1), () => {
      halvings.set(x, i32.shr(x, 1));
      halvings.set(count, i32.add(count, 1));
    });
    halvings.return(count);
    return [f, halvings];
  });
  expect(exports.root!(50)).toBe(8);
  expect(exports.root!(0)).toBe(0);
  expect(exports.root!(1_000_000)).toBe(-1);
  expect(exports.halvings!(1000)).toBe(9);
  expect(exports.halvings!(0)).toBe(0);
});

test('several results, globals and data', () => {
  const { exports } = instantiate((m) => {
    const counter = m.global('i32', 40);
    m.data(16, [1, 2, 3, 255]);
    const swap = m.func('swap', ['f64', 'f64'], ['f64', 'f64']);
    swap.return(swap.params[1], swap.params[0]);
    const f = m.func('f', [], ['f64']);
    const [a, b] = [f.local('f64'), f.local('f64')];
    f.call(swap, [1, 2], [a, b]);
    f.call(swap, [1, 2]);
    f.set(counter, i32.add(counter, 2));
    f.return(f64.add(f64.mul(10, a), f64.add(b, f64.convertI32(counter))));
    const byte = m.func('byte', ['i32'], ['i32']);
    byte.return(i32.load8U(byte.params[0]));
    return [f, byte];
  });
  expect([exports.f!(), exports.f!()]).toEqual([63, 65]);
  expect(exports.byte!(19)).toBe(255);
});

test('loads and stores of every width', () => {
  const { exports, buffer } = instantiate((m) => {
    const f = m.func('f', ['i32'], []);
    const [p] = f.params;
    f.do(f64.store(p, f64.load(p), 8));
    f.do(f32.store(p, f32.load(p), 16));
    f.do(i32.store(p, i32.load(p), 20));
    f.do(i64.store(p, i64.load(p), 24));
    f.do(i32.store8(p, i32.load8U(p, 1), 32));
    f.do(v128.store(p, v128.load(p), 48));
    f.do(v128.store(p, v128.load64Splat(p), 64));
    f.do(v128.store(p, v128.load32Splat(p), 80));
    f.do(v128.store(p, v128.load64Zero(p), 96));
    f.do(v128.store(p, v128.load32Zero(p), 112));
    f.do(v128.store(p, v128.load64Lane(p, f64x2.splat(2), 1), 128));
    f.do(v128.store(p, v128.load32Lane(p, f64x2.splat(0), 1), 144));
    f.do(v128.store64Lane(p, v128.load(p), 0, 160));
    f.do(v128.store32Lane(p, v128.load(p), 1, 168));
    f.do(memory.copy(i32.add(p, 176), p, 8));
    f.do(memory.fill(i32.add(p, 184), 7, 8));
    const pages = m.func('pages', [], ['i32']);
    pages.call(pages, []);
    pages.return(memory.size());
    const grow = m.func('grow', ['i32'], ['i32']);
    grow.return(memory.grow(grow.params[0]));
    return [f, grow];
  });
  const view = new DataView(buffer);
  const bits = 0x400921fb_54442d18n;
  view.setBigUint64(0, bits, true);
  exports.f!(0);
  const words = Array.from({ length: 24 }, (_, i) => view.getBigUint64(8 * i, true).toString(16));
  const [x, low, none, two] = ['400921fb54442d18', '54442d18', '0', '4000000000000000'];
  expect(words).toEqual([
    ...[x, x, low.repeat(2), x, '2d', none, x, x, x, x],
    ...[low.repeat(2), low.repeat(2), x, none, low, none, two, x],
    ...[`${low}00000000`, none, x, '400921fb', x, '707070707070707'],
  ]);
  expect(exports.grow!(2)).toBe(1);
});

test('constants are made once, in front of the loop', () => {
  const m = createModule();
  const f = m.func('f', ['i32'], ['f64']);
  const i = f.local('i32');
  const sum = f.let(f64.const(0));
  const seen = new Set<number>();
  f.hoist(() =>
    f.for(i, 0, f.params[0], 1, () => {
      for (let k = 0; k < 3; k++) {
        const c = f.constant(f64.const(0.5));
        seen.add(c.local);
        f.scope(() => f.set(sum, f64.add(sum, f.let(f64.mul(c, 2)))));
      }
    }),
  );
  f.return(sum);
  m.exportFunc('f', f);
  expect(seen.size).toBe(1);
  const { exports } = new wasm.Instance(new wasm.Module(m.bytes()));
  expect((exports.f as (n: number) => number)(5)).toBe(15);
});

test('a function is added once per key', () => {
  const m = createModule();
  const add = () =>
    m.once('one', () => {
      const f = m.func('one', [], ['i32']);
      f.return(1);
      return f;
    });
  expect(add()).toBe(add());
});

test('atomic instructions on shared memory', () => {
  expect(detectFeatures().threads).toBe(true);
  const { exports, buffer } = instantiate(
    (m) => {
      const f = m.func('f', [], ['i32']);
      const sum = f.let(i32.const(0));
      const { i32: a, i64: b } = atomic;
      f.do(a.store(0, 5));
      for (const old of [a.add(0, 3), a.sub(0, 1), a.and(0, 6), a.or(0, 9), a.xor(0, 2), a.exchange(0, 20)])
        f.set(sum, i32.add(i32.mul(sum, 16), old));
      f.set(sum, i32.add(i32.mul(sum, 16), a.compareExchange(0, 20, 4)));
      f.do(b.store(8, 1n << 40n));
      f.set(sum, i32.add(sum, i32.wrapI64(b.add(8, 1n))));
      f.do(b.store(8, b.load(8), 8));
      f.do(atomic.fence());
      f.set(sum, i32.add(sum, atomic.notify(0, 1)));
      f.return(i32.add(sum, a.load(0)));
      const wait = m.func('wait', ['i32'], ['i32']);
      wait.return(atomic.wait32(0, wait.params[0], 1n));
      return [f, wait];
    },
    { initial: 1, maximum: 2, shared: true },
  );
  // 5, 8, 7, 6, 15, 13, 20 in base 16, then 4.
  expect(exports.f!()).toBe(((((((5 * 16 + 8) * 16 + 7) * 16 + 6) * 16 + 15) * 16 + 13) * 16 + 20 + 4) | 0);
  expect(new DataView(buffer).getBigInt64(16, true)).toBe((1n << 40n) + 1n);
  expect([exports.wait!(3), exports.wait!(4)]).toEqual([1, 2]);
});

test('broken modules are refused by the platform, so that these tests can fail', () => {
  const m = createModule();
  m.func('f', [], ['f64']).return(i32.const(1) as never);
  expect(wasm.validate(m.bytes())).toBe(false);
});
