import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { looksLikeLatex } from '../../src/language/latex-detect.ts';
import { lex } from '../../src/language/lexer.ts';
import { createSource } from '../../src/language/source.ts';

const kinds = (text: string): string => {
  const source = createSource(text, createBudget());
  return lex(source)
    .map((t) => t.kind)
    .join(' ');
};

test('tokens tile the text in order', () => {
  const text = "W: m x n\ny = W'*x + 2.5e-1 # note\n\\alpha x; z = einsum('i->', y)";
  const tokens = lex(createSource(text, createBudget()));
  let last = 0;
  for (const { start, end } of tokens) {
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThanOrEqual(start);
    last = end;
  }
  expect(last).toBe(text.length);
});

test('a quote starts a text only where no value ends', () => {
  expect(kinds("x'")).toBe('name transpose end');
  expect(kinds("x ' + y'")).toBe('name transpose operator name transpose end');
  expect(kinds("f('a')'")).toBe('name open text close transpose end');
  expect(kinds("x[1]'''")).toBe('name open number close transpose transpose transpose end');
});

test('a dot goes to the operator', () => {
  expect(kinds("1./x .* 2.^3.'")).toBe('number operator name operator number operator number transpose end');
  expect(kinds('1...\n+2')).toBe('number operator number end');
});

test('Windows and old Macintosh line ends', () => {
  expect(kinds('x\r\ny\rz')).toBe('name separator name separator name end');
});

test('statements of other kinds are one token', () => {
  expect(kinds('A: m x n; x = 1\n\\frac{a}{b}\ny')).toBe(
    'declaration separator name assign number separator latex separator name end',
  );
});

test.each(['\\frac{a}{b}', 'x^\\top y', '\\alpha + b', 'a + \\beta', 'A \\beta', 'x_{i}', '$x$', 'W^T\\sigma(x)'])(
  '%s is LaTeX',
  (text) => expect(looksLikeLatex(text)).toBe(true),
);
test.each(['A\\b', '(A + D) \\ b', 'A\\beta', "A'\\log(x)", 'A\\(B + C)', 'x_i', '2\\mu', 'A \\ beta', 'A\\vec(B)'])(
  '%s is not',
  (text) => expect(looksLikeLatex(text)).toBe(false),
);
