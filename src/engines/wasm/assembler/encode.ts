import type { Code, Func } from './value.ts';

// Numbers as bytes: LEB128 for integers, little-endian IEEE 754 for the others.

/** Numbers of locals, offsets: most are small, and asked for again and again. */
const small: readonly (readonly number[])[] = Array.from({ length: 2048 }, (_, value) => encodeUnsigned(value));

/** LEB128 of an integer from 0 to 2³²-1. */
export const unsigned = (value: number): readonly number[] => small[value] ?? encodeUnsigned(value);

function encodeUnsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest ? low | 0x80 : low);
  } while (rest);
  return bytes;
}

/** LEB128 of a signed integer; it ends when what remains is the sign of the last byte. */
export function signed(value: number | bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    const done = rest === (low & 0x40 ? -1n : 0n);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

const scratch = new DataView(new ArrayBuffer(8));

export function float64Bytes(value: number): number[] {
  scratch.setFloat64(0, value, true);
  return Array.from({ length: 8 }, (_, i) => scratch.getUint8(i));
}

export function float32Bytes(value: number): number[] {
  scratch.setFloat32(0, value, true);
  return Array.from({ length: 4 }, (_, i) => scratch.getUint8(i));
}

export function int64Bytes(value: bigint): number[] {
  scratch.setBigInt64(0, BigInt.asIntN(64, value), true);
  return Array.from({ length: 8 }, (_, i) => scratch.getUint8(i));
}

export function int32Bytes(value: number): number[] {
  scratch.setInt32(0, value, true);
  return Array.from({ length: 4 }, (_, i) => scratch.getUint8(i));
}

/** The bytes of a text in UTF-8, with their number in front. */
export function text(value: string): number[] {
  const bytes = [...new TextEncoder().encode(value)];
  return [...unsigned(bytes.length), ...bytes];
}

/** A list with the number of its entries in front. */
export const vector = (entries: readonly Code[]): Code => [unsigned(entries.length), entries];

let flat = new Uint8Array(4096);

/** Nested code as flat bytes, function numbers filled in. Deep nesting costs no stack. */
export function flatten(code: Code): Uint8Array<ArrayBuffer> {
  const parts = compact(code, (func) => unsigned(func.index()));
  return (parts[0] as Uint8Array<ArrayBuffer> | undefined) ?? new Uint8Array(0);
}

/** The same code as few pieces: bytes, and between them the functions whose numbers are not known yet. */
export function compact(code: Code, resolve?: (func: Func) => readonly number[]): Code {
  const pieces: (Uint8Array | Func)[] = [];
  let size = 0;
  const close = (): void => {
    if (size > 0) pieces.push(flat.slice(0, size));
    size = 0;
  };
  const reserve = (bytes: number): void => {
    if (size + bytes <= flat.length) return;
    const wider = new Uint8Array(2 * (size + bytes));
    wider.set(flat);
    flat = wider;
  };
  // Where each list that is open stands.
  const lists: Code[] = [code];
  const positions: number[] = [0];
  for (let depth = 0; depth >= 0; ) {
    const list = lists[depth]!;
    const at = positions[depth]!;
    if (at === list.length) {
      depth--;
      continue;
    }
    positions[depth] = at + 1;
    const part = list[at]!;
    if (typeof part === 'number') {
      reserve(1);
      flat[size++] = part;
    } else if (part instanceof Uint8Array) {
      reserve(part.length);
      flat.set(part, size);
      size += part.length;
    } else if ('index' in part && !resolve) {
      close();
      pieces.push(part);
    } else {
      depth++;
      lists[depth] = 'index' in part ? resolve!(part) : part;
      positions[depth] = 0;
    }
  }
  close();
  return pieces;
}
