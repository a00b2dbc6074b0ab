import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import type { Layout } from '../calculus/layout.ts';
import { kroneckerForm } from '../notation/kronecker.ts';
import type { Size } from '../shape/size.ts';
import { ruleNames, ruleOf } from './entry.ts';
import { arrayFormula, equalsFormula, type Formula, indexFormula, type Prose } from './entry-formula.ts';
import { axesOfArray, lettersOf, type PrintedNames, partialAt, printedNames } from './entry-names.ts';
import { type Grid, type GridOptions, gridOf, valuesAt } from './labelled-grid.ts';
import type { Subject } from './subject.ts';

/** A derivative laid out as one matrix: the user's choice of axes runs down the rows and along the columns. */
export interface UnfoldedView {
  readonly kind: 'unfolded';
  readonly layout: Layout;
  readonly names: PrintedNames;
  readonly partial: Formula;
  readonly words: Prose;
  /** The general entry, with its case split. */
  readonly rule: Formula;
  /** Names that the rule uses. */
  readonly where: readonly Formula[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly shape: readonly [Size, Size];
  readonly grid: Grid;
  /** ∂vec(Y)/∂vec(X) as a Kronecker product, where this unfolding is that and has such a form. */
  readonly kronecker?: Formula;
}

export interface UnfoldedOptions extends GridOptions {
  /** Axes as letters (`i`) or numbers (`1`, in the layout's order); what neither lists goes to the other side. */
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
}

/** Errors: `usage/axes` for an axis that is not there, or stands twice. */
export function unfoldedView(s: Subject, options: UnfoldedOptions, budget: Budget): UnfoldedView {
  const letters = lettersOf(s);
  const standard = standardSides(s);
  const [rows, columns] = chosenSides(s, letters, options, standard);
  const same = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((x, k) => x === b[k]);
  const isStandard = same(rows, standard[0]) && same(columns, standard[1]);
  const kron = isStandard ? kroneckerForm(s.builder, s.node, s.axes, s.layout, s.taken) : undefined;
  const grid = gridOf(s, rows, columns, new Map(), options, valuesAt(s, options.scope, budget));
  return {
    kind: 'unfolded',
    layout: s.layout,
    names: printedNames(s),
    partial: partialAt(s, letters),
    words: sideWords(rows, columns, letters),
    rule: ruleOf(s),
    where: ruleNames(s),
    rows: rows.map((k) => letters[k]!),
    columns: columns.map((k) => letters[k]!),
    shape: grid.shape,
    grid,
    ...(kron ? { kronecker: equalsFormula(vecPartial(s), arrayFormula(kron)) } : {}),
  };
}

/** vec by vec: the input's entries down the rows in the denominator layout, the output's in the others. */
function standardSides(s: Subject): readonly [readonly number[], readonly number[]] {
  const inputs = s.wrt.map((_, k) => axesOfArray(s, k));
  const output = axesOfArray(s, 'output');
  const [first = [], ...others] = inputs;
  if (s.wrt.length === 1) return s.layout === 'denominator' ? [first, output] : [output, first];
  if (s.axes.length === 2) return [[0], [1]];
  // A second derivative: one input down, the other along; the output's axes with the columns, or all of it transposed.
  const rest = [...others.flat(), ...output];
  return s.layout === 'numerator' ? [rest, first] : [first, rest];
}

function chosenSides(
  s: Subject,
  letters: readonly string[],
  options: UnfoldedOptions,
  standard: readonly [readonly number[], readonly number[]],
): readonly [readonly number[], readonly number[]] {
  const { rows, columns } = options;
  if (!rows && !columns) return standard;
  const read = (axis: string): number => readAxis(s, letters, axis);
  const down = rows?.map(read);
  const along = columns?.map(read);
  const used = [...(down ?? []), ...(along ?? [])];
  if (new Set(used).size < used.length) fail('usage/axes', 'an axis stands twice among rows and columns');
  const rest = s.axes.map((_, k) => k).filter((k) => !used.includes(k));
  if (down && along && rest.length > 0)
    fail(
      'usage/axes',
      `the axis ${letters[rest[0]!]!} is neither a row nor a column`,
      undefined,
      'list every axis once',
    );
  return [down ?? rest, along ?? rest];
}

function sideWords(rows: readonly number[], columns: readonly number[], letters: readonly string[]): Prose {
  const side = (what: string, axes: readonly number[]): Prose =>
    axes.length === 0
      ? [`There is one ${what}. `]
      : [
          `The ${what}s run over `,
          ...axes.flatMap((a, k): Prose => [k === 0 ? '' : ', then ', indexFormula(letters[a]!)]),
          '. ',
        ];
  const nested = rows.length > 1 || columns.length > 1;
  return [
    ...side('row', rows),
    ...side('column', columns),
    ...(nested ? ['The first of them moves fastest, as vec stacks columns.'] : []),
  ];
}

/** An axis by its letter, or by its number from 1. Error: `usage/axes`. */
export function readAxis(s: Subject, letters: readonly string[], axis: string): number {
  const at = /^\d+$/.test(axis) ? Number(axis) - 1 : letters.indexOf(axis);
  if (at < 0 || at >= s.axes.length)
    fail(
      'usage/axes',
      `this derivative has no axis '${axis}'`,
      undefined,
      s.axes.length === 0
        ? 'it is a number and has no axes'
        : `its axes are ${letters.map((l, k) => `${l} (${k + 1}, of ${s.axes[k]!.name})`).join(', ')}`,
    );
  return at;
}

function vecPartial(s: Subject): Formula {
  const vec = (name: string) => ({ name: `vec(${name})`, indices: [] });
  return { kind: 'partial', of: vec(s.output), by: s.wrt.map(vec) };
}
