import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import type { Layout } from '../calculus/layout.ts';
import { type Size, shapeText, sizeProduct, productText as sizeText } from '../shape/size.ts';
import { type CondensedTerm, type Core, condense } from '../simplify/condense.ts';
import { generalEntry, ruleOf } from './entry.ts';
import { casesFormula, splitCases } from './entry-cases.ts';
import { type Formula, type Index, isZeroFormula, type Prose } from './entry-formula.ts';
import { lettersOf, type PrintedNames, partialAt, printedNames, wholePartial } from './entry-names.ts';
import { entryCell, type Fate, type GridCell, type GridOptions, sizeOfAxis, valuesAt } from './labelled-grid.ts';
import type { Subject } from './subject.ts';
import { expandCheck, type KeptPart, keptPart, type NumericCheck } from './tensor-condensed.ts';
import { heldSides, layStack, type Stack, stackSides } from './tensor-stack.ts';
import { productWords, repeatWords, uncarried, zeroWords } from './tensor-words.ts';

/** A part that is kept, with its entries laid out; each entry says in its fate by which name it is read. */
export interface CollapsedPart extends KeptPart {
  readonly stack: Stack;
}

/** One stage of a collapse: what has just gone, and how many entries are left. */
export interface CollapseStage {
  readonly kind: 'full' | 'zeros' | 'repeats' | 'condensed';
  readonly words: readonly Prose[];
  /** `m·n`, `36`. */
  readonly left: string;
}

/**
 * How a derivative collapses into its condensed form: every entry of one summand with what becomes of it, and the stages
 * from the full array to what is kept. A summand of which nothing vanishes has the first stage alone.
 */
export interface CollapseView {
  readonly kind: 'collapse';
  readonly layout: Layout;
  readonly names: PrintedNames;
  readonly partial: Formula;
  /** How many summands collapse one by one, and which of them this is, from 1. */
  readonly summands: number;
  readonly summand: number;
  readonly stack: Stack;
  readonly stages: readonly CollapseStage[];
  readonly parts: readonly CollapsedPart[];
  /** The rule that gives every entry back; of several summands each has its own. */
  readonly rule: Formula;
  /** All summands put together from their parts, against the derivative evaluated as a whole. */
  readonly check?: NumericCheck;
}

export interface CollapseOptions extends GridOptions {
  /** Which summand, from 1. */
  readonly summand?: number;
  /** Seed of the random point of the check. */
  readonly seed?: number;
}

/** Errors: `usage/summand` for a summand that is not there. */
export function collapseView(s: Subject, options: CollapseOptions, budget: Budget): CollapseView {
  const condensed = condense(s.builder, s.node).terms;
  // A derivative that is zero has no summands.
  const nothing = { node: s.node, cores: [], deltas: [], repeated: [], fixed: [] };
  const terms = condensed.length === 0 ? [nothing] : condensed;
  const { summand = 1 } = options;
  const term = terms[summand - 1];
  if (!term)
    fail('usage/summand', `this derivative has ${terms.length === 1 ? 'one summand' : `${terms.length} summands`}`);
  const own: Subject = { ...s, node: term.node };
  const values = valuesAt(own, options.scope, budget);
  const judge = createJudge(term, options);
  const check = expandCheck(s, condensed, options.seed ?? 1, budget);
  return {
    kind: 'collapse',
    layout: s.layout,
    names: printedNames(s),
    partial: wholePartial(s),
    summands: terms.length,
    summand,
    stack: layStack(own, stackSides(own), options, (at) => ({ ...entryCell(own, at, values), fate: judge(at) })),
    stages: stagesOf(own, term, options),
    parts: term.cores.map((core, k) => partOf(own, term, core, k, options, budget)),
    rule: terms.length === 1 ? ruleOf(s) : casesFormula(splitCases(generalEntry(own, lettersOf(own)))),
    ...(check ? { check } : {}),
  };
}

/** The name under which an entry of the n-th part is read. */
const readName = (part: number, { axes }: Core, at: ReadonlyMap<number, Index>): string =>
  `${part + 1}:${axes.map((a) => at.get(a)).join(',')}`;

/** Judges one entry after the other, in the order in which they are laid out: the first of equal ones is kept. */
function createJudge(term: CondensedTerm, { scope }: GridOptions): (at: ReadonlyMap<number, Index>) => Fate {
  const seen = new Set<string>();
  /** The one place of an axis that is not zero; `undefined` where that is an index without a number. */
  const only = (at: number | string): Index | undefined => (typeof at === 'number' ? at : scope?.indices?.get(at));
  return (at) => {
    if (term.cores.length === 0) return { kind: 'zero' };
    if (term.deltas.some((group) => group.some((axis) => at.get(axis) !== at.get(group[0]!)))) return { kind: 'zero' };
    const fixed = term.fixed.map((f) => ({ place: at.get(f.axis), only: only(f.at) }));
    if (fixed.some((f) => f.only !== undefined && f.place !== f.only)) return { kind: 'zero' };
    if (fixed.some((f) => f.only === undefined)) return { kind: 'open' };
    const reads = term.cores.map((core, k) => readName(k, core, at));
    const key = reads.join(' ');
    const kind = seen.has(key) ? 'repeat' : 'kept';
    seen.add(key);
    return { kind, reads };
  };
}

function partOf(
  s: Subject,
  term: CondensedTerm,
  core: Core,
  k: number,
  options: GridOptions,
  budget: Budget,
): CollapsedPart {
  const letters = lettersOf(s);
  const own: Subject = { ...s, node: core.node, axes: core.axes.map((a) => s.axes[a]!) };
  const values = valuesAt(own, options.scope, budget);
  const tied = (axis: number): readonly number[] => term.deltas.find((group) => group.includes(axis)) ?? [axis];
  const [row, column, ...held] = core.axes;
  const one = (axis: number | undefined): readonly number[] => (axis === undefined ? [] : [axis]);
  const cell = (at: ReadonlyMap<number, Index>): GridCell => {
    const places = core.axes.map((a) => at.get(a)!);
    const formula = generalEntry(own, places);
    const value = values?.at(places);
    return {
      kind: 'entry',
      // The entries that read this one: letters where it is the same for all places, equal ones where these agree.
      partial: partialAt(
        s,
        letters.map((_, a) => at.get(a) ?? term.fixed.find((f) => f.axis === a)?.at ?? letters[tied(a)[0]!]!),
      ),
      formula,
      zero: isZeroFormula(formula),
      ...(value === undefined ? {} : { value }),
      fate: { kind: 'kept', reads: [readName(k, core, at)] },
    };
  };
  const sides = { rows: one(row), columns: one(column), ...heldSides(held) };
  return { ...keptPart(s, core), stack: layStack(s, sides, options, cell, tied) };
}

/** The stages that change something, each with how many entries it leaves. */
function stagesOf(s: Subject, term: CondensedTerm, { scope }: GridOptions): readonly CollapseStage[] {
  const count = (axes: readonly number[]): Size => sizeProduct(...axes.map((a) => sizeOfAxis(s, a, scope)));
  const all = s.axes.map((_, k) => k);
  const empty = term.cores.length === 0;
  const dropped = new Set([...term.deltas.flatMap((group) => group.slice(1)), ...term.fixed.map((f) => f.axis)]);
  const repeated = new Set([...term.repeated, ...uncarried(term).map((group) => group[0]!)]);
  const nonzero = all.filter((a) => !dropped.has(a));
  const different = nonzero.filter((a) => !repeated.has(a));
  const stages: CollapseStage[] = [];
  if (empty || dropped.size > 0) {
    const left = empty ? 0 : count(nonzero);
    stages.push({
      kind: 'zeros',
      left: sizeText(left),
      words: [
        ...(empty ? [['Every entry is zero, so nothing is kept.']] : zeroWords(s, term)),
        [vanishedText(count(all), left)],
      ],
    });
  }
  if (!empty && repeated.size > 0) {
    const left = count(different);
    stages.push({
      kind: 'repeats',
      left: sizeText(left),
      words: [...repeatWords(s, term), [repeatedText(count(nonzero), left)]],
    });
  }
  if (!empty && (stages.length > 0 || term.cores.length > 1))
    stages.push({
      kind: 'condensed',
      left: sumText(term.cores.map((core) => count(core.axes))),
      words: [...productWords(s, term), keptWords(s, term, scope)],
    });
  const full = sizeText(count(all));
  const first: Prose = [stages.length > 0 ? `Written out it has ${entriesText(full)}.` : nothingText(s)];
  return [{ kind: 'full', left: full, words: [first] }, ...stages];
}

const entriesText = (count: string): string => (count === '1' ? '1 entry' : `${count} entries`);
const leftText = (count: Size): string => `${sizeText(count)} ${count === 1 ? 'is' : 'are'} left`;

const vanishedText = (all: Size, left: Size): string =>
  typeof all === 'number' && typeof left === 'number'
    ? `${all - left} of ${all} entries are zero and vanish; ${leftText(left)}.`
    : `Of ${sizeText(all)} entries ${leftText(left)}; the others are zero and vanish.`;

const repeatedText = (all: Size, left: Size): string =>
  typeof all === 'number' && typeof left === 'number'
    ? `${all - left} of these ${all} entries are equal to one that is kept; ${leftText(left)}.`
    : `Of these ${sizeText(all)} entries ${leftText(left)}; each of the others is equal to one of them.`;

/** `m + n`; a number where all are numbers. */
const sumText = (sizes: readonly Size[]): string =>
  sizes.every((size) => typeof size === 'number')
    ? String(sizes.reduce((sum, size) => sum + size, 0))
    : sizes.map(sizeText).join(' + ');

/** A sum with one full summand is kept as it is, though other summands alone would be smaller. */
const nothingText = (s: Subject): string =>
  s.node.kind === 'sum' && s.node.terms.length > 1
    ? 'It is a sum of which one summand fills the whole array. So nothing collapses: every entry counts.'
    : 'Nothing collapses: every entry counts.';

const keptWords = (s: Subject, term: CondensedTerm, scope: GridOptions['scope']): Prose => [
  'What is kept: ',
  ...term.cores.flatMap((core, k): Prose => {
    const shape = core.axes.map((a) => sizeOfAxis(s, a, scope));
    const words =
      shape.length === 0 ? 'a number' : shape.length === 1 ? entriesText(sizeText(shape[0]!)) : shapeText(shape);
    return [k === 0 ? '' : ' and ', keptPart(s, core).value, `, ${words}`];
  }),
  '.',
];
