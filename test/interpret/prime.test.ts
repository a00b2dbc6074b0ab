import { expect, test } from 'vitest';
import { chain, eliminate, primeField } from '../../src/interpret/prime.ts';

const isPrime = (n: number): boolean => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
};

test('the chain: primes, each twice the next plus one, whose products are exact', () => {
  for (const p of chain) expect(isPrime(p)).toBe(true);
  for (let k = 1; k < chain.length; k++) expect(chain[k - 1]).toBe(2 * chain[k]! + 1);
  expect(chain[0]! ** 2).toBeLessThan(Number.MAX_SAFE_INTEGER);
});

test('small whole numbers are squares and -1 is not, at every level', () => {
  for (const p of chain) {
    const f = primeField(p, 1);
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) expect(f.sign(f.integer(n))).toBe(1);
    expect(f.sign(f.integer(-1))).toBe(-1);
    expect(f.sign(0)).toBe(0);
  }
});

test('arithmetic: fractions, inverses, negative whole numbers', () => {
  const f = primeField(chain[2]!, 1);
  expect(f.add(f.fraction(1, 3)!, f.fraction(1, 6)!)).toBe(f.fraction(1, 2));
  expect(f.integer(-5)).toBe(f.p - 5);
  expect(Object.is(f.integer(-0), 0)).toBe(true);
  expect(f.subtract(3, 5)).toBe(f.negate(2));
  expect(f.invert(0)).toBeUndefined();
  expect(f.multiply(f.invert(12345)!, 12345)).toBe(1);
});

test('roots of squares obey the laws of powers', () => {
  const f = primeField(chain[2]!, 2);
  const [a, b] = [f.multiply(1234, 1234), f.multiply(777, 777)];
  expect(f.power(f.root(a, 1, 2), 2)).toBe(a);
  expect(f.root(a, 1, 2)).toBe(f.absolute(1234));
  expect(f.power(f.root(a, 2, 3), 3)).toBe(f.multiply(a, a));
  expect(f.multiply(f.root(a, 1, 2), f.root(b, 1, 2))).toBe(f.root(f.multiply(a, b), 1, 2));
  expect(f.multiply(f.root(a, -1, 2), f.root(a, 3, 2))).toBe(a);
});

test('exp turns sums into products, and log undoes it from one level to the next', () => {
  const [f, below] = [primeField(chain[2]!, 3), primeField(chain[3]!, 3)];
  const [x, y] = [below.random('x'), below.random('y')];
  expect(f.exp(below.add(x, y))).toBe(f.multiply(f.exp(x), f.exp(y)));
  expect(f.log(f.exp(x))).toBe(x);
  const a = f.absolute(f.random('a'));
  expect(f.exp(f.log(a))).toBe(a);
  expect(f.log(f.multiply(a, a))).toBe(below.multiply(2, f.log(a)));
});

test('elimination: determinant and inverse', () => {
  const f = primeField(chain[0]!, 1);
  expect(eliminate(f, [0, 2, 3, 4], 2).det).toBe(f.integer(-6));
  expect(eliminate(f, [1, 2, 2, 4], 2)).toEqual({ det: 0, inverse: undefined });
  const a = Float64Array.from({ length: 9 }, (_, e) => f.random(e));
  const { inverse } = eliminate(f, a, 3);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) {
      let sum = 0;
      for (let k = 0; k < 3; k++) sum = f.add(sum, f.multiply(a[i * 3 + k]!, inverse![k * 3 + j]!));
      expect(sum).toBe(i === j ? 1 : 0);
    }
});
