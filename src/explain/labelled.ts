import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import type { Layout } from '../calculus/layout.ts';
import type { Size } from '../shape/size.ts';
import { name as nameExpr, transposed } from '../syntax/expr.ts';
import { ruleNames, ruleOf } from './entry.ts';
import { fixedAxis } from './entry-compress.ts';
import { arrayFormula, type Formula, type Index, indexFormula, type Prose } from './entry-formula.ts';
import { isOutputAxis, lettersOf, type PrintedNames, partialAt, printedNames, wholePartial } from './entry-names.ts';
import { largestWritten, writtenSize } from './entry-write.ts';
import { type Blocks, blocksOf } from './labelled-blocks.ts';
import {
  type Grid,
  type GridOptions,
  gridOf,
  shownPlaces,
  sizeOfAxis,
  type Values,
  valuesAt,
} from './labelled-grid.ts';
import type { Subject } from './subject.ts';
import { readAxis } from './tensor-unfolded.ts';

/** A matrix seen as a row of columns, or as a column of rows: `[∂w[1]/∂v ⋯ ∂w[n]/∂v]`. */
export interface CompressedForm {
  readonly direction: 'row' | 'column';
  readonly words: Prose;
  /** What each part is called and what it is; `undefined` stands for dots. */
  readonly parts: readonly ({ readonly partial: Formula; readonly value: Formula } | undefined)[];
}

/** One matrix of a stack: the derivative with the places on the other axes held. */
export interface Slice {
  readonly partial: Formula;
  readonly grid: Grid;
}

/** A derivative with every row and column named by the entry it belongs to. */
export interface LabelledView {
  readonly kind: 'labelled';
  readonly layout: Layout;
  readonly names: PrintedNames;
  readonly partial: Formula;
  readonly shape: readonly Size[];
  readonly words: Prose;
  /** The general entry, with its case split. */
  readonly rule: Formula;
  /** Names that the rule uses. */
  readonly where: readonly Formula[];
  /** Two axes or fewer. */
  readonly grid?: Grid;
  readonly compressed: readonly CompressedForm[];
  /** Three axes or more: matrices stacked along the other axes; `undefined` stands for dots. */
  readonly slices?: readonly (Slice | undefined)[];
  /** Where a δ ties two axes: the picture of blocks on the diagonal and zeros off it. */
  readonly blocks?: Blocks;
}

export interface LabelledOptions extends GridOptions {}

/** The labelled matrix of a derivative with up to two axes; slices and the block picture beyond. */
export function labelledView(s: Subject, options: LabelledOptions, budget: Budget): LabelledView {
  const values = valuesAt(s, options.scope, budget);
  const common = {
    kind: 'labelled' as const,
    layout: s.layout,
    names: printedNames(s),
    partial: wholePartial(s),
    rule: ruleOf(s),
    where: ruleNames(s),
    shape: s.axes.map((_, k) => sizeOfAxis(s, k, options.scope)),
  };
  if (s.axes.length <= 2) {
    const [rows, columns] = sidesOf(s);
    return {
      ...common,
      words: sideWords(s, rows, columns),
      grid: gridOf(s, rows, columns, new Map(), options, values),
      compressed:
        s.axes.length === 2 && writtenSize(s.node, true) <= largestWritten
          ? [columnsForm(s, options), rowsForm(s, options)]
          : [],
    };
  }
  const blocks = blocksOf(s, options);
  return {
    ...common,
    words: [
      `With ${s.axes.length} axes this is a box of numbers, not a matrix. It can be cut into matrices and stacked.`,
    ],
    compressed: [],
    ...slicesOf(s, options, values),
    ...(blocks ? { blocks } : {}),
  };
}

export interface SlicesOptions extends GridOptions {
  /** The axis down the rows and the one along the columns of each matrix, by letter or by number from 1. */
  readonly row?: string;
  readonly column?: string;
}

/** The stack of matrices alone, with the two axes that make them chosen. Errors: `usage/axes`. */
export function slicesView(s: Subject, options: SlicesOptions, budget: Budget): LabelledView {
  if (s.axes.length <= 2) return labelledView(s, options, budget);
  const letters = lettersOf(s);
  const standard = sliceAxes(s);
  const row = options.row === undefined ? undefined : readAxis(s, letters, options.row);
  const column = options.column === undefined ? undefined : readAxis(s, letters, options.column);
  const other = (than: number | undefined): number => standard.find((k) => k !== than)!;
  const down = row ?? other(column ?? standard[1]);
  const axes = [down, column ?? other(down)] as const;
  if (axes[0] === axes[1]) fail('usage/axes', 'rows and columns cannot be the same axis');
  const held = letters.filter((_, k) => !axes.includes(k)).join(', ');
  return {
    kind: 'labelled',
    layout: s.layout,
    names: printedNames(s),
    partial: wholePartial(s),
    rule: ruleOf(s),
    where: ruleNames(s),
    shape: s.axes.map((_, k) => sizeOfAxis(s, k, options.scope)),
    words: [
      `Each matrix has the axes ${letters[axes[0]]} (down) and ${letters[axes[1]]} (along); the stack runs over ${held}.`,
    ],
    compressed: [],
    ...slicesOf(s, options, valuesAt(s, options.scope, budget), axes),
  };
}

/** A lone axis stands up or lies down as the layout has it: ∂s/∂v is a column and ∂w/∂s a row in the denominator layout. */
export function sidesOf(s: Subject): readonly [readonly number[], readonly number[]] {
  if (s.axes.length === 2) return [[0], [1]];
  if (s.axes.length === 0) return [[], []];
  const lies = s.layout === 'jacobian' ? false : isOutputAxis(s, 0) === (s.layout === 'denominator');
  return lies ? [[], [0]] : [[0], []];
}

function sideWords(s: Subject, rows: readonly number[], columns: readonly number[]): Prose {
  const letters = lettersOf(s);
  const side = (what: string, axes: readonly number[]): Prose =>
    axes.flatMap((axis): Prose => {
      const places = s.axes.map((_, k): Index | null => (k === axis ? letters[k]! : null));
      const partial = partialAt(s, places);
      const own = s.axes[axis]!;
      const entry = own.of === 'output' ? partial.of : partial.by[own.of]!;
      return [
        `${what} `,
        indexFormula(letters[axis]!),
        ' belongs to ',
        {
          kind: 'entry',
          target: nameExpr(entry.name),
          indices: entry.indices.map((i) => i ?? ':'),
        },
        '. ',
      ];
    });
  return [...side('Row', rows), ...side('Column', columns)];
}

/** A row whose entries are columns. */
function columnsForm(s: Subject, options: GridOptions): CompressedForm {
  return {
    direction: 'row',
    words: ['As a row of columns, one for every place on the axis of ', arrayFormula(nameExpr(s.axes[1]!.name)), ':'],
    parts: partsAlong(s, 1, options),
  };
}

function rowsForm(s: Subject, options: GridOptions): CompressedForm {
  return {
    direction: 'column',
    words: ['As a column of rows, one for every place on the axis of ', arrayFormula(nameExpr(s.axes[0]!.name)), ':'],
    parts: partsAlong(s, 0, options).map((part) => part && { ...part, value: lyingDown(part.value) }),
  };
}

/** A slice is an array with one axis; between rows it is written as a row. */
const lyingDown = (f: Formula): Formula =>
  f.kind === 'entry' && f.indices.length === 0 ? arrayFormula(transposed(f.target)) : f;

const partsAlong = (s: Subject, axis: number, options: GridOptions): CompressedForm['parts'] =>
  shownPlaces([sizeOfAxis(s, axis, options.scope)], options.most ?? 6).map((place) => {
    if (!place) return undefined;
    const { partial, value } = fixedAxis(s, axis, place[0]!);
    return { partial, value };
  });

/** Which two axes make the matrices of a stack: those of the input if it is a matrix, else those of the output. */
export function sliceAxes(s: Subject): readonly [number, number] {
  const own = (of: 'output' | number): number[] => s.axes.flatMap((a, k) => (a.of === of ? [k] : []));
  for (const of of [0, 'output' as const, ...s.wrt.map((_, k) => k)]) {
    const axes = own(of);
    if (axes.length >= 2) return [axes[0]!, axes[1]!];
  }
  return [0, 1];
}

/** The stack of matrices over the axes that are not rows or columns. */
export function slicesOf(
  s: Subject,
  options: GridOptions,
  values: Values | undefined,
  [row, column] = sliceAxes(s),
): { readonly slices: readonly (Slice | undefined)[] } {
  const held = s.axes.map((_, k) => k).filter((k) => k !== row && k !== column);
  const stack = shownPlaces(
    held.map((k) => sizeOfAxis(s, k, options.scope)),
    options.most ?? 4,
  );
  const slices = stack.map((tuple): Slice | undefined => {
    if (!tuple) return undefined;
    const fixed = new Map(held.map((axis, k) => [axis, tuple[k]!] as const));
    const places = s.axes.map((_, k) => fixed.get(k) ?? null);
    return { partial: partialAt(s, places), grid: gridOf(s, [row], [column], fixed, options, values) };
  });
  return { slices };
}
