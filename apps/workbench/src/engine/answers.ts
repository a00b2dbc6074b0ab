import {
  approxHtml,
  approximate,
  check,
  checkText,
  condensedView,
  contractedView,
  type Derivative,
  derive,
  emit,
  entryView,
  fromNested,
  type Limits,
  labelledView,
  network,
  networkHtml,
  operations,
  type PageView,
  type ParsedProgram,
  type PointValues,
  parse,
  parseDeclarations,
  type RequestOptions,
  type Result,
  randomValues,
  renderView,
  shapeText,
  unfoldedView,
} from '../../../../src/api/index.ts';
import type {
  Analysed,
  Answer,
  Asked,
  DerivativeInput,
  DerivedView,
  Drawn,
  PointInput,
  ProgramInput,
  QuestionKind,
  Questions,
} from './protocol.ts';

/** A page is to stay responsive: what takes longer than this is given up, and the user is told. */
const limits: Partial<Limits> = { milliseconds: 10_000, entries: 2_000_000 };

const failed = (errors: readonly { code: string; message: string }[]) => ({
  ok: false as const,
  errors: errors as never,
});

function optionsOf({ declare, output }: ProgramInput): Result<RequestOptions> {
  const read = declare.trim() === '' ? { ok: true as const, value: [] } : parseDeclarations(declare);
  if (!read.ok) return read;
  const declared = read.value.map(({ span: _, ...rest }) => rest);
  return { ok: true, value: { limits, declare: declared, ...(output ? { output } : {}) } };
}

/** The derivative of the last question is kept: its views are made from it. */
let kept: { readonly key: string; readonly result: Result<Derivative> } | undefined;

function derivativeOf(input: DerivativeInput): Result<Derivative> {
  const { program, wrt, layout, convention } = input;
  const key = JSON.stringify([program, wrt, layout, convention]);
  if (kept?.key === key) return kept.result;
  const options = optionsOf(program);
  const result = options.ok
    ? derive(program.source, wrt, { ...options.value, layout, ...(convention ? { convention } : {}) })
    : options;
  kept = { key, result };
  return result;
}

/** The values of a point, or random ones for those that are missing. */
function pointOf(program: ParsedProgram, wrt: readonly string[], { values, seed }: PointInput): Result<PointValues> {
  const given = new Map<string, NonNullable<ReturnType<typeof fromNested>>>();
  for (const [name, value] of Object.entries(values ?? {})) {
    const array = fromNested(value);
    if (array) given.set(name, array);
  }
  const random = randomValues(program, seed, wrt);
  return random.ok ? { ok: true, value: new Map([...random.value.values, ...given]) } : random;
}

function analysed(program: ParsedProgram): Analysed {
  const { analysis, warnings } = program;
  const names = [...analysis.names.values()].map((info) => ({
    name: info.name,
    role: info.role,
    shape: info.role === 'function' ? 'function' : shapeText(info.type.axes),
    axes: info.type.axes,
    row: info.type.row === true,
    properties: info.properties,
    inferred: info.inferred,
    ...(info.reason === undefined ? {} : { reason: info.reason }),
    ...(info.span ? { start: info.span.start, end: info.span.end } : {}),
  }));
  const can = (role: string): readonly string[] => names.filter((n) => n.role === role).map((n) => n.name);
  const { name } = analysis.output;
  return {
    names,
    ...(name === undefined ? {} : { output: name }),
    variables: [...can('input'), ...can('assigned').filter((n) => n !== name)],
    warnings,
  };
}

function derivedView(d: Derivative): DerivedView {
  const { wrt, layout, shape, axes, text, unicode, latex, mathml, matrixForm, reason, convention, kronecker } = d;
  const { laws, certificate, warnings, condensed } = d;
  return {
    wrt,
    layout,
    output: d.output.name ?? axes.find((a) => a.of === 'output')?.name ?? 'y',
    shape,
    axes,
    text,
    unicode,
    latex,
    mathml,
    matrixForm,
    ...(reason === undefined ? {} : { reason }),
    ...(convention ? { convention } : {}),
    ...(kronecker ? { kronecker } : {}),
    laws,
    certificate,
    warnings: [...d.program.warnings, ...warnings],
    storage: { kept: condensed.storage.kept, full: condensed.storage.full },
    smaller: condensed.smaller,
    rule: condensed.rule,
  };
}

/** Makes a view of a derivative, at a point where one is asked for. */
function viewed<T>(
  input: DerivativeInput & { point?: PointInput },
  make: (d: Derivative, at: { at?: PointValues }) => Result<T>,
): Result<T> {
  const d = derivativeOf(input);
  if (!d.ok) return d;
  if (!input.point) return make(d.value, {});
  const at = pointOf(d.value.program, d.value.wrt, input.point);
  return at.ok ? make(d.value, { at: at.value }) : at;
}

/** The same, drawn too. */
const drawn = <T extends PageView>(
  input: DerivativeInput & { point?: PointInput },
  make: (d: Derivative, at: { at?: PointValues }) => Result<T>,
): Result<Drawn<T>> =>
  viewed(input, (d, at) => {
    const made = make(d, at);
    return made.ok ? { ok: true, value: { data: made.value, html: renderView(made.value, 'html') } } : made;
  });

/** The options that were given. */
const optional = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;

type Answers = { readonly [K in QuestionKind]: (takes: Questions[K]['takes']) => Result<Questions[K]['gives']> };

const answers: Answers = {
  functions: () => ({
    ok: true,
    value: operations().functions.map(({ name, usage, doc }) => ({ name, usage: usage[0] ?? name, doc })),
  }),
  analyse({ program }) {
    const options = optionsOf(program);
    if (!options.ok) return options;
    const parsed = parse(program.source, options.value);
    return parsed.ok ? { ok: true, value: analysed(parsed.value) } : parsed;
  },
  derive(input) {
    const d = derivativeOf(input);
    return d.ok ? { ok: true, value: derivedView(d.value) } : d;
  },
  steps: (input) => viewed(input, (d) => d.steps({ depth: input.depth, limits })),
  entry: (input) => drawn(input, (d, at) => entryView(d, { limits, ...at, ...optional({ entry: input.entry }) })),
  labelled: (input) => drawn(input, (d, at) => labelledView(d, { limits, ...at, ...optional({ most: input.most }) })),
  unfolded: (input) =>
    drawn(input, (d, at) =>
      unfoldedView(d, { limits, ...at, ...optional({ rows: input.rows, columns: input.columns }) }),
    ),
  condensed: (input) => drawn(input, (d) => condensedView(d, { limits })),
  contracted: (input) => drawn(input, (d) => contractedView(d, { limits })),
  approx: (input) =>
    viewed(input, (d, at) => {
      const direction = input.direction === undefined ? undefined : fromNested(input.direction);
      const options = optionsOf(input.program);
      if (!options.ok) return options;
      const made = approximate(input.program.source, [...d.wrt], {
        ...options.value,
        ...at,
        ...optional({ direction }),
      });
      return made.ok ? { ok: true, value: { data: made.value, html: approxHtml(made.value) } } : made;
    }),
  network({ program, layout }) {
    const options = optionsOf(program);
    const made = options.ok ? network(program.source, { ...options.value, layout }) : options;
    return made.ok ? { ok: true, value: { data: made.value, html: networkHtml(made.value) } } : made;
  },
  check({ program, wrt, layout, answer: theirs, strict }) {
    const options = optionsOf(program);
    const made = options.ok ? check(program.source, wrt, theirs, { ...options.value, layout, strict }) : options;
    return made.ok ? { ok: true, value: { verdict: made.value.verdict, text: checkText(made.value) } } : made;
  },
  emit(input) {
    const options = optionsOf(input.program);
    if (!options.ok) return options;
    const { layout, wrt, target, program } = input;
    const made = emit(program.source, { value: true, derivatives: [wrt] }, target, { ...options.value, layout });
    return made.ok ? { ok: true, value: { code: made.value.content, fileName: made.value.fileName } } : made;
  },
};

/** Answers one question; whatever is thrown becomes an answer too. */
export function answer<K extends QuestionKind>({ kind, takes }: Asked<K>): Answer<K> {
  try {
    const result = (answers[kind] as (takes: unknown) => Result<Questions[K]['gives']>)(takes);
    return result.ok ? result : failed(result.errors);
  } catch (error) {
    return failed([
      {
        code: 'internal/unexpected',
        message: `this is a bug in wrt: ${error instanceof Error ? error.message : String(error)}`,
      },
    ]);
  }
}
