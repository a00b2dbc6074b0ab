import { printLatex } from '../../notation/print/latex.ts';
import { name as nameExpr } from '../../syntax/expr.ts';
import type { Formula } from '../entry-formula.ts';
import type { PrintedNames } from '../entry-names.ts';
import type { CompressedForm } from '../labelled.ts';
import type { Blocks } from '../labelled-blocks.ts';
import type { Grid, GridCell, GridLine } from '../labelled-grid.ts';
import { escapeLatex, formulaLatex, proseLatex } from './formula.ts';
import { placeExpr } from './formula-expr.ts';
import { checkSentence, type Page, type Piece } from './page.ts';

/** A page as LaTeX: paragraphs of text, formulas in display mode. Every formula is within what KaTeX reads. */
export const pageLatex = (page: Page): string =>
  page.pieces
    .map((p) => pieceLatex(p, page.names))
    .filter((t) => t !== '')
    .join('\n\n');

/** The formulas of a page alone, in order, each for math mode. */
export const pageFormulas = (page: Page): readonly string[] =>
  page.pieces.flatMap((p): readonly string[] => {
    const { names } = page;
    switch (p.kind) {
      case 'title':
        return p.title.flatMap((x) => (typeof x === 'string' ? [] : [formulaLatex(x, names)]));
      case 'prose':
        return p.prose.flatMap((x) => (typeof x === 'string' ? [] : [formulaLatex(x, names)]));
      case 'list':
        return p.items.flatMap((i) => i.flatMap((x) => (typeof x === 'string' ? [] : [formulaLatex(x, names)])));
      case 'formulas':
        return p.formulas.map((f) => formulaLatex(f, names));
      case 'name':
        return [formulaLatex(p.formula, names)];
      case 'grid':
        return [gridLatex(p.grid, names, p.show)];
      case 'compressed':
        return [compressedLatex(p.form, names)];
      case 'blocks':
        return [blocksLatex(p.blocks, names)];
      default:
        return [];
    }
  });

const display = (formula: string): string => `\\[ ${formula} \\]`;

function pieceLatex(p: Piece, names: PrintedNames): string {
  switch (p.kind) {
    case 'title':
      return `\\paragraph{${proseLatex(p.title, names)}}`;
    case 'heading':
      return `\\textbf{${p.number === undefined ? '' : `${p.number}. `}${escapeLatex(p.text)}}`;
    case 'prose':
      return proseLatex(p.prose, names).replaceAll('⋮', '$\\vdots$');
    case 'formulas':
      return p.formulas.map((f) => display(formulaLatex(f, names))).join('\n');
    case 'name':
      return display(formulaLatex(p.formula, names));
    case 'list':
      return `\\begin{itemize}\n${p.items.map((i) => `\\item ${proseLatex(i, names)}`).join('\n')}\n\\end{itemize}`;
    case 'grid':
      return display(gridLatex(p.grid, names, p.show));
    case 'compressed':
      return display(compressedLatex(p.form, names));
    case 'blocks':
      return display(blocksLatex(p.blocks, names));
    case 'check':
      return escapeLatex(checkSentence(p.check, p.what));
  }
}

const dots = { '⋯': '\\cdots', '⋮': '\\vdots', '⋱': '\\ddots' } as const;

function labelLatex(line: GridLine, gap: string, names: PrintedNames): string {
  if (line.kind === 'gap') return gap;
  return line.parts
    .map(({ name, indices }) =>
      printLatex(
        indices.length === 0
          ? nameExpr(name)
          : { kind: 'index', target: nameExpr(name), indices: indices.map((i) => (i === null ? null : placeExpr(i))) },
        { names },
      ),
    )
    .join('\\,');
}

/**
 * A matrix in brackets with the columns named above and each row at its right. Phantoms give the names the heights of
 * their rows.
 */
function labelledMatrix(
  cells: readonly (readonly string[])[],
  rows: readonly string[],
  columns: readonly string[],
): string {
  const body = `\\begin{bmatrix} ${cells.map((row) => row.join(' & ')).join(' \\\\ ')} \\end{bmatrix}`;
  const above = columns.every((c) => c === '') ? body : `\\overbrace{${body}}^{${columns.join(',\\; ')}}`;
  if (rows.every((r) => r === '')) return above;
  const labels = rows.map((r, k) => {
    const tall = cells[k]!.filter((c) => /\\(?:frac|sum|sqrt|left)/.test(c)).sort((a, b) => b.length - a.length)[0];
    return tall ? `\\vphantom{${tall}} ${r}` : r;
  });
  return `${above}\\; \\begin{matrix} ${labels.join(' \\\\ ')} \\end{matrix}`;
}

function gridLatex(grid: Grid, names: PrintedNames, show: 'formula' | 'value'): string {
  const draw = (entry: (c: GridCell & { kind: 'entry' }) => Formula): readonly (readonly string[])[] =>
    grid.cells.map((row) => row.map((c) => (c.kind === 'gap' ? dots[c.dots] : formulaLatex(entry(c), names))));
  const full = draw((c) =>
    show === 'value' && c.value !== undefined ? { kind: 'value', value: rounded(c.value) } : c.formula,
  );
  // Formulas too long for a matrix: each cell says which entry it is.
  const cells = full.flat().join('').length > longest ? draw((c) => (c.zero ? c.formula : c.partial)) : full;
  return labelledMatrix(
    cells,
    grid.rows.map((r) => labelLatex(r, '\\vdots', names)),
    grid.columns.map((c) => labelLatex(c, '\\ldots', names)),
  );
}

/** Characters of LaTeX in the cells of one matrix. */
const longest = 3000;

const rounded = (x: number): number => Number(x.toPrecision(6));

function compressedLatex({ direction, parts }: CompressedForm, names: PrintedNames): string {
  const matrix = (of: (p: { partial: Formula; value: Formula }) => Formula): string => {
    const cells = parts.map((p) => (p ? formulaLatex(of(p), names) : direction === 'row' ? '\\cdots' : '\\vdots'));
    return `\\begin{bmatrix} ${cells.join(direction === 'row' ? ' & ' : ' \\\\ ')} \\end{bmatrix}`;
  };
  return `${matrix((p) => p.partial)} = ${matrix((p) => p.value)}`;
}

const blocksLatex = (b: Blocks, names: PrintedNames): string =>
  labelledMatrix(
    b.cells.map((row) =>
      row.map((c) =>
        c.kind === 'gap' ? dots[c.dots] : c.zero ? (c.axes === 1 ? '\\vec{0}' : '0') : formulaLatex(c.value, names),
      ),
    ),
    b.rows.map((r) => labelLatex(r, '\\vdots', names)),
    b.columns.map((c) => labelLatex(c, '\\ldots', names)),
  );
