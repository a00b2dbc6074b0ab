import type { Code } from './value.ts';

// Numbers as bytes: LEB128 for integers, little-endian IEEE 754 for the others.

/** LEB128 of an integer from 0 to 2³²-1. */
export function unsigned(value: number): number[] {
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
  let size = 0;
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
    } else {
      depth++;
      lists[depth] = 'index' in part ? unsigned(part.index()) : part;
      positions[depth] = 0;
    }
  }
  return flat.slice(0, size);
}
