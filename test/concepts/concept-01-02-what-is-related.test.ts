import { expect, test } from 'vitest';
import { anyPoint, certified, derivativeAt, numbers, outputOf, point, shapeOf } from './support.ts';

test('concept-01 blocks of data: wᵀx, m products at once', () => {
  const d = certified("w'*x", 'x');
  expect(d.text).toBe('w');
  expect(numbers(derivativeAt(d, point({ w: [10, -5], x: [1, 1] })))).toEqual([10, -5]);
});

test('concept-01 blocks of data: any array by any array', () => {
  const shapes = { scalar: '', vector: '3', matrix: '2 x 5', tensor: '2 x 3 x 5' };
  const names = Object.keys(shapes) as (keyof typeof shapes)[];
  for (const from of names)
    for (const to of names) {
      const [x, y] = [shapes[from] || 'scalar', shapes[to] || 'scalar'];
      // Each entry of the output depends on all entries of the input.
      const d = certified(`x: ${x}; c: ${y}; y = exp(c)*sum(sin(x))`, 'x');
      expect(d.shape.length).toBe((shapes[from].match(/\d/g) ?? []).length + (shapes[to].match(/\d/g) ?? []).length);
    }
});

test('concept-02 partial derivative: f = 2x²y with y held fixed', () => {
  const program = 'x: scalar; y: scalar; f = 2*x^2*y';
  expect(certified(program, 'x').text).toBe('4*x*y');
  expect(certified(program, 'y').text).toBe('2*x^2');
});

test('concept-02 partial derivative: an intermediate that is named moves on its own', () => {
  const program = "W: m x n; Z = W'*a; a: m; L = sum(Z.^2) + sum(a)";
  expect(certified(program, 'Z').text).toBe('2*Z');
  // By a itself, both ways count.
  const d = certified(program, 'a');
  const at = anyPoint(d);
  const [W, a] = [at.get('W')!, at.get('a')!];
  const total = numbers(derivativeAt(d, at));
  const Z = outputOf("W: m x n; a: m; W'*a", new Map([['W', W] as const, ['a', a] as const]));
  const n = W.shape[1]!;
  total.forEach((v, i) => {
    let sum = 1;
    for (let j = 0; j < n; j++) sum += W.data[i * n + j]! * 2 * Z.data[j]!;
    expect(v).toBeCloseTo(sum, 12);
  });
  expect(shapeOf(program, 'Z')).toBe('n');
});
