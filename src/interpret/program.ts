import type { Budget } from '../base/budget.ts';
import { type Diagnostic, fail, type Span } from '../base/diagnostic.ts';
import { entryCount, type NdArray, scalarArray } from '../base/ndarray.ts';
import { lookupFunction } from '../ops/index.ts';
import { scalarType } from '../shape/type.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { CallExpr, Expr, NameExpr, TextExpr } from '../syntax/expr.ts';
import { childrenOf } from '../syntax/expr.ts';
import { checkEntries, reshape, sizesText } from './array.ts';
import { bindPoint, sizesOf } from './bind.ts';
import { standIn, type UnknownFunction } from './functions.ts';
import { indexed } from './indexing.ts';
import { negate, operators, transpose } from './operators.ts';
import { createReport, type Report } from './report.ts';

export interface ProgramOptions {
  /** Assigned names that are independent: their values instead of their definitions. */
  readonly held?: ReadonlyMap<string, NdArray>;
  /** What the unknown functions are; a stand-in of the same name where none is given. */
  readonly functions?: ReadonlyMap<string, UnknownFunction>;
  /** The assigned name to evaluate instead of the program's output. */
  readonly output?: string;
}

export interface Evaluation {
  readonly output: NdArray;
  /** The point, and the assigned names that the output needs. */
  readonly values: ReadonlyMap<string, NdArray>;
  /** Entries that are not finite, each said once, by the operation that made it. */
  readonly warnings: readonly Diagnostic[];
}

interface Scope {
  readonly analysis: Analysis;
  readonly sizes: ReadonlyMap<string, number>;
  readonly values: Map<string, NdArray>;
  readonly functions: ReadonlyMap<string, UnknownFunction>;
  readonly budget: Budget;
  readonly warnings: Diagnostic[];
}

/**
 * Evaluates the text of a program in float64 with MATLAB's meaning, never touching the tensor graph: the oracle that
 * everything else is compared with. Fails with `shape/point`, `name/unbound`, `shape/index`, `math/singular`,
 * `math/power`, `math/domain` and `limit/entries`; entries that are not finite are warnings.
 */
export function evaluateProgram(
  analysis: Analysis,
  point: ReadonlyMap<string, NdArray>,
  options: ProgramOptions,
  budget: Budget,
): Evaluation {
  const held = options.held ?? new Map<string, NdArray>();
  // A value for an assigned name counts only where the name is held.
  const given = new Map([...point].filter(([name]) => !analysis.assigned.has(name)));
  const { sizes, values } = bindPoint(analysis, given, held);
  const output = outputOf(analysis, options.output);
  const scope: Scope = {
    analysis,
    sizes,
    values: new Map(values),
    functions: options.functions ?? new Map(),
    budget,
    warnings: [],
  };
  const needed = neededNames(analysis, output.value, held);
  for (const [name, expr] of analysis.assigned) if (needed.has(name)) scope.values.set(name, evaluate(expr, scope));
  const result =
    (output.name === undefined ? undefined : scope.values.get(output.name)) ?? evaluate(output.value, scope);
  if (output.name !== undefined) scope.values.set(output.name, result);
  return { output: result, values: scope.values, warnings: scope.warnings };
}

function outputOf(analysis: Analysis, name: string | undefined): { name?: string; value: Expr } {
  if (name === undefined) return analysis.output;
  const value = analysis.assigned.get(name);
  return value ? { name, value } : fail('name/output', `'${name}' is not assigned by the program`);
}

/** The assigned names that an expression needs, directly or through others; a held name needs nothing. */
function neededNames(analysis: Analysis, root: Expr, held: ReadonlyMap<string, NdArray>): ReadonlySet<string> {
  const needed = new Set<string>();
  const stack: Expr[] = [root];
  for (let expr = stack.pop(); expr; expr = stack.pop()) {
    for (const child of childrenOf(expr)) stack.push(child);
    if (expr.kind !== 'name' || needed.has(expr.name) || held.has(expr.name)) continue;
    const definition = analysis.assigned.get(expr.name);
    if (!definition) continue;
    needed.add(expr.name);
    stack.push(definition);
  }
  return needed;
}

/** What a quoted text leaves on the stack. */
const noValue: NdArray = { shape: [0], data: new Float64Array() };

/** Evaluates a tree from its leaves up, without recursion: `a + b + c + …` is as deep as it is long. */
function evaluate(root: Expr, scope: Scope): NdArray {
  const order: Expr[] = [];
  const stack: Expr[] = [root];
  for (let expr = stack.pop(); expr; expr = stack.pop()) {
    order.push(expr);
    for (const child of childrenOf(expr)) stack.push(child);
  }
  // Reversed, every expression comes after its children, of which the first then lies deepest.
  const results: NdArray[] = [];
  for (const expr of order.reverse()) {
    scope.budget.tick();
    const count = childrenOf(expr).length;
    results.push(apply(expr, results.splice(results.length - count, count), scope));
  }
  return results[0]!;
}

/** One operation on the values of its operands, under the axes that the analysis gives it. */
function apply(expr: Expr, operands: readonly NdArray[], scope: Scope): NdArray {
  if (expr.kind === 'text') return noValue;
  if (expr.kind === 'name') return named(expr.name, expr.span, scope);
  const type = scope.analysis.types.get(expr);
  const shape = type && sizesOf(type.axes, scope.sizes);
  const result = compute(expr, operands, shape, scope);
  // Without a type (the n of `eye(n)`), scalars stay scalars.
  const wanted = shape ?? (operands.every((a) => a.shape.length === 0) && result.data.length === 1 ? [] : result.shape);
  if (entryCount(wanted) !== result.data.length)
    fail(
      'internal/shape',
      `'${textOf(expr, scope)}' has shape ${sizesText(result.shape)} and was expected to have ${sizesText(wanted)}`,
      expr.span,
    );
  return reshape(result, wanted);
}

function compute(
  expr: Exclude<Expr, NameExpr | TextExpr>,
  operands: readonly NdArray[],
  shape: readonly number[] | undefined,
  scope: Scope,
): NdArray {
  const [first, second] = operands as [NdArray, NdArray];
  switch (expr.kind) {
    case 'number':
      return scalarArray(expr.value);
    case 'unary':
      return expr.op === '-' ? negate(first) : first;
    case 'transpose':
      return first.shape.length === 0 ? first : transpose(first);
    case 'binary':
      return reported(expr, shape, operands, scope, (warn) => {
        const place = { budget: scope.budget, text: () => textOf(expr, scope), span: expr.opSpan ?? expr.span, warn };
        return operators[expr.op](first, second, place);
      });
    case 'call':
      return reported(expr, shape, operands, scope, (warn) => callFunction(expr, operands, shape ?? [], scope, warn));
    case 'index':
      return indexed(expr, first, operands.slice(1), () => textOf(expr, scope));
  }
}

function named(name: string, span: Span | undefined, scope: Scope): NdArray {
  const value = scope.values.get(name);
  if (value) return value;
  const size = scope.sizes.get(name);
  if (size !== undefined) return scalarArray(size);
  // The literal of `norm(x, Inf)`, unless a program calls something so.
  if (/^inf$/i.test(name) && !scope.analysis.names.has(name)) return scalarArray(Number.POSITIVE_INFINITY);
  return fail('name/unbound', `'${name}' has no value at this point`, span);
}

/** Runs one operation within the limit, and turns what it says about entries that are not finite into one warning. */
function reported(
  expr: Expr,
  shape: readonly number[] | undefined,
  operands: readonly NdArray[],
  scope: Scope,
  run: (warn: Report['add']) => NdArray,
): NdArray {
  if (shape) checkEntries(shape, scope.budget, () => textOf(expr, scope), expr.span);
  const report = createReport(shape, operands, expr.kind === 'binary');
  const result = run(report.add);
  const message = report.sentence(result, textOf(expr, scope));
  if (message !== undefined && scope.warnings.length < scope.budget.limits.diagnostics)
    scope.warnings.push({ code: 'math/not-finite', message, ...(expr.span ? { span: expr.span } : {}) });
  return result;
}

function callFunction(
  expr: CallExpr,
  args: readonly NdArray[],
  shape: readonly number[],
  scope: Scope,
  warn: Report['add'],
): NdArray {
  const { analysis, budget } = scope;
  const info = analysis.names.get(expr.fn);
  if (info?.role === 'function') {
    const to = info.shape.kind === 'function' ? sizesOf(info.shape.to, scope.sizes) : undefined;
    return (scope.functions.get(expr.fn) ?? standIn(expr.fn, to)).derivative(expr.order, args[0]!);
  }
  const at = expr.fnSpan ?? expr.span;
  const record = lookupFunction(expr.fn) ?? fail('name/function', `there is no function '${expr.fn}'`, at);
  const literals = expr.args.map((arg, k) => {
    if (arg.kind === 'text') return arg.text;
    const expected = record.expects[Math.min(k, record.expects.length - 1)];
    const isLiteral = arg.kind === 'number' || expected === 'size' || expected === 'literal';
    return isLiteral && args[k]!.data.length === 1 ? args[k]!.data[0]! : undefined;
  });
  return record.evaluate(args, {
    shape,
    types: expr.args.map((arg) => analysis.types.get(arg) ?? scalarType),
    literals,
    tick: budget.tick,
    warn,
    fail: (message) => fail(/singular/.test(message) ? 'math/singular' : 'math/domain', message, at),
  });
}

function textOf(expr: Expr, scope: Scope): string {
  const { span } = expr;
  if (!span) return expr.kind === 'call' ? expr.fn : expr.kind === 'binary' ? expr.op : expr.kind;
  const text = scope.analysis.program.source.slice(span.start, span.end);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
