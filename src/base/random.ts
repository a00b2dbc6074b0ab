/**
 * Seeded randomness. Everything here is a pure function of its seed, so that points, stand-ins and oracles are the same
 * on every machine and in every run. Not for cryptography.
 */
const bits = new DataView(new ArrayBuffer(8));

const mix = (h: number, word: number): number => {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const x = h ^ k;
  return (Math.imul((x << 13) | (x >>> 19), 5) + 0xe6546b64) | 0;
};

/** A 32-bit hash of texts and numbers (Murmur3's rounds); `['a', 'b']` and `['ab']` differ. */
export function hash(...parts: readonly (string | number)[]): number {
  let h = 0x9747b28c;
  for (const part of parts) {
    if (typeof part === 'number') {
      // -0 and 0 are one value to every caller.
      bits.setFloat64(0, part === 0 ? 0 : part);
      h = mix(mix(h, bits.getInt32(0)), bits.getInt32(4));
    } else {
      for (let i = 0; i < part.length; i++) h = mix(h, part.charCodeAt(i));
      h = mix(h, 0x5bd1e995 ^ part.length);
    }
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) that depends on the parts alone. */
export const fraction = (...parts: readonly (string | number)[]): number => hash(...parts) / 2 ** 32;

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number in [0, below). */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
}

/** A generator (sfc32) seeded by texts and numbers. */
export function createRandom(...seed: readonly (string | number)[]): Random {
  let a = hash(...seed, 1);
  let b = hash(...seed, 2);
  let c = hash(...seed, 3);
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    integer: (below) => Math.floor(next() * below),
    // Box and Muller; 1 - u keeps the logarithm finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}
