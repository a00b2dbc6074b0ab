import type { Budget } from '../base/budget.ts';
import { type Diagnostic, fail, type Span, WrtError } from '../base/diagnostic.ts';
import { type Size, sizeSymbols } from '../shape/size.ts';
import { scalarType, type Type } from '../shape/type.ts';
import type { Analysis, NameInfo } from '../syntax/analysis.ts';
import type { Declaration, DeclaredShape, Expr, Program } from '../syntax/expr.ts';
import { replaceSymbols } from './declared.ts';
import { describeType } from './describe.ts';
import { inferKinds, type KindChoice } from './infer-kinds.ts';
import { type Inference, inferTypes } from './infer-types.ts';
import { type Role, resolveNames, type Scope } from './names.ts';
import { repair } from './repair.ts';
import { nearest } from './suggest.ts';
import { isOpen } from './unify.ts';

export interface AnalyseOptions {
  /** Declarations given with the request; they win over those of the text. */
  readonly declare?: readonly Declaration[];
  /** The name to take as the output instead of the last statement. */
  readonly output?: string;
  /** The names to differentiate by. */
  readonly wrt?: readonly string[];
}

/**
 * Finds the shape of every name and every value of a program. What is not declared is inferred from all the statements
 * together; what stays open follows the letters. Throws a WrtError with all independent diagnostics: `syntax/empty`,
 * `name/…`, `declaration/…`, `shape/…`, `limit/power`.
 */
export function analyse(program: Program, options: AnalyseOptions, budget: Budget): Analysis {
  const last = program.statements.at(-1);
  if (last === undefined) fail('syntax/empty', 'the program is empty: it has no expression');
  const scope = resolveNames(program, options.declare ?? [], budget);
  const requested = requestProblems(scope, options);

  const attempt = (kinds: ReadonlyMap<string, KindChoice>) => inferTypes(scope, kinds, budget);
  let kinds = inferKinds(scope, new Map(), budget);
  let inference = attempt(kinds);
  if (inference.problems.length > 0 && scope.problems.length === 0) {
    const better = repair(scope, kinds, inference, (forced) => {
      const tried = inferKinds(scope, forced, budget);
      return { kinds: tried, inference: attempt(tried) };
    });
    if (better) ({ kinds, inference } = better);
  }

  closeSizes(scope, inference);
  const { sizes } = inference;
  const finish = (type: Type): Type =>
    type.axes.some(isOpen) ? { ...type, axes: type.axes.map(sizes.resolve) } : type;
  const problems = [...scope.problems, ...inference.problems, ...requested];
  if (problems.length > 0) {
    const rename = (text: string) => text.replace(/\?\d+/g, (size) => String(sizes.resolve(size)).replaceAll('*', '·'));
    throw new WrtError(
      problems
        .sort(byPlace)
        .slice(0, budget.limits.diagnostics)
        .map((p) => publish(p, rename)),
    );
  }

  const resolveAll = (axes: readonly Size[]) =>
    axes.map((size) => sizes.resolve(replaceSymbols(size, inference.symbols)));
  const shapeOf = (d: Declaration | undefined, role: Role, type: Type): DeclaredShape => {
    if (d?.shape.kind === 'function')
      return { kind: 'function', from: resolveAll(d.shape.from), to: resolveAll(d.shape.to) };
    if (d && d.shape.kind !== 'array') return d.shape;
    return role === 'index' ? { kind: 'index' } : { kind: 'array', axes: type.axes };
  };

  const types = new Map<Expr, Type>();
  for (const [expr, type] of inference.types) types.set(expr, finish(type));
  const names = new Map<string, NameInfo>();
  for (const [name, { role, span }] of scope.roles) {
    const d = scope.declared.get(name);
    const type = finish(inference.names.get(name) ?? scalarType);
    const reason = d ? undefined : role === 'assigned' ? 'assigned' : (kinds.get(name)?.reason ?? 'used as an index');
    names.set(name, {
      name,
      role,
      type,
      shape: shapeOf(d, role, type),
      properties: d?.properties ?? [],
      inferred: d === undefined,
      ...(reason !== undefined && { reason }),
      ...(span && { span }),
    });
  }

  const outputName = options.output ?? last.name;
  const value: Expr =
    outputName === undefined ? last.value : (scope.assigned.get(outputName) ?? { kind: 'name', name: outputName });
  const type = outputName === undefined ? types.get(value)! : names.get(outputName)!.type;
  types.set(value, type);
  return {
    program,
    names,
    types,
    assigned: scope.assigned,
    output: { ...(outputName !== undefined && { name: outputName }), value, type },
    warnings: undeclaredWarnings(names),
  };
}

/** What is wrong with the names of the request itself. */
function requestProblems(scope: Scope, { output, wrt = [] }: AnalyseOptions): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const check = (name: string, what: 'wrt' | 'output') => {
    const role = scope.roles.get(name)?.role;
    if (role === 'input' || role === 'assigned') return;
    if (role !== undefined) {
      const verb = what === 'wrt' ? 'differentiated by' : 'taken as the output';
      const message = `'${name}' is ${role === 'index' ? 'an index symbol' : 'a function'}; only an array can be ${verb}`;
      problems.push({ code: 'name/not-an-array', message });
      return;
    }
    const arrays = [...scope.roles].filter(([, r]) => r.role === 'input' || r.role === 'assigned').map(([n]) => n);
    const near = nearest(name, arrays);
    const known = arrays.length > 8 ? `${arrays.slice(0, 8).join(', ')}, …` : arrays.join(', ');
    const message = `unknown name '${name}' in '${what}'${near ? `; did you mean '${near}'?` : ''}`;
    problems.push({ code: 'name/unknown', message, ...(known && { hint: `the program has ${known}` }) });
  };
  for (const name of new Set(wrt)) check(name, 'wrt');
  if (output !== undefined) check(output, 'output');
  return problems;
}

/** Open sizes get letters, those of inputs first and in order of appearance. */
function closeSizes(scope: Scope, { sizes, names, types }: Inference): void {
  const all = new Set<Size>();
  for (const [name, { role }] of scope.roles)
    if (role === 'input') for (const size of names.get(name)?.axes ?? []) all.add(size);
  for (const type of types.values()) for (const size of type.axes) all.add(size);
  // sizes that only an `eye(n)` names are taken too
  const taken = new Set([...scope.roles.keys(), ...scope.sizes]);
  for (const size of all) for (const symbol of sizeSymbols(sizes.resolve(size))) taken.add(symbol);
  sizes.close(all, taken);
}

/** Where most inputs were declared, one that was not may be a slip. */
function undeclaredWarnings(names: ReadonlyMap<string, NameInfo>): Diagnostic[] {
  const inputs = [...names.values()].filter((n) => n.role === 'input');
  const inferred = inputs.filter((n) => n.inferred);
  if (inferred.length * 2 >= inputs.length) return [];
  return inferred.map(({ name, type, span }) => ({
    code: 'declaration/inferred',
    message: `'${name}' is not declared; it is taken as ${describeType(type)}`,
    ...(span && { span }),
  }));
}

const startOf = (span: Span | undefined): number => span?.start ?? Number.MAX_SAFE_INTEGER;
const byPlace = (a: Diagnostic, b: Diagnostic): number => startOf(a.span) - startOf(b.span);

const publish = ({ code, message, span, hint }: Diagnostic, rename: (text: string) => string): Diagnostic => ({
  code,
  message: rename(message),
  ...(span && { span }),
  ...(hint !== undefined && { hint: rename(hint) }),
});
