import type { Budget } from '../base/budget.ts';
import type { Analysis, NameInfo } from '../syntax/analysis.ts';
import { type Expr, name as nameExpr } from '../syntax/expr.ts';

/** An analysis in which the layers of a network have names, and the names that were given. */
export interface NamedLayers {
  readonly analysis: Analysis;
  readonly given: readonly (readonly [name: string, value: Expr])[];
}

/**
 * Names what a program such as `A1 = relu(W1'*x + b1)` leaves unnamed: a sum with a product that a function is applied
 * to entry by entry becomes Z, and such a function that is a factor of a product becomes A. Values do not change.
 */
export function nameLayers(analysis: Analysis, budget: Budget): NamedLayers {
  const names = new Map<string, NameInfo>(analysis.names);
  const types = new Map(analysis.types);
  const assigned = new Map<string, Expr>();
  const given: (readonly [string, Expr])[] = [];
  const axesOf = (e: Expr): string | undefined => types.get(e)?.axes.join('×');

  const free = (letter: string): string => {
    let k = 1;
    while (names.has(`${letter}${k}`)) k++;
    return `${letter}${k}`;
  };
  const nameFor = (letter: string, value: Expr): Expr => {
    const name = free(letter);
    const type = types.get(value)!;
    const shape = { kind: 'array' as const, axes: type.axes };
    names.set(name, { name, role: 'assigned', type, shape, properties: [], inferred: true, reason: 'assigned' });
    assigned.set(name, value);
    given.push([name, value]);
    const made = nameExpr(name);
    types.set(made, type);
    return made;
  };
  const like = <E extends Expr>(old: Expr, made: E): E => {
    const type = types.get(old);
    if (type) types.set(made, type);
    return made;
  };
  /** A function of one array that keeps its shape. */
  const keepsShape = (e: Expr): e is Expr & { kind: 'call' } =>
    e.kind === 'call' && e.args.length > 0 && axesOf(e) !== undefined && axesOf(e) === axesOf(e.args[0]!);

  /** A linear last layer inside the loss: `norm2(W2'*A1 + b2 - y)`, where A1 was named just now. */
  const lastLayer = (e: Expr): Expr => {
    const product = holdsProduct(e);
    const isNew = (x: Expr): boolean => x.kind === 'name' && given.some(([name]) => name === x.name);
    return product && [product.left, product.right].some(isNew) ? nameFor('Z', e) : e;
  };

  const rewrite = (e: Expr, inProduct: boolean, depth: number): Expr => {
    budget.tick();
    // Deeper than anyone writes a layer: left as it is.
    if (depth > 200) return e;
    switch (e.kind) {
      case 'unary':
      case 'transpose':
        return same(e, { ...e, arg: rewrite(e.arg, inProduct, depth + 1) });
      case 'binary': {
        const inside = e.op === '*';
        const sum = inside || e.op === '+' || e.op === '-';
        const part = (x: Expr): Expr => {
          const inner = rewrite(x, inside, depth + 1);
          return sum ? inner : lastLayer(inner);
        };
        return same(e, { ...e, left: part(e.left), right: part(e.right) });
      }
      case 'call': {
        const activation = keepsShape(e) && holdsProduct(e.args[0]!) !== undefined;
        const args = e.args.map((a, k) => {
          const inner = rewrite(a, false, depth + 1);
          return activation && k === 0 ? nameFor('Z', inner) : lastLayer(inner);
        });
        const made = same(e, { ...e, args });
        return activation && inProduct ? nameFor('A', made) : made;
      }
      default:
        return e;
    }
  };
  const same = (old: Expr, made: Expr): Expr => (sameParts(old, made) ? old : like(old, made));

  for (const [name, value] of analysis.assigned) assigned.set(name, rewriteInto(name, value));
  const { output } = analysis;
  const value = output.name === undefined ? rewrite(output.value, false, 0) : assigned.get(output.name)!;
  if (given.length === 0) return { analysis, given };
  return {
    analysis: { ...analysis, names, types, assigned, output: { ...output, value: value ?? output.value } },
    given,
  };

  function rewriteInto(name: string, definition: Expr): Expr {
    const made = rewrite(definition, false, 0);
    // What was named on the way stands before this name.
    assigned.delete(name);
    return made;
  }
}

/** The product of arrays that is one term of a sum or difference, or the whole of it. */
function holdsProduct(root: Expr): (Expr & { kind: 'binary' }) | undefined {
  let e = root;
  for (;;) {
    if (e.kind !== 'binary') return undefined;
    if (e.op === '*') return e.left.kind !== 'number' && e.right.kind !== 'number' ? e : undefined;
    if (e.op !== '+' && e.op !== '-') return undefined;
    if (e.right.kind === 'binary' && e.right.op === '*') return holdsProduct(e.right);
    e = e.left;
  }
}

const partsOf = (e: Expr): readonly (Expr | null)[] => {
  switch (e.kind) {
    case 'unary':
    case 'transpose':
      return [e.arg];
    case 'binary':
      return [e.left, e.right];
    case 'call':
      return e.args;
    default:
      return [];
  }
};
const sameParts = (a: Expr, b: Expr): boolean => {
  const [p, q] = [partsOf(a), partsOf(b)];
  return p.every((x, i) => x === q[i]);
};
