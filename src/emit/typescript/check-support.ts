import type { Helper } from '../library.ts';

/** The routines of a self-check, all over flat arrays. */
export const checkHelpers: ReadonlyMap<string, Helper> = new Map([
  [
    'generator',
    {
      text: `/** Seeded uniform numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}`,
    },
  ],
  [
    'draw',
    {
      text: `/** A random array that has the structure its declaration promises. */
function draw(
  shape: readonly number[],
  [low, high]: readonly [number, number],
  structure: string,
  nonnegative: boolean,
  random: () => number,
): Numbers {
  const x = NumbersOf(shape.reduce((a, b) => a * b, 1));
  const entry = (): number => {
    const value = low + (high - low) * random();
    return nonnegative ? Math.abs(value) : value;
  };
  for (let e = 0; e < x.length; e++) x[e] = entry();
  const [m, n] = [shape[0], shape[1]];
  const raw = x.slice();
  if (structure === 'symmetric') for (let e = 0; e < x.length; e++) x[e] = (raw[e] + raw[(e % n) * n + Math.floor(e / n)]) / 2;
  if (structure === 'diagonal') for (let e = 0; e < x.length; e++) if (e % (n + 1) !== 0) x[e] = 0;
  if (structure === 'definite')
    for (let e = 0; e < x.length; e++) {
      const [i, j] = [Math.floor(e / n), e % n];
      x[e] = i === j ? 0.5 : 0;
      for (let k = 0; k < n; k++) x[e] += (raw[i * n + k] * raw[j * n + k]) / n;
    }
  if (structure === 'orthogonal') {
    // Gram and Schmidt on the columns, or on the rows of a wide matrix.
    const [count, length, step, along] = m >= n ? [n, m, 1, n] : [m, n, n, 1];
    for (let e = 0; e < x.length; e++) x[e] = random() - 0.5;
    for (let j = 0; j < count; j++) {
      for (let pass = 0; pass < 2; pass++)
        for (let k = 0; k < j; k++) {
          let dot = 0;
          for (let i = 0; i < length; i++) dot += x[j * step + i * along] * x[k * step + i * along];
          for (let i = 0; i < length; i++) x[j * step + i * along] -= dot * x[k * step + i * along];
        }
      let norm = 0;
      for (let i = 0; i < length; i++) norm = Math.hypot(norm, x[j * step + i * along]);
      for (let i = 0; i < length; i++) x[j * step + i * along] /= norm;
    }
  }
  return x;
}`,
    },
  ],
  [
    'tangentsOf',
    {
      text: `/** Directions in which a variable may move without losing its structure. */
function tangentsOf(x: Numbers, shape: readonly number[], structure: string): Float64Array[] {
  const [m, n] = [shape[0], shape[1]];
  const directions: Float64Array[] = [];
  const add = (fill: (d: Float64Array) => void): void => {
    const d = new Float64Array(x.length);
    fill(d);
    directions.push(d);
  };
  if (structure === 'free') for (let e = 0; e < x.length; e++) add((d) => { d[e] = 1; });
  else if (structure === 'diagonal') for (let i = 0; i < n; i++) add((d) => { d[i * n + i] = 1; });
  else if (structure === 'orthogonal') {
    // X·(E - Eᵀ), or (E - Eᵀ)·X where X is wide.
    const wide = m < n;
    for (let p = 0; p < (wide ? m : n); p++)
      for (let q = 0; q < p; q++)
        add((d) => {
          for (let k = 0; k < (wide ? n : m); k++) {
            const [at, to] = wide ? [p * n + k, q * n + k] : [k * n + p, k * n + q];
            d[to] = x[at];
            d[at] = -x[to];
          }
        });
  } else
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) add((d) => { d[i * n + j] = 1; d[j * n + i] = 1; });
  return directions;
}`,
    },
  ],
  [
    'permuted',
    {
      text: `/** The entries with axis k of the result being axis order[k] of the array. */
function permuted(data: ArrayLike<number>, shape: readonly number[], order: readonly number[]): Float64Array {
  const strides = shape.map((_, k) => shape.slice(k + 1).reduce((a, b) => a * b, 1));
  return Float64Array.from({ length: data.length }, (_, e) => {
    let offset = 0;
    for (let k = order.length - 1, rest = e; k >= 0; k--) {
      const n = shape[order[k]];
      offset += (rest % n) * strides[order[k]];
      rest = Math.floor(rest / n);
    }
    return data[offset];
  });
}`,
    },
  ],
  [
    'quotient',
    {
      text: `/** Central differences of \`f\` when each variable moves along its direction, one after the other. */
function quotient(f: () => ArrayLike<number>, moves: readonly (readonly [Numbers, ArrayLike<number>])[], h: number): Float64Array {
  if (moves.length === 0) return Float64Array.from(f());
  const [x, d] = moves[0];
  const kept = x.slice();
  const at = (step: number): Float64Array => {
    for (let e = 0; e < x.length; e++) x[e] = kept[e] + step * d[e];
    const values = quotient(f, moves.slice(1), h);
    x.set(kept);
    return values;
  };
  const [up, down] = [at(h), at(-h)];
  return up.map((value, e) => (value - down[e]) / (2 * h));
}`,
    },
  ],
  [
    'dot',
    {
      text: `function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let e = 0; e < a.length; e++) sum += a[e] * b[e];
  return sum;
}`,
    },
  ],
  [
    'relativeError',
    {
      text: `/** The largest difference of all pairs, relative to the largest entry. */
function relativeError(pairs: readonly (readonly [ArrayLike<number>, ArrayLike<number>])[]): number {
  let [worst, largest] = [0, 0];
  for (const [a, b] of pairs)
    for (let e = 0; e < a.length; e++) {
      const difference = Math.abs(a[e] - b[e]);
      worst = difference <= worst ? worst : difference;
      largest = Math.max(largest, Math.abs(a[e]), Math.abs(b[e]));
    }
  return worst / Math.max(1, largest);
}`,
    },
  ],
  [
    'derivativePairs',
    {
      text: `/** A derivative along all combinations of directions, and the differences that it must equal. */
function derivativePairs(
  full: ArrayLike<number>,
  base: () => ArrayLike<number>,
  variables: readonly (readonly [Numbers, readonly Float64Array[]])[],
  h: number,
): (readonly [ArrayLike<number>, ArrayLike<number>])[] {
  const pairs: (readonly [ArrayLike<number>, ArrayLike<number>])[] = [];
  const visit = (k: number, moves: readonly (readonly [Numbers, Float64Array])[]): void => {
    if (k < variables.length) {
      const [x, directions] = variables[k];
      for (const d of directions) visit(k + 1, [...moves, [x, d]]);
      return;
    }
    // Contract the last axes of the derivative with one direction after the other.
    let rest = Float64Array.from(full);
    for (const [, d] of [...moves].reverse()) {
      const from = rest;
      rest = Float64Array.from({ length: from.length / d.length }, (_, e) =>
        dot(from.subarray(e * d.length, (e + 1) * d.length), d),
      );
    }
    pairs.push([rest, quotient(base, moves, h)]);
  };
  visit(0, []);
  return pairs;
}`,
      needs: ['dot', 'quotient'],
    },
  ],
  [
    'wave',
    {
      text: `/** What stands for an unknown function of one number: sin(0.9x + s) + 0.3x², and its derivatives. */
function wave(order: number, shift: number): (x: number) => number {
  const square = (x: number): number => (order === 0 ? x * x : order === 1 ? 2 * x : order === 2 ? 2 : 0);
  return (x) => 0.9 ** order * Math.sin(0.9 * x + shift + (order * Math.PI) / 2) + 0.3 * square(x);
}`,
    },
  ],
  [
    'waves',
    {
      text: `/** What stands for an unknown function of a whole array: sums of sines of its entries, and the derivatives. */
function waves(order: number, count: number, shift: number): (x: Numbers | number) => number[] {
  return (given) => {
    const x = typeof given === 'number' ? [given] : given;
    const n = x.length;
    const out = new Array<number>(count * n ** order).fill(0);
    for (let i = 0; i < count; i++)
      for (let r = 1; r <= 3; r++) {
        const weight = (j: number): number => Math.cos(r * (1 + 2 * i + 3 * j) + shift) / Math.sqrt(n);
        let z = shift;
        for (let j = 0; j < n; j++) z += weight(j) * x[j];
        for (let e = 0; e < n ** order; e++) {
          let product = Math.sin(z + (order * Math.PI) / 2);
          for (let k = 0, rest = e; k < order; k++, rest = Math.floor(rest / n)) product *= weight(rest % n);
          out[i * n ** order + e] += product;
        }
      }
    return out;
  };
}`,
    },
  ],
]);
