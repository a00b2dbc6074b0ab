import type { Builder } from '../tensor/api.ts';
import type { CallNode, Node } from '../tensor/node.ts';
import { primitiveValues } from './primitive-values.ts';
import type { PartialTerm, PrimitiveRecord } from './record.ts';

/**
 * The structured primitives of the tensor graph: float64 value and local derivative ∂Y/∂X, each as a sum of products
 * over the axes of Y (first letters) and of X. Forward, reverse and higher derivatives all come from this one line.
 */

const term = (coefficient: number, y: string, x: string, ...factors: (readonly [Node, string])[]): PartialTerm => ({
  coefficient,
  y,
  x,
  factors,
});

const letters = (n: number, from: number): string =>
  Array.from({ length: n }, (_, i) => String.fromCodePoint(from + i)).join('');

/** Letters of the call's argument, and the same with fresh letters on the axes that the call works along. */
const alongAxes = (node: CallNode): { x: string; other: string; kept: string } => {
  const x = letters(node.args[0]!.shape.length, 97);
  const pick = (keep: (axis: number) => boolean): string => [...x].filter((_, i) => keep(i)).join('');
  return {
    x,
    other: [...x].map((c, i) => (node.axes.includes(i) ? c.toUpperCase() : c)).join(''),
    kept: pick((i) => !node.axes.includes(i)),
  };
};

const identityMinus = (b: Builder, product: Node): Node => b.subtract(b.delta(product.shape[0]!), product);

type Partials = PrimitiveRecord['partials'];

// Y = X⁻¹: dY = -Y dX Y
const inv: Partials = (y) => [term(-1, 'ij', 'kl', [y, 'ik'], [y, 'lj'])];

// y = det X: dy = y tr(X⁻¹ dX)
const det: Partials = (y, _, b) => [term(1, '', 'kl', [y, ''], [b.call('inv', y.args, y.args[0]!.shape), 'lk'])];

// y = log det X: dy = tr(X⁻¹ dX)
const logdet: Partials = (y, _, b) => [term(1, '', 'kl', [b.call('inv', y.args, y.args[0]!.shape), 'lk'])];

// P = X⁺ of constant rank: dP = -P dX P + P Pᵀ dXᵀ (I - X P) + (I - P X) dXᵀ Pᵀ P   (Golub and Pereyra 1973, eq. 4.12)
const pinv: Partials = (y, _, b) => {
  const x = y.args[0]!;
  return [
    term(-1, 'ij', 'kl', [y, 'ik'], [y, 'lj']),
    term(1, 'ij', 'kl', [y, 'ip'], [y, 'lp'], [identityMinus(b, b.einsum('ij,jk->ik', x, y)), 'kj']),
    term(1, 'ij', 'kl', [identityMinus(b, b.einsum('ij,jk->ik', y, x)), 'il'], [y, 'pk'], [y, 'pj']),
  ];
};

// RᵀR = A, R upper: dR = Φ(R⁻ᵀ dA R⁻¹) R, Φ the upper triangle with half the diagonal; only A's upper triangle is read.
const chol: Partials = (r, _, b) => {
  const n = r.shape[0]!;
  const w = b.call('inv', [r], r.shape);
  const upper = b.triangle(n);
  const unit = b.delta(n);
  const phi = b.subtract(b.transpose(upper), b.scale(0.5, unit));
  const rest = [
    [phi, 'iq'],
    [r, 'qj'],
  ] as const;
  return [
    term(1, 'ij', 'kl', [upper, 'lk'], [w, 'ki'], [w, 'lq'], ...rest),
    term(1, 'ij', 'kl', [upper, 'lk'], [w, 'li'], [w, 'kq'], ...rest),
    term(-1, 'ij', 'kl', [unit, 'kl'], [w, 'ki'], [w, 'kq'], ...rest),
  ];
};

// s = softmax x: ds = s ⊙ dx - s (sᵀ dx)
const softmax: Partials = (s) => {
  const { x, other } = alongAxes(s);
  return [term(1, x, x, [s, x]), term(-1, x, other, [s, x], [s, other])];
};

// y = log Σ exp x: dy = softmax(x)ᵀ dx
const logsumexp: Partials = (y, _, b) => {
  const { x, kept } = alongAxes(y);
  return [term(1, kept, x, [b.call('softmax', y.args, y.args[0]!.shape, y.axes), x])];
};

// y = max x: dy = maskᵀ dx; the mask marks the largest entry, ties share it evenly (PyTorch's amax)
const extremum =
  (mask: string): Partials =>
  (y, _, b) => {
    const { x, kept } = alongAxes(y);
    return [term(1, kept, x, [b.call(mask, y.args, y.args[0]!.shape, y.axes), x])];
  };

// The mask is constant wherever it has a derivative at all.
const constant: Partials = () => [];

// y = Π xᵢ: dy = Σ (y / xᵢ) dxᵢ
const prod: Partials = (y, _, b) => {
  const { x, kept } = alongAxes(y);
  return [term(1, kept, x, [y, kept], [b.power(y.args[0]!, -1), x])];
};

const table: Readonly<Record<keyof typeof primitiveValues, { partials: Partials; rule: string }>> = {
  inv: { partials: inv, rule: 'dY = -Y dX Y' },
  det: { partials: det, rule: 'dy = det(X) tr(X⁻¹ dX)' },
  logdet: { partials: logdet, rule: 'dy = tr(X⁻¹ dX)' },
  pinv: { partials: pinv, rule: 'dP = -P dX P + P Pᵀ dXᵀ (I - X P) + (I - P X) dXᵀ Pᵀ P' },
  chol: { partials: chol, rule: 'dR = Φ(R⁻ᵀ dA R⁻¹) R' },
  softmax: { partials: softmax, rule: 'ds = s ⊙ dx - s (sᵀ dx)' },
  logsumexp: { partials: logsumexp, rule: 'dy = softmax(x)ᵀ dx' },
  max: { partials: extremum('maxmask'), rule: 'dy = dx at the largest entry' },
  min: { partials: extremum('minmask'), rule: 'dy = dx at the smallest entry' },
  maxmask: { partials: constant, rule: 'd = 0' },
  minmask: { partials: constant, rule: 'd = 0' },
  prod: { partials: prod, rule: 'dy = Σ (y / xᵢ) dxᵢ' },
};

/** Every structured primitive by name. */
export const primitiveTable: ReadonlyMap<string, PrimitiveRecord> = new Map(
  Object.entries(table).map(([name, { partials, rule }]) => [
    name,
    {
      name,
      rule,
      partials,
      evaluate: primitiveValues[name as keyof typeof primitiveValues] as PrimitiveRecord['evaluate'],
    },
  ]),
);
