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

/** Nested code as a flat list of bytes, function numbers filled in. Deep nesting costs no stack. */
export function flatten(code: Code): number[] {
  const bytes: number[] = [];
  const open: { readonly code: Code; at: number }[] = [{ code, at: 0 }];
  for (;;) {
    const top = open.at(-1);
    if (!top) return bytes;
    if (top.at === top.code.length) {
      open.pop();
      continue;
    }
    const part = top.code[top.at++]!;
    if (typeof part === 'number') bytes.push(part);
    else if ('index' in part) bytes.push(...unsigned(part.index()));
    else open.push({ code: part, at: 0 });
  }
}
