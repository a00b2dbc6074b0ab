import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { fromNested, type NdArray } from '../../src/base/ndarray.ts';
import { bindSizes } from '../../src/interpret/bind.ts';
import { randomPoint } from '../../src/interpret/points.ts';
import { evaluateProgram } from '../../src/interpret/program.ts';
import { evaluateNode } from '../../src/interpret/tensor.ts';
import { analyse } from '../../src/language/analyse.ts';
import { lower } from '../../src/language/lower.ts';
import type { Analysis } from '../../src/syntax/analysis.ts';
import { binary, type Expr, name } from '../../src/syntax/expr.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import { printNode } from '../../src/tensor/print.ts';
import { optionsOf, readCases } from './conformance.ts';
import { analyseText } from './corpus.ts';

const lowerText = (text: string, independent: string[] = []) =>
  lower(analyseText(text), { independent }, createBuilder(createBudget()));

function expectClose(got: NdArray, want: NdArray): void {
  expect(got.shape).toEqual(want.shape);
  const scale = Math.max(1, ...want.data.map(Math.abs));
  for (let i = 0; i < want.data.length; i++) expect(Math.abs(got.data[i]! - want.data[i]!)).toBeLessThan(1e-9 * scale);
}

const evaluateOutput = (
  analysis: Analysis,
  values: ReadonlyMap<string, NdArray>,
  independent: readonly string[],
  indices: ReadonlyMap<string, number> = new Map(),
): NdArray => {
  const budget = createBudget();
  const { output } = lower(analysis, { independent }, createBuilder(budget));
  return evaluateNode(output, { sizes: bindSizes(analysis, values), indices, variables: values }, budget);
};

test.each(readCases('public.jsonl'))('$id has its value', (c) => {
  const analysis = analyseText(c.program, optionsOf(c));
  const point = new Map(Object.entries(c.at).map(([n, v]) => [n, fromNested(v)!]));
  for (const [n, held] of Object.entries(c.held ?? {})) point.set(n, fromNested(held.value)!);
  const value = fromNested(c.value.value)!;
  // a column written as a list of rows of one entry has the same numbers
  expectClose(evaluateOutput(analysis, point, c.wrt), { shape: c.value.shape, data: value.data });
});

const declarations = `
  a: scalar; b: scalar; x: 2; y: 5; z: 3; A: 2 x 5; B: 5 x 7; R: 1 x 3; C: 2 x 1; A3: 2 x 3; S: 3 x 3; G: 3 x 2
  T: 2 x 3 x 5; i: index; v: n; f: elementwise; g: R^n -> R^2; h: R^n -> R; one: 1
`;

// Every operator with every kind of operand, against the evaluation of the text; sizes are different primes.
test.each([
  ...[
    'a*b + a/b - a^b',
    '2^a + a^2 + a^-1 + a^0.5',
    'a*x',
    'x*a',
    'x/a',
    'a\\x',
    'a + x',
    'x - a',
    'a.^x',
    'x.^a',
    'a./x',
  ],
  ...[
    "x'",
    "x''",
    "x'*x",
    "x*x'",
    "x*y'",
    "x'*A",
    "x'*A*y",
    "(x'*A)*B",
    "(x'*A)'",
    "x'*(x*y')",
    "A'",
    "A'*x",
    'A*y',
    'A*B',
  ],
  ...[
    "(A*B)'",
    'x + A',
    'A - x',
    "A + y'",
    "y' - A",
    "x + y'",
    "y'.*x",
    'x.*A',
    "A./y'",
    'A.^x',
    "x.^(y')",
    'A.*A',
    'A + a',
  ],
  ...['R*z', 'x*R', 'R + C', 'R.*A3', 'C + A3', "R'", 'C*R', "C*z'", 'one + x', 'one.*A3', "one*z'", "one'*one"],
  ...['S^2', 'S^-1', 'S^-2', 'S^0', 'S^3*z', 'S\\z', 'S\\G', "G'/S", "z'/S", 'A/a', 'a\\A'],
  ...['x[2]', "(x')[1]", "(x')[1,2]", 'A[2,3]', 'A[2,:]', 'A[:,3]', 'A[:,:]', 'A[2,:]*y', 'x[:]', 'x[i]', 'A[i,:]'],
  ...[
    'T[1,2,3]',
    'T[1,:,:]',
    'T[:,2,4]',
    'T[:,:,1]',
    'T + T',
    '2*T',
    'T.*T - a',
    'x - A*y + 2 - x + a',
    '-x',
    '+x',
    '-(-x)',
  ],
  ...['n*sum(v)', 'sum(v)/n', 'v + n', 'max(A, x)', "max(y', A)", 'min(x, a)', 'sin(x)', "sin(y')"],
  ...[
    "f(x')",
    "f''(A)",
    'f(a)',
    'g(v)',
    'h(v)',
    "x'*x*x",
    "sum(A, 1) + y'",
    'A - sum(A, 2)',
    '1/2*x',
    '2*3*x',
    '(1 - 3)/4',
  ],
])('%s', (text) => {
  const analysis = analyseText(declarations + text);
  const { values, indices } = randomPoint(analysis, text, { sizes: new Map([['n', 11]]) });
  const want = evaluateProgram(analysis, values, {}, createBudget()).output;
  expectClose(evaluateOutput(analysis, values, [], indices), want);
});

test('assigned names are shared nodes, and an alias is no node of its own', () => {
  const { lets, output, variables } = lowerText('u = A*x\nw = u\nk = 2\nsum(w.*u)*k');
  expect([...lets.keys()]).toEqual(['u', 'w', 'k']);
  expect(lets.get('u')).toMatchObject({ kind: 'let', name: 'u' });
  expect(lets.get('w')).toBe(lets.get('u'));
  expect(lets.get('k')?.kind).toBe('number');
  expect(output.shape).toEqual([]);
  expect([...variables.keys()]).toEqual(['A', 'x']);
});

test('an independent name is a variable, and nothing behind it is lowered', () => {
  const { lets, output, variables } = lowerText('Z = A*x\nL = sum(Z.^2)', ['Z']);
  expect([...lets.keys()]).toEqual(['L']);
  expect([...variables.keys()]).toEqual(['Z']);
  expect(output).toBe(lets.get('L'));
  expect(lowerText('Z = A*x\nL = sum(Z.^2)', ['Z', 'x']).variables.get('x')?.shape).toEqual(['n']);
});

test('only what the output needs is lowered', () => {
  expect([...lowerText('u = det(B)\nv = A*x\nsum(v)').lets.keys()]).toEqual(['v']);
});

test('constants fold', () => {
  expect(lowerText('2*3 - 1/2').output).toMatchObject({ kind: 'number', value: { n: 11, d: 2 } });
  expect(lowerText('x.^(1/2)').output).toMatchObject({ kind: 'power', exponent: { n: 1, d: 2 } });
  expect(lowerText('-(-x)').output.kind).toBe('variable');
});

test('a row is a node of two axes, and transposing it twice leaves no trace', () => {
  expect(lowerText("x'").output.shape).toEqual([1, 'n']);
  expect(lowerText("x''").output.kind).toBe('variable');
  expect(printNode(lowerText("x'*A*x").output)).toBe(printNode(lowerText("x'*(A*x)").output));
});

test('declared properties reach the variable', () => {
  expect(lowerText('A: n x n symmetric\nA*x').variables.get('A')).toMatchObject({ properties: ['symmetric'] });
});

test('a sum of 100,000 terms is one sum', () => {
  let sum: Expr = name('x');
  for (let k = 1; k < 100_000; k++) sum = binary('+', sum, name(k % 2 ? 'y' : 'x'));
  const budget = createBudget();
  const analysis = analyse({ source: '', declarations: [], statements: [{ value: sum }] }, {}, budget);
  const { output } = lower(analysis, { independent: ['x'] }, createBuilder(budget));
  expect(output).toMatchObject({
    kind: 'sum',
    terms: [{ coefficient: { n: 50_000 } }, { coefficient: { n: 50_000 } }],
  });
});
