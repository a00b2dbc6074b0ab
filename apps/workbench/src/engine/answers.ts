import {
  type Derivative,
  operations,
  type ParsedProgram,
  parse,
  type RequestOptions,
  type Result,
  replaceStatement,
  rewrite,
  shapeText,
} from '../../../../src/api/index.ts';
import type { Analysed, Answer, Asked, DerivedView, QuestionKind, Questions } from './protocol.ts';
import { derivativeOf, optionsOf } from './session.ts';

const failed = (errors: readonly { code: string; message: string }[]) => ({
  ok: false as const,
  errors: errors as never,
});

function analysed(program: ParsedProgram, options: RequestOptions): Analysed {
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
  const plain = rewrite(program.source, options);
  return {
    names,
    ...(name === undefined ? {} : { output: name }),
    variables: [...can('input'), ...can('assigned').filter((n) => n !== name)],
    ...(plain.ok && plain.value.text !== program.source ? { plain: plain.value.text } : {}),
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
    // The laws name the derivative as everything else does.
    partial: laws.size.slice('Size('.length, laws.size.indexOf(') = ')),
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

export type Answering = {
  readonly [K in QuestionKind]: (takes: Questions[K]['takes']) => Result<Questions[K]['gives']>;
};

/** What every page needs at once. */
const first: Pick<Answering, 'functions' | 'analyse' | 'rewrite' | 'enter' | 'derive'> = {
  functions: () => ({
    ok: true,
    value: operations().functions.map(({ name, usage, doc }) => ({ name, usage: usage[0] ?? name, doc })),
  }),
  analyse({ program }) {
    const options = optionsOf(program);
    if (!options.ok) return options;
    const parsed = parse(program.source, options.value);
    return parsed.ok ? { ok: true, value: analysed(parsed.value, options.value) } : parsed;
  },
  rewrite({ program }) {
    const options = optionsOf(program);
    return options.ok ? rewrite(program.source, options.value) : options;
  },
  enter({ program, statement, latex }) {
    const options = optionsOf(program);
    return options.ok ? replaceStatement(program.source, statement, latex, options.value) : options;
  },
  derive(input) {
    const d = derivativeOf(input);
    return d.ok ? { ok: true, value: derivedView(d.value) } : d;
  },
};

/** What is fetched when it is first asked for. */
const array = () => import('./answers-views.ts').then((m) => m.views);
const near = () => import('./answers-approx.ts').then((m) => m.approx);
const later = {
  steps: () => import('./answers-steps.ts').then((m) => m.steps),
  forms: () => import('./answers-steps.ts').then((m) => m.steps),
  entry: array,
  labelled: array,
  unfolded: array,
  condensed: array,
  contracted: array,
  tables: () => import('./answers-tables.ts').then((m) => m.tables),
  collapse: () => import('./answers-tables.ts').then((m) => m.tables),
  point: () => import('./answers-point.ts').then((m) => m.point),
  heat: () => import('./answers-point.ts').then((m) => m.point),
  place: () => import('./answers-tables.ts').then((m) => m.tables),
  local: near,
  graph: near,
  dial: near,
  approx: near,
  network: () => import('./answers-network.ts').then((m) => m.network),
  check: () => import('./answers-check.ts').then((m) => m.check),
  emit: () => import('./answers-emit.ts').then((m) => m.emit),
} satisfies { readonly [K in Exclude<QuestionKind, keyof typeof first>]: () => Promise<Pick<Answering, K>> };

async function answering<K extends QuestionKind>(kind: K): Promise<Answering[K]> {
  const table: Partial<Answering> = kind in first ? first : await later[kind as keyof typeof later]();
  return table[kind]!;
}

/** Answers one question; whatever is thrown becomes an answer too. */
export async function answer<K extends QuestionKind>({
  kind,
  takes,
}: Pick<Asked<K>, 'kind' | 'takes'>): Promise<Answer<K>> {
  try {
    const result = ((await answering(kind)) as (takes: unknown) => Result<Questions[K]['gives']>)(takes);
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
