import type { Property, Type } from '../shape/type.ts';
import type { Expr, Statement } from '../syntax/expr.ts';
import { binary, childrenOf, neg, num, transposed } from '../syntax/expr.ts';
import { withChildren } from './check-trees.ts';

/** A small change of an answer, as the correction of a slip. */
export type EditKind =
  | 'transposed factor'
  | 'order of factors'
  | 'function'
  | 'sign of a term'
  | 'term extra'
  | 'factor extra'
  | 'exponent'
  | 'operator';

export interface Edit {
  readonly kind: EditKind;
  /** What is changed, and into what (nothing where it goes). */
  readonly part: Expr;
  readonly instead?: Expr;
  readonly statements: readonly Statement[];
}

/** Summands that may be missing somewhere, each with the number of its axes. */
export interface Summand {
  readonly expr: Expr;
  readonly axes: number;
}

/** The answer with one of the summands added to one of its parts. */
export function* additionsTo(
  statements: readonly Statement[],
  summands: readonly Summand[],
  scope: EditScope,
): Generator<{ readonly summand: Summand; readonly statements: readonly Statement[] }> {
  for (const [k, s] of statements.entries())
    for (const { part, put } of partsOf(s.value))
      for (const summand of summands) {
        if (scope.type(part)?.axes.length !== summand.axes) continue;
        const { expr } = summand;
        const value = put(
          expr.kind === 'unary' && expr.op === '-' ? binary('-', part, expr.arg) : binary('+', part, expr),
        );
        yield { summand, statements: statements.map((other, i) => (i === k ? { ...s, value } : other)) };
      }
}

function* partsOf(e: Expr): Generator<{ readonly part: Expr; readonly put: (x: Expr) => Expr }> {
  yield { part: e, put: (x) => x };
  const parts = childrenOf(e);
  for (const [i, part] of parts.entries()) {
    if (e.kind === 'index' && i > 0) continue;
    for (const inner of partsOf(part))
      yield {
        part: inner.part,
        put: (x) =>
          withChildren(
            e,
            parts.map((p, j) => (j === i ? inner.put(x) : p)),
          ),
      };
  }
}

/** What edits need to know of the answer, as far as its shapes could be found. */
export interface EditScope {
  type(e: Expr): Type | undefined;
  isUnknownFunction(name: string): boolean;
  properties(name: string): readonly Property[];
}

interface Local {
  readonly kind: EditKind;
  readonly part: Expr;
  readonly instead?: Expr;
  readonly value: Expr;
}

/** All small changes of one statement after the other. */
export function* editsOf(statements: readonly Statement[], scope: EditScope): Generator<Edit> {
  for (const [k, s] of statements.entries())
    for (const { value, ...edit } of within(s.value, scope, k < statements.length - 1))
      yield { ...edit, statements: statements.map((other, i) => (i === k ? { ...s, value } : other)) };
}

function* within(e: Expr, scope: EditScope, transposable: boolean): Generator<Local> {
  if (transposable) yield* transposition(e, scope);
  yield* here(e, scope);
  const parts = childrenOf(e);
  for (const [i, part] of parts.entries()) {
    // The transpose of a transpose is the edit of the outer one; indices are no values.
    const inner = e.kind !== 'transpose' && !(e.kind === 'index' && i > 0) && !(e.kind === 'unary');
    for (const edit of within(part, scope, inner)) {
      const changed = parts.map((p, j) => (j === i ? edit.value : p));
      yield { ...edit, value: withChildren(e, changed) };
    }
  }
}

function* transposition(e: Expr, scope: EditScope): Generator<Local> {
  if (e.kind === 'number' || e.kind === 'text' || (e.kind === 'unary' && e.op === '+')) return;
  const type = scope.type(e);
  // A scalar has no transpose; a vector's would only change a shape, which the whole must fit afterwards.
  if (type && type.axes.length !== 2 && type.axes.length !== 1) return;
  if (e.kind === 'name' && scope.properties(e.name).some((p) => p === 'symmetric' || p === 'diagonal')) return;
  const instead = transposed(e);
  yield { kind: 'transposed factor', part: e, instead, value: instead };
}

function* here(e: Expr, scope: EditScope): Generator<Local> {
  if (e.kind === 'unary' && e.op === '-') yield { kind: 'sign of a term', part: e, instead: e.arg, value: e.arg };
  if (e.kind === 'call' && scope.isUnknownFunction(e.fn))
    for (const step of [1, -1]) {
      const instead: Expr = { ...e, order: e.order + step };
      if (instead.order >= 0) yield { kind: 'function', part: e, instead, value: instead };
    }
  if (e.kind !== 'binary') return;
  const { op, left, right } = e;
  const sum = op === '+' || op === '-';
  if (sum) {
    const flipped = { ...e, op: op === '+' ? ('-' as const) : ('+' as const) };
    yield { kind: 'sign of a term', part: right, instead: neg(right), value: flipped };
    yield { kind: 'term extra', part: right, value: left };
    if (!(left.kind === 'binary' && (left.op === '+' || left.op === '-'))) {
      yield { kind: 'sign of a term', part: left, instead: neg(left), value: { ...e, left: neg(left) } };
      yield { kind: 'term extra', part: left, value: op === '+' ? right : neg(right) };
    }
    if (op === '-') {
      const swapped = binary('-', right, left);
      yield { kind: 'sign of a term', part: e, instead: swapped, value: swapped };
    }
  }
  if (op === '*') {
    const instead = binary('*', right, left);
    if (!isScalarType(scope.type(left)) && !isScalarType(scope.type(right)))
      yield { kind: 'order of factors', part: e, instead, value: instead };
  }
  if (op === '*' || op === '.*') {
    yield { kind: 'factor extra', part: left, value: right };
    yield { kind: 'factor extra', part: right, value: left };
    const instead = { ...e, op: op === '*' ? ('.*' as const) : ('*' as const) };
    if (!isScalarType(scope.type(left)) && !isScalarType(scope.type(right)))
      yield { kind: 'operator', part: e, instead, value: instead };
  }
  if (op === '/' || op === './') yield { kind: 'factor extra', part: right, value: left };
  if ((op === '^' || op === '.^') && right.kind === 'number')
    for (const power of [right.value - 1, right.value + 1, -right.value]) {
      const instead = power === 1 ? left : binary(op, left, num(power));
      if (power !== 0) yield { kind: 'exponent', part: e, instead, value: instead };
    }
}

const isScalarType = (type: Type | undefined): boolean => type !== undefined && type.axes.length === 0;
