import { createBudget } from '../../src/base/budget.ts';
import { parseExpression } from '../../src/language/parse.ts';
import { printText } from '../../src/notation/print/text.ts';
import { type BinaryOperator, binary, childrenOf, type Expr, neg, num, transposed } from '../../src/syntax/expr.ts';

/** A wrong answer made from a right one, with what should be said of it. */
export interface Mutant {
  readonly rule: string;
  readonly answer: string;
  readonly kinds: readonly string[];
  /** What was done, as text: the part that changed. */
  readonly part?: string;
}

const withPart = (e: Expr, k: number, part: Expr): Expr => {
  switch (e.kind) {
    case 'unary':
    case 'transpose':
      return { ...e, arg: part };
    case 'binary':
      return k === 0 ? { ...e, left: part } : { ...e, right: part };
    case 'call':
      return { ...e, args: e.args.map((a, i) => (i === k ? part : a)) };
    case 'index':
      return k === 0 ? { ...e, target: part } : e;
    default:
      return e;
  }
};

/** Every part of an expression, with what the whole becomes when that part is another. */
export function* places(e: Expr): Generator<{ readonly part: Expr; readonly put: (x: Expr) => Expr }> {
  yield { part: e, put: (x) => x };
  const parts = e.kind === 'index' ? [e.target] : childrenOf(e);
  for (const [k, part] of parts.entries())
    for (const inner of places(part)) yield { part: inner.part, put: (x) => withPart(e, k, inner.put(x)) };
}

export const tree = (text: string): Expr => parseExpression(text, createBudget());
const isSum = (e: Expr): e is Expr & { kind: 'binary' } => e.kind === 'binary' && (e.op === '+' || e.op === '-');
const other: { readonly [K in '+' | '-']: BinaryOperator } = { '+': '-', '-': '+' };

/** Slips of every kind that can be made in any right answer. */
export function* mutantsOf(right: string, matrices: ReadonlySet<string>): Generator<Mutant> {
  const e = tree(right);
  yield { rule: 'sign', answer: printText(neg(e)), kinds: ['sign'] };
  yield { rule: 'twice', answer: printText(binary('*', num(2), e)), kinds: ['constant factor'] };
  yield { rule: 'a third', answer: printText(binary('/', e, num(3))), kinds: ['constant factor'] };
  for (const { part, put } of places(e)) {
    if (part.kind === 'binary' && part.op === '*')
      for (const side of ['left', 'right'] as const) {
        const factor = part[side];
        const bare = factor.kind === 'transpose' ? factor.arg : factor;
        if (bare.kind !== 'name' || !matrices.has(bare.name)) continue;
        const changed = put({ ...part, [side]: transposed(factor) });
        yield { rule: 'transpose', answer: printText(changed), kinds: ['transposed factor'], part: printText(factor) };
      }
    if (!isSum(part)) continue;
    const term = printText(part.right);
    // What is left of 1 - s is the number 1: then a factor goes, not a term.
    if (part.left.kind !== 'number')
      yield { rule: 'drop a term', answer: printText(put(part.left)), kinds: ['term missing'], part: term };
    yield {
      rule: 'flip a term',
      answer: printText(put({ ...part, op: other[part.op as '+' | '-'] })),
      kinds: ['sign of a term'],
      part: term,
    };
    yield {
      rule: 'scale a term',
      answer: printText(put({ ...part, right: binary('*', num(3), part.right) })),
      // Behind an inverse or a root three times the term is no multiple; then the 3 itself is what is too many.
      kinds: ['factor of a term', 'factor extra'],
      part: term,
    };
  }
}

/** The same value in other words. */
export function* rewritings(right: string): Generator<{ readonly rule: string; readonly answer: string }> {
  const e = tree(right);
  const text = printText(e);
  yield { rule: 'twice less once', answer: `2*(${text}) - (${text})` };
  yield { rule: 'two signs', answer: `-(-(${text}))` };
  yield { rule: 'named', answer: `answer_ = ${text}; answer_` };
  yield { rule: 'explained afterwards', answer: `answer_ where answer_ = ${text}` };
  yield { rule: 'with its left side', answer: `dL/dx = ${text}` };
  for (const { part, put } of places(e)) {
    if (isSum(part) && part.op === '+')
      yield { rule: 'terms exchanged', answer: printText(put(binary('+', part.right, part.left))) };
    if (isSum(part) && part.op === '-')
      yield { rule: 'minus moved', answer: printText(put(binary('+', part.left, neg(part.right)))) };
    if (part.kind === 'binary' && part.op === '*' && isSum(part.right)) {
      const { left, right: sum } = part;
      const spread = binary(sum.op, binary('*', left, sum.left), binary('*', left, sum.right));
      yield { rule: 'multiplied out', answer: printText(put(spread)) };
    }
    if (part.kind === 'transpose') {
      const { arg } = part;
      if (arg.kind === 'binary' && arg.op === '*')
        yield {
          rule: 'transpose inside',
          answer: printText(put(binary('*', transposed(arg.right), transposed(arg.left)))),
        };
    }
  }
}
