import type { Budget } from '../base/budget.ts';
import { type Diagnostic, type Span, spanAt, WrtError } from '../base/diagnostic.ts';
import { analyse } from '../language/analyse.ts';
import { canonicalName } from '../language/characters.ts';
import { parseLatex, parseProgram } from '../language/parse.ts';
import { nearest } from '../language/suggest.ts';
import { sizeSymbols } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Declaration, Expr, Statement } from '../syntax/expr.ts';
import { childrenOf } from '../syntax/expr.ts';
import { refuseIndexNotation, tidy } from './check-tidy.ts';
import { rebuild, renameIn } from './check-trees.ts';

/** An answer as statements to be read behind the program, its own names kept apart from the program's. */
export interface Answer {
  readonly text: string;
  /** The last one is the answer; what precedes it are names that it uses. */
  readonly statements: readonly Statement[];
  /** Index symbols that LaTeX such as `x_i` brings along. */
  readonly declarations: readonly Declaration[];
  /** Where the answer begins in `source`. */
  readonly offset: number;
  /** The program's text and the answer's: spans of both point into it. */
  readonly source: string;
  /** The output's name where the program gives it none: `y`, if the answer uses that, or one that nobody uses. */
  readonly outputName: string;
}

/** No name of the language begins so. */
const hidden = '·output';

/** Stands between program and answer: no statement goes on across it. */
const between = '\n;\n';

/**
 * Reads an answer as a person writes it: an expression or statements, plain or LaTeX, perhaps with the derivative on a
 * left side (`dL/dx = …`), perhaps with its names explained afterwards (`… where s = softmax(x)`).
 * Fails with `syntax/…` and `limit/…`, whose places count from the start of the answer.
 */
export function readAnswer(analysis: Analysis, text: string, output: string, budget: Budget): Answer {
  const program = analysis.program.source;
  const offset = program.length + between.length;
  const source = `${program}${between}${text}`;
  refuseIndexNotation(text, analysis);
  const { tidied, trailing } = tidy(text, new Set(analysis.names.keys()));
  // Read in its place behind the program, so that all places are those of `source`.
  const blank = source.slice(0, offset).replace(/[^\n]/g, ' ');
  const known = declarationsOf(analysis, true);
  let parsed = parseProgram(blank + tidied, budget, known);
  if (parsed.diagnostics.length > 0) {
    // `2 A x` is a product in LaTeX, and holds no command that would tell.
    const asLatex = parseLatex(blank + tidied, budget, known);
    if (asLatex.diagnostics.length === 0) parsed = asLatex;
  }
  if (parsed.diagnostics.length > 0)
    throw new WrtError(
      placed(parsed.diagnostics, { text, offset, source }).map((d) => ({
        ...d,
        message: `the answer cannot be read: ${d.message}`,
      })),
    );
  let { statements } = parsed.program;
  if (statements.length === 0)
    throw new WrtError([{ code: 'syntax/empty', message: 'the answer is empty: it has no expression' }]);
  if (trailing) statements = [...statements.slice(1), statements[0]!];
  const own = ownNames(statements, analysis);
  const unknownOutput = analysis.output.name === undefined && !analysis.names.has(output);
  const usesOutput =
    unknownOutput && own.some((s) => namesIn(s.value).has(output)) && !own.some((s) => s.name === output);
  return {
    text,
    statements: own,
    declarations: parsed.program.declarations.filter((d) => !analysis.names.has(d.name)),
    offset,
    source,
    outputName: usesOutput ? output : hidden,
  };
}

/** What the program found out about its names, as declarations for what is read with it; LaTeX needs the assigned ones too. */
const declarationsOf = (analysis: Analysis, assigned = false): readonly Declaration[] =>
  [...analysis.names.values()]
    .filter((info) => assigned || info.role !== 'assigned')
    .map((info) => ({ name: info.name, shape: info.shape, properties: info.properties }));

/** Names that the answer assigns and the program has too are the answer's own from there on. */
function ownNames(statements: readonly Statement[], analysis: Analysis): readonly Statement[] {
  const taken = new Set([...analysis.names.keys(), ...statements.flatMap((s) => s.name ?? []), ...symbolsOf(analysis)]);
  const renamed = new Map<string, string>();
  return statements.map((s) => {
    const value = renamed.size > 0 ? renameIn(s.value, renamed) : s.value;
    if (s.name === undefined || !(analysis.names.has(s.name) || symbolsOf(analysis).has(s.name)))
      return { ...s, value };
    let fresh = `${s.name}_`;
    while (taken.has(fresh)) fresh += '_';
    taken.add(fresh);
    renamed.set(s.name, fresh);
    return { ...s, name: fresh, value };
  });
}

/** The letters that stand for sizes. */
export const symbolsOf = (analysis: Analysis): ReadonlySet<string> =>
  new Set([
    ...[...analysis.names.values()].flatMap(({ type, shape }) =>
      [...type.axes, ...(shape.kind === 'function' ? [...shape.from, ...shape.to] : [])].flatMap(sizeSymbols),
    ),
    ...[...analysis.types.values()].flatMap((type) => type.axes.flatMap(sizeSymbols)),
  ]);

/** The names that a tree reads; not those of functions it calls. */
export function namesIn(root: Expr): ReadonlySet<string> {
  const found = new Set<string>();
  const stack = [root];
  for (let e = stack.pop(); e; e = stack.pop()) {
    if (e.kind === 'name') found.add(e.name);
    stack.push(...childrenOf(e));
  }
  return found;
}

/** Program and answer as one program whose output is the answer. Throws what does not fit, with places in the answer. */
export function analyseAnswer(
  analysis: Analysis,
  answer: Answer,
  statements: readonly Statement[],
  budget: Budget,
): Analysis {
  // The program's last expression stays, for the sizes that it alone may name; without a name it would be the output.
  const before = analysis.program.statements.filter((s) => s.name !== undefined);
  const output = analysis.output.name === undefined ? [{ name: answer.outputName, value: analysis.output.value }] : [];
  const program = {
    source: answer.source,
    declarations: answer.declarations,
    statements: [...before, ...output, ...statements],
  };
  try {
    return analyse(program, { declare: declarationsOf(analysis) }, budget);
  } catch (error) {
    if (!(error instanceof WrtError)) throw error;
    throw new WrtError(placed(error.diagnostics, answer));
  }
}

type Placing = Pick<Answer, 'text' | 'offset' | 'source'>;

/** Places of diagnostics as places in the answer; what lies in the program has none. */
function placed(found: readonly Diagnostic[], { text, offset, source }: Placing): readonly Diagnostic[] {
  const before = source.slice(0, offset).split('\n').length - 1;
  return found.map((d) => {
    const { span, hint, ...rest } = d;
    const at = span && placeIn(span, text, offset);
    return {
      ...rest,
      message: counted(rest.message, before),
      ...(hint === undefined ? {} : { hint: counted(hint, before) }),
      ...(at ? { span: at } : {}),
    };
  });
}

/** Places in a sentence, counted from the start of the answer. */
const counted = (sentence: string, linesBefore: number): string =>
  sentence.replace(/line (\d+), column (\d+)/g, (_, line: string, column: string) => {
    const own = Number(line) - linesBefore;
    return own > 1 ? `line ${own}, column ${column}` : `column ${column}`;
  });

export function placeIn(span: Span, text: string, offset: number): Span | undefined {
  const [start, end] = [span.start - offset, span.end - offset];
  return start < 0 ? undefined : spanAt(text, start, Math.min(end, text.length));
}

/** With × between vectors read as the cross product, where `*` did not fit; undefined where the answer has none. */
export function withCrosses({ statements, source }: Answer): readonly Statement[] | undefined {
  let found = false;
  const changed = statements.map((s) => ({
    ...s,
    value: rebuild(s.value, (e) => {
      if (e.kind !== 'binary' || e.op !== '*' || !e.opSpan) return e;
      if (!/^(\\times|×)$/.test(source.slice(e.opSpan.start, e.opSpan.end))) return e;
      found = true;
      return { kind: 'call', fn: 'cross', order: 0, args: [e.left, e.right], ...(e.span ? { span: e.span } : {}) };
    }),
  }));
  return found ? changed : undefined;
}

export interface UnknownName {
  readonly name: string;
  readonly near?: string;
  readonly span?: Span;
}

/** Names that stand for nothing in the program, nor in the answer itself. */
export function unknownNames(analysis: Analysis, answer: Answer): readonly UnknownName[] {
  const known = new Set([
    ...analysis.names.keys(),
    ...symbolsOf(analysis),
    ...answer.declarations.map((d) => d.name),
    answer.outputName,
  ]);
  const found = new Map<string, UnknownName>();
  for (const s of answer.statements) {
    const stack = [s.value];
    for (let e = stack.pop(); e; e = stack.pop()) {
      for (const child of [...valueChildren(e)].reverse()) stack.push(child);
      if (e.kind !== 'name' || known.has(e.name) || found.has(e.name) || /^inf$/i.test(e.name)) continue;
      const near = nearest(canonicalName(e.name), known);
      const span = e.span && placeIn(e.span, answer.text, answer.offset);
      found.set(e.name, { name: e.name, ...(near ? { near } : {}), ...(span ? { span } : {}) });
    }
    if (s.name !== undefined) known.add(s.name);
  }
  return [...found.values()];
}

/** Index letters are no values: `x[i]` says itself what i is. */
const valueChildren = (e: Expr): readonly Expr[] =>
  e.kind === 'index'
    ? [
        e.target,
        ...childrenOf(e)
          .slice(1)
          .filter((i) => i.kind !== 'name'),
      ]
    : childrenOf(e);
