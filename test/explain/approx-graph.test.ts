import { describe, expect, test } from 'vitest';
import {
  approximate,
  type Derivative,
  derive,
  dialView,
  graphView,
  localView,
  ndarray,
  type PointValues,
  type Result,
} from '../../src/api/index.ts';

const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.errors.map((e) => `${e.code}: ${e.message}`).join('\n'));
  return result.value;
};
const code = (result: Result<unknown>): string | undefined => (result.ok ? undefined : result.error.code);
const by = (source: string, ...names: string[]): readonly Derivative[] => names.map((n) => value(derive(source, n)));
const point = (values: Record<string, number | readonly number[]>): PointValues =>
  new Map(
    Object.entries(values).map(([n, v]) => [n, typeof v === 'number' ? ndarray([], [v]) : ndarray([v.length], v)]),
  );

describe('what is known at a point', () => {
  test('a curve has a tangent line', () => {
    const { output, entries, turns, tangent } = value(
      localView(by('t: scalar\nsin(t)', 't'), { at: point({ t: 0.5 }) }),
    );
    expect({ output, entries, turns }).toEqual({ output: 'y', entries: [], turns: false });
    expect(tangent!.window).toEqual([[-1.5, 2.5]]);
    expect(tangent!.slopes[0]).toBeCloseTo(Math.cos(0.5), 12);
    expect(tangent!.corners).toEqual([
      expect.closeTo(Math.sin(0.5) - 2 * Math.cos(0.5), 12),
      expect.closeTo(Math.sin(0.5) + 2 * Math.cos(0.5), 12),
    ]);
  });

  test('two numbers have a tangent plane, whether of one variable or of two', () => {
    const one = value(localView(by('x: 2\nx[1]^2 + 3*x[1]*x[2]', 'x'), { at: point({ x: [1, 2] }) })).tangent!;
    const two = value(localView(by('s: scalar\nt: scalar\ns^2 + 3*s*t', 's', 't'), { at: point({ s: 1, t: 2 }) }))
      .tangent!;
    expect(one.coordinates.map((c) => c.label)).toEqual(['x[1]', 'x[2]']);
    expect(two.coordinates.map((c) => c.label)).toEqual(['s', 't']);
    for (const { value: height, slopes, patch, corners } of [one, two]) {
      expect(height).toBeCloseTo(7, 12);
      expect(slopes).toEqual([expect.closeTo(8, 12), expect.closeTo(3, 12)]);
      const [[x0, x1], [y0, y1]] = patch as [[number, number], [number, number]];
      const plane = (x: number, y: number): number => 7 + 8 * (x - 1) + 3 * (y - 2);
      expect(corners).toEqual(
        [plane(x0, y0), plane(x1, y0), plane(x0, y1), plane(x1, y1)].map((z) => expect.closeTo(z, 10)),
      );
    }
  });

  test('the window stays while the point is in it', () => {
    const d = by('t: scalar\nt^2', 't');
    const window = [[-3, 1]] as const;
    expect(value(localView(d, { at: point({ t: 0.9 }), window })).tangent!.window).toEqual([[-3, 1]]);
    expect(value(localView(d, { at: point({ t: 1.1 }), window })).tangent!.window[0]![0]).toBeCloseTo(-0.9, 12);
  });

  test('of an array one entry is looked at, and more inputs have a direction to turn in', () => {
    const d = by('x: 3\nx.^2', 'x');
    const at = point({ x: [1, 2, 3] });
    const known = value(localView(d, { at, entry: [2] }));
    expect(known).toMatchObject({ output: 'y[2]', turns: true });
    expect(known.entries.map((e) => e.label)).toEqual(['y[1]', 'y[2]', 'y[3]']);
    expect(known.tangent).toBeUndefined();
    expect(value(localView(d, { at })).output).toBe('y[1]');
    expect(code(localView(d, { at, entry: [4] }))).toBe('shape/entry');
    expect(code(graphView(d, { at, window: [[0, 1]] }))).toBe('usage/axes');
  });
});

test('a graph holds the values, and a pole does not press it flat', () => {
  const surface = value(
    graphView(by('s: scalar\nt: scalar\ns*t^2', 's', 't'), {
      at: point({ s: 0, t: 0 }),
      window: [
        [0, 1],
        [-1, 1],
      ],
    }),
  );
  const [xs, ys] = surface.grid as [readonly number[], readonly number[]];
  surface.heights.forEach((z, k) => {
    expect(z).toBeCloseTo(xs[k % xs.length]! * ys[Math.floor(k / xs.length)]! ** 2, 12);
  });
  const pole = value(graphView(by('t: scalar\n1/t', 't'), { at: point({ t: 1 }), window: [[-1.001, 1]] }));
  expect(Math.max(...pole.heights.map(Math.abs))).toBeGreaterThan(100);
  expect(pole.range[1] - pole.range[0]).toBeLessThan(60);
  const log = value(graphView(by('t: scalar\nlog(t)', 't'), { at: point({ t: 1 }), window: [[-1, 3]] }));
  expect(log.heights.some(Number.isNaN)).toBe(true);
  expect(log.range.every(Number.isFinite)).toBe(true);
});

describe('a dial', () => {
  const at = point({ x: [0.3, -1.2, 0.7] });
  const [d] = by('x: 3\nsum(exp(x)) + x[1]*x[2]', 'x') as [Derivative];

  test('is greatest along the gradient, zero at a right angle, and tells what happens', () => {
    for (const towards of ['random', [2]] as const) {
      const { degrees, predicted, actual, steepest, h, plane } = value(dialView(d, { at, towards, h: 0.25 }));
      const gradient = [Math.exp(0.3) - 1.2, Math.exp(-1.2) + 0.3, Math.exp(0.7)];
      expect(steepest).toBeCloseTo(Math.hypot(...gradient), 10);
      const place = (angle: number): number => degrees.indexOf(angle);
      expect(predicted[place(0)]).toBeCloseTo(h * steepest, 10);
      expect(predicted[place(180)]).toBeCloseTo(-h * steepest, 10);
      expect(predicted[place(90)]).toBeCloseTo(0, 12);
      expect(Math.max(...predicted)).toBe(predicted[place(0)]);
      const [x, y, z] = [...at.get('x')!.data].map((v, k) => v + h * plane.across.data[k]!) as [number, number, number];
      const f = (p: number, q: number, r: number): number => Math.exp(p) + Math.exp(q) + Math.exp(r) + p * q;
      expect(actual[place(90)]).toBeCloseTo(f(x, y, z) - f(0.3, -1.2, 0.7), 10);
    }
  });

  test('turns the step of the approximation', () => {
    const turned = value(
      approximate('x: 3\nsum(exp(x)) + x[1]*x[2]', 'x', { at, direction: { degrees: 90, towards: [2] } }),
    );
    expect(turned.direction).toMatchObject({ kind: 'turned', degrees: 90 });
    expect(turned.steps[0]!.predicted).toBeCloseTo(0, 12);
    expect(turned.verdict.kind).toBe('smooth');
    const up = value(approximate('x: 3\nx.^3', 'x', { at, entry: [2], direction: { degrees: 0 } }));
    expect(up.output).toBe('y[2]');
    expect([...up.direction.value.data]).toEqual([0, 1, 0]);
    expect(code(approximate('x: 3\nx.^3', 'x', { at, direction: { degrees: 0 } }))).toBe('usage/direction');
  });

  test('of a function that does not change says so, and one number has no dial', () => {
    const [flat] = by('x: 3\n0*sum(x) + 3', 'x') as [Derivative];
    const { steepest, predicted } = value(dialView(flat, { at }));
    expect(steepest).toBe(0);
    expect(predicted.every((v) => v === 0)).toBe(true);
    const [one] = by('t: scalar\nt^2', 't') as [Derivative];
    expect(code(dialView(one, { at: point({ t: 1 }) }))).toBe('usage/direction');
  });

  test('keeps a symmetric variable symmetric', () => {
    const [s] = by("S: 3 x 3 symmetric\na: 3\na'*S*S*a", 'S') as [Derivative];
    const at3: PointValues = new Map([
      ['S', ndarray([3, 3], [1, 2, 3, 2, 4, 5, 3, 5, 6])],
      ['a', ndarray([3], [1, -1, 2])],
    ]);
    const { up, across } = value(dialView(s, { at: at3 })).plane;
    for (const { data } of [up, across]) expect([data[1], data[2], data[5]]).toEqual([data[3], data[6], data[7]]);
  });
});
