import type { Budget } from '../base/budget.ts';
import type { Diagnostic, Span } from '../base/diagnostic.ts';
import { functionTable, lookupFunction } from '../ops/index.ts';
import type { Expected, FunctionRecord } from '../ops/record.ts';
import type { Size } from '../shape/size.ts';
import type { CallExpr, Declaration, Expr, NameExpr, Program } from '../syntax/expr.ts';
import { childrenOf } from '../syntax/expr.ts';
import { type Report, resolveDeclarations } from './declared.ts';
import { place } from './describe.ts';
import { nearest, slipOf } from './suggest.ts';
import { evaluationOrder } from './walk.ts';

/** What a call calls. */
export type Callee =
  | { readonly kind: 'record'; readonly record: FunctionRecord }
  /** An unknown function applied entry by entry. */
  | { readonly kind: 'elementwise' }
  /** An unknown function g: R^n -> R^m. */
  | { readonly kind: 'unknown'; readonly from: readonly Size[]; readonly to: readonly Size[] };

/** What a name expression stands for. */
export type Meaning = 'array' | 'size';

export interface Statement {
  readonly name?: string;
  readonly span?: Span;
  readonly value: Expr;
  /** The values below `value` in order of evaluation, `value` last. */
  readonly order: readonly Expr[];
}

/** Who is who in a program, before any shape is known. */
export interface Scope {
  readonly program: Program;
  readonly declared: ReadonlyMap<string, Declaration>;
  readonly statements: readonly Statement[];
  /** Every name with what it is, in order of first appearance. */
  readonly roles: ReadonlyMap<string, { readonly role: Role; readonly span?: Span }>;
  readonly assigned: ReadonlyMap<string, Expr>;
  readonly callees: ReadonlyMap<CallExpr, Callee>;
  readonly meanings: ReadonlyMap<NameExpr, Meaning>;
  /** Symbols that stand for sizes in declarations. */
  readonly sizes: ReadonlySet<string>;
  /** Those that only unknown functions have, and that may turn out to be any size. */
  readonly flexible: ReadonlySet<string>;
  readonly problems: readonly Diagnostic[];
}
export type Role = 'input' | 'assigned' | 'function' | 'index';

/** Whether a name is one of the program's own, and so no size symbol. */
export const isName =
  ({ roles }: Scope) =>
  (name: string): boolean =>
    roles.has(name);

export const expectedArgument = (record: FunctionRecord, k: number): Expected =>
  record.expects[Math.min(k, record.expects.length - 1)] ?? 'any';

/** Whether argument k of a call is a value, and not a size, a literal or a text. */
export function isValueArgument(callee: Callee | undefined, call: CallExpr, k: number): boolean {
  if (call.args[k]!.kind === 'text') return false;
  if (callee?.kind !== 'record') return true;
  const expected = expectedArgument(callee.record, k);
  return expected !== 'size' && expected !== 'literal' && expected !== 'text';
}

/** The parts of an expression that are values: no indices, and no sizes, literals or texts of calls. */
export function valueParts(expr: Expr, calleeOf: (call: CallExpr) => Callee | undefined): readonly Expr[] {
  if (expr.kind === 'index') return [expr.target];
  if (expr.kind !== 'call') return childrenOf(expr);
  const callee = calleeOf(expr);
  return expr.args.filter((_, k) => isValueArgument(callee, expr, k));
}

/** Symbols that stand as sizes in calls such as `ones(k)`: then they mean that size as a number too. */
function sizesInCalls(program: Program, isOwn: (name: string) => boolean): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { value } of program.statements)
    for (const call of evaluationOrder(value, childrenOf)) {
      const record = call.kind === 'call' ? lookupFunction(call.fn) : undefined;
      if (call.kind !== 'call' || !record) continue;
      const sizes = call.args.filter((_, k) => expectedArgument(record, k) === 'size');
      for (const part of sizes.flatMap((s) => evaluationOrder(s, childrenOf)))
        if (part.kind === 'name' && !isOwn(part.name)) found.add(part.name);
    }
  return found;
}

/** Finds out what every name and every call of a program means; all that cannot be understood goes to `problems`. */
export function resolveNames(program: Program, declarations: readonly Declaration[], budget: Budget): Scope {
  const problems: Diagnostic[] = [];
  const report: Report = (code, message, span, hint) =>
    void problems.push({ code, message, ...(span && { span }), ...(hint && { hint }) });
  // a name that means nothing is reported where it first stands
  const reported = new Set<string>();
  const first = (name: string): boolean => !reported.has(name) && reported.add(name).has(name);

  const { declared, sizes: declaredSizes, flexible } = resolveDeclarations(program, declarations, report);

  const roles = new Map<string, { role: Role; span?: Span }>();
  const assigned = new Map<string, Expr>();
  const callees = new Map<CallExpr, Callee>();
  const meanings = new Map<NameExpr, Meaning>();
  const appear = (name: string, role: Role, span?: Span) => {
    if (!roles.has(name)) roles.set(name, { role, ...(span && { span }) });
  };
  const ever = new Set(program.statements.flatMap((s) => (s.name === undefined ? [] : [s.name])));
  const sizes = new Set([...declaredSizes, ...sizesInCalls(program, (name) => declared.has(name) || ever.has(name))]);
  for (const symbol of declaredSizes) {
    const span = declared.get(symbol)?.span ?? program.statements.find((s) => s.name === symbol)?.nameSpan;
    if (ever.has(symbol) || declared.get(symbol)?.shape.kind === 'array')
      report(
        'declaration/clash',
        `'${symbol}' is both a size and a name${place(span)}`,
        span,
        'use another letter for one of the two',
      );
  }
  const declaredRole = (name: string, d: Declaration): Role =>
    d.shape.kind === 'index' ? 'index' : d.shape.kind !== 'array' ? 'function' : ever.has(name) ? 'assigned' : 'input';
  for (const d of program.declarations) appear(d.name, declaredRole(d.name, declared.get(d.name)!), d.span);

  const calleeOf = (call: CallExpr): Callee | undefined => {
    const shape = declared.get(call.fn)?.shape;
    const span = call.fnSpan ?? call.span;
    if (shape?.kind === 'elementwise') return { kind: 'elementwise' };
    if (shape?.kind === 'function') return { kind: 'unknown', from: shape.from, to: shape.to };
    const record = lookupFunction(call.fn);
    if (record && call.order === 0) return { kind: 'record', record };
    if (record) {
      const hint = `primes mark derivatives of a function declared as 'f: elementwise'`;
      report('name/known-function', `'${call.fn}' is a known function and takes no primes${place(span)}`, span, hint);
    } else if (shape || ever.has(call.fn) || roles.get(call.fn)?.role === 'input') {
      const hint = `write ${call.fn}[…] for an entry, ${call.fn}*(…) for a product`;
      report('name/not-a-function', `'${call.fn}' is an array, not a function${place(span)}`, span, hint);
    } else if (first(call.fn)) {
      const functions = [...declared].filter(([, d]) => declaredRole(d.name, d) === 'function').map(([name]) => name);
      const near = nearest(call.fn, [...functions, ...functionTable.keys()]);
      const message = `unknown function '${call.fn}'${place(span)}${near ? `; did you mean '${near}'?` : ''}`;
      report('name/unknown-function', message, span, `declare it with '${call.fn}: elementwise' if it is unknown`);
    }
    return undefined;
  };

  const valuesOf = (expr: Expr): readonly Expr[] => {
    budget.tick();
    return valueParts(expr, (call) => {
      const callee = callees.get(call) ?? calleeOf(call);
      if (callee) callees.set(call, callee);
      return callee;
    });
  };

  const meaningOf = ({ name, span }: NameExpr): Meaning | undefined => {
    const shape = declared.get(name)?.shape;
    if (shape && shape.kind !== 'array') {
      const [what, hint] =
        shape.kind === 'index'
          ? ['an index symbol', `it may stand between brackets, as in x[${name}]`]
          : ['a function', `write ${name}(…)`];
      report('name/not-an-array', `'${name}' is ${what}, not an array${place(span)}`, span, hint);
      return undefined;
    }
    if (assigned.has(name)) return 'array';
    if (ever.has(name)) {
      if (first(name)) report('name/cycle', `'${name}' is used before it is assigned${place(span)}`, span);
      return undefined;
    }
    if (shape) {
      appear(name, 'input', span);
      return 'array';
    }
    if (sizes.has(name)) return 'size';
    const role = roles.get(name)?.role;
    if (role === 'index') {
      report('name/index', `'${name}' stands for an index and for an array${place(span)}`, span);
      return undefined;
    }
    if (role === undefined && declared.size > 0) {
      const near = slipOf(name, declared.keys());
      if (near) {
        const message = `unknown name '${name}'${place(span)}; did you mean '${near}'?`;
        if (first(name)) report('name/unknown', message, span, `declare '${name}' if it is another name`);
        return undefined;
      }
    }
    appear(name, 'input', span);
    return 'array';
  };

  const indexSymbols = (expr: Expr & { kind: 'index' }) => {
    for (const index of expr.indices) {
      if (index?.kind !== 'name' || declared.get(index.name)?.shape.kind === 'index') continue;
      const { name, span } = index;
      const other =
        sizes.has(name) || declared.has(name) || ever.has(name) || (roles.get(name)?.role ?? 'index') !== 'index';
      if (!other) appear(name, 'index', span);
      else
        report(
          'name/index',
          `'${name}' is no index symbol${place(span)}`,
          span,
          `an index is an integer or a symbol declared as 'i: index'`,
        );
    }
  };

  const statements: Statement[] = [];
  for (const { name, nameSpan, span, value } of program.statements) {
    const at = nameSpan ?? span;
    const kind = name === undefined ? undefined : declared.get(name)?.shape.kind;
    if (name !== undefined && kind !== undefined && kind !== 'array')
      report('name/assigned', `'${name}' is declared as ${kind} and cannot be assigned${place(at)}`, at);
    const order = evaluationOrder(value, valuesOf);
    if (name !== undefined && !roles.has(name)) appear(name, 'assigned', at);
    for (const expr of order) {
      if (expr.kind === 'name') {
        const meaning = meaningOf(expr);
        if (meaning) meanings.set(expr, meaning);
      } else if (expr.kind === 'index') indexSymbols(expr);
    }
    statements.push({ ...(name !== undefined && { name }), ...(at && { span: at }), value, order });
    if (name === undefined) continue;
    if (assigned.has(name))
      report('name/twice', `'${name}' is assigned twice${place(at)}`, at, 'use another name for the second value');
    else assigned.set(name, value);
  }
  for (const [name, d] of declared) appear(name, declaredRole(name, d), d.span);
  return { program, declared, statements, roles, assigned, callees, meanings, sizes, flexible, problems };
}
