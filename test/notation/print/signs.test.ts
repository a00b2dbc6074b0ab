import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseSigns } from '../../../src/notation/print/signs.ts';
import { printText } from '../../../src/notation/print/text.ts';
import { binary, call, type Expr, name, neg, num, transposed } from '../../../src/syntax/expr.ts';
import { trees } from './trees.ts';

const [X, x, y, z] = ['X', 'x', 'y', 'z'].map(name) as [Expr, Expr, Expr, Expr];
const times = (a: Expr, b: Expr) => binary('*', a, b);

test.each<[Expr, string]>([
  [neg(times(transposed(X), y)), "-X'*y"],
  [neg(times(times(num(2), X), y)), '-2*X*y'],
  [binary('+', x, neg(y)), 'x - y'],
  [binary('+', x, neg(times(y, z))), 'x - y*z'],
  [binary('-', x, times(num(-2), y)), 'x + 2*y'],
  [binary('+', x, num(-3)), 'x - 3'],
  [neg(binary('-', x, y)), 'y - x'],
  [neg(times(binary('-', x, y), z)), '(y - x)*z'],
  [neg(binary('+', x, y)), '-(x + y)'],
  [neg(binary('-', neg(x), y)), 'y + x'],
  [times(x, neg(y)), '-x*y'],
  [times(neg(x), neg(y)), 'x*y'],
  [neg(neg(x)), 'x'],
  [transposed(neg(x)), "-x'"],
  [binary('^', X, num(-1)), 'X^-1'],
  [neg(binary('^', x, num(2))), '-x^2'],
  [binary('^', neg(x), num(2)), '(-x)^2'],
  [call('exp', neg(times(x, y))), 'exp(-x*y)'],
  [{ kind: 'unary', op: '+', arg: x }, 'x'],
])('%#: %j', (e, expected) => expect(printText(normaliseSigns(e))).toBe(expected));

test('a second time changes nothing', () => {
  fc.assert(
    fc.property(trees, (e) => {
      const once = normaliseSigns(e);
      expect(normaliseSigns(once)).toEqual(once);
    }),
  );
});

/** The value with every name a number, every operation its scalar one, and every call something odd in no argument. */
function value(e: Expr): number {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'name':
      return 1 + e.name.length / 7;
    case 'text':
      return 1;
    case 'unary':
      return e.op === '-' ? -value(e.arg) : value(e.arg);
    case 'transpose':
      return value(e.arg);
    case 'index':
      return 3 * value(e.target);
    case 'call':
      return e.args.reduce((sum, arg, k) => sum + (k + 2) * Math.cos(value(arg)) + value(arg) / 3, 0.1 + e.fn.length);
    case 'binary': {
      const a = value(e.left);
      const b = value(e.right);
      const results = { '+': a + b, '-': a - b, '*': a * b, '.*': a * b, '/': a / b, './': a / b, '\\': b / a };
      return e.op === '^' || e.op === '.^' ? a ** b : results[e.op];
    }
  }
}

test('the value stays', () => {
  fc.assert(
    fc.property(trees, (e) => {
      const before = value(e);
      const after = value(normaliseSigns(e));
      if (Number.isNaN(before)) expect(after).toBeNaN();
      else expect(after + 0).toBe(before + 0);
    }),
  );
});
