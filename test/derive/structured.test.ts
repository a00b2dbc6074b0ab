import { expect, test } from 'vitest';
import { derive, evaluate, fromNested, parse, randomValues } from '../../src/api/index.ts';

const structuredText = (program: string, wrt: string): string => {
  const found = derive(program, wrt.split(','), { layout: 'jacobian', convention: 'structured' });
  if (!found.ok) throw new Error(found.error.message);
  expect(found.value.convention?.name).toBe('structured');
  expect(found.value.certificate.status).toBe('verified');
  return found.value.text;
};

const evaluateBoth = (program: string, ours: string, hand: string): number => {
  const read = parse(program);
  if (!read.ok) throw new Error(read.error.message);
  const point = randomValues(read.value, 3);
  if (!point.ok) throw new Error(point.error.message);
  const [a, b] = [ours, hand].map((text) => {
    const value = evaluate(`${program}\n${text}`, point.value.values);
    if (!value.ok) throw new Error(value.error.message);
    return value.value.value.data;
  });
  return Math.max(...a!.map((v, i) => Math.abs(v - b![i]!)));
};

// Matrix Cookbook, eqs. 138 to 141.
test.each([
  ['X: n x n symmetric\nA: n x n\ntr(A*X)', "A + A' - diag(diag(A))"],
  ['X: n x n symmetric\nlogdet(X)', '2*inv(X) - diag(diag(inv(X)))'],
  ['X: n x n positive definite\nlogdet(X)', '2*inv(X) - diag(diag(inv(X)))'],
  ['D: n x n diagonal\nA: n x n\ntr(A*D)', 'diag(diag(A))'],
])('%s with entries that move together', (program, expected) => {
  const wrt = program[0]!;
  // The hand form, as a program behind the user's own, has the value of ours.
  const text = structuredText(program, wrt);
  const difference = evaluateBoth(program, text, expected);
  expect(difference).toBeLessThan(1e-12);
});

test('moving X[1,2] and X[2,1] together changes the output by the structured entry', () => {
  const program = 'X: 3 x 3 symmetric\nA: 3 x 3\nsum(sin(X*A))';
  const found = derive(program, 'X', { layout: 'jacobian', convention: 'structured' });
  const plain = derive(program, 'X', { layout: 'jacobian' });
  if (!found.ok || !plain.ok) throw new Error('no derivative');
  const at = new Map([
    [
      'X',
      fromNested([
        [1, 0.2, 0.5],
        [0.2, 0.7, 0.3],
        [0.5, 0.3, 1.1],
      ])!,
    ],
    [
      'A',
      fromNested([
        [0.4, 1, 0.3],
        [0.9, 0.1, 0.8],
        [0.2, 0.6, 1.2],
      ])!,
    ],
  ]);
  const [together, alone] = [found.value.evaluate(at), plain.value.evaluate(at)];
  if (!together.ok || !alone.ok) throw new Error('no value');
  const [s, g] = [together.value.value.data, alone.value.value.data];
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      const expected = i === j ? g[4 * i]! : g[3 * i + j]! + g[3 * j + i]!;
      expect(s[3 * i + j]).toBeCloseTo(expected, 12);
    }
  expect(plain.value.convention?.words).toContain('independent');
  // The ⋆ rule takes a change that names each tied entry once.
  const upper = fromNested([
    [0.1, 0.2, 0.3],
    [0, 0.4, 0.5],
    [0, 0, 0.6],
  ])!;
  const whole = fromNested([
    [0.1, 0.2, 0.3],
    [0.2, 0.4, 0.5],
    [0.3, 0.5, 0.6],
  ])!;
  const [once, both] = [found.value.condensed.apply(at, upper), plain.value.condensed.apply(at, whole)];
  if (!once.ok || !both.ok) throw new Error('no change');
  expect(once.value.data[0]).toBeCloseTo(both.value.data[0]!, 12);
});

test('a Hessian ties the entries of each variable', () => {
  const found = derive('D: 3 x 3 diagonal\ntr(D*D*D)', ['D', 'D'], { layout: 'jacobian', convention: 'structured' });
  if (!found.ok) throw new Error(found.error.message);
  const value = found.value.evaluate(
    new Map([
      [
        'D',
        fromNested([
          [1, 0, 0],
          [0, 2, 0],
          [0, 0, 3],
        ])!,
      ],
    ]),
  );
  if (!value.ok) throw new Error(value.error.message);
  const nonzero = [...value.value.value.data].flatMap((v, i) => (v !== 0 ? [[i, v]] : []));
  // Entries (i,i,i,i) of 3×3×3×3 are 6·dᵢ.
  expect(nonzero).toEqual([
    [0, 6],
    [40, 12],
    [80, 18],
  ]);
});
