import { expect, test } from 'vitest';
import {
  addPolynomials,
  asymptotic,
  costOfPlan,
  monomial,
  polynomialText,
  polynomialValue,
} from '../../src/plan/cost.ts';
import { planned } from './planned.ts';

test('a matrix product takes 2·m·n·p, its Gram product half', () => {
  const product = costOfPlan(planned('A: m x n; B: n x p; A*B', {}));
  expect(polynomialText(product.flops)).toBe('2·m·n·p');
  expect(polynomialText(product.entries)).toBe('m·p + m·n + n·p');
  const gram = costOfPlan(planned("A: m x n; A'*A", {}));
  expect(polynomialText(gram.flops)).toBe('m·n²');
});

test('numbers where sizes are known', () => {
  const { flops } = costOfPlan(planned('A: m x n; x: n; A*x', {}));
  expect(
    polynomialValue(
      flops,
      new Map([
        ['m', 5],
        ['n', 7],
      ]),
    ),
  ).toBe(70);
  expect(polynomialValue(flops, new Map([['m', 5]]))).toBeUndefined();
});

test('growth is what no other product outgrows', () => {
  const p = addPolynomials(monomial(1, 'm', 'n', 'n'), monomial(9, 'm', 'n'), monomial(4, 'n', 'n'), monomial(2, 'k'));
  expect(asymptotic(p)).toBe('O(m·n² + k)');
  expect(asymptotic(new Map())).toBe('O(1)');
  expect(asymptotic(costOfPlan(planned('sum(log(1 + exp(-y.*(X*w))))', { derivatives: [['w', 'w']] })).flops)).toBe(
    'O(m·n²)',
  );
});
