import {
  collapseView,
  condensedView,
  contractedView,
  type Derivative,
  entryView,
  labelledView,
  lawsView,
  type PageView,
  type PointValues,
  type RequestOptions,
  type Result,
  renderView,
  slicesView,
  unfoldedView,
} from '../../../src/api/index.ts';
import { exitCodes } from '../exit.ts';
import { refuse } from '../refuse.ts';
import { schema } from '../render/error-json.ts';
import type { DeriveJob, Reply, View } from './jobs.ts';
import { failed } from './reply.ts';

/** Which view a job asks for: `--entry` alone asks for entry by entry. */
export const viewOf = (job: DeriveJob): View | undefined => job.view ?? (job.entry === undefined ? undefined : 'entry');

/** `wrt derive … --view`: one view of the derivative, drawn as text, LaTeX or HTML, or as data. */
export function viewReply(
  job: DeriveJob,
  view: View,
  d: Derivative,
  at: PointValues | undefined,
  limits: Pick<RequestOptions, 'limits' | 'signal'>,
): Reply {
  const made = make(job, view, d, { ...limits, ...(at ? { at } : {}) });
  if (!made.ok) return failed(made.errors, d.program.source, job);
  if (job.format === 'json' || job.json)
    return {
      out: `${JSON.stringify({ schema, ok: true, view: made.value }, plain, 2)}\n`,
      err: '',
      code: exitCodes.ok,
    };
  const format = job.format === 'latex' || job.format === 'html' ? job.format : 'text';
  if (job.format !== undefined && format === 'text' && job.format !== 'text' && job.format !== 'unicode')
    refuse('usage/format', `--format ${job.format} draws no views`, 'views are drawn as text, latex, html or json');
  const drawn = renderView(made.value, format, { columns: job.look.columns });
  return { out: format === 'text' ? `\n${drawn}\n` : `${drawn.trimEnd()}\n`, err: '', code: exitCodes.ok };
}

type ViewPoint = Pick<RequestOptions, 'limits' | 'signal'> & { readonly at?: PointValues };

function make(job: DeriveJob, view: View, d: Derivative, options: ViewPoint): Result<PageView> {
  const rows = axesIn(job.rows, '--rows');
  const columns = axesIn(job.columns, '--columns');
  if ((rows || columns) && view !== 'unfolded' && view !== 'slices')
    refuse('usage/axes', '--rows and --columns belong to --view unfolded and --view slices');
  switch (view) {
    case 'entry':
      return entryView(d, { ...options, ...(job.entry === undefined ? {} : { entry: placesIn(job.entry) }) });
    case 'labelled':
      return labelledView(d, options);
    case 'slices': {
      if ((rows?.length ?? 1) !== 1 || (columns?.length ?? 1) !== 1)
        refuse('usage/axes', 'a slice has one axis down its rows and one along its columns');
      return slicesView(d, {
        ...options,
        ...(rows ? { row: rows[0]! } : {}),
        ...(columns ? { column: columns[0]! } : {}),
      });
    }
    case 'unfolded':
      return unfoldedView(d, { ...options, ...(rows ? { rows } : {}), ...(columns ? { columns } : {}) });
    case 'condensed':
      return condensedView(d, options);
    case 'collapse':
      return collapseView(d, options);
    case 'contracted':
      return contractedView(d, options);
    case 'laws':
      return lawsView(d, options);
  }
}

/** `i,j`, `1,2` or `ij`; nothing between the commas means no axes on that side. */
function axesIn(text: string | undefined, option: string): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (/^[a-z]+$/.test(trimmed)) return [...trimmed];
  const parts = trimmed.split(',').map((p) => p.trim());
  if (parts.some((p) => p === ''))
    refuse('usage/axes', `'${text}' is not a list of axes`, `write ${option} i,j or 1,2`);
  return parts;
}

function placesIn(text: string): readonly number[] {
  if (text.trim() === '') return [];
  return text.split(',').map((part) => {
    const value = Number(part);
    if (!/^\s*\d+\s*$/.test(part) || !Number.isSafeInteger(value))
      refuse(
        'usage/entry',
        `'${text}' is no place of an entry`,
        'write --entry 2,1: one number for every axis, from 1',
      );
    return value;
  });
}

/** Maps have names of the program as keys, so they become lists of pairs. */
const plain = (_key: string, value: unknown): unknown =>
  value instanceof Map ? [...value] : typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
