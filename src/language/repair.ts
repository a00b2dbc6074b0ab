import type { Expr } from '../syntax/expr.ts';
import { type KindChoice, otherKinds } from './infer-kinds.ts';
import type { Inference } from './infer-types.ts';
import type { Kind } from './kinds.ts';
import type { Scope } from './names.ts';

interface Attempt {
  readonly kinds: ReadonlyMap<string, KindChoice>;
  readonly inference: Inference;
}

/** Values that may be typed again in the search, over all its attempts. */
const mostValues = 100_000;
const mostAttempts = 48;
const mostNames = 8;

/**
 * Looks for other kinds of the undeclared names with which a program type-checks that did not: one name changed, then
 * two. Only names that take part in what failed are changed. Undefined when there is no such choice within the limits.
 */
export function repair(
  scope: Scope,
  kinds: ReadonlyMap<string, KindChoice>,
  inference: Inference,
  attempt: (forced: ReadonlyMap<string, Kind>) => Attempt,
): Attempt | undefined {
  const names = suspects(scope, kinds, inference);
  const values = scope.statements.reduce((sum, s) => sum + s.order.length, 0);
  let left = Math.min(mostAttempts, Math.ceil(mostValues / Math.max(values, 1)));
  const single = names.flatMap((name) =>
    otherKinds(kinds.get(name)!.kind).map((kind) => new Map<string, Kind>([[name, kind]])),
  );
  const double = single
    .flatMap((a, i) => single.slice(i + 1).map((b) => new Map([...a, ...b])))
    .filter((m) => m.size === 2);
  for (const forced of [...single, ...double]) {
    if (left-- <= 0) return undefined;
    const result = attempt(forced);
    if (result.inference.problems.length === 0) return result;
  }
  return undefined;
}

/** The undeclared names that a failing value depends on, nearest first. */
function suspects(scope: Scope, kinds: ReadonlyMap<string, KindChoice>, { problems }: Inference): string[] {
  const found = new Set<string>();
  const orders = new Map(scope.statements.map((s) => [s.value, s.order]));
  const seen = new Set<Expr>();
  const visit = (order: readonly Expr[]) => {
    const behind: Expr[] = [];
    for (const expr of order) {
      if (expr.kind !== 'name') continue;
      const value = scope.assigned.get(expr.name);
      if (value === undefined) {
        if (kinds.has(expr.name)) found.add(expr.name);
      } else if (!seen.has(value)) {
        seen.add(value);
        behind.push(value);
      }
    }
    return behind;
  };
  const failing = new Set(problems.flatMap((p) => (p.expr ? [p.expr] : [])));
  let layer = scope.statements.filter((s) => s.order.some((e) => failing.has(e))).map((s) => s.order);
  while (layer.length > 0 && found.size < mostNames) {
    const behind = layer.flatMap(visit);
    layer = behind.flatMap((value) => orders.get(value) ?? []).length
      ? behind.map((value) => orders.get(value) ?? [])
      : [];
  }
  return [...found].slice(0, mostNames);
}
