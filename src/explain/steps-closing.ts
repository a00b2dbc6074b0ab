import { one } from '../base/rational.ts';
import { type Size, shapeText } from '../shape/size.ts';
import { type Condensation, type CondensedTerm, condense, storedEntries } from '../simplify/condense.ts';
import { type Expr, name as nameExpr } from '../syntax/expr.ts';
import type { Node, Operand } from '../tensor/node.ts';
import { type StepCheck, stepCheck, verdict } from './steps-check.ts';
import {
  entryOf,
  formula,
  fromTree,
  type Left,
  printed,
  printLeft,
  shapeLabel,
  symbolFor,
  type Teller,
} from './steps-formula.ts';
import { indexView, pairLetters } from './steps-index.ts';
import type { Told } from './steps-level.ts';
import type { BlockPicture, Formula, Printed } from './steps-types.ts';
import type { Subject } from './subject.ts';

/** The axis of a derivative in words: `axis 1 of W`. */
const axisWords = ({ axes }: Subject, axis: number): string => {
  const a = axes[axis]!;
  const alone = axes.filter((other) => other.of === a.of).length === 1;
  return alone ? a.name : `axis ${a.axis + 1} of ${a.name}`;
};

interface Closing {
  readonly t: Teller;
  readonly left: Left;
  readonly condensation: Condensation;
  /** The letter of each axis of the derivative, in its layout. */
  readonly letters: readonly string[];
  readonly result: Formula;
}

/**
 * What the notes do with a derivative that is mostly zeros and copies: its entries by cases, the picture of its blocks,
 * the zeros and the copies left out, and how it is used from then on. Empty when there is nothing to leave out.
 */
export function tellCondensing(t: Teller, left: Left, result: Formula): readonly Told[] {
  const { subject } = t;
  const condensation = condense(subject.builder, subject.node);
  const { terms } = condensation;
  const drops = terms.some(
    (term) =>
      term.deltas.length + term.repeated.length + term.fixed.length > 0 ||
      (term.cores.length > 1 && subject.axes.length > 2),
  );
  if (!drops || terms.length === 0 || terms.length > 6) return [];
  const inputs = subject.axes.filter((a) => a.of !== 'output').length;
  const chosen = pairLetters(inputs, left.axes, t.taken);
  const before = (of: number): number => left.by.slice(0, of).reduce((n, b) => n + b.axes, 0);
  const letters = subject.axes.map((a) =>
    a.of === 'output' ? chosen.outputs[a.axis]! : chosen.inputs[before(a.of) + a.axis]!,
  );
  const closing: Closing = { t, left, condensation, letters, result };
  return [
    ...entries(closing),
    ...blocks(closing),
    ...zeros(closing),
    ...repeats(closing),
    ...cores(closing),
    ...use(closing),
  ];
}

const both = (unicode: string, latex: string): Printed => ({ text: unicode, unicode, latex });

/** `∂Zⱼ/∂Wᵢₖ` */
function entryLeft({ t, left, letters }: Closing): Printed {
  const { axes } = t.subject;
  const of = (which: 'output' | number): string[] =>
    axes
      .map((a, i) => ({ ...a, letter: letters[i]! }))
      .filter((a) => a.of === which)
      .sort((a, c) => a.axis - c.axis)
      .map((a) => a.letter);
  const inputs = left.by.flatMap((_, k) => of(k));
  return both(entryOf(t, left, of('output'), inputs, 'unicode'), entryOf(t, left, of('output'), inputs, 'latex'));
}

/** The product of a term's cores at the letters of its axes. */
function coreEntry({ t, letters }: Closing, term: CondensedTerm): Printed {
  const b = t.subject.builder;
  const node = b.contract(
    term.cores.map((c) => ({ node: c.node, labels: c.axes })),
    [...new Set(term.cores.flatMap((c) => c.axes))].sort((x, y) => x - y),
  );
  const axes = [...new Set(term.cores.flatMap((c) => c.axes))].sort((x, y) => x - y);
  const view = indexView(
    { builder: b, taken: new Set([...t.taken, ...letters]) },
    node,
    axes.map((a) => letters[a]!),
  );
  return view ? both(view.unicode, view.latex) : both('(long)', '\\ldots');
}

const together = (d: readonly number[], letters: readonly string[]): string[] => d.map((a) => letters[a]!).sort();

const isSum = (text: string): boolean => / [+−-] /.test(text.replace(/\([^()]*\)/g, ''));

/** Entry by entry, with the condition under which it is not zero. */
function caseSplit(c: Closing): { readonly value: Printed; readonly conditional: boolean } {
  const { condensation, letters } = c;
  const parts = condensation.terms.map((term) => {
    const core = coreEntry(c, term);
    const equal = [
      ...term.deltas.map((d) => together(d, letters).join(' = ')),
      ...term.fixed.map((f) => `${letters[f.axis]!} = ${f.at}`),
    ];
    const unequal = [
      ...term.deltas.map((d) =>
        d.length === 2 ? together(d, letters).join(' ≠ ') : `not ${together(d, letters).join(' = ')}`,
      ),
      ...term.fixed.map((f) => `${letters[f.axis]!} ≠ ${f.at}`),
    ];
    return { core, equal, unequal };
  });
  const conditional = parts.some((p) => p.equal.length > 0);
  const tex = (text: string): string =>
    text
      .replaceAll('≠', '\\neq')
      .replaceAll(' and ', ' \\text{ and } ')
      .replaceAll(' or ', ' \\text{ or } ')
      .replaceAll('not ', '\\text{not } ');
  if (parts.length === 1 && conditional) {
    const { core, equal, unequal } = parts[0]!;
    const [yes, no] = [equal.join(' and '), unequal.join(' or ')];
    return {
      conditional,
      value: both(
        `${core.unicode} if ${yes}, 0 if ${no}`,
        `\\begin{cases} ${core.latex} & \\text{if } ${tex(yes)} \\\\ 0 & \\text{if } ${tex(no)} \\end{cases}`,
      ),
    };
  }
  const unicode = parts.map(({ core, equal }) =>
    equal.length === 0 ? core.unicode : `(${core.unicode} if ${equal.join(' and ')}, else 0)`,
  );
  const latex = parts.map(({ core, equal }) =>
    equal.length === 0
      ? isSum(core.unicode)
        ? `\\left(${core.latex}\\right)`
        : core.latex
      : `\\begin{cases} ${core.latex} & \\text{if } ${tex(equal.join(' and '))} \\\\ 0 & \\text{otherwise} \\end{cases}`,
  );
  return { conditional, value: both(unicode.join(' + ').replaceAll('+ −', '− '), latex.join(' + ')) };
}

/** A formula that is told entry by entry: its tree is that of the whole derivative. */
function entryFormula(c: Closing, value: Printed): Formula {
  const left = entryLeft(c);
  return {
    ...c.result,
    left,
    value,
    where: [],
    shape: [],
    factors: [{ unicode: value.unicode }],
    factorsLatex: value.latex,
    index: { unicode: `${left.unicode} = ${value.unicode}`, latex: `${left.latex} = ${value.latex}` },
  };
}

const rule = (name: string, statement: string) => ({ rule: name, rules: [{ name, statement }] });

/** The condensed terms put together again, compared with the derivative itself. */
function rebuilt({ t, condensation }: Closing): StepCheck {
  const { builder: b, node } = t.subject;
  const check = stepCheck();
  const all = condensation.shape.map((_, i) => i);
  const terms = condensation.terms.map((term) => {
    const operands: Operand[] = [
      ...term.cores.map((c) => ({ node: c.node, labels: c.axes })),
      ...term.deltas.map((d) => ({ node: b.delta(condensation.shape[d[0]!]!, d.length), labels: d })),
      ...term.repeated.map((a) => ({ node: b.delta(condensation.shape[a]!, 1), labels: [a] })),
      ...term.fixed.map((f) => ({ node: b.unit(condensation.shape[f.axis]!, f.at), labels: [f.axis] })),
    ];
    return { coefficient: one, node: b.contract(operands, all) };
  });
  const [a, d] = [t.checker.value(b.sum(terms, condensation.shape), check), t.checker.value(node, check)];
  t.checker.compare('put together again', a, d, check);
  return check;
}

function entries(c: Closing): readonly Told[] {
  const { value, conditional } = caseSplit(c);
  if (!conditional) return [];
  const after = entryFormula(c, value);
  return [
    {
      kind: 'entries',
      ...rule('entry by entry', 'δᵢⱼ = 1 if i = j, 0 if i ≠ j'),
      why: 'A δ is 1 where its indices agree and 0 elsewhere: where they differ, the one entry has no effect on the other.',
      hint: 'For which indices is the entry zero?',
      definitions: [],
      before: c.result,
      summands: [],
      after,
      check: verdict(rebuilt(c)),
    },
  ];
}

/** The one term with the one δ between two axes that a block picture can show. */
function pictured({ condensation }: Closing): { term: CondensedTerm; pair: readonly [number, number] } | undefined {
  const [term, ...others] = condensation.terms;
  if (!term || others.length > 0 || term.fixed.length > 0 || condensation.shape.length > 4) return undefined;
  const delta = term.deltas.find((d) => d.length === 2);
  return delta ? { term, pair: [Math.min(...delta), Math.max(...delta)] } : undefined;
}

/** How many diagonal entries are named one by one before an ellipsis. */
const mostShown = 4;

function pictureOf(c: Closing): BlockPicture | undefined {
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

function blocks(c: Closing): readonly Told[] {
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

/** The derivative with some of its axes left out, by its own name. */
function withoutAxes(c: Closing, term: CondensedTerm, dropped: readonly number[], check: StepCheck): Formula {
  const { t, condensation, left } = c;
  const b = t.subject.builder;
  const axes = condensation.shape.map((_, i) => i).filter((i) => !dropped.includes(i));
  const alias = new Map(
    term.deltas.flatMap((d) => d.map((a) => [a, d.find((x) => !dropped.includes(x)) ?? d[0]!] as const)),
  );
  const operands: Operand[] = [
    ...term.cores.map((core) => ({ node: core.node, labels: core.axes.map((a) => alias.get(a) ?? a) })),
    ...axes
      .filter((a) => !term.cores.some((core) => core.axes.some((x) => (alias.get(x) ?? x) === a)))
      .map((a) => ({ node: b.delta(condensation.shape[a]!, 1), labels: [a] })),
  ];
  const node = b.contract(operands, axes);
  return { ...formula(t, { of: '', axes: node.shape.length, by: [] }, node, check), left: { ...printLeft(t, left) } };
}

/** Axes that the first redundancy leaves out: all but one of each group of axes that must agree. */
const zeroAxes = (term: CondensedTerm): readonly number[] =>
  term.deltas.flatMap((d) => {
    const kept = d.find((a) => term.cores.some((core) => core.axes.includes(a))) ?? Math.min(...d);
    return d.filter((a) => a !== kept);
  });
const copiedAxes = (term: CondensedTerm): readonly number[] => [
  ...term.repeated,
  ...term.deltas
    .filter((d) => !d.some((a) => term.cores.some((core) => core.axes.includes(a))))
    .map((d) => Math.min(...d)),
];

function zeros(c: Closing): readonly Told[] {
  const [term, ...others] = c.condensation.terms;
  if (!term || others.length > 0 || term.deltas.length === 0) return [];
  const check = rebuilt(c);
  const after = strip(withoutAxes(c, term, zeroAxes(term), check));
  const picture = pictureOf(c);
  return [
    {
      kind: 'zeros',
      ...rule('redundancy: zeros off the diagonal', 'entries whose indices differ are all 0'),
      why: `Every element off the diagonal is zero, so it is enough to keep the diagonal: ${shapeText(c.condensation.shape)} entries become ${shapeText(after.shape)}.`,
      hint: 'Which part of the picture holds no information?',
      definitions: [],
      before: c.result,
      summands: [],
      after,
      ...(picture ? { picture } : {}),
      check: verdict(check),
    },
  ];
}

/** The index equation of a condensed derivative would have axes that the derivative does not: left out. */
const strip = ({ index: _, ...rest }: Formula): Formula => rest;

function repeats(c: Closing): readonly Told[] {
  const [term, ...others] = c.condensation.terms;
  if (!term || others.length > 0) return [];
  const copied = copiedAxes(term);
  if (copied.length === 0) return [];
  const check = rebuilt(c);
  const before = term.deltas.length > 0 ? strip(withoutAxes(c, term, zeroAxes(term), check)) : c.result;
  const after = strip(withoutAxes(c, term, [...zeroAxes(term), ...copied], check));
  const picture = term.deltas.length === 1 ? pictureOf(c) : undefined;
  const n = copied.map((a) => String(c.condensation.shape[a]!)).join('·');
  return [
    {
      kind: 'repeats',
      ...rule('redundancy: the same block again', 'equal blocks are kept once'),
      why: `The same ${after.value.unicode} stands there ${n} times, so it is kept once; this loses nothing, because the rule that puts it back is known.`,
      hint: 'What do the elements on the diagonal have in common?',
      definitions: [],
      before,
      summands: [],
      after,
      ...(picture ? { picture } : {}),
      check: verdict(check),
    },
  ];
}

/** An outer product, or several terms: the small arrays that are kept. */
function cores(c: Closing): readonly Told[] {
  const { t, condensation } = c;
  if (condensation.terms.length === 1 && condensation.terms[0]!.cores.length < 2) return [];
  const check = rebuilt(c);
  const kept = condensation.terms.flatMap((term) => term.cores.filter((core) => core.axes.length > 0));
  const shown = [...new Map(kept.map((core) => [core.node, core] as const)).values()];
  if (shown.length === 0) return [];
  const list = shown.map((core) =>
    formula(t, { of: '', axes: core.node.shape.length, by: [] }, core.node, undefined, false),
  );
  const plain = (f: Formula): string => `${f.value.unicode}${f.shape.length > 0 ? ` ${shapeLabel(f.shape)}` : ''}`;
  const counted = storedEntries(t.subject.builder, condensation)
    .map((s) => shapeText([s]))
    .join(' + ');
  return [
    {
      kind: 'cores',
      ...rule('keep the factors', 'an outer product is stored as its factors'),
      why: `Every entry is made of the entries of ${list.map(plain).join(' and ')}: ${counted} numbers instead of ${shapeText(condensation.shape)}.`,
      hint: 'Which small arrays are enough to write down every entry?',
      definitions: [],
      before: c.result,
      summands: [],
      after: c.result,
      check: verdict(check),
    },
  ];
}

/** How the derivative is used: an incoming ∂L/∂output goes back, or a step Δx goes on. */
function use({ t, left, condensation }: Closing): readonly Told[] {
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
        back ? 'link rule' : 'Hessian times a step',
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
