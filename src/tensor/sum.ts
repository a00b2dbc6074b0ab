import { add, isOne, isZero, multiply, type Rational } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import type { Node, Operand, Term } from './node.ts';
import type { Kit } from './store.ts';

/** Σ cₖ·nodeₖ: nested sums flattened, like terms collected, axes on which every term is ones or the same δ pulled out. */
export function sum(k: Kit, terms: readonly Term[], shape: readonly Size[]): Node {
  const collected = new Map<Node, Rational>();
  const collect = (coefficient: Rational, node: Node): void => {
    if (node.kind === 'sum') for (const t of node.terms) collect(multiply(coefficient, t.coefficient), t.node);
    else if (node.kind === 'number') {
      const unit = k.number(1);
      collected.set(unit, add(collected.get(unit) ?? { n: 0, d: 1 }, multiply(coefficient, node.value)));
    } else collected.set(node, add(collected.get(node) ?? { n: 0, d: 1 }, coefficient));
  };
  for (const t of terms) collect(t.coefficient, t.node);
  const kept: Term[] = [];
  for (const [node, coefficient] of collected) if (!isZero(coefficient)) kept.push({ coefficient, node });
  if (kept.length === 1) {
    const [{ coefficient, node }] = kept as [Term];
    if (isOne(coefficient)) return node;
    if (node.kind === 'number') return k.number(multiply(coefficient, node.value));
  }
  if (kept.length > 1) {
    const pulled = pullStructure(k, kept, shape);
    if (pulled) return pulled;
  }
  // Terms stay in the order in which the sum was first built, the user's own; only the key is order-free.
  const sorted = [...kept].sort((a, b) => a.node.id - b.node.id);
  const key = `s${shape.join(',')}|${sorted.map((t) => `${t.coefficient.n}/${t.coefficient.d}*${t.node.id}`).join('+')}`;
  return k.store.intern(key, (id) => ({ kind: 'sum', id, shape, terms: kept }));
}

/** The operands of a node that are δ or ones on its output axes only. */
function structureOf(node: Node): readonly Operand[] {
  if (node.kind === 'delta') return [{ node, labels: node.shape.map((_, i) => i) }];
  if (node.kind !== 'einsum') return [];
  return node.operands.filter((o) => o.node.kind === 'delta');
}

const keyOf = (o: Operand): string => `${o.node.id}:${o.labels.join(',')}`;

/** δ[i,j]·a[i] + δ[i,j]·b[i] = δ[i,j]·(a + b)[i], and the same for ones. */
function pullStructure(k: Kit, terms: readonly Term[], shape: readonly Size[]): Node | undefined {
  let common = new Map(structureOf(terms[0]!.node).map((o) => [keyOf(o), o]));
  for (const t of terms.slice(1)) {
    if (common.size === 0) return undefined;
    const here = new Set(structureOf(t.node).map(keyOf));
    common = new Map([...common].filter(([key]) => here.has(key)));
  }
  if (common.size === 0) return undefined;
  const dropped = new Set<number>();
  for (const { labels } of common.values())
    for (const l of labels.length === 1 ? labels : labels.slice(1)) dropped.add(l);
  const axes = shape.map((_, i) => i).filter((i) => !dropped.has(i));
  const inner = k.sum(
    terms.map((t) => {
      const operands: readonly Operand[] =
        t.node.kind === 'einsum' ? t.node.operands.filter((o) => !common.has(keyOf(o))) : [];
      // The first axis of a pulled δ stays in the inner term, as ones where nothing else holds it.
      const held = new Set(operands.flatMap((o) => o.labels));
      const ones = axes.filter((a) => !held.has(a)).map((a) => ({ node: k.delta(shape[a]!, 1), labels: [a] }));
      return { coefficient: t.coefficient, node: k.contract([...operands, ...ones], axes) };
    }),
    axes.map((a) => shape[a]!),
  );
  return k.contract(
    [{ node: inner, labels: axes }, ...common.values()],
    shape.map((_, i) => i),
  );
}
