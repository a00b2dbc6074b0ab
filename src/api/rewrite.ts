import type { Budget } from '../base/budget.ts';
import { fail, WrtError } from '../base/diagnostic.ts';
import { lex } from '../language/lexer.ts';
import { parseProgram } from '../language/parse.ts';
import { createSource } from '../language/source.ts';
import { printLatex } from '../notation/print/latex.ts';
import { printText } from '../notation/print/text.ts';
import { name as nameExpr } from '../syntax/expr.ts';
import { request, unwrap } from './result.ts';
import type { RequestOptions, Result } from './types.ts';

export interface RewrittenStatement {
  /** Where it stands, offsets, with the delimiters that LaTeX has around it. */
  readonly start: number;
  readonly end: number;
  readonly written: 'text' | 'latex';
  readonly text: string;
  readonly latex: string;
  /** Whether the LaTeX reads back as this statement: a few things can only be printed. */
  readonly readable: boolean;
}
export interface Rewritten {
  readonly statements: readonly RewrittenStatement[];
  /** The program with every LaTeX statement in the plain language; declarations and comments stay as they are. */
  readonly text: string;
}

/**
 * Each statement of a program in the plain language and in LaTeX, shapes aside: it need not be right, only legible.
 * Errors: `syntax/…`, `declaration/…`, `limit/…`.
 */
export const rewrite = (source: string, options: RequestOptions = {}): Result<Rewritten> =>
  request(options, (budget) => {
    const { program, diagnostics } = parseProgram(source, budget, options.declare);
    if (diagnostics.length > 0) throw new WrtError(diagnostics);
    const formulas = lex(createSource(source, budget)).filter((token) => token.kind === 'latex');
    const found = program.statements.map((statement) => {
      const { start, end } = statement.span!;
      const formula = formulas.find((token) => token.start <= start && end <= token.end);
      const written: RewrittenStatement['written'] = formula ? 'latex' : 'text';
      const { name, value } = statement;
      const text = (name === undefined ? '' : `${name} = `) + printText(value);
      const latex = (name === undefined ? '' : `${printLatex(nameExpr(name))} = `) + printLatex(value);
      return { ...(formula ?? { start, end }), written, text, latex };
    });
    const back = readBack(source, found, options, budget);
    const statements = found.map(({ start, end, written, text, latex }) => ({
      ...{ start, end, written, text, latex },
      readable: back.has(text),
    }));
    return { statements, text: inText(source, statements) };
  });

/** The program with other words in the place of statements; what lies between rows of a display goes with them. */
function replaced(
  source: string,
  statements: readonly Pick<RewrittenStatement, 'start' | 'end'>[],
  words: (k: number) => string,
): string {
  let text = '';
  let at = 0;
  statements.forEach(({ start, end }, k) => {
    text += source.slice(at, start).replace(/\s*\\\\(?:\s*\[[^\]\n]*\])?\s*/, '\n') + words(k);
    at = end;
  });
  return text + source.slice(at);
}

const inText = (source: string, statements: readonly RewrittenStatement[]): string =>
  replaced(source, statements, (k) => {
    const { written, text, start, end } = statements[k]!;
    return written === 'latex' ? text : source.slice(start, end);
  });

/** The statements that the program in LaTeX holds, as plain text. */
function readBack(
  source: string,
  found: readonly Pick<RewrittenStatement, 'start' | 'end' | 'latex'>[],
  options: RequestOptions,
  budget: Budget,
): ReadonlySet<string> {
  const text = replaced(source, found, (k) => `\\[${found[k]!.latex}\\]`);
  const { statements } = parseProgram(text, budget, options.declare).program;
  return new Set(statements.map(({ name, value }) => (name === undefined ? '' : `${name} = `) + printText(value)));
}

/**
 * The program with LaTeX in the place of one of its statements, all in the plain language.
 * Errors: those of `rewrite`; `usage/statement` where the program has no such statement.
 */
export const replaceStatement = (
  source: string,
  statement: number,
  latex: string,
  options: RequestOptions = {},
): Result<string> =>
  request(options, () => {
    const place = unwrap(rewrite(source, options)).statements[statement];
    if (!place) return fail('usage/statement', `the program has no statement ${statement + 1}`);
    return unwrap(rewrite(`${source.slice(0, place.start)}\\[${latex}\\]${source.slice(place.end)}`, options)).text;
  });
