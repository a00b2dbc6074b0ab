import {
  type CollapseView,
  checkSentence,
  collapseView,
  entryAt,
  formulaMathml,
  formulaText,
  lineLabel,
  proseHtml,
  proseText,
  type StackView,
  shapeText,
  stackView,
} from '../../../../src/api/index.ts';
import type { Answering } from './answers.ts';
import type { Collapse, Part, Stack, Table, TableCell, TableEntry } from './protocol.ts';
import { limits, viewed } from './session.ts';

type LaidOut = StackView['stack'];
type Sheet = NonNullable<LaidOut['sheets'][number][number]>;
type Cell = Extract<Sheet['grid']['cells'][number][number], { kind: 'entry' }>;
type Names = StackView['names'];

/** A letter stands for every place. */
const partOf = ({ name, indices }: Part): Part => ({
  name,
  indices: indices.map((i) => (typeof i === 'string' && !i.startsWith('·') ? null : i)),
});

/** `what` says what the entry is of its derivative, where it is not the whole of it. */
function entryOf(
  { partial, formula, zero, value, fate }: Pick<Cell, 'partial' | 'formula' | 'zero' | 'value' | 'fate'>,
  names: Names,
  what = '',
): TableEntry {
  // A cell's name is a partial derivative: of one entry, by one entry of each variable.
  const { of, by } = partial as Extract<typeof partial, { kind: 'partial' }>;
  return {
    kind: 'entry',
    partial: what + formulaText(partial, names),
    formula: formulaText(formula, names),
    mathml: formulaMathml(formula, names),
    zero,
    ...(value === undefined ? {} : { value }),
    of: partOf(of),
    by: by.map(partOf),
    ...(fate ? { fate: fate.kind } : {}),
    ...(fate && 'reads' in fate ? { reads: fate.reads } : {}),
  };
}

function tableOf(caption: string, grid: Sheet['grid'], names: Names, what?: string): Table {
  return {
    caption,
    rows: grid.rows.map((line) => (line.kind === 'gap' ? '⋮' : lineLabel(line))),
    columns: grid.columns.map((line) => (line.kind === 'gap' ? '⋯' : lineLabel(line))),
    cells: grid.cells.map((row) =>
      row.map(
        (cell): TableCell => (cell.kind === 'gap' ? { kind: 'gap', dots: cell.dots } : entryOf(cell, names, what)),
      ),
    ),
  };
}

const stackOf = ({ sheets }: LaidOut, names: Names, what = ''): Stack =>
  sheets.map((row) =>
    row.map((sheet) => sheet && tableOf(what + formulaText(sheet.partial, names), sheet.grid, names, what)),
  );

/** A kept part; one table is called by its shape, for the part has a name already. */
function keptStack({ stack, shape }: CollapseView['parts'][number], names: Names, what: string): Stack {
  const [only, ...others] = stack.sheets.flat();
  return only && others.length === 0
    ? [[tableOf(shape.length === 1 ? `${shapeText(shape)} entries` : shapeText(shape), only.grid, names, what)]]
    : stackOf(stack, names, what);
}

function collapseOf(view: CollapseView): Collapse {
  const { names, partial, summands, summand, stack, stages, parts, rule, check } = view;
  const summandOf = summands === 1 ? '' : `summand ${summand} of `;
  return {
    summands,
    title: `${summandOf}${formulaText(partial, names)}`,
    stack: stackOf(stack, names, summandOf),
    stages: stages.map(({ kind, words }) => ({
      kind,
      html: words.map((prose) => `<p>${proseHtml(prose, names)}</p>`).join(''),
      text: words.map((prose) => proseText(prose, names)).join(' '),
    })),
    parts: parts.map((part) => ({
      html: formulaMathml(part.value, names),
      text: formulaText(part.value, names),
      stack: keptStack(part, names, `${parts.length === 1 ? '' : 'factor of '}${summandOf}`),
    })),
    rule: formulaMathml(rule, names, true),
    ...(check ? { check: { passed: check.passed, text: checkSentence(check, 'Rebuilt from what is kept') } } : {}),
  };
}

/** The array as text and MathML, for tables that one can touch. */
export const tables: Pick<Answering, 'tables' | 'collapse' | 'place'> = {
  tables: (input) =>
    viewed(input, (d, at) => {
      const made = stackView(d, { limits, ...at });
      if (!made.ok) return made;
      const { names, partial, rule, where, shape, stack } = made.value;
      return {
        ok: true,
        value: {
          partial: formulaText(partial, names),
          rule: formulaMathml(rule, names, true),
          where: where.map((f) => formulaMathml(f, names, true)),
          shape,
          stack: stackOf(stack, names),
        },
      };
    }),
  collapse: (input) =>
    viewed(input, (d, at) => {
      const made = collapseView(d, { limits, ...at, summand: input.summand });
      return made.ok ? { ok: true, value: collapseOf(made.value) } : made;
    }),
  place: (input) =>
    viewed(input, (d) => {
      const made = entryAt(d, { limits, entry: input.entry });
      if (!made.ok) return made;
      const { names, ...found } = made.value;
      return { ok: true, value: entryOf(found, names) };
    }),
};
