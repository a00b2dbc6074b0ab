import { expect, test } from 'vitest';
import { printText } from '../../../src/notation/print/text.ts';
import { binary, call, type Expr, name, neg, num, text, transposed } from '../../../src/syntax/expr.ts';

const [A, x, y, w, s, X] = ['A', 'x', 'y', 'w', 's', 'X'].map(name) as [Expr, Expr, Expr, Expr, Expr, Expr];
const times = (a: Expr, b: Expr) => binary('*', a, b);

test('the style of the documentation', () => {
  const margin = binary('.*', neg(y), times(X, w));
  const logistic = times(neg(transposed(X)), binary('.*', y, call('sigmoid', margin)));
  expect(printText(logistic)).toBe("-X'*(y.*sigmoid(-y.*(X*w)))");
  const residual = binary('-', times(A, x), y);
  expect(printText(binary('/', times(transposed(A), residual), call('norm2', residual)))).toBe(
    "A'*(A*x - y)/norm2(A*x - y)",
  );
  expect(printText(binary('-', call('diag', s), times(s, transposed(s))))).toBe("diag(s) - s*s'");
  expect(printText(call('einsum', text('ik,jl->ijkl'), call('eye', num(2)), call('eye', num(3))))).toBe(
    'einsum("ik,jl->ijkl", eye(2), eye(3))',
  );
});

test.each<[Expr, string]>([
  [times(times(A, x), y), 'A*x*y'],
  [times(A, times(x, y)), 'A*(x*y)'],
  [binary('-', x, binary('-', y, w)), 'x - (y - w)'],
  [binary('-', x, binary('+', y, w)), 'x - (y + w)'],
  [binary('/', x, times(y, w)), 'x/(y*w)'],
  [binary('.*', binary('./', x, y), w), 'x./y.*w'],
  [times(neg(x), y), '-x*y'],
  [neg(times(x, y)), '-(x*y)'],
  [times(x, neg(y)), 'x*(-y)'],
  [binary('+', x, times(neg(y), w)), 'x + (-y*w)'],
  [neg(neg(x)), '-(-x)'],
  [neg(binary('^', x, num(2))), '-x^2'],
  [binary('^', neg(x), num(2)), '(-x)^2'],
  [binary('^', A, neg(num(1))), 'A^-1'],
  [binary('^', A, num(-1)), 'A^-1'],
  [binary('^', A, neg(transposed(x))), "A^(-x')"],
  [binary('^', binary('^', s, num(2)), num(3)), 's^2^3'],
  [binary('^', s, binary('^', num(2), num(3))), 's^(2^3)'],
  [{ kind: 'transpose', arg: binary('^', A, num(2)) }, "A^2'"],
  [binary('^', transposed(A), num(2)), "A'^2"],
  [{ kind: 'transpose', arg: times(A, x) }, "(A*x)'"],
  [{ kind: 'transpose', arg: transposed(A) }, "A''"],
  [times(num(-2), x), '-2*x'],
  [binary('-', x, num(-2)), 'x - (-2)'],
  [{ kind: 'call', fn: 'f', order: 2, args: [x] }, "f''(x)"],
  [{ kind: 'index', target: times(X, y), indices: [null, num(2)] }, '(X*y)[:,2]'],
  [{ kind: 'index', target: { kind: 'index', target: X, indices: [num(1), null] }, indices: [num(2)] }, 'X[1,:][2]'],
  [binary('^', { kind: 'index', target: x, indices: [num(1)] }, num(2)), 'x[1]^2'],
  [call('einsum', text('say "i"')), `einsum('say "i"')`],
])('%#: %j', (e, expected) => expect(printText(e)).toBe(expected));

test.each<[number, string]>([
  [0, '0'],
  [-0, '-0'],
  [0.5, '0.5'],
  [0.001, '0.001'],
  [1e-9, '1e-9'],
  [1e21, '1e21'],
  [1e20, '1e20'],
  [123456789012, '123456789012'],
  [1 / 3, '0.3333333333333333'],
  [-2.5e-300, '-2.5e-300'],
])('the number %d', (value, expected) => expect(printText(num(value))).toBe(expected));

test('a sum of 200,000 terms is no deep recursion', () => {
  let e: Expr = x;
  for (let k = 0; k < 200_000; k++) e = binary(k % 2 ? '+' : '-', e, y);
  expect(printText(e)).toHaveLength(1 + 4 * 200_000);
});
