import { fail } from '../base/diagnostic.ts';
import { minusOne, one } from '../base/rational.ts';
import { lookupFunction } from '../ops/index.ts';
import type { LowerContext, LoweredArgument } from '../ops/record.ts';
import { isScalar, scalarType, type Type } from '../shape/type.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { CallExpr, Expr } from '../syntax/expr.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import { literalArgument, sizeArgument, textArgument } from './arguments.ts';
import { lowerBinary, lowerIndex, lowerTranspose, spreadNode } from './lower-operators.ts';
import { type Callee, isValueArgument, valueParts } from './names.ts';
import { evaluationOrder } from './walk.ts';

export interface Lowered {
  readonly output: Node;
  /** Inputs that the output depends on, and every independent name. */
  readonly variables: ReadonlyMap<string, Node>;
  /** The assigned names that the output depends on, in order of evaluation. */
  readonly lets: ReadonlyMap<string, Node>;
}

/**
 * The tensor graph of the output. A name in `independent` becomes a variable even where the program assigns it: its own
 * definition is then not looked through. Other assigned names become shared `let` nodes.
 */
export function lower(
  analysis: Analysis,
  options: { readonly independent: readonly string[] },
  builder: Builder,
): Lowered {
  const { names, types, assigned, output } = analysis;
  const independent = new Set(options.independent);
  const variables = new Map<string, Node>();
  const lets = new Map<string, Node>();
  const nodes = new Map<Expr, Node>();

  const variable = (name: string): Node => {
    const known = variables.get(name);
    if (known) return known;
    const { type, properties } = names.get(name)!;
    const node = builder.variable(name, type.axes, properties);
    variables.set(name, node);
    return node;
  };
  const named = (name: string): Node => {
    if (independent.has(name)) return variable(name);
    const known = lets.get(name);
    if (known) return known;
    // what is no name of the program is the symbol of a size
    return names.has(name) ? variable(name) : builder.size(name);
  };

  const calleeOf = (call: CallExpr): Callee | undefined => {
    const shape = names.get(call.fn)?.shape;
    if (shape?.kind === 'elementwise') return { kind: 'elementwise' };
    if (shape?.kind === 'function') return { kind: 'unknown', from: shape.from, to: shape.to };
    const record = lookupFunction(call.fn);
    return record && { kind: 'record', record };
  };
  const operands = (expr: Expr): readonly Expr[] => valueParts(expr, calleeOf);

  const typeOf = (expr: Expr): Type => types.get(expr)!;
  const nodeOf = (expr: Expr): Node => nodes.get(expr) ?? fail('internal/lower', 'an operand was not lowered');

  const lowerExpr = (expr: Expr): Node => {
    switch (expr.kind) {
      case 'number':
        return builder.number(expr.value);
      case 'name':
        return named(expr.name);
      case 'unary':
        return expr.op === '-' ? builder.negate(nodeOf(expr.arg)) : nodeOf(expr.arg);
      case 'transpose':
        return lowerTranspose(nodeOf(expr.arg), typeOf(expr.arg), builder);
      case 'binary': {
        if (isSum(expr)) return lowerSum(expr);
        const [left, right] = [expr.left, expr.right].map((e) => ({ node: nodeOf(e), type: typeOf(e) }));
        return lowerBinary(expr, left!, right!, typeOf(expr), builder);
      }
      case 'index':
        return lowerIndex(expr, nodeOf(expr.target), typeOf(expr.target), typeOf(expr), builder);
      case 'call':
        return lowerCall(expr);
      case 'text':
        return fail('internal/lower', 'a quoted text is not a value');
    }
  };

  /** One sum for a whole chain a + b - c …, so that it costs as much as it has terms. */
  const lowerSum = (expr: Expr): Node => {
    const { axes } = typeOf(expr);
    const terms: { coefficient: typeof one; node: Node }[] = [];
    const take = (e: Expr, coefficient: typeof one) =>
      terms.push({ coefficient, node: spreadNode(nodeOf(e), axes, builder) });
    let rest = expr;
    while (isSum(rest)) {
      take(rest.right, rest.op === '-' ? minusOne : one);
      rest = rest.left;
      if (!absorbed.has(rest)) break;
    }
    take(rest, one);
    return builder.sum(terms.reverse(), axes);
  };

  const lowerCall = (expr: CallExpr): Node => {
    const callee = calleeOf(expr)!;
    const result = typeOf(expr);
    const refuse = (message: string): never => fail('internal/lower', message, expr.span);
    const args: LoweredArgument[] = expr.args.map((argument, k) => {
      if (isValueArgument(callee, expr, k)) return { expr: argument, type: typeOf(argument), node: nodeOf(argument) };
      const node = builder.number(argument.kind === 'number' ? argument.value : 0);
      return { expr: argument, type: scalarType, node };
    });
    const argument = args[0]?.node;
    if (callee.kind === 'elementwise') return builder.mapOrder(expr.fn, expr.order, argument!);
    if (callee.kind === 'unknown') return builder.unknown(expr.fn, expr.order, [argument!], result.axes);
    const context: LowerContext = {
      builder,
      result,
      size: (a) => sizeArgument(a.expr, () => false, refuse),
      literal: (a) => literalArgument(a.expr, undefined, refuse),
      text: (a) => textArgument(a.expr, refuse),
    };
    return callee.record.lower(args, context);
  };

  const absorbed = new Set<Expr>();
  /** Inner links of a chain of sums, each used once and of the shape of the whole. */
  const absorb = (order: readonly Expr[]) => {
    const uses = new Map<Expr, number>();
    for (const expr of order) for (const e of operands(expr)) uses.set(e, (uses.get(e) ?? 0) + 1);
    for (const expr of order)
      if (isSum(expr) && isSum(expr.left) && uses.get(expr.left) === 1 && sameAxes(typeOf(expr), typeOf(expr.left)))
        absorbed.add(expr.left);
  };

  const run = (value: Expr): Node => {
    const order = evaluationOrder(value, operands);
    absorb(order);
    for (const expr of order) {
      builder.budget.tick();
      if (!absorbed.has(expr) && !nodes.has(expr)) nodes.set(expr, lowerExpr(expr));
    }
    return nodeOf(value);
  };

  for (const name of reachable(analysis, independent, operands))
    lets.set(name, builder.let(name, run(assigned.get(name)!)));
  for (const name of independent) variable(name);
  const result = output.name === undefined ? run(output.value) : named(output.name);
  return { output: result, variables, lets };
}

const isSum = (expr: Expr): expr is Expr & { kind: 'binary' } =>
  expr.kind === 'binary' && (expr.op === '+' || expr.op === '-');

const sameAxes = (a: Type, b: Type): boolean =>
  isScalar(a) === isScalar(b) && a.axes.length === b.axes.length && a.axes.every((size, k) => size === b.axes[k]);

/** Assigned names that the output needs, in order of assignment; nothing is needed behind an independent name. */
function reachable(
  { assigned, output }: Analysis,
  independent: ReadonlySet<string>,
  operands: (expr: Expr) => readonly Expr[],
): string[] {
  const needed = new Set<string>();
  const stack: Expr[] = [];
  const need = (name: string) => {
    if (!assigned.has(name) || independent.has(name) || needed.has(name)) return;
    needed.add(name);
    stack.push(assigned.get(name)!);
  };
  if (output.name === undefined) stack.push(output.value);
  else need(output.name);
  for (let value = stack.pop(); value; value = stack.pop())
    for (const expr of evaluationOrder(value, operands)) if (expr.kind === 'name') need(expr.name);
  return [...assigned.keys()].filter((name) => needed.has(name));
}
