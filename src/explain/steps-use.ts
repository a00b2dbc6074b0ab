import { one } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import { name as nameExpr } from '../syntax/expr.ts';
import { stepCheck, verdict } from './steps-check.ts';
import { type Closing, rule, strip } from './steps-condensed.ts';
import { formula, fromTree } from './steps-formula.ts';
import type { Told } from './steps-level.ts';
import { type Left, printLeft, symbolFor, type Teller } from './steps-names.ts';
import type { Printed } from './steps-types.ts';

/** How the derivative is used: an incoming ∂L/∂output goes back, or a step Δx goes on. */
export function use({ t, left, condensation }: Closing): readonly Told[] {
  const { subject } = t;
  const { builder: b, axes, wrt, node } = subject;
  const back = wrt.length === 1 && left.axes > 0;
  if (!back && wrt.length === 1) return [];
  const last = wrt.length - 1;
  const sorted = (test: (of: 'output' | number) => boolean): number[] =>
    axes
      .map((_, i) => i)
      .filter((i) => test(axes[i]!.of))
      .sort((x, y) => rank(axes[x]!.of) - rank(axes[y]!.of) || axes[x]!.axis - axes[y]!.axis);
  const rank = (of: 'output' | number): number => (of === 'output' ? -1 : of);
  const inputs = sorted((of) => of === last);
  const rest = sorted((of) => of !== last);
  const [over, out] = back ? [rest, inputs] : [inputs, rest];
  const shape = over.map((i) => axes[i]!.size);
  const check = stepCheck();
  const x = wrt[last]!;
  const loss = ['L', 'ℓ', 'J', 'E'].find((l) => !t.taken.has(l)) ?? 'loss';
  const incoming: Left = back
    ? { of: loss, axes: 0, by: [{ name: left.of, axes: left.axes }] }
    : { of: `Δ${x}`, axes: shape.length, by: [] };
  const outLeft: Left = back
    ? { of: loss, axes: 0, by: [{ name: x, axes: inputs.length }] }
    : { of: 'Δ', axes: out.length, by: [] };
  const value = arbitrary(t, shape);
  const G = symbolFor(t, incoming, shape, value);
  if (!G) return [];
  const labels = axes.map((_, i) => i);
  const pieces = node.kind === 'sum' && node.terms.length > 1 ? node.terms : [{ coefficient: one, node }];
  const made = b.sum(
    pieces.map((p) => ({
      coefficient: p.coefficient,
      node: b.contract(
        [
          { node: p.node, labels },
          { node: G, labels: over },
        ],
        out,
      ),
    })),
    out.map((i) => axes[i]!.size),
  );
  const after = formula(t, outLeft, made, check);
  const [D, g, m] = [t.checker.value(node, check), t.checker.value(G, check), t.checker.value(made, check)];
  if (D && g) t.checker.compare('the full array contracted', contractDense(D, g, over, out), m, check);
  const ours = printLeft(t, left);
  const shownLeft: Printed = back
    ? after.left
    : {
        text: `Δ(${prior(t, left).text})`,
        unicode: `Δ(${prior(t, left).unicode})`,
        latex: `\\Delta\\!\\left(${prior(t, left).latex}\\right)`,
      };
  const condensed = condensation.terms.length === 1 ? 'the condensed array' : 'the small arrays';
  return [
    {
      kind: 'use',
      ...rule(
        back ? 'link rule' : new Set(wrt).size === 1 ? 'Hessian times a step' : 'derivative times a step',
        back ? `∂${loss}/∂${x} = Σ ∂${left.of}/∂${x} · ∂${loss}/∂${left.of}` : 'Δ(gradient) ≈ Hessian · Δx',
      ),
      why: back
        ? `In a chain, sum over the entries of ${left.of}; the zeros drop out, and ${condensed} together with ∂${loss}/∂${left.of} ${condensation.terms.length === 1 ? 'gives' : 'give'} all of ∂${loss}/∂${x}.`
        : `A step Δ${x} changes ${prior(t, left).unicode} by this product, which never needs the full array.`,
      hint: back
        ? `Some loss ${loss} depends on ${left.of}. What is ∂${loss}/∂${x}, and does its shape fit ${x}?`
        : `How does ${prior(t, left).unicode} change when ${x} takes a small step?`,
      definitions: [],
      before: {
        ...fromTree(t, ours, { assignments: [], value: nameExpr(ours.text) }, subject.node.shape, false),
        value: ours,
        factors: [{ unicode: ours.unicode }],
        factorsLatex: ours.latex,
      },
      summands: [],
      after: back ? after : { ...strip(after), left: shownLeft },
      check: verdict(check),
    },
  ];
}

const prior = (t: Teller, left: Left): Printed => printLeft(t, { ...left, by: left.by.slice(0, -1) });

/** Values for an incoming derivative. */
function arbitrary({ checker }: Teller, shape: readonly Size[]) {
  const sizes = shape.map((s) =>
    typeof s === 'number' ? s : s.split('*').reduce((n, p) => n * (checker.sizes.get(p) ?? Number(p)), 1),
  );
  const count = sizes.reduce((a, s) => a * s, 1);
  if (!(count <= 200_000)) return undefined;
  return { shape: sizes, data: Float64Array.from({ length: count }, (_, i) => Math.cos(1 + 1.7 * i)) };
}

/** Σ over the axes `over` of a dense array with g; what is left in the order `out`. */
function contractDense(
  a: { shape: readonly number[]; data: Float64Array },
  g: { shape: readonly number[]; data: Float64Array },
  over: readonly number[],
  out: readonly number[],
) {
  const shape = out.map((i) => a.shape[i]!);
  const data = new Float64Array(shape.reduce((n, s) => n * s, 1));
  const index = new Array<number>(a.shape.length).fill(0);
  const at = (axes: readonly number[]): number => axes.reduce((offset, i) => offset * a.shape[i]! + index[i]!, 0);
  for (let i = 0; i < a.data.length; i++) {
    data[at(out)]! += a.data[i]! * g.data[at(over)]!;
    for (let k = a.shape.length - 1; k >= 0; k--) {
      if (++index[k]! < a.shape[k]!) break;
      index[k] = 0;
    }
  }
  return { shape, data };
}
