import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../src/base/random.ts';
import { applyFunction, applyPower, elementwiseKernels } from '../../../../src/engines/wasm/kernels/index.ts';
import { elementwiseTable } from '../../../../src/ops/index.ts';
import { overArrays, targets, ulp } from './apply.ts';

type Range = readonly [low: number, high: number];

/** Where to draw, and how many units in the last place the result may be off: what was measured, with some room. */
const checks: ReadonlyMap<string, { readonly ranges: readonly Range[]; readonly ulps: number }> = new Map(
  Object.entries({
    exp: {
      ranges: [
        [-746, 711],
        [-1, 1],
        [-110, 90],
      ],
      ulps: 2,
    },
    expm1: {
      ranges: [
        [-746, 711],
        [-1, 1],
        [-1e-3, 1e-3],
      ],
      ulps: 3,
    },
    log: {
      ranges: [
        [0, 10],
        [0, 1e308],
        [0.9, 1.1],
        [0, 1e-307],
        [0, 1e-38],
      ],
      ulps: 2,
    },
    log1p: {
      ranges: [
        [-1, 10],
        [-1, 1],
        [-1e-3, 1e-3],
        [0, 1e300],
        [0, 1e30],
      ],
      ulps: 2,
    },
    tanh: {
      ranges: [
        [-22, 22],
        [-1, 1],
        [-1e-5, 1e-5],
      ],
      ulps: 4,
    },
    sigmoid: {
      ranges: [
        [-750, 750],
        [-5, 5],
        [-40, 40],
      ],
      ulps: 4,
    },
    softplus: {
      ranges: [
        [-750, 750],
        [-5, 5],
        [-40, 40],
      ],
      ulps: 4,
    },
    sinh: {
      ranges: [
        [-711, 711],
        [-90, 90],
        [-25, 25],
        [-1, 1],
        [-1e-5, 1e-5],
      ],
      ulps: 4,
    },
    cosh: {
      ranges: [
        [-711, 711],
        [-90, 90],
        [-25, 25],
        [-1, 1],
      ],
      ulps: 3,
    },
    sin: {
      ranges: [
        [-1e6, 1e6],
        [-10, 10],
        [-1e-3, 1e-3],
        [-1e9, 1e9],
      ],
      ulps: 2,
    },
    cos: {
      ranges: [
        [-1e6, 1e6],
        [-10, 10],
        [-1e9, 1e9],
      ],
      ulps: 2,
    },
    tan: {
      ranges: [
        [-1e6, 1e6],
        [-10, 10],
        [-1e9, 1e9],
      ],
      ulps: 3,
    },
    asin: {
      ranges: [
        [-1, 1],
        [-1e-4, 1e-4],
        [0.99, 1],
      ],
      ulps: 3,
    },
    acos: {
      ranges: [
        [-1, 1],
        [-1e-4, 1e-4],
        [0.99, 1],
      ],
      ulps: 3,
    },
    atan: {
      ranges: [
        [-1, 1],
        [-10, 10],
        [-1e5, 1e5],
        [-1e-4, 1e-4],
      ],
      ulps: 2,
    },
    sqrt: {
      ranges: [
        [0, 10],
        [0, 1e308],
      ],
      ulps: 0.5,
    },
    square: { ranges: [[-10, 10]], ulps: 0.5 },
    abs: { ranges: [[-10, 10]], ulps: 0 },
    sign: { ranges: [[-10, 10]], ulps: 0 },
    step: { ranges: [[-10, 10]], ulps: 0 },
    heaviside: { ranges: [[-10, 10]], ulps: 0 },
    relu: { ranges: [[-10, 10]], ulps: 0 },
    leakyrelu: { ranges: [[-10, 10]], ulps: 1.5 },
    // Two definitions are off by more themselves; `certain` below has better values.
    erf: {
      ranges: [
        [-6, 6],
        [-1, 1],
        [-1e-5, 1e-5],
      ],
      ulps: 12,
    },
    gelu: {
      ranges: [
        [-6, 6],
        [-1e-5, 1e-5],
      ],
      ulps: 120,
    },
  }) as unknown as readonly [string, { readonly ranges: readonly Range[]; readonly ulps: number }][],
);

const special = [
  ...[0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, 1, -1, 0.5, -0.5, 2, -2, 1e-8, -1e-8],
  ...[
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    2 ** -1022,
    2 ** -1060,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    1e-300,
    -1e-300,
  ],
  ...[
    2 ** -126,
    2 ** -149,
    -(2 ** -149),
    3.4e38,
    -3.4e38,
    709.78,
    709.79,
    -708.4,
    -745.1,
    -745.2,
    88.72,
    88.73,
    -103.9,
  ],
  ...[-104, 710.4758, 710.476, 89.41, 89.42, 22, 23, -40, 40, 1 - 2 ** -53, 1 + 2 ** -52, -1 + 2 ** -53, 1e22, -1e22],
  ...[Math.PI, Math.PI / 2, -Math.PI / 4, Math.SQRT1_2, Math.SQRT2, 1e6, 1e6 + 1, 6, -6, 8, 30],
];

/** How far `y` is from `wanted`, in units in the last place of what `wanted` becomes in the type. */
function distance(y: number, wanted: number, dtype: 'float64' | 'float32'): number {
  const rounded = dtype === 'float32' ? Math.fround(wanted) : wanted;
  if (Object.is(y, rounded) || y === rounded) return 0;
  return Number.isFinite(rounded) && Number.isFinite(y) ? Math.abs(y - wanted) / ulp(rounded, dtype) : Infinity;
}

const names = elementwiseKernels.filter((name) => elementwiseTable.get(name)!.arity[1] === 1 || name === 'leakyrelu');
const random = createRandom('elementwise');

test('every function that the planner may keep has a kernel, and a check', () => {
  const kept = [...elementwiseTable.values()].filter((record) => record.name !== 'silu').map((record) => record.name);
  expect(kept.filter((name) => !elementwiseKernels.includes(name))).toEqual([]);
  expect(names.filter((name) => !checks.has(name))).toEqual([]);
});

for (const target of targets)
  describe(`${target.dtype}, relaxed ${target.relaxed}`, () => {
    const { dtype } = target;
    const round = (x: number): number => (dtype === 'float32' ? Math.fround(x) : x);

    for (const name of names)
      test(name, () => {
        const { ranges, ulps } = checks.get(name)!;
        const value = elementwiseTable.get(name)!.value!;
        const width = 1 + (name.length % 4);
        const run = overArrays(target, 1, width, (k, args) => applyFunction(k, name, args));
        let worst = { off: 0, at: 0, is: 0 };
        const compare = (x: readonly number[], factor: number): void => {
          run(x).forEach((y, i) => {
            const off = distance(y, value(x[i]!), dtype) / factor;
            if (!(off <= worst.off)) worst = { off, at: x[i]!, is: y };
          });
        };
        for (const [low, high] of ranges)
          compare(
            Array.from({ length: 2000 }, () => round(random.between(low, high))),
            1,
          );
        // In the tail of gelu the definition itself has lost digits, in float32 the tail is subnormal.
        compare(special.map(round), name === 'gelu' ? 20 : 1);
        expect(worst.off, `${name}(${worst.at}) = ${worst.is}`).toBeLessThanOrEqual(ulps);
      });

    test('the sign of zero is kept', () => {
      for (const name of ['expm1', 'log1p', 'tanh', 'erf', 'sinh', 'sin', 'tan', 'asin', 'atan', 'sqrt']) {
        const run = overArrays(target, 1, 1, (k, args) => applyFunction(k, name, args));
        expect([...run([0, -0, 0, -0])], name).toEqual([0, -0, 0, -0]);
      }
    });

    test('larger and smaller, as Math.max and Math.min', () => {
      const pairs = special.flatMap((x) => [1, -0, 0, Number.NaN, -3].map((y) => [round(x), y] as const));
      for (const name of ['max2', 'min2']) {
        const value = elementwiseTable.get(name)!.value!;
        const run = overArrays(target, 2, 2, (k, args) => applyFunction(k, name, args));
        const [x, y] = [pairs.map((p) => p[0]), pairs.map((p) => p[1])];
        expect([...run(x, y)]).toEqual(pairs.map(([a, b]) => value(a, b)));
      }
    });

    test('powers with variable exponents', () => {
      const value = elementwiseTable.get('pow')!.value!;
      const run = overArrays(target, 2, 2, (k, args) => applyFunction(k, 'pow', args));
      const pairs = special.flatMap((x) => [0.5, 2, -1, 0.3, -0.5, 3].map((y) => [round(x), round(y)] as const));
      const [x, y] = [pairs.map((p) => p[0]), pairs.map((p) => p[1])];
      expect([...run(x, y)]).toEqual(pairs.map(([a, b]) => round(value(a, b))));
    });

    test('constant powers', () => {
      for (const exponent of [
        2,
        3,
        4,
        7,
        8,
        -1,
        -2,
        -3,
        -5,
        0.5,
        -0.5,
        1.5,
        -1.5,
        2.5,
        -2.5,
        3.5,
        9,
        -11,
        1 / 3,
        -0.7,
      ]) {
        const run = overArrays(target, 1, 2, (k, args) => applyPower(k, args[0]!, exponent));
        const x = [...special, ...Array.from({ length: 200 }, () => random.between(-3, 3))].map(round);
        const worst = { off: 0, at: 0 };
        const least = dtype === 'float64' ? 2 ** -1022 : 2 ** -126;
        run(x).forEach((y, i) => {
          const wanted = exponent === 0.5 ? Math.sqrt(x[i]!) : x[i]! ** exponent;
          // A product of factors may round twice where the result is subnormal.
          const off = Math.abs(wanted) < least ? Math.abs(y - wanted) / least : distance(y, wanted, dtype);
          if (!(off <= worst.off)) Object.assign(worst, { off, at: x[i]! });
        });
        expect(worst.off, `${worst.at}^${exponent}`).toBeLessThanOrEqual(8);
      }
    });
  });

/** x, erf x and x·Φ(x), from arithmetic with 50 digits. */
const certain: readonly (readonly [x: number, erf: number, gelu: number])[] = [
  [-37.3, -1, -3.060649577159178e-303],
  [-26.5, -1, -1.28423310498038e-153],
  [-20.25, -1, -3.596804726522879e-90],
  [-13.7, -1, -6.954414291889094e-42],
  [-9.9, -1, -2.060561467298274e-22],
  [-7.3, -1, -1.050352205855039e-12],
  [-5.5, -0.9999999999999927, -1.0444259356238245e-7],
  [-4.1, -0.9999999932999724, -8.469577834144176e-5],
  [-3.3, -0.9999969422902035, -0.0015952996698664658],
  [-2.7, -0.9998656672600594, -0.009360829268209801],
  [-2.1, -0.997020533343667, -0.037515283181914764],
  [-1.6, -0.976348383344644, -0.08767886671929279],
  [-1.3, -0.9340079449406524, -0.12584062996129342],
  [-1.06, -0.8661435866351082, -0.1532466376437442],
  [-0.9, -0.7969082124228322, -0.16565411281208353],
  [-0.5, -0.5204998778130465, -0.15426876936299344],
  [-0.1, -0.1124629160182849, -0.0460172162722971],
  [-1e-5, -1.1283791670579e-5, -4.999960105771961e-6],
  [1e-9, 1.1283791670955127e-9, 5.000000003989423e-10],
  [0.2, 0.22270258921047847, 0.11585194188782061],
  [0.7, 0.6778011938374184, 0.5306254434438489],
  [1.01, 0.8468104962282768, 0.8521898785285329],
  [1.1, 0.8802050695740817, 0.9507673329589792],
  [1.4, 0.9522851197626488, 1.2869406770727205],
  [1.9, 0.9927904292352575, 1.8454385363495964],
  [2.4, 0.999311486103355, 2.380325913780969],
  [3.1, 0.9999883513426328, 3.097000430039023],
  [4.3, 0.9999999988065282, 4.299963278406475],
  [5.7, 0.9999999999999992, 5.699999965854883],
];

test('erf and gelu to a few units in the last place, the tail of gelu too', () => {
  for (const target of targets.filter((t) => t.dtype === 'float64'))
    (['erf', 'gelu'] as const).forEach((name, column) => {
      const run = overArrays(target, 1, 4, (k, args) => applyFunction(k, name, args));
      run(certain.map((row) => row[0])).forEach((y, i) => {
        const off = distance(y, certain[i]![column + 1]!, 'float64');
        expect(off, `${name}(${certain[i]![0]}) = ${y}`).toBeLessThanOrEqual(5);
      });
    });
});
