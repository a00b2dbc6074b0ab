import type { Budget } from '../base/budget.ts';
import { type Diagnostic, fail, type Span, WrtError } from '../base/diagnostic.ts';
import type { TypeContext, TypedArgument } from '../ops/record.ts';
import type { Size } from '../shape/size.ts';
import { scalarType, type Type } from '../shape/type.ts';
import type { CallExpr, Expr } from '../syntax/expr.ts';
import { literalArgument, sizeArgument, textArgument } from './arguments.ts';
import { replaceSymbols } from './declared.ts';
import { describeType, place, quote } from './describe.ts';
import type { KindChoice } from './infer-kinds.ts';
import { axesOf } from './kinds.ts';
import { type Callee, isName, isValueArgument, type Scope } from './names.ts';
import { binaryType, indexType, type Rules, transposeType } from './operators.ts';
import { createSizes, isOpen, isVariable, type Sizes } from './unify.ts';

/** Shapes with open sizes (`?1`); `sizes` knows what they are. A value without a type failed, or uses one that did. */
export interface Inference {
  readonly sizes: Sizes;
  readonly types: Map<Expr, Type>;
  readonly names: ReadonlyMap<string, Type>;
  /** What the symbols of unknown functions turned out to be. */
  readonly symbols: ReadonlyMap<string, Size>;
  readonly problems: readonly Problem[];
}
export interface Problem extends Diagnostic {
  /** What could not be typed. */
  readonly expr?: Expr;
}

/** Types every value once, operands first, sizes being unified as they meet; all that does not fit goes to `problems`. */
export function inferTypes(scope: Scope, kinds: ReadonlyMap<string, KindChoice>, budget: Budget): Inference {
  let current: Expr | undefined;
  const sizes = createSizes(() => current);
  const types = new Map<Expr, Type>();
  const names = new Map<string, Type>();
  const problems: Problem[] = [];
  const symbols = new Map<string, Size>([...scope.flexible].map((symbol) => [symbol, sizes.fresh()]));
  const source = scope.program.source;
  const resolved = (type: Type): Type =>
    type.axes.some(isOpen) ? { ...type, axes: type.axes.map(sizes.resolve) } : type;
  const show = (type: Type) => describeType(resolved(type));

  for (const [name, { role }] of scope.roles) {
    const d = scope.declared.get(name);
    if (d?.shape.kind === 'array') {
      const type = declaredType(d.shape.axes, sizes);
      const [m, n] = type.axes;
      const needsSquare = d.properties.some((p) => p !== 'nonnegative' && p !== 'constant');
      if (needsSquare && m !== undefined && n !== undefined && !sizes.unify(m, n)) {
        const message = `'${name}' is declared ${d.properties.join(', ')} but ${show(type)} is not square${place(d.span)}`;
        problems.push({ code: 'declaration/property', message, ...(d.span && { span: d.span }) });
      }
      names.set(name, type);
    } else if (role === 'input') {
      const { kind, oneRow } = kinds.get(name)!;
      names.set(name, { axes: oneRow ? [1, sizes.fresh()] : Array.from({ length: axesOf(kind) }, sizes.fresh) });
    }
  }

  const rulesFor = (expr: Expr, span: Span | undefined): Rules => ({
    source,
    resolve: sizes.resolve,
    unify: sizes.unify,
    show,
    fail: (code, message, hint) => fail(code, message, span ?? expr.span, hint),
  });

  /** The type of a value whose operands have types. */
  const typeOf = (expr: Expr): Type | undefined => {
    switch (expr.kind) {
      case 'number':
      case 'text':
        return scalarType;
      case 'name': {
        const meaning = scope.meanings.get(expr);
        return meaning === 'array' ? names.get(expr.name) : meaning && scalarType;
      }
      case 'unary':
        return types.get(expr.arg);
      case 'transpose': {
        const arg = types.get(expr.arg);
        return arg && transposeType(expr, arg, rulesFor(expr, undefined));
      }
      case 'binary': {
        const [left, right] = [types.get(expr.left), types.get(expr.right)];
        return left && right && binaryType(expr, left, right, rulesFor(expr, undefined));
      }
      case 'index': {
        const target = types.get(expr.target);
        return target && indexType(expr, target, rulesFor(expr, undefined));
      }
      case 'call':
        return typeOfCall(expr);
    }
  };

  const typeOfCall = (expr: CallExpr): Type | undefined => {
    const callee = scope.callees.get(expr);
    const args: TypedArgument[] = [];
    for (const [k, argument] of expr.args.entries()) {
      const value = isValueArgument(callee, expr, k);
      const type = value ? types.get(argument) : scalarType;
      if (type === undefined) return undefined;
      if (!value) types.set(argument, type);
      args.push({ expr: argument, type: resolved(type) });
    }
    if (callee === undefined) return undefined;
    const rules = rulesFor(expr, expr.span ?? expr.fnSpan);
    const [fewest, most] = callee.kind === 'record' ? callee.record.arity : [1, 1];
    if (args.length < fewest || args.length > most) {
      const range = fewest === most ? `${fewest}` : most === Infinity ? `at least ${fewest}` : `${fewest} to ${most}`;
      const usage = callee.kind === 'record' ? callee.record.usage.join('; ') : undefined;
      const message = `'${expr.fn}' takes ${range} argument${range === '1' ? '' : 's'}, got ${args.length}`;
      return rules.fail('shape/arity', message, usage);
    }
    if (callee.kind === 'elementwise') return args[0]!.type;
    if (callee.kind === 'unknown') return unknownType(expr, callee, args[0]!.type, rules);
    return callee.record.type(args, contextFor(expr, rules));
  };

  const contextFor = (expr: CallExpr, rules: Rules): TypeContext => {
    const refuse = (message: string, hint?: string): never => rules.fail('shape/argument', message, hint);
    const inside = (message: string, hint?: string): never => refuse(`in '${expr.fn}', ${message}`, hint);
    return {
      fresh: sizes.fresh,
      unify(a, b, message, hint) {
        // the message names the sizes as they are, so that a rule need not know which of them is fixed
        if (!sizes.unify(a, b)) refuse(message(), hint);
      },
      resolve: sizes.resolve,
      show,
      size: (a) => sizeArgument(a.expr, isName(scope), inside),
      literal: (a, allowed) => literalArgument(a.expr, allowed, inside),
      text: (a) => textArgument(a.expr, inside),
      fail: refuse,
    };
  };

  const unknownType = (expr: CallExpr, callee: Callee & { kind: 'unknown' }, type: Type, rules: Rules): Type => {
    const instance = (axes: readonly Size[]) => axes.map((size) => replaceSymbols(size, symbols));
    const [from, to] = [instance(callee.from), instance(callee.to)];
    const wanted: Type = { axes: from };
    const fits = type.axes.length === from.length && type.axes.every((size, k) => sizes.unify(size, from[k]!));
    if (!fits) rules.fail('shape/argument', `'${expr.fn}' needs ${show(wanted)}, got ${show(type)}`);
    // the axes of the value, then those of the argument once for each prime
    return { axes: [...to, ...Array.from({ length: expr.order }, () => from).flat()] };
  };

  const attempt = (expr: Expr, action: () => void) => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof WrtError) || error.diagnostics.some((d) => /^(limit\/time|cancelled)/.test(d.code)))
        throw error;
      for (const d of error.diagnostics) problems.push({ ...d, expr });
    }
  };

  for (const { name, value, order, span } of scope.statements) {
    for (const expr of order) {
      budget.tick();
      if (types.has(expr)) continue;
      current = expr;
      attempt(expr, () => {
        const type = typeOf(expr);
        if (type) types.set(expr, type);
      });
    }
    if (name === undefined) continue;
    const type = types.get(value);
    const declared = names.get(name);
    if (type === undefined) continue;
    if (declared) {
      const fits =
        type.axes.length === declared.axes.length && type.axes.every((s, k) => sizes.unify(s, declared.axes[k]!));
      if (!fits) {
        const message = `'${name}' is declared as ${show(declared)} but ${quote(value, source)} is ${show(type)}`;
        problems.push({ code: 'shape/declared', message, ...(span && { span }), expr: value });
      }
    }
    names.set(name, type);
  }

  for (const { sizes: pair, where } of sizes.settle()) {
    const [a, b] = pair.map(sizes.resolve);
    const message = `the sizes ${a} and ${b} cannot be made equal${where ? ` in ${quote(where, source)}` : ''}`;
    const hint = 'declare the shapes of the names involved';
    problems.push({ code: 'shape/ambiguous', message, hint, ...(where?.span && { span: where.span }) });
  }
  for (const [symbol, variable] of symbols) if (isVariable(sizes.resolve(variable))) sizes.unify(variable, symbol);
  return { sizes, types, names, symbols, problems };
}

/** Declared axes; a size written `?…` is left open. */
function declaredType(axes: readonly Size[], sizes: Sizes): Type {
  const open = new Map<Size, Size>();
  const axis = (size: Size): Size => {
    if (typeof size !== 'string' || !size.startsWith('?')) return size;
    if (!open.has(size)) open.set(size, sizes.fresh());
    return open.get(size)!;
  };
  return { axes: axes.map(axis) };
}
