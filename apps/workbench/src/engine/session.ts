import {
  type Derivative,
  derive,
  fromNested,
  type Limits,
  type ParsedProgram,
  type PointValues,
  parseDeclarations,
  type RequestOptions,
  type Result,
  randomValues,
} from '../../../../src/api/index.ts';
import type { DerivativeInput, NamedValue, PointInput, ProgramInput } from './protocol.ts';

/** A page is to stay responsive: what takes longer than this is given up, and the user is told. */
export const limits: Partial<Limits> = { milliseconds: 10_000, entries: 2_000_000 };

export function optionsOf({ declare, output }: ProgramInput): Result<RequestOptions> {
  const read = declare.trim() === '' ? { ok: true as const, value: [] } : parseDeclarations(declare);
  if (!read.ok) return read;
  const declared = read.value.map(({ span: _, ...rest }) => rest);
  return { ok: true, value: { limits, declare: declared, ...(output ? { output } : {}) } };
}

/** The derivatives of the last questions are kept: their views are made from them. */
const kept = new Map<string, Result<Derivative>>();
const mostKept = 4;

export function derivativeOf(input: DerivativeInput): Result<Derivative> {
  const { program, wrt, layout, convention } = input;
  const key = JSON.stringify([program, wrt, layout, convention]);
  const known = kept.get(key);
  if (known) return known;
  const options = optionsOf(program);
  const result = options.ok
    ? derive(program.source, wrt, { ...options.value, layout, ...(convention ? { convention } : {}) })
    : options;
  if (kept.size === mostKept) kept.delete(kept.keys().next().value!);
  kept.set(key, result);
  return result;
}

/** The values of a point, or random ones for those that are missing. */
export function pointOf(
  program: ParsedProgram,
  wrt: readonly string[],
  { values, seed }: PointInput,
): Result<PointValues> {
  const given = new Map<string, NonNullable<ReturnType<typeof fromNested>>>();
  for (const [name, value] of Object.entries(values ?? {})) {
    const array = fromNested(value);
    if (array) given.set(name, array);
  }
  const random = randomValues(program, seed, wrt);
  return random.ok ? { ok: true, value: new Map([...random.value.values, ...given]) } : random;
}

/** Makes a view of a derivative, at a point where one is asked for. */
export function viewed<T>(
  input: DerivativeInput & { point?: PointInput },
  make: (d: Derivative, at: { at?: PointValues }) => Result<T>,
): Result<T> {
  const d = derivativeOf(input);
  if (!d.ok) return d;
  if (!input.point) return make(d.value, {});
  const at = pointOf(d.value.program, d.value.wrt, input.point);
  return at.ok ? make(d.value, { at: at.value }) : at;
}

/** The options that were given. */
export const optional = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;

/** Values by name as a list, for the page. */
export const namedValues = (values: PointValues): readonly NamedValue[] =>
  [...values].map(([name, { shape, data }]) => ({ name, shape, data: [...data] }));
