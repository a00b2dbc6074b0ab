import { type Size, sizeProduct } from '../shape/size.ts';
import type { Node, Operand } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { type CondensedTerm, condense } from './condense.ts';

/** Solves H·x = g for g of the variable's shape. */
type Solver = (g: Node) => Node;

/** Up to this many rank-one terms are taken away one after the other. */
const mostRankOne = 4;

/**
 * H⁻¹·g for a Hessian with the axes of x twice and a g with those of x once, by the structure of H: a Kronecker product
 * is inverted factor by factor, a diagonal entry by entry, and rank-one terms beside a regular one by the formula of
 * Sherman and Morrison (1950). What has no such structure becomes a linear system.
 */
export function solveCondensed(b: Kit, hessian: Node, g: Node): Node {
  const count = g.shape.length;
  if (count === 0) return b.divide(g, hessian);
  const terms = condense(b, hessian).terms;
  const outer = terms.filter((t) => isRankOne(t, count));
  const rest = terms.filter((t) => !isRankOne(t, count));
  const regular = rest.length === 1 ? solverOf(b, rest[0]!, count) : diagonalSum(b, rest, g.shape);
  if (!regular || outer.length > mostRankOne) return denseSolver(b, hessian)(g);
  return outer.reduce<Solver>((solve, term) => withoutRankOne(b, solve, term, count), regular)(g);
}

const axesFrom = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

/** u ⊗ v: one core on the first half of the axes, one on the second. */
function isRankOne(term: CondensedTerm, count: number): boolean {
  const halves = term.cores.map((core) => new Set(core.axes.map((axis) => axis < count)));
  return (
    term.deltas.length === 0 &&
    term.repeated.length === 0 &&
    term.fixed.length === 0 &&
    term.cores.length === 2 &&
    term.cores.every((core) => core.axes.length === count) &&
    halves.every((half) => half.size === 1)
  );
}

// (H + u vᵀ)⁻¹ g = H⁻¹g - H⁻¹u (vᵀH⁻¹g) / (1 + vᵀH⁻¹u)
function withoutRankOne(b: Kit, solve: Solver, term: CondensedTerm, count: number): Solver {
  const [first, second] = term.cores as unknown as readonly [CondensedTerm['cores'][0], CondensedTerm['cores'][0]];
  const [u, v] = first.axes[0]! < count ? [first.node, second.node] : [second.node, first.node];
  const labels = axesFrom(0, count);
  const dot = (x: Node, y: Node): Node =>
    b.contract(
      [
        { node: x, labels },
        { node: y, labels },
      ],
      [],
    );
  const solvedU = solve(u);
  const scale = b.power(b.add(b.number(1), dot(v, solvedU)), -1);
  return (g) => {
    const solved = solve(g);
    return b.subtract(solved, b.times(solvedU, b.times(dot(v, solved), scale)));
  };
}

/** A term whose cores act each on axes of their own: as an inverse matrix, or as a divisor where a δ pairs the axes. */
function solverOf(b: Kit, term: CondensedTerm, count: number): Solver | undefined {
  if (term.repeated.length > 0 || term.fixed.length > 0) return undefined;
  const pairs = new Set(term.deltas.filter((d) => d.length === 2 && d[1]! - d[0]! === count).map((d) => d[0]!));
  if (pairs.size !== term.deltas.length) return undefined;
  // ∂²/∂x∂x with axes i and i + count: labels of g are `count + i` on the way in, `i` on the way out.
  const operands: Operand[] = [];
  const joined = new Set(pairs);
  for (const core of term.cores) {
    const onDiagonal = core.axes.every((axis) => pairs.has(axis % count));
    if (onDiagonal) {
      operands.push({ node: b.power(core.node, -1), labels: core.axes.map((axis) => axis % count) });
      continue;
    }
    const [row, column] = core.axes;
    if (core.axes.length !== 2 || column! - row! !== count) return undefined;
    joined.add(row!);
    operands.push({ node: b.call('inv', [core.node], core.node.shape), labels: [row!, column!] });
  }
  if (joined.size !== count) return undefined;
  const labels = axesFrom(0, count).map((axis) => (pairs.has(axis) ? axis : axis + count));
  return (g) => b.contract([...operands, { node: g, labels }], axesFrom(0, count));
}

/** Several terms on the same diagonal are one. */
function diagonalSum(b: Kit, terms: readonly CondensedTerm[], shape: readonly Size[]): Solver | undefined {
  const count = shape.length;
  const onDiagonal = (t: CondensedTerm): boolean =>
    t.repeated.length === 0 &&
    t.fixed.length === 0 &&
    t.deltas.length === count &&
    t.deltas.every((d) => d.length === 2 && d[1]! - d[0]! === count);
  if (terms.length === 0 || !terms.every(onDiagonal)) return undefined;
  const axes = axesFrom(0, count);
  const entries = terms.map((t) =>
    b.contract(
      [
        ...t.cores.map((core) => ({ node: core.node, labels: core.axes.map((axis) => axis % count) })),
        ...shape.map((size, axis) => ({ node: b.delta(size, 1), labels: [axis] })),
      ],
      axes,
    ),
  );
  const total = b.add(...entries);
  return (g) => b.divide(g, total);
}

/** H as a matrix: both halves of its axes are read as one axis each. */
function denseSolver(b: Kit, hessian: Node): Solver {
  const count = hessian.shape.length / 2;
  if (count === 1) return (g) => b.einsum('ij,j->i', b.call('inv', [hessian], hessian.shape), g);
  const sizes = hessian.shape.slice(0, count);
  const merge = b.merge(sizes);
  const [p, q] = [2 * count, 2 * count + 1];
  const [rows, columns] = [axesFrom(0, count), axesFrom(count, count)];
  const flat = b.contract(
    [
      { node: hessian, labels: [...rows, ...columns] },
      { node: merge, labels: [p, ...rows] },
      { node: merge, labels: [q, ...columns] },
    ],
    [p, q],
  );
  const size = sizeProduct(...sizes);
  return (g) => {
    const x = b.contract(
      [
        { node: b.call('inv', [flat], [size, size]), labels: [p, q] },
        { node: merge, labels: [q, ...columns] },
        { node: g, labels: columns },
      ],
      [p],
    );
    return b.contract(
      [
        { node: merge, labels: [p, ...rows] },
        { node: x, labels: [p] },
      ],
      rows,
    );
  };
}
