import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBudget } from '../../../src/base/budget.ts';
import { parseLatex } from '../../../src/language/parse.ts';
import { printLatex } from '../../../src/notation/print/latex.ts';
import { binary, call, type Expr, name, neg, num } from '../../../src/syntax/expr.ts';

const leaf = fc.constantFrom('A', 'B', 'x', 'y', 's', 'W1', 'lambda', 'loss').map(name);

/** Trees of what LaTeX can say; every operation is one on numbers, so that the value is easily known. */
const trees: fc.Arbitrary<Expr> = fc.letrec<{ tree: Expr }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.oneof(leaf, fc.integer({ min: 1, max: 9 }).map(num), fc.constant(num(0.5))),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '*', '/', '.*', './', '\\'), tie('tree'), tie('tree'))
      .map(([op, l, r]) => binary(op, l, r)),
    fc
      .tuple(fc.constantFrom('^', '.^'), tie('tree'), fc.integer({ min: 2, max: 3 }))
      .map(([op, l, n]) => binary(op, l, num(n))),
    tie('tree').map(neg),
    tie('tree').map((arg): Expr => ({ kind: 'transpose', arg })),
    fc
      .tuple(
        fc.constantFrom('inv', 'sqrt', 'norm2', 'abs', 'sigmoid', 'exp', 'log', 'tr', 'diag', 'relu', 'sum', 'f'),
        tie('tree'),
      )
      .map(([fn, arg]) => call(fn, arg)),
  ),
})).tree;

const values: ReadonlyMap<string, number> = new Map(
  ['A', 'B', 'x', 'y', 's', 'W1', 'lambda', 'loss'].map((n, k) => [n, 1 + k / 7]),
);

/**
 * The value with every array a number; a function depends on its name and on its argument, signs included, and makes no
 * more of the rounding of a huge argument than there was.
 */
function value(e: Expr): number {
  switch (e.kind) {
    case 'number':
      return e.value;
    case 'name':
      return values.get(e.name) ?? Number.NaN;
    case 'unary':
      return e.op === '-' ? -value(e.arg) : value(e.arg);
    case 'transpose':
      return value(e.arg);
    case 'call':
      if (e.fn === 'inv') return 1 / value(e.args[0]!);
      return e.args.reduce((sum, arg) => sum + Math.asinh(value(arg)), e.fn.length + e.fn.charCodeAt(0) / 100);
    case 'binary': {
      const a = value(e.left);
      const b = value(e.right);
      const results = { '+': a + b, '-': a - b, '*': a * b, '.*': a * b, '/': a / b, './': a / b, '\\': b / a };
      return e.op === '^' || e.op === '.^' ? a ** b : results[e.op];
    }
    case 'index':
    case 'text':
      return Number.NaN;
  }
}

test('what is printed as LaTeX means the same when it is read as LaTeX', () => {
  fc.assert(
    fc.property(trees, (e) => {
      const latex = printLatex(e);
      const { program, diagnostics } = parseLatex(latex, createBudget());
      expect(diagnostics, latex).toEqual([]);
      const wanted = value(e);
      // A chain of huge numbers says nothing about how it was grouped.
      if (!Number.isFinite(wanted) || Math.abs(wanted) > 1e6) return;
      const got = value(program.statements[0]!.value);
      expect(Math.abs(got - wanted) / Math.max(1, Math.abs(wanted)), latex).toBeLessThan(1e-6);
    }),
    { numRuns: 2000 },
  );
});
