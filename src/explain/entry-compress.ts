import { notate } from '../notation/derivative.ts';
import { name as nameExpr } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { generalEntry } from './entry.ts';
import { arrayFormula, equalsFormula, type Formula, type Index, indexFormula, type Prose } from './entry-formula.ts';
import { lettersOf, partialAt } from './entry-names.ts';
import type { Subject } from './subject.ts';

/** The route over compression: one side is treated as a scalar, differentiated, and expanded again. */
export interface Compression {
  readonly steps: readonly { readonly title: string; readonly words: Prose; readonly formulas: readonly Formula[] }[];
}

/** One axis fixed at a letter: `∂w[j]/∂v`, and what that array is. */
export function fixedAxis(s: Subject, axis: number, place: Index): { partial: Formula; value: Formula; node: Node } {
  const letter = typeof place === 'string' ? place.replace(/^·/, '') : place;
  const node = slice(s, axis, letter);
  const { value, assignments } = notate(s.builder, node, new Set([...s.taken, String(letter)]), false);
  const places = s.axes.map((_, k) => (k === axis ? place : null));
  // A slice that needs names of its own is written by its entries instead.
  const other = s.axes.findIndex((_, k) => k !== axis);
  const written =
    assignments.length === 0
      ? arrayFormula(value)
      : generalEntry(
          s,
          s.axes.map((_, k) => (k === axis ? place : lettersOf(s)[other]!)),
        );
  return { partial: partialAt(s, places), value: written, node };
}

/** The derivative with one axis held at a place; the other axes stay in order. */
export function slice(s: Subject, axis: number, at: number | string): Node {
  const labels = s.axes.map((_, k) => k);
  return s.builder.contract(
    [
      { node: s.node, labels },
      { node: s.builder.unit(s.axes[axis]!.size, at), labels: [axis] },
    ],
    labels.filter((l) => l !== axis),
  );
}

/** For a derivative with two axes: rows or columns are treated as scalars first. */
export function compressedRoute(s: Subject): Compression | undefined {
  if (s.axes.length !== 2) return undefined;
  const letters = lettersOf(s);
  const [i, j] = [letters[0]!, letters[1]!];
  const column = fixedAxis(s, 1, j);
  const entry = partialAt(s, [i, j]);
  const array = (axis: number): string => s.axes[axis]!.name;
  const [rows, columns] = [array(0), array(1)];
  const vectors = rows !== columns && s.wrt.length === 1;
  const side = ['row', 'column'][s.axes[1]!.axis] ?? 'slice';
  const scalarSide: Prose = vectors
    ? ['Treat ', arrayFormula(nameExpr(rows)), ' as if it were a scalar. ']
    : s.wrt.length > 1
      ? ['Treat the first ', arrayFormula(nameExpr(rows)), ' as if it were a scalar. ']
      : [`Treat each ${side} of `, arrayFormula(nameExpr(rows)), ' as if it were a scalar. '];
  return {
    steps: [
      {
        title: 'Compress',
        words: [
          ...scalarSide,
          'The derivative is then a row with one entry for every place ',
          indexFormula(j),
          vectors ? ` of ${columns}.` : '.',
        ],
        formulas: [column.partial],
      },
      {
        title: 'Differentiate',
        words: [
          'Each of these is a simpler derivative, and it is known. It is really a column, for what was taken as a scalar is an array.',
        ],
        formulas: [equalsFormula(column.partial, column.value)],
      },
      {
        title: 'Expand',
        words: ['Write out each column: place ', indexFormula(i), ' of column ', indexFormula(j), ' is'],
        formulas: [equalsFormula(entry, generalEntry(s, [i, j]))],
      },
      {
        title: 'Put the columns side by side',
        words: ['The columns together are the matrix.'],
        formulas: [equalsFormula(partialAt(s, [null, null]), matrixValue(s))],
      },
    ],
  };
}

function matrixValue(s: Subject): Formula {
  const { value, assignments } = notate(s.builder, s.node, s.taken, false);
  return assignments.length === 0 ? arrayFormula(value) : generalEntry(s, lettersOf(s));
}
