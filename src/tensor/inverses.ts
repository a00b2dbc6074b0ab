import type { EinsumNode, Node, Operand } from './node.ts';
import type { Product } from './product.ts';
import type { Kit } from './store.ts';

/**
 * Cancels inverses against what stands next to them in a product:
 * P⁻¹P = I, Fₖ(F₁…Fₖ)⁻¹ = (F₁…Fₖ₋₁)⁻¹ for square factors, and QᵀQ = QQᵀ = I for an orthogonal Q.
 */
export function cancelInverses(k: Kit, p: Product): boolean {
  for (const operand of p.operands) {
    const { node } = operand;
    if (operand.labels.length !== 2) continue;
    if (node.kind === 'call' && node.fn === 'inv' && cancelOne(k, p, operand, node.args[0]!)) return true;
    if (node.kind === 'variable' && node.properties.includes('orthogonal') && cancelOrthogonal(k, p, operand))
      return true;
  }
  return false;
}

/** The other operand at `label`, when exactly two factors hold it, once each, and it is summed. */
function neighbour(p: Product, of: Operand, label: number): Operand | undefined {
  if (p.out.includes(label) || of.labels.filter((l) => l === label).length !== 1) return undefined;
  const others = p.operands.filter((o) => o !== of && o.labels.includes(label));
  const other = others[0];
  if (!other || others.length !== 1 || other.labels.length !== 2 || other.labels[0] === other.labels[1])
    return undefined;
  return other;
}

/** Replaces operands by others. */
function replace(p: Product, gone: readonly Operand[], put: readonly Operand[]): void {
  p.operands = [...p.operands.filter((o) => !gone.includes(o)), ...put];
}

function cancelOne(k: Kit, p: Product, inverse: Operand, matrix: Node): boolean {
  const [row, column] = [inverse.labels[0]!, inverse.labels[1]!];
  // The far label of `other`, whose axis next to the inverse is `near`.
  for (const [near, far, side] of [
    [row, column, 'row'],
    [column, row, 'column'],
  ] as const) {
    const other = neighbour(p, inverse, near);
    if (!other) continue;
    const nearAxis = other.labels.indexOf(near);
    const end = other.labels[1 - nearAxis]!;
    // P[e,a]·P⁻¹[a,b] = δ[e,b]: at the inverse's row stands P's column, and the other way round.
    const oriented = nearAxis === (side === 'row' ? 1 : 0) ? other.node : k.transposeOf(other.node);
    if (oriented === matrix) {
      p.live.delete(near);
      replace(p, [inverse, other], [{ node: k.delta(matrix.shape[0]!), labels: [end, far] }]);
      return true;
    }
    if (matrix.kind !== 'einsum' || matrix.operands.length < 2) continue;
    const rest = splitEnd(k, matrix, oriented, side === 'row' ? 1 : 0);
    if (!rest) continue;
    p.live.delete(near);
    // P = R·F: F·P⁻¹ = R⁻¹ stands where the two stood.
    const labels = side === 'row' ? [end, far] : [far, end];
    replace(p, [inverse, other], [{ node: k.call('inv', [rest], rest.shape), labels }]);
    return true;
  }
  return false;
}

/** P without its square end factor F (at the output axis `axis` of P), when it has one equal to `factor`. */
function splitEnd(k: Kit, matrix: EinsumNode, factor: Node, axis: 0 | 1): Node | undefined {
  if (factor.shape[0] !== factor.shape[1] || factor.shape[0] !== matrix.shape[0]) return undefined;
  for (const [i, o] of matrix.operands.entries()) {
    if (o.labels.length !== 2) continue;
    const at = o.labels.indexOf(axis);
    if (at < 0) continue;
    const inner = o.labels[1 - at]!;
    const oriented = at === axis ? o.node : k.transposeOf(o.node);
    if (oriented !== factor || inner < 2) continue;
    const others = matrix.operands.filter((_, j) => j !== i);
    const holders = others.filter((x) => x.labels.includes(inner));
    if (holders.length !== 1 || others.some((x) => x.labels.includes(axis))) continue;
    if (!others.some((x) => x.labels.includes(1 - axis))) continue;
    return k.contract(others, axis === 1 ? [0, inner] : [inner, 1]);
  }
  return undefined;
}

function cancelOrthogonal(k: Kit, p: Product, q: Operand): boolean {
  for (const axis of [0, 1] as const) {
    const other = neighbour(p, q, q.labels[axis]!);
    if (!other || other.node !== q.node || other.labels.indexOf(q.labels[axis]!) !== axis) continue;
    p.live.delete(q.labels[axis]!);
    replace(
      p,
      [q, other],
      [{ node: k.delta(q.node.shape[0]!), labels: [q.labels[1 - axis]!, other.labels[1 - axis]!] }],
    );
    return true;
  }
  return false;
}

/**
 * The Penrose equations for P = A⁺: APA = A, PAP = P, and AP and PA are symmetric, so that of three neighbours A, P and
 * one of the two, in whichever direction they are joined, one is left.
 */
export function cancelPseudoInverses(p: Product): boolean {
  for (const pinv of p.operands) {
    const { node } = pinv;
    if (node.kind !== 'call' || node.fn !== 'pinv') continue;
    const matrix = node.args[0]!;
    for (const side of [0, 1] as const) {
      const shared = pinv.labels[side]!;
      const a = neighbour(p, pinv, shared);
      // A[x,j]P[j,y], or P[x,j]A[j,y]: the shared axis is P's row and A's column, or the other way round.
      if (!a || a.node !== matrix || a.labels.indexOf(shared) !== 1 - side) continue;
      const ends = [a.labels[side]!, pinv.labels[1 - side]!] as const; // of A, of P; the product is symmetric in them
      for (const [end, far] of [ends, [ends[1], ends[0]]] as const) {
        const third = thirdAt(p, [a, pinv], end);
        if (!third || (third.node !== matrix && third.node !== node)) continue;
        // A stands at the product with its axis `side`, P with the other.
        const axis = third.labels.indexOf(end);
        if (axis !== (third.node === matrix ? side : 1 - side)) continue;
        const labels = [...third.labels];
        labels[axis] = far;
        p.live.delete(shared);
        p.live.delete(end);
        replace(p, [a, pinv, third], [{ node: third.node, labels }]);
        return true;
      }
    }
  }
  return false;
}

/** The only other factor with two axes at a summed label. */
function thirdAt(p: Product, pair: readonly Operand[], label: number): Operand | undefined {
  if (p.out.includes(label)) return undefined;
  const others = p.operands.filter((o) => !pair.includes(o) && o.labels.includes(label));
  const [third] = others;
  return others.length === 1 && third!.labels.length === 2 && third!.labels[0] !== third!.labels[1] ? third : undefined;
}
