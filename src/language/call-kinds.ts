import type { TypeContext } from '../ops/record.ts';
import type { Size } from '../shape/size.ts';
import { rowType, type Type } from '../shape/type.ts';
import type { CallExpr, Expr } from '../syntax/expr.ts';
import { literalArgument, sizeArgument, textArgument } from './arguments.ts';
import { axesOf, type Kind, kindOf, row, scalar } from './kinds.ts';
import { type Callee, isName, isValueArgument, type Scope } from './names.ts';

/** Undeclared names that an index or an einsum shows to have three axes or more. */
export function tensorRanks(scope: Scope): Map<string, number> {
  const ranks = new Map<string, number>();
  const note = (expr: Expr | undefined, axes: number) => {
    if (expr?.kind === 'name' && axes > 2) ranks.set(expr.name, axes);
  };
  for (const { order } of scope.statements)
    for (const expr of order) {
      if (expr.kind === 'index') note(expr.target, expr.indices.length);
      else if (expr.kind === 'call') einsumRanks(expr)?.forEach((axes, k) => void note(expr.args[k + 1], axes));
    }
  return ranks;
}

/** The number of letters of each operand of an einsum. */
export function einsumRanks(expr: CallExpr): number[] | undefined {
  const spec = expr.fn === 'einsum' ? expr.args[0] : undefined;
  if (spec?.kind !== 'text') return undefined;
  return spec.text
    .replace(/\s/g, '')
    .split('->')[0]!
    .split(',')
    .map((s) => Math.min(s.length, 24));
}

/** The kind of a call whose arguments are known but for their sizes. */
export function kindOfCall(
  expr: CallExpr,
  { record }: Callee & { kind: 'record' },
  kinds: readonly Kind[],
  scope: Scope,
): Kind | undefined {
  const anySize: Size = '?0';
  const typeOf = (kind: Kind): Type =>
    kind === row ? rowType(anySize) : { axes: Array.from({ length: axesOf(kind) }, () => anySize) };
  let k = 0;
  const args = expr.args.map((argument, i) => ({
    expr: argument,
    type: typeOf(isValueArgument({ kind: 'record', record }, expr, i) ? kinds[k++]! : scalar),
  }));
  const refuse = (message: string): never => {
    throw new Error(message);
  };
  const context: TypeContext = {
    fresh: () => anySize,
    unify: () => {},
    resolve: (size) => size,
    show: () => '',
    size: (a) => sizeArgument(a.expr, isName(scope), refuse),
    literal: (a) => literalArgument(a.expr, undefined, refuse),
    text: (a) => textArgument(a.expr, refuse),
    fail: refuse,
  };
  try {
    return kindOf(record.type(args, context));
  } catch {
    return undefined;
  }
}
