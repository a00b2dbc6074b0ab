import { shapeText } from '../shape/size.ts';
import { type CondensedTerm, condense, storedEntries } from '../simplify/condense.ts';
import type { Node, Operand } from '../tensor/node.ts';
import { blocks, pictureOf } from './steps-blocks.ts';
import { type StepCheck, verdict } from './steps-check.ts';
import { both, type Closing, rebuilt, rule, strip } from './steps-condensed.ts';
import { formula } from './steps-formula.ts';
import { indexView, pairLetters } from './steps-index.ts';
import type { Told } from './steps-level.ts';
import { entryOf, type Left, printLeft, shapeLabel, type Teller } from './steps-names.ts';
import type { Formula, Printed } from './steps-types.ts';
import { use } from './steps-use.ts';

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

/** Cases longer than this are not read any more. */
const longestCases = 160;

function entries(c: Closing): readonly Told[] {
  const { value, conditional } = caseSplit(c);
  if (!conditional || value.unicode.length > longestCases) return [];
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
  // The same array with another factor in front is stored once.
  const bare = (n: Node): Node => (n.kind === 'sum' && n.terms.length === 1 ? n.terms[0]!.node : n);
  const shown = [...new Set(kept.map((core) => bare(core.node)))];
  if (shown.length === 0) return [];
  const list = shown.map((node) => formula(t, { of: '', axes: node.shape.length, by: [] }, node, undefined, false));
  const plain = (f: Formula): string => `${f.value.unicode}${f.shape.length > 0 ? ` ${shapeLabel(f.shape)}` : ''}`;
  const counted = storedEntries(t.subject.builder, condensation)
    .map((s) => shapeText([s]))
    .join(' + ');
  return [
    {
      kind: 'cores',
      ...rule('keep the factors', 'an outer product is stored as its factors'),
      why: `Every entry is made of the entries of ${list.length > 4 ? `${list.length} smaller arrays` : list.map(plain).join(' and of ')}: ${counted} numbers instead of ${shapeText(condensation.shape)}.`,
      hint: 'Which small arrays are enough to write down every entry?',
      definitions: [],
      before: c.result,
      summands: [],
      after: c.result,
      check: verdict(check),
    },
  ];
}
