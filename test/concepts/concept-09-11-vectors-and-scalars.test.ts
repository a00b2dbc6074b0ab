import { expect, test } from 'vitest';
import { layouts } from '../../src/api/index.ts';
import { anyPoint, apart, certified, derivativeAt, must, numbers, point, shapeOf } from './support.ts';

test('concept-09 gradient: ∂s/∂v is (m×1), and Δs = (∂s/∂v)ᵀΔv', () => {
  const program = "v: m; c: m; s = c'*v";
  expect(shapeOf(program, 'v')).toBe('m');
  const { rule } = certified(program, 'v').condensed;
  expect(rule.apply).toBe("c'*dv");
});

test('concept-09 gradient: that of log-sum-exp sums to one', () => {
  const d = certified('x: n; s = logsumexp(x)', 'x');
  const at = point({ x: [0.1, 2, -1] });
  const g = numbers(derivativeAt(d, at));
  expect(d.shape).toEqual(['n']);
  expect(g.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
  const dv = { shape: [3], data: Float64Array.of(1, -2, 0.5) };
  expect(must(d.condensed.apply(at, dv)).data[0]).toBeCloseTo(g[0]! - 2 * g[1]! + 0.5 * g[2]!, 14);
});

test('concept-10 transposed convention: one switch, and the two are transposes of each other', () => {
  const notes = certified("v: m; A: m x n; w = A'*v", 'v');
  const other = certified("v: m; A: m x n; w = A'*v", 'v', { layout: 'numerator' });
  expect([notes.layout, notes.text, other.layout, other.text]).toEqual(['denominator', 'A', 'numerator', "A'"]);
});

test.each([
  ['w = v.^3; v: n', 'v'],
  ['M*s^2; M: r x k; s: scalar', 's'],
  ["Z = W'*A; W: m x n; A: m", 'W'],
  ['Y = inv(X)', 'X'],
] as const)('concept-10 transposed convention: %s by %s in every layout', (program, wrt) => {
  const [d, n, j] = layouts.map((layout) => certified(program, wrt, { layout }));
  const at = anyPoint(d!);
  const [dense, transposed, jacobian] = [d, n, j].map((x) => derivativeAt(x!, at));
  expect(transposed!.shape).toEqual([...dense!.shape].reverse());
  expect(apart(reversed(transposed!), dense!)).toBe(0);
  expect([...jacobian!.data].sort()).toEqual([...dense!.data].sort());
  // The prediction is the same whichever is used.
  const x = at.get(wrt)!;
  const dx = { shape: x.shape, data: x.data.map((v) => Math.cos(5 * v)) };
  for (const other of [n!, j!])
    expect(apart(must(other.condensed.apply(at, dx)), must(d!.condensed.apply(at, dx)))).toBeLessThan(1e-13);
});

/** The axes in the opposite order. */
function reversed(a: { readonly shape: readonly number[]; readonly data: Float64Array }) {
  const shape = [...a.shape].reverse();
  const data = new Float64Array(a.data.length);
  a.data.forEach((v, e) => {
    let [rest, place] = [e, 0];
    const index: number[] = [];
    for (let k = a.shape.length - 1; k >= 0; k--) {
      index.push(rest % a.shape[k]!);
      rest = Math.floor(rest / a.shape[k]!);
    }
    index.forEach((i, k) => {
      place = place * shape[k]! + i;
    });
    data[place] = v;
  });
  return { shape, data };
}

test('concept-11 vector by scalar: ∂w/∂s is (1×n), and Δw = (∂w/∂s)ᵀΔs', () => {
  const d = certified('s: scalar; c: n; w = s*c', 's');
  expect(d.shape).toEqual(['n']);
  expect(d.axes.map((a) => a.of)).toEqual(['output']);
  expect(['c*ds', 'ds*c']).toContain(d.condensed.rule.apply);
});

test('concept-11 vector by scalar: a curve in space', () => {
  const d = certified('s: scalar; a: n; w = sin(s*a)', 's');
  const at = point({ s: 0.5, a: [1, 2, 3] });
  numbers(derivativeAt(d, at)).forEach((v, i) => {
    expect(v).toBeCloseTo((i + 1) * Math.cos(0.5 * (i + 1)), 14);
  });
});
