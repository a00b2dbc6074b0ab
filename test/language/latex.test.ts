import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { commands } from '../../src/language/latex-commands.ts';
import { sharedFunctions } from '../../src/language/latex-detect.ts';
import { parseLatex, parseProgram } from '../../src/language/parse.ts';
import { functionTable } from '../../src/ops/index.ts';
import { tree } from './show.ts';

const both = (latex: string, plain: string) => {
  const a = parseLatex(latex, createBudget());
  const b = parseProgram(plain, createBudget());
  expect(a.diagnostics).toEqual([]);
  expect(b.diagnostics).toEqual([]);
  expect(a.program.statements.map((s) => tree(s.value))).toEqual(b.program.statements.map((s) => tree(s.value)));
};

test.each([
  ['\\mathbf{x}^\\top A x', "x'*A*x"],
  ['\\sigma(W^{\\top}x)', "sigmoid(W'*x)"],
  ['\\lVert Ax-b\\rVert_2^2', 'norm2(A*x - b)^2'],
  ['\\frac{1}{2}\\|X - UV^T\\|_F^2 + \\mu\\|U\\|_1', "1/2*normF(X - U*V')^2 + mu*norm1(U)"],
  ['-\\frac{1}{2}(x - \\mu)^\\top\\Sigma^{-1}(x - \\mu)', "-(1/2)*(x - mu)'*Sigma^-1*(x - mu)"],
  ['\\operatorname{tr}(X^\\top A X) - \\log\\det X', "tr(X'*A*X) - log(det(X))"],
  ['x_1 + W_2', 'x1 + W2'],
  ["A'x", "A'*x"],
  ['a/bc', 'a/b*c'],
])('%s reads as %s', both);

test('x_1 is an entry where x is declared and x1 is not', () => {
  const values = (text: string) => parseProgram(text, createBudget()).program.statements.map((s) => tree(s.value));
  expect(values('x: 5\n\\alpha x_1 + W_2')).toEqual(['(+ (* alpha ([] x 1)) W2)']);
  expect(values('x: 5; x1: 3\n\\alpha x_1')).toEqual(['(* alpha x1)']);
});

test('index letters are declared, unless the program does', () => {
  const declared = (text: string) => parseProgram(text, createBudget()).program.declarations.map((d) => d.name);
  expect(declared('\\alpha x_i y_j')).toEqual(['i', 'j']);
  expect(declared('i: index\n\\alpha x_i')).toEqual(['i']);
  expect(declared('\\sum_i x_i')).toEqual([]);
});

test('spans point into the LaTeX', () => {
  const text = 'y = 2\nL = \\frac{1}{2}\\lVert Ax - b\\rVert_2^2';
  const { value } = parseProgram(text, createBudget()).program.statements[1]!;
  const cut = (e: typeof value) => text.slice(e.span!.start, e.span!.end);
  if (value.kind !== 'binary' || value.right.kind !== 'binary' || value.right.left.kind !== 'call') throw value;
  expect(cut(value.left)).toBe('\\frac{1}{2}');
  expect(cut(value.right)).toBe('\\lVert Ax - b\\rVert_2^2');
  expect(cut(value.right.left)).toBe('\\lVert Ax - b\\rVert_2');
  expect(cut(value.right.left.args[0]!)).toBe('Ax - b');
  expect(value.span!.line).toBe(2);
});

test('parseLatex reads as LaTeX what looks like the plain language', () => {
  const { program, diagnostics } = parseLatex('A: m x n\nAx + b\ny = Ax', createBudget());
  expect(diagnostics).toEqual([]);
  expect(program.declarations.map((d) => d.name)).toEqual(['A']);
  expect(program.statements.map((s) => tree(s.value))).toEqual(['(+ (* A x) b)', '(* A x)']);
});

test('the commands that are functions of the plain language too', () => {
  expect([...sharedFunctions].sort()).toEqual([...commands.keys()].filter((name) => functionTable.has(name)).sort());
});
