import type { Budget } from '../base/budget.ts';
import { type EntryAt, type EntryView, entryView as makeEntry, entryAt as oneEntry } from '../explain/entry.ts';
import { isZeroFormula } from '../explain/entry-formula.ts';
import { type PrintedNames, printedNames } from '../explain/entry-names.ts';
import { type LabelledView, labelledView as makeLabelled, slicesView as makeSlices } from '../explain/labelled.ts';
import type { PageFormat } from '../explain/render/page.ts';
import { pageHtml } from '../explain/render/page-html.ts';
import { pageFormulas, pageLatex } from '../explain/render/page-latex.ts';
import { pageText } from '../explain/render/page-text.ts';
import { type PageView, pageOf } from '../explain/render/pages.ts';
import { type CollapseView, collapseView as makeCollapse } from '../explain/tensor-collapse.ts';
import { type CondensedView, condensedView as makeCondensed } from '../explain/tensor-condensed.ts';
import { type ContractedView, contractedView as makeContracted } from '../explain/tensor-contracted.ts';
import { type LawsView, lawsView as makeLaws } from '../explain/tensor-laws.ts';
import { stackView as makeStack, type StackView } from '../explain/tensor-stack.ts';
import { unfoldedView as makeUnfolded, type UnfoldedView } from '../explain/tensor-unfolded.ts';
import { evaluateProgram } from '../interpret/program.ts';
import type { TensorScope } from '../interpret/tensor.ts';
import { scopeAt } from './derived.ts';
import { request } from './result.ts';
import { subjectOf } from './subject.ts';
import type { Derivative, PointValues, RequestOptions, Result } from './types.ts';

export { formulaMathml, formulaText, proseHtml, proseText } from '../explain/render/formula.ts';
export { checkSentence } from '../explain/render/page.ts';
export { lineLabel } from '../explain/render/page-text.ts';
export type {
  CollapseView,
  CondensedView,
  ContractedView,
  EntryView,
  LabelledView,
  LawsView,
  PageFormat,
  PageView,
  StackView,
  UnfoldedView,
};

export interface ViewOptions extends Pick<RequestOptions, 'limits' | 'signal'> {
  /** Numbers at this point. */
  readonly at?: PointValues;
}
export interface EntryViewOptions extends ViewOptions {
  /** One entry, its places counted from 1 in the layout's order of axes. */
  readonly entry?: readonly number[];
}
export interface GridViewOptions extends ViewOptions {
  /** Rows and columns shown in full; beyond that the first two and the last. */
  readonly most?: number;
}
export interface UnfoldedViewOptions extends GridViewOptions {
  /** Axes as letters of the general entry, or as numbers from 1 in the layout's order. */
  readonly rows?: readonly string[];
  readonly columns?: readonly string[];
}
export interface SlicesViewOptions extends GridViewOptions {
  /** One axis each, by its letter or its number from 1. */
  readonly row?: string;
  readonly column?: string;
}
export interface CollapseViewOptions extends GridViewOptions {
  /** Which summand of the derivative, from 1. */
  readonly summand?: number;
  /** Seed of the random point of the check. */
  readonly seed?: number;
}
export interface CheckedViewOptions extends Pick<RequestOptions, 'limits' | 'signal'> {
  /** Seed of the random point of the checks. */
  readonly seed?: number;
}

/** The point with its sizes; a name that the program assigns and that is differentiated by has its own value there. */
function scopeOf(d: Derivative, at: PointValues | undefined, budget: Budget): { scope?: TensorScope } {
  if (!at) return {};
  const { analysis } = d.program;
  const { variables, sizes, indices, inputs, held } = scopeAt(analysis, d.wrt, at);
  const open = d.wrt.some((name) => analysis.names.get(name)?.role === 'assigned' && !held.has(name));
  const values = open ? evaluateProgram(analysis, inputs, { held }, budget).values : new Map();
  return { scope: { variables: new Map([...values, ...variables]), sizes, indices } };
}

/** The general entry, found step by step; `entry` adds one of them. Errors: `shape/entry`, `shape/point`. */
export const entryView = (d: Derivative, options: EntryViewOptions = {}): Result<EntryView> =>
  request(options, (budget) =>
    makeEntry(
      subjectOf(d),
      { ...scopeOf(d, options.at, budget), ...(options.entry ? { entry: options.entry } : {}) },
      budget,
    ),
  );

/** One entry alone, as quick as a pointer moves. Errors: `shape/entry`, `shape/point`. */
export const entryAt = (
  d: Derivative,
  options: ViewOptions & { readonly entry: readonly number[] },
): Result<EntryAt & { readonly zero: boolean; readonly names: PrintedNames }> =>
  request(options, (budget) => {
    const subject = subjectOf(d);
    const { scope } = scopeOf(d, options.at, budget);
    const entry = oneEntry(subject, options.entry, scope, budget);
    return { ...entry, zero: isZeroFormula(entry.formula), names: printedNames(subject) };
  });

/**
 * The derivative with rows and columns named; for three axes and more the block picture and stacked slices.
 * Errors: `shape/point`, `limit/entries`.
 */
export const labelledView = (d: Derivative, options: GridViewOptions = {}): Result<LabelledView> =>
  request(options, (budget) => makeLabelled(subjectOf(d), { ...gridOptions(d, options, budget) }, budget));

/** The derivative as a stack of matrices with the chosen axes down and along. Errors: `usage/axes`, `shape/point`. */
export const slicesView = (d: Derivative, options: SlicesViewOptions = {}): Result<LabelledView> =>
  request(options, (budget) =>
    makeSlices(
      subjectOf(d),
      {
        ...gridOptions(d, options, budget),
        ...(options.row === undefined ? {} : { row: options.row }),
        ...(options.column === undefined ? {} : { column: options.column }),
      },
      budget,
    ),
  );

/** The derivative as tables that lie on a grid of their own, every entry named. Errors: `shape/point`. */
export const stackView = (d: Derivative, options: GridViewOptions = {}): Result<StackView> =>
  request(options, (budget) => makeStack(subjectOf(d), gridOptions(d, options, budget), budget));

/**
 * The same with what becomes of every entry when the derivative, or one of its summands, is condensed: which vanish,
 * which repeat others, and the parts that are kept. Errors: `usage/summand`, `shape/point`.
 */
export const collapseView = (d: Derivative, options: CollapseViewOptions = {}): Result<CollapseView> =>
  request(options, (budget) =>
    makeCollapse(
      subjectOf(d),
      {
        ...gridOptions(d, options, budget),
        ...(options.summand === undefined ? {} : { summand: options.summand }),
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      },
      budget,
    ),
  );

/** What is kept, what was dropped, and the rule that puts it back, checked in numbers. */
export const condensedView = (d: Derivative, options: CheckedViewOptions = {}): Result<CondensedView> =>
  request(options, (budget) => makeCondensed(subjectOf(d), options.seed ?? 1, budget));

/** The derivative as one matrix with the chosen axes as rows and columns. Errors: `usage/axes`, `shape/point`. */
export const unfoldedView = (d: Derivative, options: UnfoldedViewOptions = {}): Result<UnfoldedView> =>
  request(options, (budget) =>
    makeUnfolded(
      subjectOf(d),
      {
        ...gridOptions(d, options, budget),
        ...(options.rows ? { rows: options.rows } : {}),
        ...(options.columns ? { columns: options.columns } : {}),
      },
      budget,
    ),
  );

/** The derivative contracted with an incoming derivative, and with a small change, checked in numbers. */
export const contractedView = (d: Derivative, options: CheckedViewOptions = {}): Result<ContractedView> =>
  request(options, (budget) => makeContracted(subjectOf(d), options.seed ?? 1, budget));

/** The size law and the axes law as data, in numbers where the sizes are known. Errors: `shape/point`. */
export const lawsView = (d: Derivative, options: ViewOptions = {}): Result<LawsView> =>
  request(options, (budget) => makeLaws(subjectOf(d), scopeOf(d, options.at, budget).scope?.sizes));

const gridOptions = (d: Derivative, options: GridViewOptions, budget: Budget) => ({
  ...scopeOf(d, options.at, budget),
  ...(options.most === undefined ? {} : { most: options.most }),
});

export interface RenderOptions {
  /** Width of terminal text. */
  readonly columns?: number;
}

/** A view as terminal text, as LaTeX, or as an HTML fragment with MathML and SVG. */
export function renderView(view: PageView, format: PageFormat = 'text', options: RenderOptions = {}): string {
  const page = pageOf(view);
  if (format === 'latex') return pageLatex(page);
  return format === 'html' ? pageHtml(page) : pageText(page, options.columns);
}

/** The LaTeX formulas of a view alone, each for math mode. */
export const viewFormulas = (view: PageView): readonly string[] => pageFormulas(pageOf(view));
