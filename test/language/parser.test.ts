import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBudget, type Limits } from '../../src/base/budget.ts';
import { WrtError } from '../../src/base/diagnostic.ts';
import { parseDeclaration, parseExpression, parseLatex, parseProgram } from '../../src/language/parse.ts';
import type { Expr } from '../../src/syntax/expr.ts';
import { tree } from './show.ts';

const parse = (text: string, limits: Partial<Limits> = {}) => parseProgram(text, createBudget({ limits }));
const codes = (text: string, limits?: Partial<Limits>): string[] => parse(text, limits).diagnostics.map((d) => d.code);
const problems = (read: () => unknown): string[] => {
  try {
    read();
  } catch (error) {
    if (error instanceof WrtError) return error.diagnostics.map((d) => d.message);
    throw error;
  }
  return [];
};

/** Every part of a tree. */
function* partsOf(e: Expr): Generator<Expr> {
  yield e;
  if (e.kind === 'unary' || e.kind === 'transpose') yield* partsOf(e.arg);
  if (e.kind === 'binary') for (const part of [e.left, e.right]) yield* partsOf(part);
  if (e.kind === 'call') for (const arg of e.args) yield* partsOf(arg);
  if (e.kind === 'index') for (const part of [e.target, ...e.indices]) if (part) yield* partsOf(part);
}

test('every part has the span of its text', () => {
  const text = 'f(x\')[i]^2 +\n  -(A*B)\\c⁻¹ - einsum("i,i->", y, z)';
  const texts = [...partsOf(parseExpression(text, createBudget()))].map((e) =>
    text.slice(e.span!.start, e.span!.end).replace(/\s+/g, ' '),
  );
  expect(texts).toEqual([
    text.replace(/\s+/g, ' '),
    "f(x')[i]^2 + -(A*B)\\c⁻¹",
    "f(x')[i]^2",
    "f(x')[i]",
    "f(x')",
    "x'",
    'x',
    'i',
    '2',
    '-(A*B)\\c⁻¹',
    '-(A*B)',
    '(A*B)',
    'A',
    'B',
    'c⁻¹',
    'c',
    '⁻¹',
    '⁻¹',
    'einsum("i,i->", y, z)',
    '"i,i->"',
    'y',
    'z',
  ]);
});

test('operators, called names and assigned names have spans of their own', () => {
  const text = 'out = norm2( x ) .* y';
  const [statement] = parse(text).program.statements;
  const cut = (span?: { start: number; end: number }) => span && text.slice(span.start, span.end);
  expect(cut(statement!.nameSpan)).toBe('out');
  expect(cut(statement!.span)).toBe(text);
  const value = statement!.value as Expr & { kind: 'binary' };
  expect(cut(value.opSpan)).toBe('.*');
  expect(cut((value.left as Expr & { kind: 'call' }).fnSpan)).toBe('norm2');
});

test('spans count lines and columns from 1', () => {
  const { diagnostics } = parse('x\n\n  y = *');
  expect(diagnostics[0]!.span).toEqual({ start: 9, end: 10, line: 3, column: 7 });
});

test('parseExpression takes one expression', () => {
  expect(tree(parseExpression("A'*x", createBudget()))).toBe("(* (' A) x)");
  expect(tree(parseExpression('\\mathbf{x}^\\top y', createBudget()))).toBe("(* (' x) y)");
  for (const text of ['', 'x; y', 'y = x', 'x: m', 'x +'])
    expect(problems(() => parseExpression(text, createBudget()))).toHaveLength(1);
});

test('parseDeclaration takes one or several', () => {
  const names = (text: string) => parseDeclaration(text).map((d) => d.name);
  expect(names('A: m x n')).toEqual(['A']);
  expect(names('A: m x n, x: [n], f: elementwise; s: scalar\ni: index')).toEqual(['A', 'x', 'f', 's', 'i']);
  expect(parseDeclaration('S: [2, 2] symmetric, constant, x: 2')[0]).toMatchObject({
    shape: { kind: 'array', axes: [2, 2] },
    properties: ['symmetric', 'constant'],
  });
  expect(problems(() => parseDeclaration('A: 2 x -3, B: 0'))).toEqual([
    "size -3 of 'A' is not a positive integer (column 8)",
    "size 0 of 'B' is not a positive integer (column 15)",
  ]);
  for (const text of ['', 'A', 'A 2 x 3', '2: m', ': m'])
    expect(problems(() => parseDeclaration(text))).toHaveLength(1);
});

test('declarations made outside settle names', () => {
  const [sigma, loss] = parseDeclaration('σ: elementwise, loss: m');
  const { program } = parseProgram('σ(x); \\alpha loss', createBudget(), [sigma!, loss!]);
  expect(program.statements.map((s) => tree(s.value))).toEqual(['(call σ x)', '(* alpha loss)']);
  expect(program.declarations).toEqual([]);
});

test('limits', () => {
  expect(codes('x + y', { sourceLength: 3 })).toEqual(['limit/source']);
  expect(codes('x; y; z', { statements: 2 })).toEqual(['limit/statements']);
  expect(codes('x: m; y: m; z: m', { statements: 2 })).toEqual(['limit/statements']);
  expect(codes('*;*;*;*', { diagnostics: 3 })).toHaveLength(3);
  // Brackets that group make no deeper tree, but they may not nest without end either.
  expect(codes('((x))', { nesting: 2 })).toEqual([]);
  expect(codes('(((x)))', { nesting: 2 })).toEqual(['limit/nesting']);
  expect(codes('x + y', { nesting: 2 })).toEqual([]);
  expect(codes('x + y + z + u', { nesting: 2 })).toEqual([]);
  expect(codes('x + sin(y)', { nesting: 2 })).toEqual(['limit/nesting']);
});

test('time and cancellation end the reading', () => {
  const late = createBudget({ limits: { milliseconds: -1 } });
  expect(() => parseProgram('x', late)).toThrow('time limit');
  const cancelled = createBudget({ signal: AbortSignal.abort() });
  expect(() => parseLatex('x', cancelled)).toThrow('cancelled');
});

const repeat = (unit: string, head = '', tail = '') => head + unit.repeat(Math.floor(300_000 / unit.length)) + tail;
const hostile: Record<string, string> = {
  parentheses: `${'('.repeat(100_000)}x${')'.repeat(100_000)}`,
  'open parentheses': repeat('('),
  'closed parentheses': repeat(')'),
  'open indices': repeat('x['),
  calls: repeat('f('),
  transposes: repeat("'", 'x'),
  signs: repeat('-', '', 'x'),
  superscripts: repeat('⁻¹', 'x'),
  'a long sum': repeat('+x', 'x'),
  'a long list': repeat('x,', 'f(', 'x)'),
  'a long name': repeat('x'),
  digits: repeat('1'),
  'quotes that open': repeat('"\n'),
  'quotes in one line': repeat('"'),
  'quotes of another kind': repeat('‘'),
  'matrices that are not closed': repeat('[;'),
  'newlines in a bracket': repeat('\n', '('),
  'newlines after an operator': repeat('x +\n'),
  'declarations in one line': repeat('x:'),
  'a shape with many axes': repeat('m x ', 'T: ', 'm'),
  'a size with many factors': repeat('m*', 'T: ', 'm'),
  'a size with many numbers': repeat('1*', 'T: ', '1'),
  'unknown characters': repeat('\u0001'),
  'halves of characters': repeat('\ud800'),
  backslashes: repeat('\\', '', 'x'),
  fractions: repeat('\\frac{'),
  'LaTeX groups': repeat('{', 'a \\cdot '),
  'LaTeX brackets': repeat('\\left(', 'a \\cdot '),
  'LaTeX bars': repeat('|', 'a \\cdot '),
  'LaTeX signs': repeat('-', 'a \\cdot '),
  'LaTeX powers': repeat('x^', 'a \\cdot '),
  'LaTeX subscripts': repeat('_{i', 'a \\cdot x'),
  'LaTeX products': repeat('x ', 'a \\cdot '),
  'LaTeX sums': repeat('\\sum_i '),
  'a LaTeX sum of many factors': repeat('x_i ', '\\sum_i '),
  'a LaTeX sum with many indices': repeat('i,', '\\sum_{', 'i} x_i'),
  'LaTeX statements': repeat('\\alpha\n'),
  'LaTeX lines': repeat('\n+', 'a \\cdot x'),
};
test.each(Object.keys(hostile))('%s end in an answer', (what) => {
  for (const read of [parseProgram, parseLatex]) {
    const { program, diagnostics } = read(hostile[what]!, createBudget());
    expect(program.statements.length + diagnostics.length).toBeGreaterThan(0);
  }
});

const soup = fc
  .array(
    fc.constantFrom(
      ..."x y A f σ W₁ 1 2.5 .5 1e-3 + - * / \\ .* ./ ^ .^ ' .' ᵀ ⁻¹ ² ( ) [ ] { } , : ; = == ** @ . … \" ' # % & | ! ? ′ ’ ⊗ ⊙".split(
        ' ',
      ),
      ...'A: m x n|f: elementwise|g: R^n -> R|symmetric|-2|\n|\\|\\\\|_|^|^{|_{|_i|$|...'.split('|'),
      ...'\\frac{ \\top \\sigma( \\lVert \\rVert_2^2 \\sum_i \\sum_{i=1}^n x_i \\log \\det \\left( \\right) \\mathbf{ \\hat \\cdot \\| \\sqrt[ \\operatorname{tr} \\foo'.split(
        ' ',
      ),
    ),
    { maxLength: 30 },
  )
  .chain((tokens) => fc.constantFrom('', ' ').map((gap) => tokens.join(gap)));

const holds = (text: string) => {
  const limits = { diagnostics: 5, nesting: 50 };
  for (const read of [parseProgram, parseLatex]) {
    const { program, diagnostics } = read(text, createBudget({ limits }));
    expect(diagnostics.length).toBeLessThanOrEqual(5);
    for (const { span, message } of diagnostics) {
      expect(message.length).toBeLessThan(300);
      expect(span!.start).toBeGreaterThanOrEqual(0);
      expect(span!.end).toBeLessThanOrEqual(text.length);
    }
    for (const { value } of program.statements)
      for (const part of partsOf(value)) {
        const { start, end } = part.span!;
        if (!(start >= 0 && start <= end && end <= text.length)) throw new Error(`${part.kind} at ${start}-${end}`);
      }
  }
};
test('no soup of tokens breaks the reader', () => {
  fc.assert(fc.property(soup, holds), { numRuns: 10_000, seed: 2357 });
});
test('no text breaks the reader', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), holds), { numRuns: 2_000, seed: 2357 });
  fc.assert(fc.property(fc.string({ maxLength: 60 }), holds), { numRuns: 2_000, seed: 7532 });
});

// The conformance cases stand beside the repository, where there are any.
const cases = '../shared/conformance/public.jsonl';
test('the programs of the conformance cases are read', () => {
  if (!existsSync(cases)) return;
  for (const line of readFileSync(cases, 'utf8').trim().split('\n')) {
    const { program, condensed } = JSON.parse(line) as { program: string; condensed: string | null };
    for (const text of [program, condensed ?? 'x']) expect(parse(text).diagnostics, text).toEqual([]);
  }
});
