import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { WrtError } from '../../src/base/diagnostic.ts';
import { analyse } from '../../src/language/analyse.ts';
import { createSizes } from '../../src/language/unify.ts';
import { binary, call, type Expr, name, num, type Statement, transposed } from '../../src/syntax/expr.ts';
import { analyseText, readCorpus, report } from './corpus.ts';

test.each(readCorpus('corpus/inference'))('$file: $program', ({ program, expected }) => {
  expect(report(program)).toBe(expected);
});

test('every value of a program has a resolved shape', () => {
  const { types } = analyseText('Z = W*x + b; sum(max(Z, 0)/3)');
  expect(types.size).toBeGreaterThan(8);
  for (const { axes } of types.values()) for (const size of axes) expect(String(size)).not.toContain('?');
});

test('a size left open in a declaration is inferred', () => {
  const declare = [{ name: 'A', shape: { kind: 'array' as const, axes: ['?1', 3] }, properties: [] }];
  const { names } = analyseText('A*x + y', { declare });
  expect(names.get('A')?.type.axes).toEqual(['n', 3]);
  expect(names.get('x')?.type.axes).toEqual([3]);
  expect(names.get('y')?.type.axes).toEqual(['n']);
});

test('symbols for sizes avoid the names of the program', () => {
  const { names } = analyseText("n = sum(m); A = X'*X; eye(p)");
  expect(names.get('X')?.type.axes).toEqual(['r', 'k']);
});

// A deep network: as many layers as the tests can afford, far more than any recursion would stand if it were one.
test('a network of a thousand layers', () => {
  const statements: Statement[] = [];
  for (let k = 1; k <= 1000; k++) {
    const z = binary('+', binary('*', transposed(name(`W${k}`)), name(`A${k - 1}`)), name(`b${k}`));
    statements.push({ name: `Z${k}`, value: z }, { name: `A${k}`, value: call('tanh', name(`Z${k}`)) });
  }
  const loss = call('sum', binary('.^', binary('-', name('A1000'), name('y')), num(2)));
  const declare = [{ name: 'A0', shape: { kind: 'array' as const, axes: ['m'] }, properties: [] }];
  const program = { source: '', declarations: [], statements: [...statements, { value: loss }] };
  const { names, output } = analyse(program, { declare }, createBudget());
  const [rows, columns] = names.get('W500')!.type.axes;
  expect(names.get('Z499')!.type.axes).toEqual([rows]);
  expect(names.get('b500')!.type.axes).toEqual([columns]);
  expect(output.type.axes).toEqual([]);
});

test('a sum of 100,000 terms', () => {
  let sum: Expr = name('x');
  for (let k = 0; k < 100_000; k++) sum = binary('+', sum, name('x'));
  const { output } = analyse({ source: '', declarations: [], statements: [{ value: sum }] }, {}, createBudget());
  expect(output.type.axes).toEqual(['n']);
});

test('the search for kinds that fit is bounded', () => {
  const names = Array.from({ length: 26 }, (_, k) => `v${String.fromCharCode(97 + k)}`);
  const bad = names.map((n) => `x${n} = ${n}*eye(2)*${n}'*ones(3)`).join('\n');
  expect(() => analyseText(bad)).toThrow(WrtError);
});

test('sizes are unified', () => {
  const s = createSizes();
  const [a, b, c] = [s.fresh(), s.fresh(), s.fresh()];
  expect(s.unify(a, b)).toBe(true);
  expect(s.unify(b, 3)).toBe(true);
  expect(s.resolve(a)).toBe(3);
  expect(s.unify(a, 5)).toBe(false);
  expect(s.unify('m', 'n')).toBe(false);
  expect(s.unify('m*n', `${c}*n`)).toBe(true);
  expect(s.resolve(c)).toBe('m');
});

test.each([
  ['2*k', (v: string) => `2*${v}`, 'k'],
  [6, (v: string) => `2*${v}`, 3],
  [9, (v: string) => `${v}*${v}`, 3],
  ['m*m', (v: string) => `${v}*${v}`, 'm'],
] as const)('the size %s decides a factor', (whole, product, expected) => {
  const s = createSizes();
  const v = String(s.fresh());
  expect(s.unify(whole, product(v))).toBe(true);
  expect(s.settle()).toEqual([]);
  expect(s.resolve(v)).toBe(expected);
});

test.each([
  [7, (v: string) => `2*${v}`],
  ['m', (v: string) => `2*${v}`],
  [8, (v: string) => `${v}*${v}`],
  ['m*n', (v: string) => `${v}*${v}`],
] as const)('the size %s has no such factor', (whole, product) => {
  const s = createSizes();
  expect(s.unify(whole, product(String(s.fresh())))).toBe(false);
});

test('a product of two open sizes waits for what decides one', () => {
  const s = createSizes();
  const [a, b] = [s.fresh(), s.fresh()];
  expect(s.unify(`${a}*${b}`, 'm*n')).toBe(true);
  expect(s.unify(b, 'm')).toBe(true);
  expect(s.settle()).toEqual([]);
  expect([s.resolve(a), s.resolve(b)]).toEqual(['n', 'm']);
});

test('sizes that cannot be made equal are told with the expression', () => {
  const s = createSizes(() => name('here'));
  const [a, b] = [s.fresh(), s.fresh()];
  s.unify(`${a}*${b}`, 6);
  s.unify(a, 4);
  expect(s.settle()).toEqual([{ sizes: [`${a}*${b}`, 6], where: name('here') }]);
});

test('no size is a proper multiple of itself', () => {
  const s = createSizes();
  const a = s.fresh();
  expect(s.unify(a, `2*${a}`)).toBe(false);
});
