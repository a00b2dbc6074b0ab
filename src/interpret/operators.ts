import type { Budget } from '../base/budget.ts';
import { fail, type Span } from '../base/diagnostic.ts';
import { type NdArray, stridesOf } from '../base/ndarray.ts';
import { inverse, solve } from '../ops/kernels/lu.ts';
import type { BinaryOperator } from '../syntax/expr.ts';
import { allocate, firstNonFinite, reshape, sizesText } from './array.ts';

/** What an operator needs to know of where it stands. */
export interface Place {
  readonly budget: Budget;
  /** The text of the expression, for messages. */
  text(): string;
  readonly span: Span | undefined;
  /** Says why entry `entry` (from 0) of the result is not finite. */
  warn(reason: string, entry: number): void;
}

/** MATLAB sees a scalar as 1×1 and a vector as a column. */
const asMatrix = (a: NdArray): NdArray => (a.shape.length >= 2 ? a : reshape(a, [a.shape[0] ?? 1, 1]));

const isOne = (a: NdArray): boolean => a.data.length === 1;

/** f(a, b) entry by entry; axes of size 1 are repeated (implicit expansion), missing last axes have size 1. */
export function elementwise(
  f: (x: number, y: number) => number,
  trouble: (x: number, y: number) => string,
  left: NdArray,
  right: NdArray,
  place: Place,
): NdArray {
  const rank = Math.max(2, left.shape.length, right.shape.length);
  const [a, b] = [left, right].map((x) => ({
    data: x.data,
    shape: Array.from({ length: rank }, (_, k) => x.shape[k] ?? 1),
  }));
  const shape = a!.shape.map((n, k) => {
    const m = b!.shape[k]!;
    if (n !== m && n !== 1 && m !== 1)
      fail(
        'internal/shape',
        `shapes ${sizesText(left.shape)} and ${sizesText(right.shape)} do not combine`,
        place.span,
      );
    return n === 1 ? m : n;
  });
  const out = allocate(shape, place.budget, place.text, place.span);
  const steps = [a!, b!].map((x) => stridesOf(x.shape).map((step, k) => (x.shape[k] === 1 ? 0 : step)));
  const index = new Array<number>(rank).fill(0);
  let i = 0;
  let j = 0;
  for (let e = 0; e < out.data.length; e++) {
    if ((e & 1023) === 0) place.budget.tick();
    const x = a!.data[i]!;
    const y = b!.data[j]!;
    const value = f(x, y);
    out.data[e] = value;
    if (!Number.isFinite(value) && Number.isFinite(x) && Number.isFinite(y)) place.warn(trouble(x, y), e);
    for (let k = rank - 1; k >= 0; k--) {
      i += steps[0]![k]!;
      j += steps[1]![k]!;
      if (++index[k]! < shape[k]!) break;
      index[k] = 0;
      i -= steps[0]![k]! * shape[k]!;
      j -= steps[1]![k]! * shape[k]!;
    }
  }
  return out;
}

const overflow = (): string => 'overflow';
const divisionTrouble = (_: number, y: number): string => (y === 0 ? 'division by zero' : 'overflow');
const powerTrouble = (x: number, y: number): string =>
  x < 0 && !Number.isInteger(y)
    ? `power ${y} of a negative number`
    : x === 0 && y < 0
      ? 'division by zero'
      : 'overflow';

/** A·B for matrices, B column by column as it stands. */
function product(a: NdArray, b: NdArray, place: Place): NdArray {
  const [m, k] = a.shape as [number, number];
  const [inner, n] = b.shape as [number, number];
  if (a.shape.length !== 2 || b.shape.length !== 2 || k !== inner)
    fail('internal/shape', `${sizesText(a.shape)} times ${sizesText(b.shape)} is not a matrix product`, place.span);
  const out = allocate([m, n], place.budget, place.text, place.span);
  for (let i = 0; i < m; i++)
    for (let p = 0; p < k; p++) {
      place.budget.tick();
      const x = a.data[i * k + p]!;
      for (let j = 0; j < n; j++) out.data[i * n + j]! += x * b.data[p * n + j]!;
    }
  return out;
}

export function transpose(a: NdArray): NdArray {
  const { shape, data } = asMatrix(a);
  const [m, n] = shape as [number, number];
  const out = new Float64Array(data.length);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * m + i] = data[i * n + j]!;
  return { shape: [n, m], data: out };
}

const singular = (op: string, place: Place): never =>
  fail('math/singular', `the matrix of '${op}' is singular at this point`, place.span);

/** A⁻¹B. */
function leftDivide(op: string, a: NdArray, b: NdArray, place: Place): NdArray {
  const [n, columns] = a.shape as [number, number];
  if (n !== columns || b.shape[0] !== n)
    fail(
      'internal/shape',
      `${sizesText(a.shape)} ${op} ${sizesText(b.shape)} has no square matrix to solve with`,
      place.span,
    );
  if (firstNonFinite(a) >= 0) return { shape: b.shape, data: b.data.map(() => Number.NaN) };
  const data = solve(a.data, n, b.data, b.shape[1]!, place.budget.tick);
  return data ? { shape: b.shape, data } : singular(op, place);
}

/** Aᵏ for a whole k, by squaring. */
function matrixPower(a: NdArray, k: number, place: Place): NdArray {
  const [n, columns] = a.shape as [number, number];
  if (n !== columns) fail('internal/shape', `'^' needs a square matrix, got ${sizesText(a.shape)}`, place.span);
  if (!Number.isInteger(k))
    fail('math/power', `a matrix has only whole powers, got ${k}`, place.span, "use '.^' for a power entry by entry");
  if (k < 0) {
    if (firstNonFinite(a) >= 0) return { shape: a.shape, data: a.data.map(() => Number.NaN) };
    const inverted = inverse(a.data, n, place.budget.tick);
    return inverted ? matrixPower({ shape: a.shape, data: inverted }, -k, place) : singular('^', place);
  }
  let result: NdArray = allocate([n, n], place.budget, place.text, place.span);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  let square = a;
  for (let rest = k; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = product(result, square, place);
    if (rest > 1) square = product(square, square, place);
  }
  return result;
}

/** A whole result: when it is not finite although the operands were, this operation was the first. */
function guarded(result: NdArray, operands: readonly NdArray[], place: Place): NdArray {
  const entry = firstNonFinite(result);
  if (entry >= 0 && operands.every((a) => firstNonFinite(a) < 0)) place.warn('overflow', entry);
  return result;
}

type Operator = (a: NdArray, b: NdArray, place: Place) => NdArray;

const divide: Operator = (a, b, place) => elementwise((x, y) => x / y, divisionTrouble, a, b, place);
const multiply: Operator = (a, b, place) => elementwise((x, y) => x * y, overflow, a, b, place);
const raise: Operator = (a, b, place) => elementwise((x, y) => x ** y, powerTrouble, a, b, place);

/** The operators of the language on arrays, with MATLAB's meaning; results may be 1×1 or n×1. */
export const operators: Readonly<Record<BinaryOperator, Operator>> = {
  '+': (a, b, place) => elementwise((x, y) => x + y, overflow, a, b, place),
  '-': (a, b, place) => elementwise((x, y) => x - y, overflow, a, b, place),
  '.*': multiply,
  './': divide,
  '.^': raise,
  '*': (a, b, place) =>
    isOne(a) || isOne(b) ? multiply(a, b, place) : guarded(product(asMatrix(a), asMatrix(b), place), [a, b], place),
  '/': (a, b, place) =>
    isOne(b)
      ? divide(a, b, place)
      : guarded(transpose(leftDivide('/', transpose(b), transpose(a), place)), [a, b], place),
  '\\': (a, b, place) =>
    isOne(a) ? divide(b, a, place) : guarded(leftDivide('\\', asMatrix(a), asMatrix(b), place), [a, b], place),
  '^': (a, b, place) =>
    isOne(a) && isOne(b) ? raise(a, b, place) : guarded(matrixPower(asMatrix(a), b.data[0]!, place), [a], place),
};

export const negate = (a: NdArray): NdArray => ({ shape: a.shape, data: a.data.map((x) => -x) });
