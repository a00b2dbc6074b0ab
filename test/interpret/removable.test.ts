import { expect, test } from 'vitest';
import { derive, fromNested } from '../../src/api/index.ts';

const gradientAt = (program: string, name: string, value: unknown) => {
  const found = derive(program, name, { layout: 'jacobian' });
  if (!found.ok) throw new Error(found.error.message);
  const at = found.value.evaluate(new Map([[name, fromNested(value)!]]));
  if (!at.ok) throw new Error(at.error.message);
  return { data: [...at.value.value.data], warnings: at.value.warnings };
};

test('the gradient of det at a singular matrix is the transposed adjugate', () => {
  expect(
    gradientAt('det(X)', 'X', [
      [1, 2],
      [2, 4],
    ]),
  ).toEqual({ data: [4, -2, -2, 1], warnings: [] });
  expect(
    gradientAt('X: 3 x 3\ndet(X)', 'X', [
      [1, 2, 3],
      [2, 4, 6],
      [1, 0, 1],
    ]).data.map(Math.round),
  ).toEqual([4, 4, -4, -2, -2, 2, 0, 0, 0]);
});

test('the gradient of prod at a zero entry is the product of the others', () => {
  expect(gradientAt('prod(x)', 'x', [0, 2, 3])).toEqual({ data: [6, 0, 0], warnings: [] });
  expect(gradientAt('prod(x)', 'x', [0, 2, 0]).data).toEqual([0, 0, 0]);
  expect(gradientAt('2*prod(x)', 'x', [1, 2, 3]).data).toEqual([12, 6, 4]);
});
