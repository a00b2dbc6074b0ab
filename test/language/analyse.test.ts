import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { type Diagnostic, WrtError } from '../../src/base/diagnostic.ts';
import { type AnalyseOptions, analyse } from '../../src/language/analyse.ts';
import type { Size } from '../../src/shape/size.ts';
import type { Property } from '../../src/shape/type.ts';
import type { Declaration } from '../../src/syntax/expr.ts';
import { optionsOf, readCases } from './conformance.ts';
import { analyseText } from './corpus.ts';

const array = (name: string, axes: readonly Size[], ...properties: Property[]): Declaration => ({
  name,
  shape: { kind: 'array', axes },
  properties,
});

function diagnostics(text: string, options: AnalyseOptions = {}): readonly Diagnostic[] {
  try {
    analyseText(text, options);
  } catch (error) {
    if (error instanceof WrtError) return error.diagnostics;
    throw error;
  }
  return [];
}
const messages = (text: string, options: AnalyseOptions = {}) => diagnostics(text, options).map((d) => d.message);

test.each(readCases('public.jsonl'))('$id has the shape of its value', (c) => {
  const { output, warnings } = analyseText(c.program, optionsOf(c));
  expect(output.type.axes).toEqual(c.value.shape);
  expect(warnings).toEqual([]);
});

test.each(readCases('bad-inputs.jsonl').filter((c) => c.stage === 'check'))('$id is refused', (c) => {
  const found = diagnostics(c.program, optionsOf(c));
  expect(found.length).toBeGreaterThan(0);
  for (const { message } of found) expect(message).not.toContain('?1');
});

test('declarations of the request win over those of the text', () => {
  const { names } = analyseText('x: 3\nx + y', { declare: [array('x', [5])] });
  expect(names.get('x')?.type.axes).toEqual([5]);
  expect(names.get('y')?.type.axes).toEqual([5]);
});

test('a size of the request replaces the symbol of the text everywhere', () => {
  const declare = [array('x', [3])];
  expect(analyseText('W: m x n; x: n\nW*x', { declare }).names.get('W')?.type.axes).toEqual(['m', 3]);
  expect(messages('W: m x n\nW*x', { declare })).toEqual(['inner sizes n and 3 differ in W*x']);
});

test('the sizes of an unknown function are what it is given', () => {
  const { names, output } = analyseText('x: 3\nb: 2\ng: R^n -> R^m\ng(x) - b');
  expect(names.get('g')?.shape).toEqual({ kind: 'function', from: [3], to: [2] });
  expect(output.type.axes).toEqual([2]);
  expect(messages('x: 3\ny: 5\ng: R^n -> R\ng(x) + g(y)')).toEqual([
    "'g' needs a vector of size 3, got a vector of size 5",
  ]);
});

test('the output is the last statement, or the name that is asked for', () => {
  const text = 'u = A*x\nv = sum(u)';
  expect(analyseText(text).output).toMatchObject({ name: 'v', type: { axes: [] } });
  expect(analyseText(text, { output: 'u' }).output).toMatchObject({ name: 'u', type: { axes: ['m'] } });
  expect(analyseText(text, { output: 'A' }).output).toMatchObject({ name: 'A', value: { kind: 'name', name: 'A' } });
  expect(analyseText('u = 1; u + 1').output.name).toBeUndefined();
  expect(messages(text, { output: 'w' })).toEqual(["unknown name 'w' in 'output'"]);
});

test('a row is known as one, by name too', () => {
  expect(analyseText("r = x'\nr*y").names.get('r')?.type).toEqual({ axes: [1, 'n'], row: true });
});

test('names in wrt', () => {
  const declare = [array('x', [3]), array('unused', [2, 2])];
  expect(messages('sum(x)', { declare, wrt: ['x', 'unused'] })).toEqual([]);
  expect(messages('y = sum(x); 2*y', { declare, wrt: ['y'] })).toEqual([]);
  expect(messages('sum(x)', { declare, wrt: ['X'] })).toEqual(["unknown name 'X' in 'wrt'; did you mean 'x'?"]);
  expect(messages('f: elementwise\nf(x)', { wrt: ['f'] })).toEqual([
    "'f' is a function; only an array can be differentiated by",
  ]);
  expect(messages('x[i]', { wrt: ['i'] })).toEqual(["'i' is an index symbol; only an array can be differentiated by"]);
});

test('an empty program', () => {
  expect(diagnostics('').map((d) => d.code)).toEqual(['syntax/empty']);
  expect(diagnostics('x: 3').map((d) => d.code)).toEqual(['syntax/empty']);
});

test('an undeclared name among declared ones is told', () => {
  const declare = [array('A', [2, 3]), array('x', [3])];
  const { names, warnings } = analyseText('A*x - y', { declare });
  expect(names.get('y')).toMatchObject({ inferred: true, type: { axes: [2] } });
  expect(warnings.map((w) => w.message)).toEqual(["'y' is not declared; it is taken as a vector of size 2"]);
  expect(analyseText('A*x - y').warnings).toEqual([]);
});

test('a name that is near a declared one, and one that only looks so', () => {
  expect(messages('lam*x', { declare: [array('lan', [])] })).toEqual([
    "unknown name 'lam' (column 1); did you mean 'lan'?",
  ]);
  expect(messages('W2*y + W1', { declare: [array('W1', []), array('b', [])] })).toEqual([]);
});

test('properties', () => {
  const { names } = analyseText('A: n x n positive definite\nlogdet(A)');
  expect(names.get('A')).toMatchObject({ properties: ['positive definite'], inferred: false });
  expect(messages('sum(A)', { declare: [array('A', [2, 3], 'symmetric')] })).toEqual([
    "'A' is declared symmetric but a 2×3 matrix is not square",
  ]);
  expect(messages('sum(x)', { declare: [array('x', [3], 'orthogonal')] })).toEqual([
    "'x' cannot be orthogonal: only a square matrix can",
  ]);
  expect(messages('sum(x)', { declare: [array('x', [3], 'nonnegative')] })).toEqual([]);
  expect(messages('A*x', { declare: [array('A', ['?1', '?2'], 'symmetric')] })).toEqual([]);
});

test('impossible declarations', () => {
  for (const size of [0, -2, 1.5, Number.NaN, 1e300])
    expect(messages('sum(A)', { declare: [array('A', [3, size])] })).toEqual([
      `dimension ${size} of 'A' is not a positive integer`,
    ]);
  expect(diagnostics('sum(A)', { declare: [array('A', new Array(40).fill(2))] })[0]?.code).toBe('declaration/axes');
});

test('a size symbol is a number, and no name of the program may take it', () => {
  expect(analyseText('x: n\nsum(x)/n').output.type.axes).toEqual([]);
  // A result such as n*ones(n) could not be read again.
  for (const clash of ['x: n\nn = 2*x\nx + n', 'x: n\nn: 3\nsum(x)*n'])
    expect(diagnostics(clash).map((d) => d.code)).toEqual(['declaration/clash']);
});

test('names that JavaScript objects have are names like others', () => {
  const { names } = analyseText("constructor*__proto__'*toString + hasOwnProperty");
  expect([...names.keys()]).toEqual(['constructor', '__proto__', 'toString', 'hasOwnProperty']);
});

test('diagnostics are in the order of the text, and no more than the limit', () => {
  const bad = Array.from({ length: 50 }, (_, k) => `y${k} = ones(2) + ones(3)`).join('\n');
  const found = diagnostics(bad);
  expect(found.length).toBe(20);
  expect(found.map((d) => d.span?.line)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
});

test('a time limit is kept', () => {
  const budget = createBudget({ limits: { milliseconds: -1 } });
  const program = { source: '', declarations: [], statements: [{ value: { kind: 'name' as const, name: 'x' } }] };
  expect(() => analyse(program, {}, budget)).toThrow('time limit');
});
