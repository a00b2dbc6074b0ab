import type { Size } from '../shape/size.ts';
import { binary, call, type Expr, transposed as transposedExpr } from '../syntax/expr.ts';
import type { Node, Operand, Term } from '../tensor/node.ts';
import { notate } from './derivative.ts';
import { sizeExpr } from './items.ts';
import type { Writer } from './write.ts';

/** An axis of a derivative, as far as the unfolding needs to know it. */
export interface UnfoldedAxis {
  readonly of: 'output' | number;
  readonly axis: number;
  readonly size: Size;
}

/**
 * The unfolding of a matrix-by-matrix derivative as a Kronecker product: with vec stacking columns, ∂vec(Y)/∂vec(X) in
 * the layout's order of rows and columns. Each term of the derivative must be two matrices with one axis of Y and one
 * of X each; where they cross, the commutation matrix K(m,n), K·vec(X) = vec(Xᵀ), is multiplied on. `undefined` when a
 * term has no such form.
 */
export function kroneckerForm(
  builder: Writer['builder'],
  node: Node,
  axes: readonly UnfoldedAxis[],
  layout: string,
  taken: ReadonlySet<string>,
): Expr | undefined {
  if (axes.length < 3 || axes.length > 4 || axes.some((a) => a.of !== 'output' && a.of !== 0)) return undefined;
  if (axes.filter((a) => a.of === 'output').length > 2 || axes.filter((a) => a.of === 0).length > 2) return undefined;
  const split = splitMergedOutput(builder, node, axes);
  if (split) return kroneckerForm(builder, split.node, split.axes, layout, taken);
  const at = (of: 'output' | 0, axis: number): number => axes.findIndex((a) => a.of === of && a.axis === axis);
  const [i, j, k, l] = [at('output', 0), at('output', 1), at(0, 0), at(0, 1)];
  if (i < 0 || k < 0) return undefined;
  const terms = node.kind === 'sum' ? node.terms : [{ coefficient: { n: 1, d: 1 }, node }];
  if (terms.length === 0 || terms.length > 6) return undefined;
  const transposed = layout === 'denominator';
  let total: Expr | undefined;
  for (const t of terms) {
    const whole = termForm(builder, t, pairings(i, j, k, l), axes, transposed, taken);
    if (!whole) return undefined;
    total = total ? binary('+', total, whole) : whole;
  }
  return total;
}

/** An output that is a vec(…) is given its two axes back: its unfolding is the same column-major order. */
function splitMergedOutput(
  builder: Writer['builder'],
  node: Node,
  axes: readonly UnfoldedAxis[],
): { node: Node; axes: readonly UnfoldedAxis[] } | undefined {
  const at = axes.findIndex((a) => a.of === 'output');
  if (axes.length !== 3 || axes.filter((a) => a.of === 'output').length !== 1) return undefined;
  const first = node.kind === 'sum' ? node.terms[0]?.node : node;
  const operands = first?.kind === 'einsum' ? first.operands : [];
  const merge = operands.find((o) => o.node.kind === 'merge' && o.labels[0] === at && o.node.shape.length === 3)?.node;
  if (!merge) return undefined;
  const labels = axes.map((_, i) => i);
  const apart = (n: Node): Node =>
    builder.contract(
      [
        { node: n, labels },
        { node: merge, labels: [at, 3, 4] },
      ],
      [3, 4, ...labels.filter((l) => l !== at)],
    );
  const spread =
    node.kind === 'sum'
      ? builder.sum(
          node.terms.map((t) => ({ coefficient: t.coefficient, node: apart(t.node) })),
          [merge.shape[1]!, merge.shape[2]!, ...axes.filter((_, i) => i !== at).map((a) => a.size)],
        )
      : apart(node);
  const output = (axis: number): UnfoldedAxis => ({ of: 'output', axis, size: merge.shape[axis + 1]! });
  return { node: spread, axes: [output(0), output(1), ...axes.filter((_, i) => i !== at)] };
}

/** For each factor the axis of the output and the axis of the variable, -1 for one that is not there. */
interface Pairing {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
  readonly crossed?: boolean;
}

/** Which axis of the output goes with which of the variable: rows with rows, or crossed. */
function pairings(i: number, j: number, k: number, l: number): readonly Pairing[] {
  if (j >= 0 && l >= 0)
    return [
      { rows: [i, k], columns: [j, l] },
      { rows: [i, l], columns: [j, k], crossed: true },
    ];
  if (l >= 0)
    return [
      { rows: [i, k], columns: [-1, l] },
      { rows: [-1, k], columns: [i, l] },
    ];
  return [
    { rows: [i, k], columns: [j, -1] },
    { rows: [i, -1], columns: [j, k] },
  ];
}

function termForm(
  builder: Writer['builder'],
  term: Term,
  candidates: readonly Pairing[],
  axes: readonly UnfoldedAxis[],
  transposed: boolean,
  taken: ReadonlySet<string>,
): Expr | undefined {
  for (const p of candidates) {
    const pair = split(builder, term.node, p.rows, p.columns);
    if (!pair) continue;
    const [first, second] = pair.map((m, n) => {
      // Matrices are [output, variable]; a lone axis is a column, of the output or of the variable.
      const scaled = n === 0 ? builder.scale(term.coefficient, m) : m;
      const written = notate(builder, transposed ? builder.transpose(scaled) : scaled, taken);
      if (written.assignments.length > 0 || !written.matrixForm) return undefined;
      const [y] = n === 0 ? p.rows : p.columns;
      return m.shape.length === 2 || transposed === (y === -1) ? written.value : transposedExpr(written.value);
    });
    if (!first || !second) continue;
    // vec(M Z Nᵀ) = (N ⊗ M) vec(Z)
    const product =
      isEye(first) && isEye(second)
        ? call('eye', binary('*', second.args[0]!, first.args[0]!))
        : call('kron', second, first);
    const [k, l] = [axes[p.rows[1]], axes[p.columns[1]]];
    return p.crossed ? withCommutation(product, l!.size, k!.size, transposed) : product;
  }
  return undefined;
}

const isEye = (e: Expr): e is Extract<Expr, { kind: 'call' }> => e.kind === 'call' && e.fn === 'eye';

/** K before or behind: ∂vec(Y)/∂vec(X) = (…)·K(m,n), and the transpose of that in the denominator layout. */
function withCommutation(product: Expr, m: Size, n: Size, transposed: boolean): Expr {
  const k = call('K', ...(transposed ? [sizeExpr(n), sizeExpr(m)] : [sizeExpr(m), sizeExpr(n)]));
  if (isEye(product)) return k;
  return transposed ? binary('*', k, product) : binary('*', product, k);
}

/** The two matrices of a term over the given pairs of axes, when nothing connects the pairs. */
function split(
  builder: Writer['builder'],
  node: Node,
  first: readonly number[],
  second: readonly number[],
): readonly [Node, Node] | undefined {
  const operands: readonly Operand[] =
    node.kind === 'einsum' ? node.operands : [{ node, labels: node.shape.map((_, a) => a) }];
  const side = new Map<number, 0 | 1>();
  const [rows, columns] = [first.filter((l) => l >= 0), second.filter((l) => l >= 0)];
  for (const l of rows) side.set(l, 0);
  for (const l of columns) side.set(l, 1);
  const groups: [Operand[], Operand[]] = [[], []];
  let open = [...operands];
  for (let progress = true; progress && open.length > 0; ) {
    progress = false;
    const later: Operand[] = [];
    for (const o of open) {
      const sides = new Set(o.labels.map((l) => side.get(l)).filter((s) => s !== undefined));
      if (sides.size > 1) return undefined;
      const [s] = o.labels.length === 0 ? [0 as const] : sides;
      if (s === undefined) {
        later.push(o);
        continue;
      }
      groups[s].push(o);
      for (const l of o.labels) side.set(l, s);
      progress = true;
    }
    open = later;
  }
  if (open.length > 0 || groups[0].length === 0 || groups[1].length === 0) return undefined;
  const covered = (g: readonly Operand[], pair: readonly number[]): boolean =>
    pair.every((l) => g.some((o) => o.labels.includes(l)));
  if (!covered(groups[0], rows) || !covered(groups[1], columns)) return undefined;
  return [builder.contract(groups[0], rows), builder.contract(groups[1], columns)];
}
