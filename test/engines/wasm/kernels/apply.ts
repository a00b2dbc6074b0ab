import { v128 } from '../../../../src/engines/wasm/assembler/index.ts';
import { detectFeatures } from '../../../../src/engines/wasm/features.ts';
import {
  createKit,
  dialectOf,
  hostFunctions,
  type Kit,
  type Target,
  type Vectors,
} from '../../../../src/engines/wasm/kernels/index.ts';
import { instantiate } from '../run.ts';

const room = 1 << 16;

/** A function of arrays: `emit` applied to `width` vectors at a time. The arrays are at most 8,192 numbers long. */
export function overArrays(
  target: Target,
  count: number,
  width: number,
  emit: (k: Kit, args: readonly Vectors[]) => Vectors,
): (...args: (readonly number[])[]) => Float64Array | Float32Array {
  const d = dialectOf(target);
  const { exports, buffer } = instantiate(
    (m) => {
      const f = m.func('apply', ['i32'], []);
      const k = createKit(m, f, d);
      const at = f.local('i32');
      f.hoist(() =>
        f.for(at, 0, d.toBytes(f.params[0]), 16 * width, () => {
          const args = Array.from({ length: count }, (_, j) =>
            Array.from({ length: width }, (_, i) => f.let(v128.load(at, (j + 1) * room + 16 * i))),
          );
          emit(k, args).forEach((y, i) => {
            f.do(v128.store(at, y, 16 * i));
          });
        }),
      );
      return [f];
    },
    { initial: count + 1 },
    { math: hostFunctions },
  );
  const List = target.dtype === 'float64' ? Float64Array : Float32Array;
  return (...args) => {
    args.forEach((x, j) => {
      new List(buffer, (j + 1) * room, x.length).set(x);
    });
    exports.apply!(args[0]!.length);
    return new List(buffer, 0, args[0]!.length).slice();
  };
}

const bytes = new DataView(new ArrayBuffer(8));

/** The distance to the next larger number of the type. */
export function ulp(x: number, dtype: 'float64' | 'float32'): number {
  const size = Math.abs(x);
  if (dtype === 'float32') return 2 ** (Math.max(-126, Math.floor(Math.log2(size || 2 ** -149))) - 23);
  bytes.setFloat64(0, size);
  const exponent = (bytes.getUint32(0) >>> 20) & 0x7ff;
  return 2 ** (Math.max(exponent, 1) - 1075);
}

/** Every kind of number with and without fused multiply-add. */
export const targets: readonly Target[] = (['float64', 'float32'] as const).flatMap((dtype) =>
  (detectFeatures().relaxedSimd ? [true, false] : [false]).map((relaxed) => ({ dtype, relaxed })),
);
