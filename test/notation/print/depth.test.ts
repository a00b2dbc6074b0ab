import { expect, test } from 'vitest';
import { printLatex } from '../../../src/notation/print/latex.ts';
import { printMathml } from '../../../src/notation/print/mathml.ts';
import { normaliseSigns } from '../../../src/notation/print/signs.ts';
import { printText } from '../../../src/notation/print/text.ts';
import { printUnicode } from '../../../src/notation/print/unicode.ts';
import { binary, call, childrenOf, type Expr, name, neg, text } from '../../../src/syntax/expr.ts';

const x = name('x');
const steps: Readonly<Record<string, (e: Expr) => Expr>> = {
  calls: (e) => call('f', e),
  roots: (e) => call('sqrt', e),
  norms: (e) => call('norm2', e),
  inverses: (e) => call('inv', binary('+', e, x)),
  signs: (e) => neg(binary('-', x, e)),
  transposes: (arg) => ({ kind: 'transpose', arg }),
  'transposed sums': (e) => ({ kind: 'transpose', arg: binary('+', e, x) }),
  'right products': (e) => binary('*', x, e),
  'right quotients': (e) => binary('/', x, e),
  towers: (e) => binary('^', x, e),
  'negative towers': (e) => binary('^', x, neg(e)),
  entries: (e) => ({ kind: 'index', target: e, indices: [e.kind === 'name' ? x : null] }),
  indices: (e) => ({ kind: 'index', target: x, indices: [e] }),
  einsums: (e) => call('einsum', text('ij,j->i'), { kind: 'transpose', arg: e }, x),
  'inverse transposes': (e) => ({ kind: 'transpose', arg: call('inv', { kind: 'transpose', arg: e }) }),
};

// As deep as the parser lets a tree be.
test.each(Object.entries(steps))('%s, a tree 1000 deep', (_, step) => {
  let e: Expr = x;
  for (let depth = 1; depth < 1000; depth += depthOf(step(x)) - 1) e = step(e);
  for (const print of [printText, printUnicode, printLatex, printMathml]) {
    const once = print(e);
    expect(once.length).toBeGreaterThan(300);
    // Nothing is printed twice on its way up.
    expect(once.length).toBeLessThan(1_000_000);
  }
  expect(printText(normaliseSigns(e)).length).toBeGreaterThan(300);
});

const depthOf = (e: Expr): number => 1 + Math.max(0, ...childrenOf(e).map(depthOf));

test('50,000 factors, or terms in a row are not deep', () => {
  for (const op of ['+', '-', '*', '.*'] as const) {
    let e: Expr = neg(x);
    for (let k = 0; k < 50_000; k++) e = binary(op, e, x);
    for (const print of [printText, printUnicode, printLatex, printMathml, (t: Expr) => printText(normaliseSigns(t))])
      expect(print(e).length).toBeGreaterThan(50_000);
  }
});
