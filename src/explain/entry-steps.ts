import { differentiate } from '../calculus/accumulate.ts';
import { notate } from '../notation/derivative.ts';
import { printUnicode } from '../notation/print/unicode.ts';
import { name as nameExpr } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { activeSet, type EntryStep, generalEntry } from './entry.ts';
import { casesFormula, splitCases } from './entry-cases.ts';
import { contractDeltas } from './entry-contract.ts';
import { type Differential, differentialFormula, type Leaf, leavesOf } from './entry-differential.ts';
import {
  arrayFormula,
  type Case,
  equalsFormula,
  type Formula,
  formulaLength,
  hasRanges,
  type Index,
  indexFormula,
  oneFormula,
  type Prose,
  productFormula,
  zeroFormula,
} from './entry-formula.ts';
import { axesOfArray } from './entry-names.ts';
import { deltaFormula, entryOf, largestWritten, type Writing, writeEntry, writtenSize } from './entry-write.ts';
import { formulaText } from './render/formula.ts';
import type { Subject } from './subject.ts';

/** What the steps lead to. */
export interface Found {
  readonly value: Formula;
  readonly cases: readonly Case[];
  readonly rule: Formula;
  readonly whole: Formula;
}

/** A written-out entry with more parts than this keeps its intermediates by name. */
const mostParts = 28;
/** An output with more nodes than this is not written out in entries at all. */
const mostNodes = 400;
/** One with fewer is, however long its derivative. */
const mostShort = 60;
/** Intermediates whose own derivatives are listed. */
const mostNamed = 8;

/**
 * The general entry found on paper: write one entry of the output as a sum, differentiate it term by term, see which
 * terms are zero, collect what is left, recognise the matrix.
 */
export function entrySteps(s: Subject, letters: readonly string[], found: Found): readonly EntryStep[] {
  const last = s.wrt.length - 1;
  const before = s.raw.levels[last]!;
  const variable = s.variables[last]!;
  const active = activeSet(before, variable);
  // Letters of the output's axes and of the earlier inputs, in the engine's order; then those of the last input.
  const arrays: ('output' | number)[] = ['output', ...s.wrt.map((_, k) => k)];
  const placesOf = (of: 'output' | number): string[] => axesOfArray(s, of).map((k) => letters[k]!);
  const outer = arrays.slice(0, -1).flatMap(placesOf);
  const inner = placesOf(last);
  const left = leftSide(s, placesOf);
  if (active.size === 0)
    return [
      {
        title: `${s.wrt[last]} does not occur`,
        words: ['No entry depends on ', arrayFormula(nameExpr(s.wrt[last]!)), ', so every derivative is zero.'],
        formulas: [found.rule],
      },
    ];

  const writing = (inline: boolean): Writing => ({
    builder: s.builder,
    taken: s.taken,
    scope: letters,
    apart: (node) => active.has(node),
    inline: (node) => node === before || (inline && active.has(node)),
  });
  const wanted = { name: s.wrt[last]!, indices: inner };
  const partialLeaf = ({ node, indices }: Leaf): Formula =>
    node === variable && indices.length === 0
      ? oneFormula
      : { kind: 'partial', of: { name: nameOf(node), indices }, by: [wanted] };
  const differential: Differential = { active, variable, leaf: partialLeaf };
  const size = writtenSize(before, true);
  if (size > mostNodes || (size > mostShort && writtenSize(s.node, true) > largestWritten))
    return [tooLong(found.rule), ...recognise(s, letters, found.whole)];
  const small = writtenSize(before, false) <= 3 * mostParts;
  const full = small ? differentialFormula(writing(true), differential, before, outer) : undefined;
  const w = writing(full !== undefined && formulaLength(full) <= mostParts);
  const written = writeEntry(w, before, outer);
  const derivative = differentialFormula(w, differential, before, outer);
  const leaves = leavesOf(w, differential, before, outer);
  const ends = leaves.filter((l) => l.node === variable);
  const links = leaves.filter((l) => l.node !== variable);
  const deltas: Differential = {
    ...differential,
    leaf: (leaf) => (leaf.node === variable ? pairUp(leaf.indices, inner, outer) : partialLeaf(leaf)),
  };

  const withDeltas = differentialFormula(w, deltas, before, outer);
  const remaining = contractDeltas(withDeltas);
  const intermediate = equalsFormula(partialOf(found.rule), remaining);
  const worthShowing =
    links.length === 0 &&
    hasRanges(remaining) &&
    formulaText(intermediate) !== formulaText(equalsFormula(partialOf(found.rule), found.value));

  return [
    {
      title: outer.length === 0 ? `Write out ${s.output}` : 'Write out one entry',
      words: writtenWords(s, last, outer, written),
      formulas: [equalsFormula(left, written)],
    },
    {
      title: inner.length === 0 ? `Differentiate by ${wanted.name}` : `Differentiate by one entry of ${wanted.name}`,
      words: [
        inner.length === 0
          ? `Only ${wanted.name} moves; everything else is held fixed. Each term is differentiated in turn.`
          : `Only one entry of ${wanted.name} moves; everything else is held fixed. Each term is differentiated in turn.`,
      ],
      formulas: [equalsFormula(partialOfLeft(left, wanted), derivative)],
    },
    ...(ends.length > 0 && inner.length > 0
      ? [
          {
            title: 'See which terms are zero',
            words: survivors(ends, inner, outer),
            formulas: [
              ...ends.slice(0, 3).map((leaf) => leafCases(partialLeaf(leaf), leaf.indices, inner, outer)),
              equalsFormula(partialOfLeft(left, wanted), withDeltas),
            ],
          },
        ]
      : []),
    ...(links.length > 0 ? [linkStep(s, links, variable, wanted.name, inner)] : []),
    {
      title: 'Collect the pattern',
      words: [patternWords(found.cases)],
      formulas: [...(worthShowing ? [intermediate] : []), found.rule],
    },
    ...recognise(s, letters, found.whole),
  ];
}

const tooLong = (rule: Formula): EntryStep => ({
  title: 'Use the rules for whole arrays',
  words: ['Written out in entries this would fill pages. The rules for whole arrays give the general entry at once.'],
  formulas: [rule],
});

const partialOf = (rule: Formula): Formula => (rule.kind === 'equals' ? rule.sides[0]! : rule);
const nameOf = (node: Node): string => (node.kind === 'let' || node.kind === 'variable' ? node.name : '?');

/** The entry that is differentiated: `Z[k]`, or `∂L/∂x[i]` for a second derivative. */
function leftSide(s: Subject, placesOf: (of: 'output' | number) => readonly string[]): Formula {
  const of = { name: s.output, indices: placesOf('output') };
  const by = s.wrt.slice(0, -1).map((name, k) => ({ name, indices: placesOf(k) }));
  return by.length === 0 ? entryOf(nameExpr(s.output), of.indices) : { kind: 'partial', of, by };
}

function partialOfLeft(left: Formula, wanted: { name: string; indices: readonly string[] }): Formula {
  if (left.kind === 'partial') return { ...left, by: [...left.by, wanted] };
  if (left.kind !== 'entry' || left.target.kind !== 'name') return left;
  return { kind: 'partial', of: { name: left.target.name, indices: left.indices }, by: [wanted] };
}

/** ∂W[l,k]/∂W[i,j] is 1 where the places agree. */
const pairUp = (indices: readonly Index[], inner: readonly string[], outer: readonly string[]): Formula =>
  productFormula(indices.map((i, k) => deltaFormula(pair(i, inner[k]!, outer))));

/** A summed place first, `l = i`; of two places on axes the input's first, `j = k`. */
const pair = (i: Index, x: string, outer: readonly string[]): readonly [Index, Index] =>
  outer.includes(String(i)) ? [x, i] : [i, x];

function leafCases(
  partial: Formula,
  indices: readonly Index[],
  inner: readonly string[],
  outer: readonly string[],
): Formula {
  const conditions = indices.map((i, k) => pair(i, inner[k]!, outer)).filter(([a, b]) => a !== b);
  if (conditions.length === 0) return equalsFormula(partial, oneFormula);
  const cases: readonly Case[] = [
    { value: oneFormula, conditions },
    { value: zeroFormula, conditions: [] },
  ];
  return equalsFormula(partial, { kind: 'cases', cases });
}

function writtenWords(s: Subject, last: number, outer: readonly string[], written: Formula): Prose {
  const subject = last > 0 ? 'the derivative found before' : s.output;
  if (written.kind === 'entry' && written.target.kind === 'call' && written.indices.length > 0)
    return [`An entry of ${subject} has no simpler formula in entries; the function's own rule is used.`];
  const what = outer.length === 0 ? subject : `one entry of ${subject}`;
  return [`Take ${what} and write it with the entries it is made from.`];
}

/** Which terms the δ's leave: places that a sum runs over, and places that must agree from the start. */
function survivors(ends: readonly Leaf[], inner: readonly string[], outer: readonly string[]): Prose {
  const [only, ...more] = ends;
  const prose: (string | Formula)[] = ['Two different entries do not depend on each other. '];
  if (more.length > 0 || !only) {
    prose.push('Each sum keeps only the terms in which the places agree.');
    return prose;
  }
  const required: Formula[] = [];
  only.indices.forEach((i, k) => {
    const x = inner[k]!;
    const same = (a: Index, b: Index): Formula => equalsFormula(indexFormula(a), indexFormula(b));
    if (outer.includes(String(i))) required.push(same(x, i));
    else if (typeof i === 'string')
      prose.push('Of the sum over ', indexFormula(i), ' only the term ', same(i, x), ' survives. ');
    else required.push(same(x, i));
  });
  if (required.length > 0)
    prose.push('Unless ', ...required.flatMap((f, k) => (k === 0 ? [f] : [' and ', f])), ' nothing is left.');
  return prose;
}

/** The derivatives of the intermediates that the entry goes through, each as it comes out. */
function linkStep(
  s: Subject,
  links: readonly Leaf[],
  variable: Node,
  wrt: string,
  inner: readonly string[],
): EntryStep {
  const formulas = links.slice(0, mostNamed).flatMap(({ node, indices }) => {
    const d = differentiate(s.builder, node, variable, 'forward');
    // What needs names of its own is left to the view of the chain.
    if (writtenSize(d, true) > largestWritten) return [];
    const at = indices.map((i) => (typeof i === 'string' ? i : String(i)));
    const value = generalEntry(s, [...at, ...inner], d);
    const partial: Formula = {
      kind: 'partial',
      of: { name: nameOf(node), indices },
      by: [{ name: wrt, indices: inner }],
    };
    return [equalsFormula(partial, casesFormula(splitCases(value)))];
  });
  const names = [...new Set(links.map((l) => nameOf(l.node)))];
  return {
    title: `Go on through ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`,
    words: [
      `${names.length === 1 ? `${names[0]} holds` : 'These intermediates hold'} ${wrt} inside; its own entries are differentiated in the same way.`,
    ],
    formulas,
  };
}

function patternWords(cases: readonly Case[]): string {
  if (cases.length < 2) return 'What is left is the entry for all places at once.';
  const { value } = cases[1]!;
  return value.kind === 'number' && value.value.n === 0
    ? 'What is left depends on whether the places agree; everywhere else the entry is zero.'
    : 'What is left depends on whether the places agree.';
}

function recognise(s: Subject, letters: readonly string[], whole: Formula): readonly EntryStep[] {
  const n = s.axes.length;
  if (n === 0) return [];
  const { value, assignments, matrixForm } = notate(s.builder, s.node, s.taken);
  const formulas = [
    equalsFormula(whole, arrayFormula(value)),
    ...assignments.map(([name, e]) => equalsFormula(arrayFormula(nameExpr(name)), arrayFormula(e))),
  ];
  const letter = (k: number): Formula => indexFormula(letters[k]!);
  const place: Prose =
    n === 1
      ? ['The entry stands in place ', letter(0), '. ']
      : n === 2
        ? ['The entry stands in row ', letter(0), ', column ', letter(1), '. ']
        : [`The entry has ${n} places, so the whole is a box with ${n} axes, not a matrix. `];
  if (n > 2)
    return [
      { title: 'Put the entries together', words: [...place, 'Written as one product over its axes:'], formulas },
    ];
  const known = assignments.length === 0 && /^[\p{L}\p{N}_]+$/u.test(printUnicode(value));
  return [
    {
      title: 'Recognise the matrix',
      words: [
        ...place,
        known
          ? 'An array with the same shape and the same entries is the same array.'
          : matrixForm
            ? 'The array with these entries, in matrix notation:'
            : 'It has no form in matrix notation alone:',
      ],
      formulas,
    },
  ];
}
