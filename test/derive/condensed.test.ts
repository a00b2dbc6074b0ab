import { describe, expect, test } from 'vitest';
import { type DerivativeAxis, evaluate, type NdArray, ndarray } from '../../src/api/index.ts';
import { stridesOf } from '../../src/base/ndarray.ts';
import { type Size, sizeValue } from '../../src/shape/size.ts';
import { derived, distance, must, pointOf, randomArray } from './numeric.ts';

/** Contracts `over` axes of a dense derivative with an array, by the definition; what is left stands in the order of `rest`. */
function contractDense(dense: NdArray, over: readonly number[], array: NdArray, rest: readonly number[]): NdArray {
  const out = ndarray(rest.map((k) => dense.shape[k]!));
  const strides = stridesOf(dense.shape);
  const [outStrides, inStrides] = [stridesOf(out.shape), stridesOf(array.shape)];
  dense.data.forEach((value, e) => {
    const index = dense.shape.map((size, k) => Math.floor(e / strides[k]!) % size);
    const to = rest.reduce((at, k, j) => at + index[k]! * outStrides[j]!, 0);
    const from = over.reduce((at, k, j) => at + index[k]! * inStrides[j]!, 0);
    out.data[to]! += value * array.data[from]!;
  });
  return out;
}

/** Places of an owner's axes within the derivative, in the order of that owner. */
const placesOf = (axes: readonly DerivativeAxis[], of: DerivativeAxis['of']): number[] =>
  axes
    .map((_, i) => i)
    .filter((i) => axes[i]!.of === of)
    .sort((a, b) => axes[a]!.axis - axes[b]!.axis);

const shapeAt = (dense: NdArray, places: readonly number[]): number[] => places.map((k) => dense.shape[k]!);

interface Case {
  readonly name: string;
  readonly source: string;
  readonly by: string;
  /** Whether output and input have the same shape, so that there is a diagonal. */
  readonly square?: boolean;
}

const cases: readonly Case[] = [
  { name: 'a gradient', source: "A: n x n\nx: n\nx'*A*x", by: 'x' },
  { name: 'a dense Jacobian', source: 'A: m x n\nx: n\nA*sin(x)', by: 'x' },
  { name: 'a diagonal Jacobian', source: 'x: n\ny: n\nsin(x).*y', by: 'x', square: true },
  { name: 'softmax', source: 'x: n\nsoftmax(x)', by: 'x', square: true },
  { name: 'a layer by its weights', source: "W: m x n\nA: m\nb: n\nZ = W'*A + b\ntanh(Z)", by: 'W' },
  { name: 'a layer by its input', source: "W: m x n\nA: m\nb: n\nZ = W'*A + b\ntanh(Z)", by: 'A' },
  {
    name: 'a layer by its pre-activation',
    source: "W: m x n\nA: m\nb: n\nZ = W'*A + b\ntanh(Z)",
    by: 'Z',
    square: true,
  },
  { name: 'an unknown elementwise function', source: "W: m x n\nA: m\nf: elementwise\nf(W'*A)", by: 'W' },
  { name: 'a product around a matrix', source: 'A: m x n\nX: n x p\nB: p x q\nA*X*B', by: 'X' },
  { name: 'a square product', source: 'X: n x n\nX*X', by: 'X', square: true },
  { name: 'a Gram matrix', source: "X: m x n\nX'*X", by: 'X' },
  { name: 'a transpose', source: "X: m x n\nX'", by: 'X' },
  { name: 'an inverse', source: 'X: n x n\ninv(X + 3*eye(n))', by: 'X', square: true },
  { name: 'elementwise of a matrix', source: 'X: m x n\nexp(X)', by: 'X', square: true },
  { name: 'row sums, spread', source: 'X: m x n\nx: m\nX + x', by: 'x' },
  { name: 'a trace times the identity', source: 'X: n x n\ntr(X)*eye(n)', by: 'X', square: true },
  { name: 'entries by position', source: 'X: 3 x 5\n[1]'.replace('[1]', 'X[2,4]*X[:,1]'), by: 'X' },
  { name: 'a reshape', source: 'X: 2 x 3\nvec(X).^2', by: 'X' },
  { name: 'a cumulative sum', source: 'x: n\ncumsum(x.^2)', by: 'x', square: true },
  { name: 'a matrix by a scalar', source: 's: scalar\nA: m x n\nexp(s*A)', by: 's' },
  { name: 'a row', source: 'X: m x n\nsum(X.^2, 1)', by: 'X' },
  { name: 'a Hessian', source: 'A: m x n\nx: n\nsum(exp(A*x))', by: 'x,x', square: true },
  {
    name: 'a Hessian with a block structure',
    source: "T: m x n\nU: m x k\nV: n x k\nsum((T - U*V').^2)",
    by: 'U,U',
    square: true,
  },
  { name: 'a mixed second derivative', source: "T: m x n\nU: m x k\nV: n x k\nsum((T - U*V').^2)", by: 'U,V' },
  { name: 'a Hessian of a diagonal form', source: 'x: n\nsum(x.^4)', by: 'x,x', square: true },
  { name: 'a third derivative', source: 'x: n\nsum(x.^4)', by: 'x,x,x', square: true },
  { name: 'a second derivative of a vector', source: 'A: m x n\nx: n\nexp(A*x)', by: 'x,x' },
  { name: 'a derivative that is zero', source: 'x: n\ny: n\nsin(y)', by: 'x', square: true },
  { name: 'a tensor', source: 'T: a x b x c\nz: c\neinsum("ijk,k->kji", T.^2, z)', by: 'T' },
  { name: 'a quadratic form by a symmetric matrix', source: "S: n x n symmetric\nx: n\nx'*S*S*x", by: 'S' },
];

describe.each(cases)('$name', ({ source, by, square }) => {
  const wrt = by.split(',');
  const point = pointOf(source, 4, { held: wrt.includes('Z') ? ['Z'] : [] });

  test.each(['denominator', 'numerator', 'jacobian'] as const)('against the dense value, %s layout', (layout) => {
    const d = derived(source, wrt, { layout });
    const dense = must(d.evaluate(point)).value;
    const places = d.axes.map((_, i) => i);
    const output = placesOf(d.axes, 'output');
    const last = placesOf(d.axes, wrt.length - 1);
    // What is left after a contraction: output, then the variables in turn.
    const inOrder = [...output, ...wrt.flatMap((_, k) => placesOf(d.axes, k))];
    const without = (over: readonly number[]) => inOrder.filter((k) => !over.includes(k));

    const dx = randomArray(shapeAt(dense, last), 'dx');
    expect(distance(must(d.condensed.apply(point, dx)), contractDense(dense, last, dx, without(last)))).toBeLessThan(
      1e-10,
    );

    const incoming = output.length > 0 || wrt.length === 1 ? output : placesOf(d.axes, 0);
    const g = randomArray(shapeAt(dense, incoming), 'g');
    expect(
      distance(must(d.condensed.pull(point, g)), contractDense(dense, incoming, g, without(incoming))),
    ).toBeLessThan(1e-10);

    expect(distance(must(d.condensed.expand(point)), dense)).toBeLessThan(1e-12);

    const strides = stridesOf(dense.shape);
    const scale = Math.max(1, ...dense.data.map(Math.abs));
    for (const e of [0, 1, 7, dense.data.length - 1].filter((e) => e < dense.data.length)) {
      const index = places.map((k) => (Math.floor(e / strides[k]!) % dense.shape[k]!) + 1);
      expect(Math.abs(must(d.condensed.entry(point, index)) - dense.data[e]!)).toBeLessThanOrEqual(1e-12 * scale);
    }

    const owners = [output, ...wrt.map((_, k) => placesOf(d.axes, k))].filter((list) => list.length > 0);
    if (square) {
      const first = owners[0]!;
      const wanted = ndarray(shapeAt(dense, first));
      const own = stridesOf(wanted.shape);
      wanted.data.forEach((_, e) => {
        const index = new Array<number>(dense.shape.length).fill(0);
        for (const list of owners)
          for (const [j, k] of list.entries()) index[k] = Math.floor(e / own[j]!) % wanted.shape[j]!;
        wanted.data[e] = dense.data[index.reduce((at, i, k) => at + i * strides[k]!, 0)]!;
      });
      expect(distance(must(d.condensed.diagonal(point)), wanted)).toBeLessThan(1e-12);
    } else if (owners.length > 1) {
      const result = d.condensed.diagonal(point);
      expect(result.ok ? 'a diagonal' : result.error.code).toBe('shape/diagonal');
    }
  });

  test('the rule, as text behind the program, is apply and pull', () => {
    const d = derived(source, wrt);
    const { apply, pull, rule } = d.condensed;
    const last = wrt[wrt.length - 1]!;
    const inputShape = d.program.analysis.names.get(last)!.type.axes;
    // What is pulled back has the axes of the output, then those of all variables but the last.
    const before = [...d.output.shape, ...wrt.slice(0, -1).flatMap((n) => d.program.analysis.names.get(n)!.type.axes)];
    const sizes = new Map([...point].filter(([, v]) => v.shape.length === 0).map(([name, v]) => [name, v.data[0]!]));
    const array = (shape: readonly Size[], seed: string) =>
      randomArray(
        shape.map((s) => Number(sizeValue(s, sizes))),
        seed,
      );
    const [dx, g] = [array(inputShape, 'dx'), array(before, 'g')];
    const read = (text: string, name: string, shape: readonly Size[], value: NdArray): NdArray => {
      const held = new Map([...point].filter(([n]) => wrt.includes(n) && d.program.analysis.assigned.has(n)));
      const at = new Map([...point, [name, value] as const]);
      const declare = [{ name, shape: { kind: 'array', axes: shape }, properties: [] }] as const;
      return must(evaluate(`${source}\n${text}`, at, { held, declare })).value;
    };
    const close = (a: NdArray, b: NdArray) =>
      distance({ ...a, shape: [a.data.length] }, { ...b, shape: [b.data.length] });
    expect(close(read(rule.apply, `d${last}`, inputShape, dx), must(apply(point, dx))), rule.apply).toBeLessThan(1e-10);
    if (wrt.length < 3) {
      const pulled = read(rule.pull, 'G', before, g);
      if (wrt.length === 1 || d.output.shape.length === 0)
        expect(close(pulled, must(pull(point, g))), rule.pull).toBeLessThan(1e-10);
    }
  });

  test('nonzeros counts the entries that are not zero at a random point, or says nothing', () => {
    const d = derived(source, wrt);
    const dense = must(d.evaluate(point)).value;
    const sizes = new Map([...point].filter(([, v]) => v.shape.length === 0).map(([name, v]) => [name, v.data[0]!]));
    const count = d.condensed.nonzeros(sizes);
    // Through a reshape or a cumulative sum the pattern is not one of equal indices: then there is no count.
    if (count === undefined) expect(source).toMatch(/vec|cumsum/);
    else expect(count).toBe(dense.data.filter((v) => v !== 0).length);
  });
});

test.each([
  // Equal cores are kept once.
  ['x: 7\nsoftmax(x)', 'x', 7, 49],
  ["W: 5 x 3\nA: 5\nW'*A", 'W', 5, 45],
  ["W: 5 x 3\nA: 5\nb: 3\nZ = W'*A + b\ntanh(Z)", 'W', 8, 45],
  ['A: 2 x 3\nX: 3 x 5\nB: 5 x 7\nA*X*B', 'X', 41, 210],
  ['x: 5\nsin(x)', 'x', 5, 25],
  ['x: 5\nsum(x.^4)', 'x,x', 5, 25],
  ["T: 5 x 7\nU: 5 x 3\nV: 7 x 3\nsum((T - U*V').^2)", 'U,U', 9, 225],
  ['A: 3 x 5\nsum(A)', 'A', 1, 15],
] as const)('storage of %s by %s: %i of %i entries', (source, by, kept, full) => {
  const { storage, smaller } = derived(source, by.split(',')).condensed;
  expect(storage).toMatchObject({ keptNumber: kept, fullNumber: full });
  expect(smaller).toBe(true);
});

test('storage in symbols', () => {
  const { storage } = derived("T: m x n\nU: m x k\nV: n x k\nsum((T - U*V').^2)", ['U', 'U']).condensed;
  expect(storage).toEqual({ kept: 'k²', full: 'k²·m²' });
});

describe('without the dense tensor', () => {
  // The dense Hessian has (400·7)² = 7,840,000 entries at rank 7 and is out of reach at the sizes below.
  const source = "T: 400 x 300\nU: 400 x 20\nV: 300 x 20\nsum((T - U*V').^2)";
  const d = derived(source, ['U', 'U']);
  const point = new Map([
    ['T', randomArray([400, 300], 'T')],
    ['U', randomArray([400, 20], 'U')],
    ['V', randomArray([300, 20], 'V')],
  ]);

  test('the core is k×k', () => {
    expect(d.condensed.storage.keptNumber).toBe(400);
    expect(d.condensed.storage.fullNumber).toBe(64_000_000);
    expect(d.condensed.deltas).toHaveLength(1);
    expect(d.condensed.nonzeros()).toBe(400 * 20 * 20);
  });

  test('expand refuses, and says which limit', () => {
    const result = d.condensed.expand(point);
    expect(result.ok ? 'expanded' : result.error.code).toBe('limit/entries');
    const value = d.evaluate(point);
    expect(value.ok ? 'evaluated' : value.error.code).toBe('limit/entries');
  });

  test('apply is U ↦ 2 U VᵀV', () => {
    const dx = randomArray([400, 20], 'dx');
    const got = must(d.condensed.apply(point, dx));
    const v = point.get('V')!.data;
    const gram = Array.from({ length: 400 }, (_, e) => {
      const [a, b] = [Math.floor(e / 20), e % 20];
      let sum = 0;
      for (let i = 0; i < 300; i++) sum += v[i * 20 + a]! * v[i * 20 + b]!;
      return sum;
    });
    const want = ndarray([400, 20]);
    for (let i = 0; i < 400; i++)
      for (let a = 0; a < 20; a++)
        for (let b = 0; b < 20; b++) want.data[i * 20 + b]! += 2 * dx.data[i * 20 + a]! * gram[a * 20 + b]!;
    expect(distance(got, want)).toBeLessThan(1e-11);
    expect(distance(must(d.condensed.pull(point, dx)), want)).toBeLessThan(1e-11);
  });

  test('entry and diagonal', () => {
    const v = point.get('V')!.data;
    const gram = (a: number, b: number): number =>
      Array.from({ length: 300 }, (_, i) => v[i * 20 + a]! * v[i * 20 + b]!).reduce((s, x) => s + x, 0);
    expect(must(d.condensed.entry(point, [7, 3, 7, 11]))).toBeCloseTo(2 * gram(2, 10), 10);
    expect(must(d.condensed.entry(point, [7, 3, 8, 11]))).toBe(0);
    const diagonal = must(d.condensed.diagonal(point));
    expect(diagonal.shape).toEqual([400, 20]);
    expect(diagonal.data[20 * 5 + 3]).toBeCloseTo(2 * gram(3, 3), 10);
  });

  test.each([
    ["W: 500 x 400\nA: 500\nW'*A", 'W'],
    ['X: 300 x 200\nexp(X)', 'X'],
    ['A: 90 x 80\nX: 80 x 110\nB: 110 x 120\nA*X*B', 'X'],
    ['x: 20000\nsin(x)', 'x'],
    ['x: 20000\nsoftmax(x)', 'x'],
    ['x: 20000\nlogsumexp(x)', 'x,x'],
    ['X: 200 x 200\nX*X', 'X'],
    ["X: 200 x 150\nX'*X", 'X'],
    ['X: 400 x 150\nx: 400\nX + x', 'x'],
    ['X: 300 x 300\ninv(X)', 'X'],
  ])('apply, pull and one entry of a large derivative: %s by %s', (program, by) => {
    const wrt = by.split(',');
    const large = derived(program, wrt, { layout: 'jacobian', certify: false });
    const at = pointOf(program, 2);
    const sizeOf = (of: DerivativeAxis['of']) => placesOf(large.axes, of).map((k) => Number(large.axes[k]!.size));
    const dx = randomArray(sizeOf(wrt.length - 1), 1);
    const g = randomArray(wrt.length > 1 ? sizeOf(0) : sizeOf('output'), 2);
    const forward = must(large.condensed.apply(at, dx));
    const backward = must(large.condensed.pull(at, g));
    const inner = (a: NdArray, b: NdArray) => a.data.reduce((s, v, i) => s + v * b.data[i]!, 0);
    const [left, right] = [inner(g, forward), inner(backward, dx)];
    expect(Math.abs(left - right)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(left)));
    expect(
      Number.isFinite(
        must(
          large.condensed.entry(
            at,
            large.axes.map(() => 2),
          ),
        ),
      ),
    ).toBe(true);
    const dense = large.condensed.expand(at);
    expect(dense.ok ? 'expanded' : dense.error.code).toBe('limit/entries');
  });
});

describe('wrong directions are refused', () => {
  const d = derived('A: 3 x 5\nx: 5\nsin(A*x)', 'x', { layout: 'jacobian' });
  const point = pointOf('A: 3 x 5\nx: 5\nsin(A*x)');
  const code = (result: { ok: boolean; error?: { code: string } }) => (result.ok ? 'ok' : result.error!.code);
  test('apply with an array of another shape', () => {
    expect(code(d.condensed.apply(point, ndarray([3])))).toBe('shape/direction');
    expect(code(d.condensed.apply(point, ndarray([])))).toBe('shape/direction');
  });
  test('pull with an array of another shape', () => {
    expect(code(d.condensed.pull(point, ndarray([5])))).toBe('shape/direction');
  });
  test('entries out of range, and too few indices', () => {
    expect(code(d.condensed.entry(point, [4, 1]))).toBe('shape/entry');
    expect(code(d.condensed.entry(point, [0, 1]))).toBe('shape/entry');
    expect(code(d.condensed.entry(point, [1.5, 1]))).toBe('shape/entry');
    expect(code(d.condensed.entry(point, [1]))).toBe('shape/entry');
  });
  test('a point without a value, or with a wrong shape', () => {
    const short = new Map([...point].filter(([name]) => name !== 'x'));
    expect(d.condensed.apply(short, ndarray([5])).ok).toBe(false);
    expect(code(d.condensed.apply(new Map([...point, ['x', ndarray([4])]]), ndarray([5])))).toBe('shape/point');
  });
  test('symbolic sizes are bound at the point, and the direction must fit them', () => {
    const open = derived('A: m x n\nx: n\nsin(A*x)', 'x', { layout: 'jacobian' });
    const at = new Map([
      ['A', randomArray([3, 5], 1)],
      ['x', randomArray([5], 2)],
    ]);
    expect(must(open.condensed.apply(at, randomArray([5], 3))).shape).toEqual([3]);
    expect(open.condensed.apply(at, randomArray([3], 3)).ok).toBe(false);
    expect(open.condensed.pull(at, randomArray([5], 3)).ok).toBe(false);
    expect(code(open.condensed.entry(at, [4, 1]))).toBe('shape/entry');
  });
});
