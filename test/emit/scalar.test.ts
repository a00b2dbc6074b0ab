import { expect, test } from 'vitest';
import {
  atom,
  type Code,
  type ElementwiseName,
  infix,
  literal,
  negated,
  printBody,
  type ScalarTarget,
  smallRatio,
} from '../../src/emit/scalar.ts';
import { elementwiseTable } from '../../src/ops/index.ts';
import type { ScalarOp } from '../../src/plan/plan.ts';

const table = { add: ' + ', subtract: ' - ', multiply: '*', divide: '/' };

/** Prints a body for a language with infix operators and calls. */
function print(body: readonly ScalarOp[], width = 60): readonly string[] {
  const lines: string[] = [];
  const target: ScalarTarget<Code> = {
    argument: (k) => atom('xyz'[k]!),
    number: (value) => literal(value, String),
    size: (size) => atom(String(size)),
    infix: (op, a, b) => infix(op, a, b, table),
    negate: (a) => negated(a),
    power: (a, e) => (e === -1 ? infix('divide', atom('1'), a, table) : atom(`pow(${a.text}, ${e})`)),
    apply: (fn, args) => atom(`${fn}(${args.map((a) => a.text).join(', ')})`),
    bind(code) {
      lines.push(`t${lines.length + 1} = ${code.text}`);
      return atom(`t${lines.length}`);
    },
  };
  const result = printBody(body, target, width);
  return [...lines, result.text];
}
const x: ScalarOp = { op: 'arg', arg: 0 };
const y: ScalarOp = { op: 'arg', arg: 1 };
const z: ScalarOp = { op: 'arg', arg: 2 };

test('parentheses stand only where precedence asks for them', () => {
  const three = (first: 'add' | 'subtract' | 'multiply' | 'divide', second: typeof first, right: boolean) =>
    print([
      x,
      y,
      z,
      { op: first, a: right ? 1 : 0, b: right ? 2 : 1 },
      { op: second, a: right ? 0 : 3, b: right ? 3 : 2 },
    ]);
  expect(three('add', 'multiply', false)).toEqual(['(x + y)*z']);
  expect(three('multiply', 'add', false)).toEqual(['x*y + z']);
  expect(three('subtract', 'subtract', false)).toEqual(['x - y - z']);
  expect(three('subtract', 'subtract', true)).toEqual(['x - (y - z)']);
  expect(three('subtract', 'add', true)).toEqual(['x + y - z']);
  expect(three('divide', 'divide', true)).toEqual(['x/(y/z)']);
  expect(three('multiply', 'divide', true)).toEqual(['x/(y*z)']);
});

test('signs and reciprocals become subtractions and divisions', () => {
  expect(print([x, y, { op: 'negate', a: 1 }, { op: 'add', a: 0, b: 2 }])).toEqual(['x - y']);
  expect(print([x, y, { op: 'negate', a: 1 }, { op: 'subtract', a: 0, b: 2 }])).toEqual(['x + y']);
  expect(print([x, { op: 'number', value: -2 }, { op: 'multiply', a: 0, b: 1 }])).toEqual(['x*(-2)']);
  expect(print([x, y, { op: 'power', a: 1, exponent: -1 }, { op: 'multiply', a: 0, b: 2 }])).toEqual(['x/y']);
  expect(print([x, { op: 'negate', a: 0 }, { op: 'negate', a: 1 }])).toEqual(['x']);
});

test('what is used twice has a name, what is not used is not printed, long expressions are cut', () => {
  const exp: ScalarOp = { op: 'apply', fn: 'exp', args: [0] };
  expect(print([x, exp, y, { op: 'multiply', a: 1, b: 1 }])).toEqual(['t1 = exp(x)', 't1*t1']);
  expect(print([x, exp, { op: 'negate', a: 0 }])).toEqual(['-x']);
  const sum: ScalarOp[] = [x];
  for (let k = 0; k < 12; k++)
    sum.push({ op: 'apply', fn: 'logsumexp', args: [0] }, { op: 'add', a: sum.length - 1, b: sum.length });
  const lines = print(sum, 40);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.every((line) => line.length < 50)).toBe(true);
});

test('decimals that are ratios', () => {
  expect([1 / 3, -2 / 7, 0.5, 1e-7, Math.PI].map(smallRatio)).toEqual([
    [1, 3],
    [-2, 7],
    undefined,
    undefined,
    undefined,
  ]);
});

test('every elementwise function of the graph is among the names that targets have to know', () => {
  const names: Readonly<Record<ElementwiseName, true>> = {
    exp: true,
    log: true,
    log1p: true,
    expm1: true,
    sqrt: true,
    square: true,
    abs: true,
    sign: true,
    step: true,
    heaviside: true,
    erf: true,
    sin: true,
    cos: true,
    tan: true,
    asin: true,
    acos: true,
    atan: true,
    sinh: true,
    cosh: true,
    tanh: true,
    sigmoid: true,
    softplus: true,
    relu: true,
    leakyrelu: true,
    gelu: true,
    silu: true,
    max2: true,
    min2: true,
    pow: true,
  };
  expect(Object.keys(names).sort()).toEqual([...elementwiseTable.keys()].sort());
});
