import { type Expr, name } from '../syntax/expr.ts';
import { countTokens } from './print/tokens.ts';
import { textOf } from './term.ts';

/** An expression with the names it uses for parts that stand in it more than once. */
export interface Shared {
  readonly assignments: readonly (readonly [string, Expr])[];
  readonly value: Expr;
}

/** The direct parts of an expression, and the expression rebuilt from others. */
export function mapParts(e: Expr, f: (part: Expr) => Expr): Expr {
  switch (e.kind) {
    case 'unary':
    case 'transpose':
      return { ...e, arg: f(e.arg) };
    case 'binary':
      return { ...e, left: f(e.left), right: f(e.right) };
    case 'call':
      return { ...e, args: e.args.map(f) };
    case 'index':
      return { ...e, target: f(e.target), indices: e.indices.map((i) => (i === null ? null : f(i))) };
    default:
      return e;
  }
}

const parts = (e: Expr): readonly Expr[] => {
  const list: Expr[] = [];
  mapParts(e, (p) => {
    list.push(p);
    return p;
  });
  return list;
};

/** A part must be this long, and naming it must save this many tokens, or the formula reads better without the name. */
const shortestNamed = 4;
const leastSaving = 2;
const largestSearched = 4000;

/** Names repeated parts, the one that saves most first. */
export function shareCommon(shared: Shared, freeName: (value: Expr) => string): Shared {
  let assignments = [...shared.assignments];
  let { value } = shared;
  for (let round = 0; round < 24; round++) {
    const best = bestRepeat([...assignments.map(([, e]) => e), value]);
    if (!best) break;
    const chosen = freeName(best.expr);
    const replace = (e: Expr): Expr => (textOf(e) === best.text ? name(chosen) : mapParts(e, replace));
    // The name must be assigned before its first use.
    const first = assignments.findIndex(([, e]) => textOf(e).includes(best.text));
    assignments = assignments.map(([n, e]) => [n, replace(e)] as const);
    assignments.splice(first < 0 ? assignments.length : first, 0, [chosen, best.expr]);
    value = replace(value);
  }
  return { assignments, value };
}

function bestRepeat(roots: readonly Expr[]): { text: string; expr: Expr } | undefined {
  const seen = new Map<string, { expr: Expr; count: number }>();
  const stack = [...roots];
  let visited = 0;
  while (stack.length > 0) {
    const e = stack.pop()!;
    if (++visited > largestSearched) return undefined;
    if (e.kind === 'name' || e.kind === 'number' || e.kind === 'text') continue;
    const text = textOf(e);
    const known = seen.get(text);
    if (known) known.count++;
    else seen.set(text, { expr: e, count: 1 });
    stack.push(...parts(e));
  }
  let best: { text: string; expr: Expr; saving: number } | undefined;
  for (const [text, { expr, count }] of seen) {
    if (count < 2) continue;
    const tokens = countTokens(text);
    if (tokens < shortestNamed || /^eye\(|^ones\(|^zeros\(/.test(text)) continue;
    const saving = count * (tokens - 1) - (tokens + 2);
    if (saving >= leastSaving && (!best || saving > best.saving)) best = { text, expr, saving };
  }
  return best;
}

/** The names of where-clauses counted from the top down, as a reader meets them. */
export function renumber(shared: Shared, taken: ReadonlySet<string>): Shared {
  if (shared.assignments.length < 2) return shared;
  const letters = shared.assignments.map(([n]) => n.replace(/\d+$/, ''));
  const several = new Set(letters.filter((l, i) => letters.indexOf(l) !== i));
  const used = new Set(taken);
  const names = new Map<string, Expr>();
  const next = new Map<string, number>();
  shared.assignments.forEach(([old], i) => {
    const letter = letters[i]!;
    let n = next.get(letter) ?? 1;
    let chosen = several.has(letter) || used.has(letter) ? `${letter}${n}` : letter;
    while (used.has(chosen)) chosen = `${letter}${++n}`;
    next.set(letter, n);
    used.add(chosen);
    names.set(old, name(chosen));
  });
  const rename = (e: Expr): Expr => (e.kind === 'name' ? (names.get(e.name) ?? e) : mapParts(e, rename));
  return {
    assignments: shared.assignments.map(([old, e]) => [(names.get(old) as { name: string }).name, rename(e)] as const),
    value: rename(shared.value),
  };
}

/** Letters that readers expect for common parts. */
const customary = new Map([
  ['softmax', 's'],
  ['sigmoid', 's'],
  ['tanh', 't'],
  ['exp', 'e'],
  ['norm2', 'r'],
  ['normF', 'r'],
  ['inv', 'M'],
  ['sum', 'c'],
]);

/** Free names: the customary letter of what is named, else t, with a number when it is taken. */
export function namer(taken: ReadonlySet<string>): (value: Expr) => string {
  // Not a copy of all the names taken: most formulas need none, and a program may have thousands.
  const made = new Set<string>();
  // The number to go on with, by letter: a thousand names must not each be looked for from 1.
  const next = new Map<string, number>();
  return (value) => {
    const letter = (value.kind === 'call' && customary.get(value.fn)) || 't';
    let i = next.get(letter) ?? 0;
    let candidate = letter;
    for (; taken.has(candidate) || made.has(candidate); i++) candidate = `${letter}${i + 1}`;
    next.set(letter, i);
    made.add(candidate);
    return candidate;
  };
}
