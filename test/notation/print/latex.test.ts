import fc from 'fast-check';
import katex from 'katex';
import { expect, test } from 'vitest';
import { printLatex } from '../../../src/notation/print/latex.ts';
import { binary, call, type Expr, name, neg, num, text, transposed } from '../../../src/syntax/expr.ts';
import { hostileNames, trees } from './trees.ts';

const rendered = (latex: string): string =>
  katex.renderToString(latex, { throwOnError: true, strict: 'error', displayMode: true });

const [A, T, s, x, y] = ['A', 'T', 's', 'x', 'y'].map(name) as [Expr, Expr, Expr, Expr, Expr];
const times = (l: Expr, r: Expr) => binary('*', l, r);
const residual = binary('-', times(A, x), y);

test.each<[Expr, string]>([
  [times(times(num(2), transposed(A)), residual), '2 A^{\\top} \\left(A x - y\\right)'],
  [times(A, residual), 'A \\left(A x - y\\right)'],
  [times(s, residual), 's \\cdot \\left(A x - y\\right)'],
  [binary('.*', x, y), 'x \\odot y'],
  [binary('./', x, y), 'x \\oslash y'],
  [binary('.^', x, num(2)), 'x^{\\odot 2}'],
  [binary('\\', A, y), 'A^{-1} y'],
  [transposed(call('inv', A)), 'A^{-\\top}'],
  [call('tr', A), '\\operatorname{tr}(A)'],
  [call('norm2', x), '\\lVert x\\rVert_{2}'],
  [binary('^', call('norm2', x), num(2)), '\\lVert x\\rVert_{2}^{2}'],
  [call('norm2', binary('/', x, s)), '\\left\\lVert \\frac{x}{s}\\right\\rVert_{2}'],
  [call('sigmoid', x), '\\sigma(x)'],
  [call('log', x), '\\log(x)'],
  [call('exp', binary('/', x, s)), '\\exp\\!\\left(\\frac{x}{s}\\right)'],
  [binary('/', x, times(num(2), s)), '\\frac{x}{2 s}'],
  [binary('/', binary('/', x, s), num(2)), '\\frac{x}{s \\cdot 2}'],
  [neg(binary('/', x, s)), '-\\frac{x}{s}'],
  [binary('/', neg(x), s), '-\\frac{x}{s}'],
  [binary('^', x, binary('/', num(1), num(2))), 'x^{1/2}'],
  [call('ones', name('n')), '\\mathbf{1}_{n}'],
  [call('eye', num(3)), 'I_{3}'],
  [call('diag', x), '\\operatorname{diag}(x)'],
  [call('kron', A, T), 'A \\otimes T'],
  [name('W1'), 'W_{1}'],
  [transposed(name('W1')), 'W_{1}^{\\top}'],
  [name('loss'), '\\mathrm{loss}'],
  [name('x_max'), 'x_{\\mathrm{max}}'],
  [times(name('lambda'), x), '\\lambda x'],
  [name('phi'), '\\phi'],
  [name('varphi'), '\\varphi'],
  [name('φ'), '\\varphi'],
  [name('theta_hat'), '\\hat{\\theta}'],
  [binary('+', name('x1'), name('x_1')), '\\mathrm{x1} + \\text{x\\_1}'],
  [name('Größe'), '\\text{Größe}'],
  [name('Δx'), '\\text{$\\Delta$x}'],
  [{ kind: 'call', fn: 'f', order: 1, args: [x] }, "f'(x)"],
  [{ kind: 'call', fn: 'f', order: 4, args: [x] }, 'f^{(4)}(x)'],
  [{ kind: 'index', target: x, indices: [num(2)] }, 'x_{2}'],
  [{ kind: 'index', target: A, indices: [name('i'), null] }, 'A_{i,:}'],
  [{ kind: 'index', target: A, indices: [name('i'), name('j')] }, 'A_{ij}'],
  [{ kind: 'index', target: name('W1'), indices: [num(2), num(3)] }, '\\left(W_{1}\\right)_{2,3}'],
  [times(name('x1'), { kind: 'index', target: x, indices: [num(1)] }), 'x_{1} \\left[x\\right]_{1}'],
  [call('einsum', text('ijk,k->ij'), T, x), '\\left[\\sum_{k} T_{ijk} x_{k}\\right]_{ij}'],
  [call('einsum', text('ij,j->i'), call('inv', A), x), '\\left[\\sum_{j} \\left(A^{-1}\\right)_{ij} x_{j}\\right]_{i}'],
  [call('einsum', text('i_{}'), x), '\\operatorname{einsum}(\\texttt{"i\\_\\{\\}"}, x)'],
])('%#: %j', (e, expected) => {
  expect(printLatex(e)).toBe(expected);
  rendered(expected);
});

test('vectors are bold where the context says what is one', () => {
  const names = new Map([
    ['A', { axes: 2 }],
    ['x', { axes: 1 }],
    ['mu', { axes: 1 }],
    ['r', { axes: 2, row: true }],
    ['x1', { axes: 1 }],
    ['s', { axes: 0 }],
  ]);
  const shown = (e: Expr) => printLatex(e, { names });
  expect(shown(times(s, times(A, x)))).toBe('s A \\mathbf{x}');
  expect(shown(name('mu'))).toBe('\\boldsymbol{\\mu}');
  expect(shown(name('x1'))).toBe('\\mathbf{x}_{1}');
  expect(shown(name('r'))).toBe('\\mathbf{r}');
  expect(shown(binary('/', A, A))).toBe('A A^{-1}');
});

test('whatever the tree, KaTeX renders it without a warning', () => {
  fc.assert(
    fc.property(trees, (e) => void rendered(printLatex(e))),
    { numRuns: 500 },
  );
});

test('whatever the name, it is escaped', () => {
  fc.assert(
    fc.property(hostileNames, fc.boolean(), (n, vector) => {
      const context = vector ? { names: new Map([[n, { axes: 1 }]]) } : {};
      const e = binary('+', name(n), { kind: 'call', fn: n, order: 1, args: [times(name(n), text(n))] });
      rendered(printLatex(binary('^', e, name(n)), context));
      rendered(printLatex({ kind: 'index', target: name(n), indices: [name(n)] }, context));
    }),
    { numRuns: 1000 },
  );
});
