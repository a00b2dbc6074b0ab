import { type Declaration, type Layout, layouts, type NdArray } from '../../../src/api/index.ts';
import { refuse } from '../refuse.ts';
import { readDeclare } from './declare.ts';
import { isRecord, readJson } from './json.ts';
import { readValues } from './values.ts';

/** One line of `wrt batch`, checked. */
export interface BatchRequest {
  readonly program: string;
  /** Empty: only the output is wanted. */
  readonly wrt: readonly string[];
  readonly declare: readonly Declaration[];
  readonly output?: string;
  readonly layout: Layout;
  readonly certify: boolean;
  readonly at?: ReadonlyMap<string, NdArray>;
  readonly held: ReadonlyMap<string, NdArray>;
}

type Fields = Readonly<Record<string, unknown>>;

/** The object of a line; its `id` is wanted even when the rest is refused. */
export function readObject(text: string): Fields {
  const value = readJson(text, 'the line');
  return isRecord(value) ? value : refuse('usage/json', 'the line is not a JSON object');
}

export const idOf = (fields: Fields): string | number | null => {
  const id = fields.id;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
};

export function readRequest(fields: Fields): BatchRequest {
  const at = fields.at ?? undefined;
  const output = fields.output ?? undefined;
  const certify = fields.certify ?? true;
  if (typeof fields.program !== 'string') refuse('usage/field', "'program' must be a text");
  if (output !== undefined && typeof output !== 'string') refuse('usage/field', "'output' must be a name or null");
  if (typeof certify !== 'boolean') refuse('usage/field', "'certify' must be true or false");
  return {
    program: fields.program as string,
    wrt: readWrt(fields.wrt),
    declare: readDeclare(fields.declare),
    layout: readLayout(fields.layout),
    certify: certify as boolean,
    held: fields.held === undefined || fields.held === null ? new Map() : readValues(fields.held, 'held'),
    ...(output === undefined ? {} : { output: output as string }),
    ...(at === undefined ? {} : { at: readValues(at, 'at') }),
  };
}

function readWrt(wrt: unknown): readonly string[] {
  if (typeof wrt === 'string') return splitNames(wrt);
  if (Array.isArray(wrt) && wrt.every((name) => typeof name === 'string')) return wrt;
  return refuse('usage/field', "'wrt' must be a list of names", 'an empty list asks for the value of the output alone');
}

/** `x,x`: the names to differentiate by, one after the other. */
export function splitNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === ''))
    refuse('usage/wrt', `'${text}' is not a list of names`, "write 'x', or 'x,y' for a second derivative");
  return names;
}

/** `mixed` is what some texts call the order of the Jacobian. */
export function readLayout(layout: unknown): Layout {
  if (layout === undefined || layout === null) return 'denominator';
  const found = layouts.find((known) => known === (layout === 'mixed' ? 'jacobian' : layout));
  return found ?? refuse('usage/layout', `unknown layout ${JSON.stringify(layout)}`, `known are ${layouts.join(', ')}`);
}
