import { productText, type Size, shapeText } from '../../shape/size.ts';
import type { EntryView } from '../entry.ts';
import { equalsFormula, type Formula, type Prose } from '../entry-formula.ts';
import type { LabelledView, Slice } from '../labelled.ts';
import type { Grid } from '../labelled-grid.ts';
import type { CollapseView } from '../tensor-collapse.ts';
import type { CondensedView } from '../tensor-condensed.ts';
import type { ContractedView, Contraction } from '../tensor-contracted.ts';
import type { Law, LawsView } from '../tensor-laws.ts';
import type { Stack } from '../tensor-stack.ts';
import type { UnfoldedView } from '../tensor-unfolded.ts';
import { hasValues, type Page, type Piece } from './page.ts';

/** The views of this folder that are drawn as pages. */
export type PageView =
  | EntryView
  | LabelledView
  | CondensedView
  | CollapseView
  | UnfoldedView
  | ContractedView
  | LawsView;

const title = (...parts: Prose): Piece => ({ kind: 'title', title: parts });
const prose = (...parts: Prose): Piece => ({ kind: 'prose', prose: parts });
const formulas = (...list: Formula[]): Piece => ({ kind: 'formulas', formulas: list });

/** Names that the formulas above use. */
const whereOf = (where: readonly Formula[]): Piece[] => (where.length === 0 ? [] : [prose('with'), formulas(...where)]);

/** `m×n`, `m entries`, `a number`. */
const shapeWords = (shape: readonly Size[]): string =>
  shape.length === 0 ? 'a number' : shape.length === 1 ? `${shapeText(shape)} entries` : shapeText(shape);

/** The pieces that a view is drawn from. */
export function pageOf(view: PageView): Page {
  return { names: view.names, pieces: (makers[view.kind] as (v: PageView) => readonly Piece[])(view) };
}

const makers: { readonly [K in PageView['kind']]: (v: Extract<PageView, { kind: K }>) => readonly Piece[] } = {
  entry: entryPieces,
  labelled: labelledPieces,
  condensed: condensedPieces,
  collapse: collapsePieces,
  unfolded: unfoldedPieces,
  contracted: contractedPieces,
  laws: lawPieces,
};

function entryPieces(v: EntryView): readonly Piece[] {
  const steps = v.steps.flatMap((s, k): Piece[] => [
    { kind: 'heading', text: s.title, number: k + 1 },
    prose(...s.words),
    ...(s.formulas.length > 0 ? [formulas(...s.formulas)] : []),
  ]);
  const compressed: Piece[] = v.compressed
    ? [
        title('Another way: treat one side as a scalar, then expand'),
        ...v.compressed.steps.flatMap((s, k): Piece[] => [
          { kind: 'heading', text: s.title, number: k + 1 },
          prose(...s.words),
          formulas(...s.formulas),
        ]),
      ]
    : [];
  const at: Piece[] = v.at
    ? [
        title('This entry'),
        formulas(
          equalsFormula(
            v.at.partial,
            v.at.formula,
            ...(v.at.value === undefined ? [] : [{ kind: 'value' as const, value: v.at.value }]),
          ),
        ),
      ]
    : [];
  return [title(v.partial, ', entry by entry'), ...at, ...steps, ...compressed];
}

const gridPieces = (grid: Grid): Piece[] => [
  { kind: 'grid', grid, show: 'formula' },
  ...(hasValues(grid) ? [{ kind: 'grid' as const, grid, show: 'value' as const }] : []),
];

function labelledPieces(v: LabelledView): readonly Piece[] {
  const shape = v.shape.length === 1 && v.grid ? v.grid.shape : v.shape;
  const head = title(v.partial, ` is ${shape.length === 0 ? 'a number' : shapeText(shape)}, ${v.layout} layout`);
  if (v.grid)
    return [
      head,
      ...(v.words.length > 0 ? [prose(...v.words)] : []),
      formulas(v.rule),
      ...whereOf(v.where),
      ...gridPieces(v.grid),
      ...v.compressed.flatMap((form): Piece[] => [prose(...form.words), { kind: 'compressed', form }]),
    ];
  return [
    head,
    prose(...v.words),
    formulas(v.rule),
    ...whereOf(v.where),
    ...blockPieces(v),
    ...slicePieces(v.slices ?? []),
  ];
}

function blockPieces({ blocks }: LabelledView): readonly Piece[] {
  if (!blocks) return [];
  const where = blocks.diagonal
    ? 'Blocks off the diagonal are zero.'
    : 'On the diagonal there is one more summand than off it.';
  return [
    { kind: 'heading', text: 'As blocks' },
    prose(
      `The axes that must agree are the rows and columns; each block is ${blocks.blockShape.length === 0 ? 'one entry' : blocks.blockShape.length === 1 ? `a column of ${shapeText(blocks.blockShape)} entries` : shapeText(blocks.blockShape)}. ${where}`,
      ...(blocks.repeated ? [' On the diagonal stands the same ', blocks.repeated, ' each time.'] : []),
    ),
    { kind: 'blocks', blocks },
  ];
}

const slicePieces = (slices: readonly (Slice | undefined)[]): readonly Piece[] => [
  { kind: 'heading', text: 'As stacked matrices' },
  ...slices.flatMap((slice): Piece[] =>
    slice ? [{ kind: 'name', formula: slice.partial }, ...gridPieces(slice.grid)] : [prose('⋮')],
  ),
];

function condensedPieces(v: CondensedView): readonly Piece[] {
  const terms = v.terms.flatMap((t, k): Piece[] => [
    ...(v.terms.length > 1 ? [{ kind: 'heading' as const, text: `Summand ${k + 1}` }] : []),
    {
      kind: 'list',
      items: [
        ...t.parts.map(
          (p): Prose => [
            'Kept: ',
            p.value,
            `, ${shapeWords(p.shape)}${p.letters.length === 0 ? '' : `, on ${p.letters.length === 1 ? 'axis' : 'axes'} ${p.letters.join(', ')}`}.`,
          ],
        ),
        ...t.dropped,
      ],
    },
    ...whereOf(t.parts.flatMap((p) => p.where)),
  ]);
  const diagonal: Piece[] = v.diagonal
    ? [
        { kind: 'heading', text: 'A diagonal matrix is an elementwise product' },
        prose(...v.diagonal.words),
        formulas(v.diagonal.equality),
        prose(`The left side takes ${v.diagonal.costs[0]} multiplications, the right side ${v.diagonal.costs[1]}.`),
        ...(v.diagonal.check ? [{ kind: 'check' as const, check: v.diagonal.check, what: 'Both sides' }] : []),
      ]
    : [];
  return [
    title(v.partial, ', condensed'),
    ...terms,
    prose(
      v.smaller
        ? `Of ${v.full} entries ${v.kept} ${v.kept === '1' ? 'is' : 'are'} kept. Nothing is lost: this rule gives every entry back.`
        : 'Nothing can be dropped: every entry counts.',
    ),
    formulas(v.rule),
    ...whereOf(v.where),
    ...(v.check ? [{ kind: 'check' as const, check: v.check, what: 'Rebuilt from what is kept' }] : []),
    ...diagonal,
  ];
}

const stageTitles: Readonly<Record<CollapseView['stages'][number]['kind'], string>> = {
  full: 'All entries',
  zeros: 'Zeros go',
  repeats: 'Repetitions go',
  condensed: 'Condensed',
};

function collapsePieces(v: CollapseView): readonly Piece[] {
  // A lone table is named by what stands above it.
  const stackPieces = ({ sheets }: Stack): Piece[] =>
    sheets.flat().flatMap((sheet, _, all): Piece[] => {
      if (!sheet) return [];
      return [
        ...(all.length > 1 ? [{ kind: 'name' as const, formula: sheet.partial }] : []),
        ...gridPieces(sheet.grid),
      ];
    });
  const last = v.stages.at(-1)!;
  return [
    title(
      ...(v.summands > 1 ? [`Summand ${v.summand} of the ${v.summands} of `] : []),
      v.partial,
      last.kind === 'full' ? ' does not collapse' : ' collapses',
    ),
    ...v.stages.flatMap((stage, k): Piece[] => [
      { kind: 'heading', text: stageTitles[stage.kind], number: k + 1 },
      ...stage.words.map((words) => prose(...words)),
      ...(stage.kind === 'full' ? stackPieces(v.stack) : []),
    ]),
    ...(last.kind === 'full'
      ? []
      : v.parts.flatMap((part): Piece[] => [formulas(part.value), ...whereOf(part.where), ...stackPieces(part.stack)])),
    formulas(v.rule),
    ...(v.check ? [{ kind: 'check' as const, check: v.check, what: 'Rebuilt from what is kept' }] : []),
  ];
}

function unfoldedPieces(v: UnfoldedView): readonly Piece[] {
  return [
    title(v.partial, ` unfolded to a matrix, ${v.shape.map(productText).join(' × ')}`),
    prose(...v.words),
    formulas(v.rule),
    ...whereOf(v.where),
    ...gridPieces(v.grid),
    ...(v.kronecker ? [prose('The same matrix as a Kronecker product:'), formulas(v.kronecker)] : []),
  ];
}

function contractedPieces(v: ContractedView): readonly Piece[] {
  const pieces = (c: Contraction, heading: string): Piece[] => [
    { kind: 'heading', text: heading },
    prose(...c.words),
    formulas(...c.entries, c.result),
    ...whereOf(c.where),
    prose('In: ', c.incoming, `, ${shapeWords(c.incomingShape)}. Out: ${shapeWords(c.resultShape)}.`),
    ...(c.check ? [{ kind: 'check' as const, check: c.check, what: 'Against the sum over the full array' }] : []),
  ];
  return [
    title(v.partial, ', contracted'),
    ...pieces(v.pull, 'With the derivative that comes in'),
    ...pieces(v.push, 'With a small change'),
  ];
}

function lawPieces(v: LawsView): readonly Piece[] {
  const sides = (law: Law, sign: string): string => {
    const numbers = law.parts.every((p) => p.number !== undefined) && law.total.number !== undefined;
    const symbols = `${law.parts.map((p) => p.count).join(sign)} = ${law.total.count}`;
    const counted = numbers ? `${law.parts.map((p) => p.number).join(sign)} = ${law.total.number}` : symbols;
    return counted === symbols ? symbols : `${symbols}; in numbers ${counted}`;
  };
  return [
    title('The laws of ', v.partial),
    {
      kind: 'list',
      items: [
        [`Size: as many entries as ${v.size.parts.map((p) => p.name).join(' times ')}. ${sides(v.size, ' · ')}.`],
        [`Axes: those of ${v.axes.parts.map((p) => p.name).join(' and of ')} together. ${sides(v.axes, ' + ')}.`],
      ],
    },
  ];
}
