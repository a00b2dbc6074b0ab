import { expect, test } from 'vitest';
import { approximate, chain } from '../../src/api/index.ts';
import { certified, derivativeAt, must, numbers, point } from './support.ts';

const steps = 's: scalar; x = s^2; y = sin(s); z = exp(s)';

test('concept-03 multi-variable chain rule: df/ds is the sum over x, y and z, each named', () => {
  const program = `${steps}; f = x*y^2*z`;
  const whole = certified(program, 's');
  for (const s of [0.3, 1.2, -0.7]) {
    const at = point({ s });
    const { split, products } = must(chain(program, undefined, 's', { at }));
    expect(split!.complete).toBe(true);
    expect(split!.summands.map((p) => p.title)).toEqual(['only through x', 'only through y', 'only through z']);
    expect(split!.summands[0]!.factors.unicode).toBe('∂x/∂s · ∂f/∂x');
    const [x, y, z] = [s ** 2, Math.sin(s), Math.exp(s)];
    const parts = split!.summands.map((p) => p.value!.data[0]!);
    [2 * s * y ** 2 * z, Math.cos(s) * 2 * x * y * z, z * x * y ** 2].forEach((v, k) => {
      expect(parts[k]).toBeCloseTo(v, 12);
    });
    expect(numbers(derivativeAt(whole, at))[0]).toBeCloseTo(
      parts.reduce((sum, v) => sum + v),
      12,
    );
    expect(products.at(-1)!.parts.map((p) => p.through)).toEqual(['x', 'y', 'z']);
  }
});

test('concept-03 multi-variable chain rule: a vector that goes two ways through matrices', () => {
  const program = "A: m x n; B: m x n; u = A*x; v = B*x; s = u'*v";
  const whole = certified(program, 'x');
  expect(whole.text.split(' + ').sort()).toEqual(["A'*v", "B'*u"]);
  const { split, tally } = must(chain(program, undefined, 'x'));
  expect(split!.summands.map((p) => [p.title, p.form.text])).toEqual([
    ['only through u', "A'*v"],
    ['only through v', "B'*u"],
  ]);
  expect(tally.failed).toBe(0);
});

test('concept-08 finite changes: Δf = ∂f/∂x Δx + ∂f/∂y Δy + ∂f/∂z Δz', () => {
  const f = must(
    approximate('p: 3; f = p[1]^2*p[2] + p[2]*p[3]', 'p', {
      at: point({ p: [1, 2, 3] }),
      direction: { shape: [3], data: Float64Array.of(1, -1, 2) },
    }),
  );
  const c = f.components!;
  // ∂f/∂p = (2p₁p₂, p₁² + p₃, p₂) = (4, 4, 2)
  expect(c.parts.map((p) => p.predicted.data[0]! / c.h)).toEqual([4, -4, 4]);
  expect(c.predicted.data[0]).toBeCloseTo(4 * c.h, 14);
  // The parts are nearly what each variable does alone, and their sum nearly what all do together.
  for (const p of c.parts) expect(p.alone.data[0]).toBeCloseTo(p.predicted.data[0]!, 2);
  expect(c.together.data[0]).toBeCloseTo(c.alone.data[0]!, 2);
});

test('concept-08 finite changes: the components of a vector, for an output that is a vector', () => {
  const v = must(approximate('softmax(x)', 'x', { at: point({ x: [0.2, 0.5, 0.9] }), tolerance: 0.001 }));
  const { parts, predicted, together } = v.components!;
  expect(parts.map((p) => p.name)).toEqual(['x[1]', 'x[2]', 'x[3]']);
  for (let j = 0; j < 3; j++) {
    const sum = parts.reduce((total, p) => total + p.predicted.data[j]!, 0);
    expect(predicted.data[j]).toBeCloseTo(sum, 14);
    expect(together.data[j]).toBeCloseTo(sum, 5);
  }
});

test('concept-08 finite changes: named summands, and what they lack of the whole shrinks as h²', () => {
  const program = `${steps}; f = x*y*z`;
  const step = { shape: [], data: Float64Array.of(0.01) };
  const { split } = must(chain(program, undefined, 's', { at: point({ s: 0.8 }), step }));
  const lacking = split!.finite!.map(({ sum, total }) => Math.abs(total.data[0]! - sum.data[0]!));
  expect(split!.finite![0]!.summands.length).toBe(3);
  for (let k = 1; k < lacking.length; k++) expect(lacking[k - 1]! / lacking[k]!).toBeCloseTo(4, 0);
});
