import { expect, test } from 'vitest';
import { createRandom } from '../../../src/base/random.ts';
import { elementwiseTable } from '../../../src/ops/index.ts';
import type { Dtype, ScalarOp, Step } from '../../../src/plan/plan.ts';
import { runOn } from '../../engines/compare.ts';
import { onnx } from '../../engines/onnx/engine.ts';
import { planOf } from '../../plan/random-plan.ts';

const special = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  -2,
  3,
  -3.5,
];
const random = createRandom('onnx scalars');
/** Small, usual and large arguments of both signs, whole numbers and neighbours of kinks among them. */
const points = [
  ...special,
  ...[
    1e-300, 1e-20, 1e-9, 1e-5, 0.1, 0.4999, 0.5001, 0.9999999, 1.0000001, 5, 6.5, 9.1, 15, 20, 30, 88, 700, 709.9, 745,
  ]
    .concat([800, 1e4, 1e9, 1e15, 1e16, 1e20, 1e30, 1e200])
    .flatMap((x) => [x, -x]),
  ...Array.from({ length: 300 }, () => random.normal() * 3),
  ...Array.from({ length: 100 }, () => random.between(-1, 1)),
];
const pairs = [...special, 0.3, 7, 1e10, -41].flatMap((x) => [...special, 0.3, 7, -41].map((y) => [x, y] as const));

/** One plan that applies every operation of the list to the same arguments. */
async function applied(bodies: readonly (readonly ScalarOp[])[], args: readonly (readonly number[])[], dtype: Dtype) {
  const n = args[0]!.length;
  const steps: Step[] = args.map((_, k) => ({ kind: 'input', input: `x${k}`, shape: [n] }));
  const values = bodies.map(
    (body) =>
      steps.push({
        kind: 'map',
        shape: [n],
        space: [n],
        summed: 0,
        args: args.map((_, value) => ({ value, axes: [0] })),
        body,
      }) - 1,
  );
  const inputs = new Map(args.map((list, k) => [`x${k}`, list]));
  const got = await runOn(onnx, planOf(steps, values), inputs, { dtype });
  return values.map((value) => got.get(value)!);
}

const load: readonly ScalarOp[] = [
  { op: 'arg', arg: 0 },
  { op: 'arg', arg: 1 },
];

/** What differs by more than rounding; float32 may over- and underflow where float64 does not. */
function differences(
  name: string,
  got: ArrayLike<number>,
  args: readonly (readonly number[])[],
  value: (...x: number[]) => number,
  dtype: Dtype,
): string[] {
  const round = dtype === 'float64' ? (x: number) => x : Math.fround;
  return Array.from(got).flatMap((y, i) => {
    const at = args.map((list) => round(list[i]!));
    const wanted = round(value(...at));
    const [relative, absolute] = dtype === 'float64' ? [1e-13, 1e-305] : [2e-5, 1e-37];
    const close =
      Object.is(y, wanted) || y === wanted || Math.abs(y - wanted) <= relative * Math.abs(wanted) + absolute;
    return close ? [] : [`${name}(${at.join(', ')}) is ${y}, not ${wanted}`];
  });
}

for (const dtype of ['float64', 'float32'] as const) {
  test(`every elementwise function in ${dtype} has the values of the table`, async () => {
    const records = [...elementwiseTable.values()];
    const single = records.filter((r) => r.derivatives.length === 1);
    const double = records.filter((r) => r.derivatives.length === 2);
    expect(single.length).toBeGreaterThan(20);
    expect(double.length).toBeGreaterThan(2);
    const wrong: string[] = [];
    const args = [points, points];
    const ones = await applied(
      single.map((r) => [...load, { op: 'apply', fn: r.name, args: [0] }]),
      args,
      dtype,
    );
    single.forEach((r, k) => {
      wrong.push(...differences(r.name, ones[k]!, [points], r.value, dtype));
    });
    const two = [pairs.map((p) => p[0]), pairs.map((p) => p[1])];
    const twos = await applied(
      double.map((r) => [...load, { op: 'apply', fn: r.name, args: [0, 1] }]),
      two,
      dtype,
    );
    double.forEach((r, k) => {
      wrong.push(...differences(r.name, twos[k]!, two, r.value, dtype));
    });
    expect(wrong).toEqual([]);
  });

  test(`every other scalar operation in ${dtype}`, async () => {
    const exponents = [-3, -2, -1, -0.5, 0.5, 1 / 3, 1.5, 2, 3, 4, 7, 1e3];
    const operations: [string, ScalarOp, (x: number, y: number) => number][] = [
      ['add', { op: 'add', a: 0, b: 1 }, (x, y) => x + y],
      ['subtract', { op: 'subtract', a: 0, b: 1 }, (x, y) => x - y],
      ['multiply', { op: 'multiply', a: 0, b: 1 }, (x, y) => x * y],
      ['divide', { op: 'divide', a: 0, b: 1 }, (x, y) => x / y],
      ['negate', { op: 'negate', a: 0 }, (x) => -x],
      ['number', { op: 'number', value: 0.1 }, () => 0.1],
      ['size', { op: 'size', size: 17 }, () => 17],
      ...exponents.map((exponent): (typeof operations)[number] => [
        `power ${exponent}`,
        { op: 'power', a: 0, exponent },
        (x) => (exponent === 0.5 ? Math.sqrt(x) : x ** exponent),
      ]),
    ];
    const two = [pairs.map((p) => p[0]), pairs.map((p) => p[1])];
    const got = await applied(
      operations.map(([, op]) => [...load, op]),
      two,
      dtype,
    );
    const wrong = operations.flatMap(([name, , value], k) =>
      differences(name, got[k]!, two, value as (...x: number[]) => number, dtype),
    );
    expect(wrong).toEqual([]);
  });
}
