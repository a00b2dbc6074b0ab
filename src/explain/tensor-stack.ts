import type { Budget } from '../base/budget.ts';
import type { Layout } from '../calculus/layout.ts';
import type { Size } from '../shape/size.ts';
import { ruleNames, ruleOf } from './entry.ts';
import type { Formula, Index } from './entry-formula.ts';
import { axesOfArray, type PrintedNames, partialAt, printedNames, wholePartial } from './entry-names.ts';
import { sidesOf, sliceAxes } from './labelled.ts';
import {
  entryCell,
  type Grid,
  type GridCell,
  type GridLine,
  type GridOptions,
  layGrid,
  linesOf,
  sizeOfAxis,
  valuesAt,
} from './labelled-grid.ts';
import type { Subject } from './subject.ts';

/** Which axes run down and along each table, and down and along the stack of tables. */
export interface Sides {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly down: readonly number[];
  readonly along: readonly number[];
}

/** One matrix of a stack: the array with the places on the other axes held. */
export interface Sheet {
  readonly partial: Formula;
  readonly grid: Grid;
}

/** An array with any number of axes as tables that lie on a grid of their own; `undefined` stands for dots. */
export interface Stack {
  readonly sides: Sides;
  readonly rows: readonly GridLine[];
  readonly columns: readonly GridLine[];
  readonly sheets: readonly (readonly (Sheet | undefined)[])[];
}

/** A derivative as a stack of tables with every row, column and table named. */
export interface StackView {
  readonly kind: 'stack';
  readonly layout: Layout;
  readonly names: PrintedNames;
  readonly partial: Formula;
  readonly shape: readonly Size[];
  /** The general entry, with its case split. */
  readonly rule: Formula;
  /** Names that the rule uses. */
  readonly where: readonly Formula[];
  readonly stack: Stack;
}

/** Matrices are small where there are many of them. */
const mostPlaces = (s: Subject): number => (s.axes.length > 2 ? 4 : 8);

/** The derivative as a stack; one table for up to two axes. */
export function stackView(s: Subject, options: GridOptions, budget: Budget): StackView {
  const values = valuesAt(s, options.scope, budget);
  return {
    kind: 'stack',
    layout: s.layout,
    names: printedNames(s),
    partial: wholePartial(s),
    shape: s.axes.map((_, k) => sizeOfAxis(s, k, options.scope)),
    rule: ruleOf(s),
    where: ruleNames(s),
    stack: layStack(s, stackSides(s), options, (at) => entryCell(s, at, values)),
  };
}

/** The sides of the derivative: rows and columns as its other views have them, the axes that are held beside them. */
export function stackSides(s: Subject): Sides {
  if (s.axes.length <= 2) {
    const [rows, columns] = sidesOf(s);
    return { rows, columns, down: [], along: [] };
  }
  const [row, column] = sliceAxes(s);
  // Tables lie as the array does that the held axes belong to, whichever layout the derivative has.
  const held = (['output', ...s.wrt.keys()] as const)
    .flatMap((of) => axesOfArray(s, of))
    .filter((k) => k !== row && k !== column);
  return { rows: [row], columns: [column], ...heldSides(held) };
}

/** One axis of tables lies along; of several the first goes down. */
export const heldSides = (held: readonly number[]): Pick<Sides, 'down' | 'along'> =>
  held.length < 2 ? { down: [], along: held } : { down: held.slice(0, 1), along: held.slice(1) };

/** Lays a table at every place of the held axes. `tied`: the axes that have to agree with one of them. */
export function layStack(
  s: Subject,
  sides: Sides,
  options: GridOptions,
  entry: (at: ReadonlyMap<number, Index>) => GridCell,
  tied?: (axis: number) => readonly number[],
): Stack {
  const lines = (axes: readonly number[]) =>
    linesOf(s, axes, { ...options, most: options.most ?? mostPlaces(s) }, tied);
  const inner = [lines(sides.rows), lines(sides.columns)] as const;
  const [rows, columns] = [lines(sides.down), lines(sides.along)];
  const sheet = (row: GridLine, column: GridLine): Sheet | undefined => {
    if (row.kind === 'gap' || column.kind === 'gap') return undefined;
    const held = new Map([...row.places, ...column.places]);
    return {
      partial: partialAt(
        s,
        s.axes.map((_, k) => held.get(k) ?? null),
      ),
      grid: layGrid(s, sides.rows, sides.columns, inner, options, (at) => entry(new Map([...held, ...at]))),
    };
  };
  return { sides, rows, columns, sheets: rows.map((r) => columns.map((c) => sheet(r, c))) };
}
