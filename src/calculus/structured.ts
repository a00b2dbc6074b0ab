import type { Property } from '../shape/type.ts';
import type { Node } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import type { AxisOrigin } from './layout.ts';

/**
 * Which entries of a structured variable move. `independent`: each on its own, as if nothing had been declared.
 * `structured`: only so that the structure stays, X[k,l] and X[l,k] together for a symmetric X, the diagonal alone for a
 * diagonal one (Matrix Cookbook, section 2.8).
 */
export type Convention = 'independent' | 'structured';

/** How a property ties entries together; `undefined` for properties that tie none, or not linearly (orthogonal). */
export function tieOf(properties: readonly Property[]): 'symmetric' | 'diagonal' | undefined {
  if (properties.includes('diagonal')) return 'diagonal';
  return properties.includes('symmetric') || properties.includes('positive definite') ? 'symmetric' : undefined;
}

/** The derivative in which tied entries move together, from the one in which all are independent. Axes stay. */
export function structured(
  k: Kit,
  node: Node,
  origins: readonly AxisOrigin[],
  ties: readonly ('symmetric' | 'diagonal' | undefined)[],
): Node {
  const labels = origins.map((_, i) => i);
  return ties.reduce((d, tie, input) => {
    const [row, column] = labels.filter((i) => origins[i]!.of === input);
    if (!tie || row === undefined || column === undefined) return d;
    const onDiagonal = k.contract(
      [
        { node: d, labels: labels.map((l) => (l === column ? row : l)) },
        { node: k.delta(origins[row]!.size), labels: [row, column] },
      ],
      labels,
    );
    if (tie === 'diagonal') return onDiagonal;
    // G + Gᵀ - diag(G): an entry off the diagonal stands in two places, one on it in one.
    const mirrored = k.permute(
      d,
      labels.map((l) => (l === row ? column : l === column ? row : l)),
    );
    return k.subtract(k.add(d, mirrored), onDiagonal);
  }, node);
}
