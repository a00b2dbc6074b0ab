import type { Budget } from '../base/budget.ts';
import type { CallExpr, Expr } from '../syntax/expr.ts';
import { einsumRanks, kindOfCall, tensorRanks } from './call-kinds.ts';
import { quote } from './describe.ts';
import {
  allKinds,
  arrayOf,
  indexRule,
  isSingle,
  type Kind,
  type KindRule,
  type Kinds,
  matrix,
  nameKinds,
  operatorRule,
  row,
  scalar,
  spread,
  transposeRule,
  vector,
} from './kinds.ts';
import { kindByLetter } from './letters.ts';
import { type Callee, expectedArgument, isValueArgument, type Scope } from './names.ts';

/** The kind that was chosen for each input, and why. */
export interface KindChoice {
  readonly kind: Kind;
  readonly reason: string;
  /** A matrix that stands for a row: 1×n. */
  readonly oneRow?: true;
}

/** `left rule right = out`; a rule of one operand has a scalar on the right. */
interface Relation {
  readonly left: number;
  readonly right: number;
  readonly out: number;
  readonly rule: KindRule;
  readonly expr: Expr;
  /** An array and an open name are preferably of one shape. */
  readonly alike: boolean;
}
interface CallConstraint {
  readonly args: readonly number[];
  readonly out: number;
  readonly expr: CallExpr;
  readonly callee: Callee & { kind: 'record' };
}
type Constraint = Relation | CallConstraint;

/**
 * Finds scalars, vectors and matrices among the undeclared names. Every value has a set of possible kinds; operators and
 * functions narrow it from both sides until nothing changes. Then one open name follows its letter, and so on. Nothing
 * is reported here: what does not fit is left to the typing of the program. Linear in the length of the program, as
 * a set can only shrink. `forced` are kinds to be tried for some names.
 */
export function inferKinds(
  scope: Scope,
  forced: ReadonlyMap<string, Kind>,
  budget: Budget,
): ReadonlyMap<string, KindChoice> {
  const kinds: Kinds[] = [];
  const readers: (Constraint[] | undefined)[] = [];
  const reasons: (string | undefined)[] = [];
  const cell = (set: Kinds): number => kinds.push(set) - 1;
  const listen = (constraint: Constraint, cells: readonly number[]) => {
    for (const c of new Set(cells)) {
      const list = readers[c];
      if (list) list.push(constraint);
      else readers[c] = [constraint];
    }
    waiting.add(constraint);
    queue.push(constraint);
  };
  const nothing = cell(scalar);
  const source = scope.program.source;

  const queue: Constraint[] = [];
  const waiting = new Set<Constraint>();
  const alike: Relation[] = [];
  const oneRow = new Set<number>();
  const narrow = (c: number, set: Kinds, reason: () => string) => {
    if (set === kinds[c]) return;
    kinds[c] = set;
    if (isSingle(set) && c <= lastName) reasons[c] ??= reason();
    for (const constraint of readers[c] ?? []) {
      if (waiting.has(constraint)) continue;
      waiting.add(constraint);
      queue.push(constraint);
    }
  };

  const relate = (left: number, right: number, rule: KindRule, expr: Expr, sameShape = false): number => {
    const decided = isSingle(kinds[left]!) && isSingle(kinds[right]!);
    let image = decided ? rule(kinds[left]!, kinds[right]!) : 0;
    if (!decided)
      for (const l of members(kinds[left]!))
        for (const r of members(kinds[right]!)) if (left !== right || l === r) image |= rule(l, r);
    const out = cell(image || allKinds);
    // what is decided now stays so: a declared program has nothing to propagate
    if (!decided) listen({ left, right, out, rule, expr, alike: sameShape }, [left, right, out]);
    return out;
  };

  const applyRelation = (c: Relation) => {
    let [left, right, out] = [0, 0, 0];
    const wanted = kinds[c.out]!;
    for (const l of members(kinds[c.left]!))
      for (const r of members(kinds[c.right]!)) {
        if (c.left === c.right && l !== r) continue;
        const k = c.rule(l, r) & wanted;
        if (k === 0) continue;
        left |= l;
        right |= r;
        out |= k;
      }
    if (out === 0) return;
    const reason = () => `forced by ${operatorOf(c.expr)} in ${quote(c.expr, source)}`;
    narrow(c.left, left, reason);
    narrow(c.right, right, reason);
    narrow(c.out, out, reason);
    if (c.alike && isSingle(left) !== isSingle(right)) alike.push(c);
  };

  const applyCall = ({ args, out, expr, callee }: CallConstraint) => {
    if (args.some((a) => !isSingle(kinds[a]!))) return;
    const kind = kindOfCall(
      expr,
      callee,
      args.map((a) => kinds[a]!),
      scope,
    );
    if (kind !== undefined) narrow(out, kind, () => `forced by '${expr.fn}'`);
  };

  /** An array next to an open operand of `+` and the like: the same shape, if that is possible. */
  const applyAlike = (c: Relation) => {
    const [first, second] = operandsOf(c.expr);
    const [known, open, array, other] = isSingle(kinds[c.left]!)
      ? [kinds[c.left]!, c.right, first, second]
      : [kinds[c.right]!, c.left, second, first];
    if (isSingle(kinds[open]!) || !isSingle(known) || known === scalar) return;
    // A row is spread over a matrix, and y' is one where y is a vector by its letter.
    const name = other?.kind === 'transpose' && other.arg.kind === 'name' ? other.arg.name : undefined;
    if (known === matrix && name !== undefined && kindByLetter(name, true).kind !== matrix) return;
    // A name is never a row: it is then a matrix with one row.
    const asRow = known === row && (kinds[open]! & row) === 0;
    const kind = kinds[open]! & (asRow ? matrix : known);
    if (kind === 0) return;
    if (asRow) oneRow.add(open);
    narrow(open, kind, () => `forced by ${operatorOf(c.expr)}${array ? ` with ${quote(array, source)}` : ''}`);
  };

  // Names
  const names = new Map<string, number>();
  const open: string[] = [];
  const ranks = tensorRanks(scope);
  // a name is a larger array only where the program has one of as many axes
  let openKinds = nameKinds;
  for (const axes of ranks.values()) openKinds |= arrayOf(axes);
  for (const { shape } of scope.declared.values())
    if (shape.kind === 'array' && shape.axes.length > 2) openKinds |= arrayOf(shape.axes.length);
  for (const [name, { role }] of scope.roles) {
    if (role !== 'input') continue;
    const shape = scope.declared.get(name)?.shape;
    if (shape?.kind === 'array') names.set(name, cell(arrayOf(shape.axes.length)));
    else {
      open.push(name);
      const tried = forced.get(name);
      const rank = ranks.get(name);
      const c = cell(tried ?? (rank === undefined ? openKinds : arrayOf(rank)));
      if (tried !== undefined) reasons[c] = 'so that all sizes fit';
      else if (rank !== undefined) reasons[c] = `forced by its ${rank} indices`;
      names.set(name, c);
    }
  }

  const lastName = kinds.length - 1;

  // Expressions
  const cells = new Map<Expr, number>();
  const transposed = new Set<string>();
  const of = (expr: Expr): number => cells.get(expr)!;
  const cellOf = (expr: Expr): number => {
    switch (expr.kind) {
      case 'name':
        return scope.meanings.get(expr) === 'array'
          ? names.get(expr.name)!
          : cell(scope.meanings.has(expr) ? scalar : allKinds);
      case 'number':
      case 'text':
        return nothing;
      case 'unary':
        return of(expr.arg);
      case 'transpose':
        if (expr.arg.kind === 'name') transposed.add(expr.arg.name);
        return relate(of(expr.arg), nothing, transposeRule, expr);
      case 'binary': {
        const right = scope.declared.get(expr.right.kind === 'name' ? expr.right.name : '')?.shape;
        const single = right?.kind === 'array' && right.axes[0] === 1;
        const sameShape = expr.op === '+' || expr.op === '-' || expr.op === '.*' || expr.op === './';
        return relate(of(expr.left), of(expr.right), operatorRule(expr, single), expr, sameShape);
      }
      case 'index':
        return relate(of(expr.target), nothing, indexRule(expr.indices.map((i) => i === null)), expr);
      case 'call':
        return cellOfCall(expr);
    }
  };
  const cellOfCall = (expr: CallExpr): number => {
    const callee = scope.callees.get(expr);
    const args = expr.args.filter((_, k) => isValueArgument(callee, expr, k)).map(of);
    if (callee === undefined) return cell(allKinds);
    if (callee.kind === 'elementwise') return args[0] ?? nothing;
    if (callee.kind === 'unknown') {
      if (args[0] !== undefined) expect(args[0], arrayOf(callee.from.length), expr);
      return cell(arrayOf(callee.to.length + expr.order * callee.from.length));
    }
    const { record } = callee;
    if (record.family === 'elementwise' && args.length === 1) return args[0]!;
    const pairwise = record.family === 'elementwise' || record.name === 'max' || record.name === 'min';
    if (pairwise && args.length > 1) return args.reduce((left, right) => relate(left, right, spread, expr, true));
    expr.args.forEach((argument, k) => {
      const c = cells.get(argument);
      const expected = expectedKinds.get(expectedArgument(record, k));
      if (c !== undefined && expected !== undefined) expect(c, expected, expr);
    });
    einsumRanks(expr)?.forEach((rank, k) => {
      const argument = expr.args[k + 1];
      if (argument && cells.has(argument)) expect(of(argument), rank === 2 ? matrix | row : arrayOf(rank), expr);
    });
    const constraint: CallConstraint = { args, out: cell(allKinds), expr, callee };
    listen(constraint, args);
    return constraint.out;
  };
  const expect = (c: number, set: Kinds, expr: CallExpr) => {
    if (kinds[c]! & set) narrow(c, kinds[c]! & set, () => `forced by '${expr.fn}'`);
  };

  for (const { name, value, order } of scope.statements) {
    for (const expr of order) if (!cells.has(expr)) cells.set(expr, cellOf(expr));
    if (name === undefined) continue;
    const c = of(value);
    names.set(name, c);
    const shape = scope.declared.get(name)?.shape;
    const axes = shape?.kind === 'array' ? shape.axes.length : undefined;
    const set = axes === undefined ? 0 : kinds[c]! & (axes === 2 ? matrix | row : arrayOf(axes));
    if (set) narrow(c, set, () => `forced by the declaration of '${name}'`);
  }

  // What is forced, then what is alike, then one name by its letter.
  const letters = open.map((name) => ({ name, ...kindByLetter(name, transposed.has(name)) }));
  const rank = (k: Kind) => (k === matrix ? 0 : k === vector ? 1 : 2);
  letters.sort((a, b) => rank(a.kind) - rank(b.kind));
  let next = 0;
  let soft = 0;
  let done = 0;
  for (;;) {
    while (done < queue.length) {
      budget.tick();
      const constraint = queue[done++]!;
      waiting.delete(constraint);
      if ('rule' in constraint) applyRelation(constraint);
      else applyCall(constraint);
    }
    if (soft < alike.length) {
      applyAlike(alike[soft++]!);
      continue;
    }
    const choice = letters[next++];
    if (choice === undefined) break;
    const c = names.get(choice.name)!;
    const set = kinds[c]!;
    if (isSingle(set)) continue;
    const kind = [choice.kind, ...otherKinds(choice.kind)].find((k) => set & k) ?? members(set)[0]!;
    const misfit = choice.kind === scalar ? 'scalar' : choice.kind === vector ? 'vector' : 'matrix';
    narrow(c, kind, () => (kind === choice.kind ? choice.reason : `a ${misfit} would not fit`));
  }

  const chosen = new Map<string, KindChoice>();
  for (const name of open) {
    const c = names.get(name)!;
    chosen.set(name, {
      kind: kinds[c]!,
      reason: reasons[c] ?? 'by its letter',
      ...(oneRow.has(c) && kinds[c] === matrix && { oneRow: true }),
    });
  }
  return chosen;
}

/** What to try where a letter's own kind does not fit. */
export const otherKinds = (kind: Kind): readonly Kind[] => [scalar, vector, matrix].filter((k) => k !== kind);

const expectedKinds = new Map<string, Kinds>([
  ['scalar', scalar],
  ['vector', vector | row],
  ['matrix', matrix | row],
  ['square', matrix],
]);

/** The kinds of a set; the sets are few, so that each list is made once. */
function members(kinds: Kinds): readonly Kind[] {
  let list = lists.get(kinds);
  if (list === undefined) {
    list = [];
    for (let rest = kinds; rest; rest &= rest - 1) list.push(rest & -rest);
    lists.set(kinds, list);
  }
  return list;
}
const lists = new Map<Kinds, Kind[]>();

const operandsOf = (expr: Expr): readonly Expr[] =>
  expr.kind === 'binary' ? [expr.left, expr.right] : expr.kind === 'call' ? expr.args : [];

const operatorOf = (expr: Expr): string =>
  expr.kind === 'binary' ? `'${expr.op}'` : expr.kind === 'call' ? `'${expr.fn}'` : expr.kind === 'index' ? '[]' : "'";
