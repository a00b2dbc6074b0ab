import { entries, type Tensor } from './tensor.ts';

/**
 * The two types of .npy file that the benchmark exchanges: little-endian float64 and float32 in C order. Nothing here
 * needs Node, because the page in the browser reads and writes them too.
 */
const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

export function encodeNpy({ shape, data }: Tensor): Uint8Array {
  const type = data instanceof Float64Array ? '<f8' : '<f4';
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${type}', 'fortran_order': False, 'shape': (${axes}), }`;
  // Magic, version 1.0, length in two bytes, dictionary, newline: a multiple of 64 bytes.
  const head = Math.ceil((dictionary.length + 11) / 64) * 64;
  const bytes = new Uint8Array(head + data.byteLength);
  bytes.set([...magic, 1, 0, (head - 10) & 255, (head - 10) >> 8]);
  bytes.fill(0x20, 10, head);
  for (let i = 0; i < dictionary.length; i++) bytes[10 + i] = dictionary.charCodeAt(i);
  bytes[head - 1] = 0x0a;
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), head);
  return bytes;
}

export function decodeNpy(bytes: Uint8Array): Tensor {
  if (!magic.every((byte, i) => bytes[i] === byte)) throw new Error('not an .npy file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [start, length] = bytes[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const dictionary = String.fromCharCode(...bytes.subarray(start, start + length));
  const type = /'descr': '([^']*)'/.exec(dictionary)?.[1];
  const axes = /'shape': \(([^)]*)\)/.exec(dictionary)?.[1];
  if ((type !== '<f8' && type !== '<f4') || axes === undefined || !dictionary.includes("'fortran_order': False"))
    throw new Error(`an .npy file of another kind: ${dictionary.trim()}`);
  const shape = axes
    .split(',')
    .map(Number)
    .slice(0, axes.split(',').filter((a) => a.trim() !== '').length);
  // A copy, because entries must be aligned.
  const buffer = bytes.buffer.slice(
    bytes.byteOffset + start + length,
    bytes.byteOffset + bytes.byteLength,
  ) as ArrayBuffer;
  const data = type === '<f8' ? new Float64Array(buffer) : new Float32Array(buffer);
  if (data.length !== entries(shape)) throw new Error(`an .npy file of ${data.length} entries for the shape (${axes})`);
  return { shape, data };
}
