import type { CondensedTerm } from '../simplify/condense.ts';
import type { Expr } from '../syntax/expr.ts';
import type { Node, Operand } from '../tensor/node.ts';
import { verdict } from './steps-check.ts';
import { axisWords, both, type Closing, rebuilt, rule } from './steps-condensed.ts';
import { formula } from './steps-formula.ts';
import { indexView } from './steps-index.ts';
import type { Told } from './steps-level.ts';
import { printed, shapeLabel, type Teller } from './steps-names.ts';
import type { BlockPicture, Printed } from './steps-types.ts';

/** The one term with the one δ between two axes that a block picture can show. */
function pictured({ condensation }: Closing): { term: CondensedTerm; pair: readonly [number, number] } | undefined {
  const [term, ...others] = condensation.terms;
  if (!term || others.length > 0 || term.fixed.length > 0 || condensation.shape.length > 4) return undefined;
  const delta = term.deltas.find((d) => d.length === 2);
  return delta ? { term, pair: [Math.min(...delta), Math.max(...delta)] } : undefined;
}

/** How many diagonal entries are named one by one before an ellipsis. */
const mostShown = 4;

export function pictureOf(c: Closing): BlockPicture | undefined {
  const found = pictured(c);
  if (!found) return undefined;
  const { t, condensation, letters } = c;
  const { term, pair } = found;
  const b = t.subject.builder;
  const others = condensation.shape.map((_, i) => i).filter((i) => !pair.includes(i));
  const varies = term.cores.some((core) => core.axes.some((a) => pair.includes(a)));
  const deltas = term.deltas.filter((d) => !(d.length === 2 && d.includes(pair[0]) && d.includes(pair[1])));
  const shape = others.map((i) => condensation.shape[i]!);
  const blockAt = (at: number | string): Printed => {
    const operands: Operand[] = [
      ...term.cores.map((core) => ({ node: core.node, labels: core.axes.map((a) => (a === pair[1] ? pair[0] : a)) })),
      ...deltas.map((d) => ({
        node: b.delta(condensation.shape[d[0]!]!, d.length),
        labels: d.map((a) => (a === pair[1] ? pair[0] : a)),
      })),
      ...others
        .filter((i) => !term.cores.some((core) => core.axes.includes(i)) && !deltas.some((d) => d.includes(i)))
        .map((i) => ({ node: b.delta(condensation.shape[i]!, 1), labels: [i] })),
    ];
    if (!varies) return printed(t, trees(t, b.contract(operands, others)));
    const node = b.contract(operands, [pair[0], ...others]);
    if (others.length === 0) {
      const view = indexView({ builder: b, taken: t.taken }, node, [String(at)]);
      return view ? both(view.unicode, view.latex) : both('*', '*');
    }
    const body = trees(t, node);
    const p = printed(t, body);
    return both(`[${p.unicode}]_${at}`, `\\left[${p.latex}\\right]_{${at}}`);
  };
  const size = condensation.shape[pair[0]]!;
  const count = typeof size === 'number' ? size : undefined;
  const places: (number | string)[] =
    count !== undefined && count <= mostShown ? Array.from({ length: count }, (_, i) => i + 1) : [1, 2, size];
  const label = (axis: number): Printed => {
    const a = t.subject.axes[axis]!;
    return both(`${axisWords(t.subject, axis)}, ${letters[axis]}`, `\\text{${a.name}}, ${letters[axis]}`);
  };
  const zero = shape.length === 0 ? both('0', '0') : shape.length === 1 ? both('0⃗', '\\vec{0}') : both('0', 'O');
  return {
    rows: { label: label(pair[0]), size },
    columns: { label: label(pair[1]), size: condensation.shape[pair[1]]! },
    diagonal: places.map(blockAt),
    varies,
    zero,
    shape,
  };
}

const trees = (t: Teller, node: Node): Expr =>
  formula(t, { of: '', axes: node.shape.length, by: [] }, node, undefined, false).tree.value;

export function blocks(c: Closing): readonly Told[] {
  const picture = pictureOf(c);
  if (!picture) return [];
  const { subject } = c.t;
  const { pair } = pictured(c)!;
  const block = picture.shape.length === 0 ? 'a number' : `an array of shape ${shapeLabel(picture.shape)}`;
  return [
    {
      kind: 'blocks',
      ...rule('block picture', 'one block for each pair of indices'),
      why: `One row for each index ${c.letters[pair[0]]} (${axisWords(subject, pair[0])}), one column for each index ${c.letters[pair[1]]} (${axisWords(subject, pair[1])}); each block is ${block}.`,
      hint: 'Draw the derivative as a matrix whose entries may be arrays: which of them are zero?',
      definitions: [],
      before: c.result,
      summands: [],
      after: c.result,
      picture,
      check: verdict(rebuilt(c)),
    },
  ];
}
