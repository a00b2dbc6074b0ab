import {
  entryView,
  formulaMathml,
  formulaText,
  type LabelledView,
  labelledView,
  lineLabel,
} from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import type { Table, TableCell, TableEntry } from './protocol.ts';
import { limits, optional, viewed } from './session.ts';

type Grid = NonNullable<LabelledView['grid']>;
type Cell = Extract<Grid['cells'][number][number], { kind: 'entry' }>;
type Names = LabelledView['names'];

function entryOf(
  { partial, formula, zero, value }: Pick<Cell, 'partial' | 'formula' | 'zero' | 'value'>,
  names: Names,
): TableEntry {
  // A cell's name is a partial derivative: of one entry, by one entry of each variable.
  const { of, by } = partial as Extract<typeof partial, { kind: 'partial' }>;
  return {
    kind: 'entry',
    partial: formulaText(partial, names),
    formula: formulaText(formula, names),
    mathml: formulaMathml(formula, names),
    zero,
    ...(value === undefined ? {} : { value }),
    of,
    by,
  };
}

function tableOf(caption: string, grid: Grid, names: Names): Table {
  return {
    caption,
    rows: grid.rows.map((line) => (line.kind === 'gap' ? '⋮' : lineLabel(line))),
    columns: grid.columns.map((line) => (line.kind === 'gap' ? '⋯' : lineLabel(line))),
    cells: grid.cells.map((row) =>
      row.map((cell): TableCell => (cell.kind === 'gap' ? { kind: 'gap', dots: cell.dots } : entryOf(cell, names))),
    ),
  };
}

/** The labelled array as text and MathML, for a table that one can touch. */
export const tables: Pick<Answering, 'tables' | 'place'> = {
  tables: (input) =>
    viewed(input, (d, at) => {
      const made = labelledView(d, { limits, ...at, ...optional({ most: input.most }) });
      if (!made.ok) return made;
      const { names, partial, rule, where, shape, grid, slices } = made.value;
      const title = formulaText(partial, names);
      return {
        ok: true,
        value: {
          partial: title,
          rule: formulaMathml(rule, names, true),
          where: where.map((f) => formulaMathml(f, names, true)),
          shape,
          tables: grid
            ? [tableOf(title, grid, names)]
            : (slices ?? []).map((slice) => slice && tableOf(formulaText(slice.partial, names), slice.grid, names)),
        },
      };
    }),
  place: (input) =>
    viewed(input, (d, at) => {
      const made = entryView(d, { limits, ...at, entry: input.entry });
      if (!made.ok) return made;
      const found = made.value.at!;
      return {
        ok: true,
        value: entryOf({ ...found, partial: found.partial, zero: found.value === 0 }, made.value.names),
      };
    }),
};
