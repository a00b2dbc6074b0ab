import katex from 'katex';
import { expect, test } from 'vitest';
import {
  printProgramLatex,
  printProgramMathml,
  printProgramText,
  printProgramUnicode,
} from '../../../src/notation/print/program.ts';
import { binary, call, type Expr, name, transposed } from '../../../src/syntax/expr.ts';

const [s, x, z1] = ['s', 'x', 'z1'].map(name) as [Expr, Expr, Expr];
const value = binary('-', call('diag', s), binary('*', s, transposed(s)));
const program = {
  assignments: [
    ['z1', binary('*', name('W'), x)],
    ['s', call('softmax', z1)],
  ] as const,
  value,
};
const bare = { assignments: [], value };

test('text', () => {
  expect(printProgramText(program)).toBe("z1 = W*x\ns = softmax(z1)\ndiag(s) - s*s'");
  expect(printProgramText(bare)).toBe("diag(s) - s*s'");
});

test('Unicode', () => {
  expect(printProgramUnicode(program)).toBe('diag(s) − s sᵀ\nwhere z₁ = W x\n      s = softmax(z₁)');
  expect(printProgramUnicode(bare)).toBe('diag(s) − s sᵀ');
});

test('LaTeX', () => {
  const latex = printProgramLatex(program);
  expect(latex).toBe(
    '\\operatorname{diag}(s) - s s^{\\top} \\quad\\text{where}\\quad z_{1} = W x,\\quad s = \\operatorname{softmax}(z_{1})',
  );
  katex.renderToString(latex, { throwOnError: true, strict: 'error' });
});

test('MathML', () => {
  expect(printProgramMathml(program)).toContain('<mtext>where</mtext>');
  expect(printProgramMathml(bare)).not.toContain('where');
});

test('names are told apart over the whole program', () => {
  const clash = { assignments: [['x_1', x]] as const, value: name('x1') };
  expect(printProgramUnicode(clash)).toBe('x1\nwhere x_1 = x');
});
