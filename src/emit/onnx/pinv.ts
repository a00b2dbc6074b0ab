import type { CallStep } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import type { Algebra } from './algebra.ts';
import { end, identity, indicesOf, slice, start } from './blocks.ts';
import type { Ref } from './graph.ts';
import type { Scope } from './scope.ts';
import { argument } from './solvers.ts';

/** Sweeps after which the rotations end in any case, as in `ops/kernels/svd.ts`. */
const mostSweeps = 60;

/**
 * The Moore-Penrose inverse from a singular value decomposition by one-sided Jacobi: pairs of columns are rotated until
 * all are orthogonal. Half of all columns are rotated with the other half at once, and then change partners as in a
 * tournament where each meets each once; the same accuracy and the same rank as with pairs one after the other.
 */
export const lowerPseudoInverse = (step: CallStep, scope: Scope): Ref => {
  const { m } = scope;
  const { g, sizes } = scope;
  const { x, shape } = argument(scope, step, 0);
  const [rows, columns] = shape as readonly [Size, Size];
  const transposed = (a: Ref): Ref => g.node('Transpose', [a], { perm: [1, 0] });
  if (rows === columns) return tall(m, x);
  if (typeof rows === 'number' && typeof columns === 'number')
    return rows > columns ? tall(m, x) : transposed(tall(m, transposed(x)));
  const wide = g.node('Less', [sizes.scalar(rows), sizes.scalar(columns)]);
  const flip = (a: Ref): Ref =>
    g.choose(
      wide,
      m.type,
      () => transposed(a),
      () => a,
    );
  return flip(tall(m, flip(x)));
};

/** For an m×n matrix with m ≥ n. */
function tall(m: Algebra, given: Ref): Ref {
  const { g } = m;
  const reduce = (op: string, x: Ref, axis: number, keepdims: 0 | 1): Ref =>
    g.node(op, [x, g.integers([axis])], { keepdims });
  // The largest entry is taken out first, so that no square overflows.
  const largest = g.node('ReduceMax', [m.op('Abs', given)], { keepdims: 0 });
  const unit = m.where(m.op('Greater', largest, m.number(0)), largest, m.number(1));
  const a = m.divide(given, unit);
  const length = (x: Ref, axis: number): Ref => g.node('Shape', [x], { start: axis, end: axis + 1 });
  const [height, width] = [length(a, 0), length(a, 1)];
  // A column of zeros where the number is odd: nothing is rotated with it. V stands below A and turns with it.
  const two = g.integers([2]);
  const spare = g.node('Mod', [width, two]);
  const even = g.node('Add', [width, spare]);
  const filled = g.node('Pad', [a, g.node('Concat', [g.integers([0, 0, 0]), spare], { axis: 0 })]);
  const both = g.node('Concat', [filled, identity(m, even)], { axis: 0 });
  const half = g.node('Div', [even, two]);
  const rounds = g.node('Squeeze', [g.node('Sub', [even, g.integers([1])]), g.integers([0])]);
  const partners = nextPartners(m, both, half);
  const epsilon = m.number(m.epsilon);
  const scale = g.node('Sqrt', [
    g.node('Cast', [g.node('Squeeze', [height, g.integers([0])])], { to: { type: m.type } }),
  ]);
  const least = m.multiply(epsilon, scale);

  const rotate = (x: Ref): { readonly columns: Ref; readonly turned: Ref } => {
    const [p, q] = [slice(g, x, 1, start(g), half), slice(g, x, 1, half, end(g))];
    const [pa, qa] = [slice(g, p, 0, start(g), height), slice(g, q, 0, start(g), height)];
    const dot = (u: Ref, v: Ref): Ref => reduce('ReduceSum', m.multiply(u, v), 0, 1);
    const [alpha, beta, gamma] = [dot(pa, pa), dot(qa, qa), dot(pa, qa)];
    // √α·√β, not √(αβ): the product of two small squares may vanish.
    const size = m.multiply(m.op('Sqrt', alpha), m.op('Sqrt', beta));
    const turns = m.op('Greater', m.op('Abs', gamma), m.multiply(least, size));
    const zeta = m.divide(m.subtract(beta, alpha), m.multiply(gamma, m.number(2)));
    const sign = m.where(m.op('Less', zeta, m.number(0)), m.number(-1), m.number(1));
    const root = m.op('Sqrt', m.add(m.number(1), m.multiply(zeta, zeta)));
    const tangent = m.divide(sign, m.add(m.op('Abs', zeta), root));
    const t = m.where(turns, tangent, m.number(0));
    const c = m.divide(m.number(1), m.op('Sqrt', m.add(m.number(1), m.multiply(t, t))));
    const s = m.multiply(c, t);
    const columns = g.node(
      'Concat',
      [m.subtract(m.multiply(c, p), m.multiply(s, q)), m.add(m.multiply(s, p), m.multiply(c, q))],
      { axis: 1 },
    );
    const turned = g.node('ReduceMax', [g.node('Cast', [turns], { to: { type: 'int64' } })], { keepdims: 0 });
    return { columns: g.node('Gather', [columns, partners], { axis: 1 }), turned };
  };

  const [result] = g.loop(g.number(mostSweeps, 'int64'), [{ value: both, type: m.type }], (_, [x]) => {
    const [next, turned] = g.loop(
      rounds,
      [
        { value: x!, type: m.type },
        { value: g.number(0, 'int64'), type: 'int64' },
      ],
      (_round, [before, any]) => {
        const step = rotate(before!);
        return { next: [step.columns, g.node('Max', [any!, step.turned])] };
      },
    );
    return { next: [next!], again: g.node('Greater', [turned!, g.number(0, 'int64')]) };
  });

  // A = U·diag(s)·Vᵀ with the columns s·u of A·V: A⁺ = V·diag(1/s²)·(A·V)ᵀ over the s that count.
  const turned = slice(g, result!, 0, start(g), height);
  const v = slice(g, slice(g, result!, 0, height, end(g)), 0, start(g), width);
  const squares = reduce('ReduceSum', m.multiply(turned, turned), 0, 1);
  const values = m.op('Sqrt', squares);
  const top = reduce('ReduceMax', values, 1, 1);
  const cut = m.multiply(m.multiply(top, epsilon), g.node('Cast', [height], { to: { type: m.type } }));
  const scaled = m.where(m.op('Greater', values, cut), m.divide(v, squares), m.number(0));
  const inverse = m.op('MatMul', scaled, g.node('Transpose', [turned], { perm: [1, 0] }));
  // No singular value counts beside one that is not finite.
  const finite = g.node('Cast', [m.op('Less', m.op('Abs', given), m.number(Number.POSITIVE_INFINITY))], {
    to: { type: m.type },
  });
  const sound = m.op('Greater', g.node('ReduceMin', [finite], { keepdims: 0 }), m.number(0));
  return m.where(sound, m.divide(inverse, unit), m.number(0));
}

/**
 * Where each column comes from in the next round. Column k meets column k + h; the first one stays, the others go round
 * in a circle: 0 | 1 … h-1 in the upper row and back through 2h-1 … h in the lower one.
 */
function nextPartners(m: Algebra, x: Ref, half: Ref): Ref {
  const { g } = m;
  const k = indicesOf(g, x, 1);
  const one = g.integers([1]);
  const by = (shift: number): Ref => g.node('Add', [k, g.integers([shift])]);
  const last = g.node('Sub', [g.node('Mul', [half, g.integers([2])]), one]);
  const is = (position: Ref): Ref => g.node('Equal', [k, position]);
  // Upper row: from the left, the second one from below. Lower row: from the right, its last one from above.
  const upper = m.where(is(one), half, by(-1));
  const lower = m.where(is(last), g.node('Max', [g.node('Sub', [half, one]), one]), by(1));
  const moved = m.where(g.node('Less', [k, half]), upper, lower);
  return m.where(is(g.integers([0])), g.integers([0]), moved);
}
