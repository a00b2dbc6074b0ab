import type { Budget } from '../base/budget.ts';
import { type Code, type Diagnostic, fail, type Span } from '../base/diagnostic.ts';
import { entryCount, type NdArray, scalarArray, stridesOf } from '../base/ndarray.ts';
import { lookupFunction } from '../ops/index.ts';
import { scalarType } from '../shape/type.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { CallExpr, Expr, IndexExpr, NameExpr, TextExpr } from '../syntax/expr.ts';
import { checkEntries, entryText, firstNonFinite, reshape, sizesText } from './array.ts';
import { bindPoint, sizesOf } from './bind.ts';
import { standIn, type UnknownFunction } from './functions.ts';
import { negate, operators, type Place, transpose } from './operators.ts';

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
    for (const child of children(expr)) stack.push(child);
    if (expr.kind !== 'name' || needed.has(expr.name) || held.has(expr.name)) continue;
    const definition = analysis.assigned.get(expr.name);
    if (!definition) continue;
    needed.add(expr.name);
    stack.push(definition);
  }
  return needed;
}

function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'name':
    case 'text':
      return [];
    case 'unary':
    case 'transpose':
      return [expr.arg];
    case 'binary':
      return [expr.left, expr.right];
    case 'call':
      return expr.args;
    case 'index':
      return [expr.target, ...expr.indices.filter((index) => index !== null)];
  }
}

/** What a quoted text leaves on the stack. */
const noValue: NdArray = { shape: [0], data: new Float64Array() };

/** Evaluates a tree from its leaves up, without recursion: `a + b + c + …` is as deep as it is long. */
function evaluate(root: Expr, scope: Scope): NdArray {
  const order: Expr[] = [];
  const stack: Expr[] = [root];
  for (let expr = stack.pop(); expr; expr = stack.pop()) {
    order.push(expr);
    for (const child of children(expr)) stack.push(child);
  }
  // Reversed, every expression comes after its children, of which the first then lies deepest.
  const results: NdArray[] = [];
  for (const expr of order.reverse()) {
    scope.budget.tick();
    const count = children(expr).length;
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
    case 'binary': {
      if (shape) checkEntries(shape, scope.budget, () => textOf(expr, scope), expr.span);
      const warn = warner(expr, shape, operands, scope);
      const place: Place = {
        budget: scope.budget,
        text: () => textOf(expr, scope),
        span: expr.opSpan ?? expr.span,
        warn: warn.add,
      };
      const result = operators[expr.op](first, second, place);
      warn.finish(result);
      return result;
    }
    case 'call':
      return callFunction(expr, operands, shape ?? [], scope);
    case 'index':
      return indexed(expr, first, operands.slice(1), scope);
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

function callFunction(expr: CallExpr, args: readonly NdArray[], shape: readonly number[], scope: Scope): NdArray {
  const { analysis, budget } = scope;
  checkEntries(shape, budget, () => textOf(expr, scope), expr.span);
  const info = analysis.names.get(expr.fn);
  const warn = warner(expr, shape, args, scope);
  if (info?.role === 'function') {
    const to = info.shape.kind === 'function' ? sizesOf(info.shape.to, scope.sizes) : undefined;
    const f = scope.functions.get(expr.fn) ?? standIn(expr.fn, to);
    const result = f.derivative(expr.order, args[0]!);
    warn.finish(result);
    return result;
  }
  const record = lookupFunction(expr.fn);
  if (!record) return fail('name/function', `there is no function '${expr.fn}'`, expr.fnSpan ?? expr.span);
  const literals = expr.args.map((arg, k) => {
    if (arg.kind === 'text') return arg.text;
    const expected = record.expects[Math.min(k, record.expects.length - 1)];
    const isLiteral = arg.kind === 'number' || expected === 'size' || expected === 'literal';
    return isLiteral && args[k]!.data.length === 1 ? args[k]!.data[0]! : undefined;
  });
  const result = record.evaluate(args, {
    shape,
    types: expr.args.map((arg) => analysis.types.get(arg) ?? scalarType),
    literals,
    tick: budget.tick,
    warn: (reason, entry) => warn.add(reason, entry),
    fail: (message) =>
      fail(/singular/.test(message) ? 'math/singular' : 'math/domain', message, expr.fnSpan ?? expr.span),
  });
  warn.finish(result);
  return result;
}

/** Indices count from 1; a single index into several axes counts down the columns, as MATLAB does. */
function indexed(expr: IndexExpr, target: NdArray, given: readonly NdArray[], scope: Scope): NdArray {
  let next = 0;
  const indices = expr.indices.map((index) =>
    index === null ? null : { expr: index, value: given[next++]!.data[0]! },
  );
  const linear = indices.length === 1 && target.shape.length > 1;
  const source = linear ? columnMajor(target) : target;
  const steps = stridesOf(source.shape);
  let offset = 0;
  const kept: number[] = [];
  source.shape.forEach((size, axis) => {
    const index = indices[axis];
    if (!index) {
      kept.push(axis);
      return;
    }
    if (!Number.isInteger(index.value) || index.value < 1 || index.value > size)
      fail(
        'shape/index',
        index.value === 0
          ? 'index 0 is out of range: indices begin at 1'
          : `index ${index.value} is out of range in '${textOf(expr, scope)}': the axis has ${size} entries`,
        index.expr.span ?? expr.span,
      );
    offset += (index.value - 1) * steps[axis]!;
  });
  const shape = kept.map((axis) => source.shape[axis]!);
  const out = new Float64Array(entryCount(shape));
  const own = stridesOf(shape);
  for (let e = 0; e < out.length; e++) {
    let from = offset;
    kept.forEach((axis, k) => {
      from += (Math.floor(e / own[k]!) % shape[k]!) * steps[axis]!;
    });
    out[e] = source.data[from]!;
  }
  return { shape, data: out };
}

/** The entries in the order that MATLAB stores them: the first axis runs fastest. */
function columnMajor(a: NdArray): NdArray {
  const steps = stridesOf(a.shape);
  const data = a.data.map((_, e) => {
    let rest = e;
    let from = 0;
    a.shape.forEach((size, axis) => {
      from += (rest % size) * steps[axis]!;
      rest = Math.floor(rest / size);
    });
    return a.data[from]!;
  });
  return { shape: [data.length], data };
}

function textOf(expr: Expr, scope: Scope): string {
  const { span } = expr;
  if (!span) return expr.kind === 'call' ? expr.fn : expr.kind === 'binary' ? expr.op : expr.kind;
  const text = scope.analysis.program.source.slice(span.start, span.end);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/**
 * Collects what one operation says about entries that are not finite, and turns it into one warning: only when the
 * operation made the first of them, not when it passed on those of its operands.
 */
function warner(expr: Expr, shape: readonly number[] | undefined, operands: readonly NdArray[], scope: Scope) {
  let reason: string | undefined;
  let entry: number | undefined;
  let count = 0;
  let allFinite: boolean | undefined;
  const spoiled = (at: number | undefined): boolean => {
    allFinite ??= operands.every((a) => firstNonFinite(a) < 0);
    if (allFinite) return false;
    const entries = shape && entryCount(shape);
    return operands.some((a) => at === undefined || a.data.length !== entries || !Number.isFinite(a.data[at]!));
  };
  return {
    add(why: string, at?: number): void {
      // Elementwise operators call this for entries they know to be their own.
      if (expr.kind !== 'binary' && spoiled(at)) return;
      count++;
      if (reason !== undefined) return;
      reason = why;
      entry = at;
    },
    finish(result: NdArray): void {
      if (reason === undefined && expr.kind !== 'binary') {
        const at = firstNonFinite(result);
        if (at >= 0 && operands.every((a) => firstNonFinite(a) < 0)) {
          reason = `a result that is not finite`;
          entry = at;
          count = 1;
        }
      }
      if (reason === undefined || scope.warnings.length >= scope.budget.limits.diagnostics) return;
      const at = entry === undefined ? '' : entryText(shape ?? result.shape, entry);
      const code: Code = 'math/not-finite';
      const more = count > 1 ? ` (and ${count - 1} more)` : '';
      const message = `${reason} at '${textOf(expr, scope)}'${at ? `, ${at}` : ''}${more}`;
      scope.warnings.push({ code, message, ...(expr.span ? { span: expr.span } : {}) });
    },
  };
}
