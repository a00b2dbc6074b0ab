import type { NdArray } from '../../../src/api/index.ts';
import { refuse } from '../refuse.ts';

type Read = (view: DataView, offset: number, little: boolean) => number;

/** The NumPy types that hold real numbers, by letter and bytes. */
const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['f8', (v, o, l) => v.getFloat64(o, l)],
  ['f4', (v, o, l) => v.getFloat32(o, l)],
  ['i8', (v, o, l) => Number(v.getBigInt64(o, l))],
  ['i4', (v, o, l) => v.getInt32(o, l)],
  ['i2', (v, o, l) => v.getInt16(o, l)],
  ['i1', (v, o) => v.getInt8(o)],
  ['u8', (v, o, l) => Number(v.getBigUint64(o, l))],
  ['u4', (v, o, l) => v.getUint32(o, l)],
  ['u2', (v, o, l) => v.getUint16(o, l)],
  ['u1', (v, o) => v.getUint8(o)],
  ['b1', (v, o) => v.getUint8(o)],
]);

/** Reads the NumPy format, versions 1 to 3 (numpy.lib.format), of real numbers; refuses more than `limit` entries. */
export function readNpy(bytes: Uint8Array, file: string, limit: number): NdArray {
  const bad = (why: string): never => refuse('usage/npy', `${file} is not a readable .npy file: ${why}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== '\x93NUMPY') bad('it has no NumPy header');
  const wide = bytes[6]! >= 2;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + length;
  if (start > bytes.length) bad('its header is cut off');
  const header = new TextDecoder().decode(bytes.subarray(start - length, start));

  const descr = /'descr'\s*:\s*'([<>|=]?)([a-zA-Z]\d+)'/.exec(header);
  const read = readers.get(descr?.[2] ?? '');
  if (!descr || !read) return bad(`its type ${descr?.[2] ?? ''} is not one of ${[...readers.keys()].join(', ')}`);
  const sizes = /'shape'\s*:\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (sizes === undefined) return bad('its header gives no shape');
  const shape = sizes
    .split(',')
    .filter((s) => s.trim() !== '')
    .map(Number);
  if (shape.some((n) => n < 1)) bad('it has an axis with no entries');
  const count = shape.reduce((a, b) => a * b, 1);
  if (count > limit) refuse('limit/entries', `${file} has ${count} entries, more than the limit of ${limit}`);
  const step = Number(descr[2]!.slice(1));
  if (start + count * step > bytes.length) bad('its data are cut off');

  const data = new Float64Array(count);
  const little = descr[1] !== '>';
  for (let i = 0; i < count; i++) data[i] = read(view, start + i * step, little);
  return /'fortran_order'\s*:\s*True/.test(header) ? fromFortran(shape, data) : { shape, data };
}

/** Column-major data in our row-major order. */
function fromFortran(shape: readonly number[], data: Float64Array): NdArray {
  const out = new Float64Array(data.length);
  const index = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < out.length; i++) {
    let offset = 0;
    for (let k = shape.length - 1; k >= 0; k--) offset = offset * shape[k]! + index[k]!;
    out[i] = data[offset]!;
    for (let k = shape.length - 1; k >= 0 && ++index[k]! === shape[k]!; k--) index[k] = 0;
  }
  return { shape, data: out };
}
