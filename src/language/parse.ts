import { type Budget, createBudget } from '../base/budget.ts';
import { type Diagnostic, WrtError } from '../base/diagnostic.ts';
import type { Declaration, Expr, NameExpr, Program, Statement } from '../syntax/expr.ts';
import { childrenOf } from '../syntax/expr.ts';
import { canonicalName, namePattern } from './characters.ts';
import { readDeclaration } from './declarations.ts';
import { parseLatexStatement } from './latex.ts';
import { latexStatementEnd } from './latex-detect.ts';
import { displayMarks } from './latex-display.ts';
import type { Names } from './latex-lexer.ts';
import { lex, type Token } from './lexer.ts';
import { parseStatement } from './parser.ts';
import { unexpected } from './recovery.ts';
import { createSource, type Source } from './source.ts';

export interface Parsed {
  /** What could be read: a statement or declaration with a mistake is left out. */
  readonly program: Program;
  /** Every mistake found, in the order of the text; empty when all is well. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a program. Bad text never throws: each mistake is a diagnostic, and reading goes on with the next statement.
 * A statement that looks like LaTeX (see `looksLikeLatex`) is read as LaTeX. Throws only `limit/time` and `cancelled/…`.
 * `declared` are declarations made outside the text: they settle what a run of letters in LaTeX and `σ(z)` mean, and
 * are not repeated in the program.
 */
export function parseProgram(text: string, budget: Budget, declared: readonly Declaration[] = []): Parsed {
  return parseWith(text, budget, lex, declared);
}

/** Reads a program whose statements are all LaTeX; otherwise as `parseProgram`. */
export function parseLatex(text: string, budget: Budget, declared: readonly Declaration[] = []): Parsed {
  return parseWith(text, budget, cutLatex, declared);
}

/** Reads one expression; throws a WrtError that holds every mistake. */
export function parseExpression(text: string, budget: Budget): Expr {
  const { program, diagnostics } = parseProgram(text, budget);
  if (diagnostics.length > 0) throw new WrtError(diagnostics);
  const [first, second] = program.statements;
  const source = createSource(text, budget);
  const extra = second?.span ?? program.declarations[0]?.span ?? (first?.name === undefined ? undefined : first.span);
  if (extra) return source.stop('syntax/expression', 'expected one expression', extra.start, extra.end);
  if (!first) return source.stop('syntax/expression', 'expected an expression', 0, text.length);
  return first.value;
}

/**
 * Reads `name: shape [property …]`, or several of them separated by `,`, `;` or newlines; throws a WrtError that holds
 * every mistake.
 */
export function parseDeclaration(text: string, budget: Budget = createBudget()): readonly Declaration[] {
  const source = createSource(text, budget);
  const declarations: Declaration[] = [];
  // A comma separates declarations only before the next `name:`; elsewhere it lists sizes or properties.
  const separator = new RegExp(`[;\\n\\r]|[#%][^\\n\\r]*|,(?=\\s*${namePattern}\\s*:)`, 'gu');
  if (tooLong(source)) throw new WrtError(source.diagnostics);
  let start = 0;
  const read = (end: number) => {
    const part = text.slice(start, end);
    if (part.trim() === '') return;
    const from = start + part.length - part.trimStart().length;
    const declaration = source.attempt(() => readDeclaration(source, from, from + part.trim().length));
    if (declaration) declarations.push(declaration);
  };
  for (const match of text.matchAll(separator)) {
    budget.tick();
    read(match.index);
    start = match.index + match[0].length;
  }
  read(text.length);
  if (declarations.length === 0 && source.diagnostics.length === 0)
    source.report('declaration/shape', "expected 'name: shape'", 0, text.length);
  if (source.diagnostics.length > 0) throw new WrtError(source.diagnostics);
  return declarations;
}

function tooLong(source: Source): boolean {
  const { sourceLength } = source.budget.limits;
  if (source.text.length <= sourceLength) return false;
  const message = `the program has ${source.text.length} characters, more than ${sourceLength}`;
  source.report('limit/source', message, sourceLength, source.text.length, 'raise `sourceLength` in the limits');
  return true;
}

function parseWith(
  text: string,
  budget: Budget,
  cut: (source: Source) => readonly Token[],
  declared: readonly Declaration[],
): Parsed {
  const source = createSource(text, budget);
  const declarations: Declaration[] = [];
  const statements: Statement[] = [];
  const { limits } = budget;
  const implied = new Map<string, Declaration>();
  const tooMany = (token: Token, what: string) => {
    const message = `the program has more than ${limits.statements} ${what}`;
    source.report('limit/statements', message, token.start, token.end, 'raise `statements` in the limits');
  };
  const read = () => {
    if (tooLong(source)) return;
    const tokens = cut(source);
    for (const token of tokens) {
      if (token.kind !== 'declaration' || source.full()) continue;
      budget.tick();
      if (declarations.length >= limits.statements) return tooMany(token, 'declarations');
      const declaration = source.attempt(() => readDeclaration(source, token.start, token.end));
      if (declaration) declarations.push(declaration);
    }
    const names = namesOf(source, tokens, [...declared, ...declarations]);
    for (let at = 0, end = 0; at < tokens.length && !source.full(); at = end + 1) {
      budget.tick();
      const first = tokens[at]!;
      end = at;
      while (tokens[end]!.kind !== 'separator' && tokens[end]!.kind !== 'end') end++;
      if (end === at) continue;
      const whole = first.kind === 'declaration' || first.kind === 'latex';
      if (whole && end > at + 1) source.attempt(() => unexpected(source, tokens[at + 1]!));
      if (first.kind === 'declaration') continue;
      if (statements.length >= limits.statements) return tooMany(first, 'statements');
      const statement =
        first.kind === 'latex'
          ? parseLatexStatement(source, first.start, first.end, names)
          : parseStatement(source, tokens, at, end, names.defined);
      if (statement) statements.push(statement);
      if (!statement || first.kind !== 'latex') continue;
      for (const i of undeclaredIndices(statement.value, names))
        if (!implied.has(i.name))
          implied.set(i.name, { name: i.name, shape: { kind: 'index' }, properties: [], span: i.span! });
    }
  };
  read();
  const diagnostics = source.diagnostics.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  return { program: { source: text, declarations: [...declarations, ...implied.values()], statements }, diagnostics };
}

/** The program cut into LaTeX statements and declarations. */
function cutLatex(source: Source): Token[] {
  const { text, budget } = source;
  const tokens: Token[] = [];
  const skip = /(?:[\s;]|\\\\|%[^\n\r]*)+/y;
  const declaration = new RegExp(`${namePattern}[^\\S\\n\\r]*:[^\\n\\r;%]*`, 'uy');
  for (let at = 0; at < text.length; ) {
    budget.tick();
    skip.lastIndex = at;
    if (skip.test(text)) {
      tokens.push({ kind: 'separator', start: at, end: skip.lastIndex });
      at = skip.lastIndex;
      continue;
    }
    declaration.lastIndex = at;
    const found = declaration.exec(text)?.[0].trimEnd();
    const end = found ? at + found.length : latexStatementEnd(text, at);
    tokens.push({ kind: found ? 'declaration' : 'latex', start: at, end });
    at = end;
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length });
  return tokens;
}

const latexTarget = new RegExp(`(?:[\\s$&]|\\\\\\[|${displayMarks})*(${namePattern})[\\s&]*=`, 'uy');

/** The names that the program declares or assigns anywhere. */
function namesOf(source: Source, tokens: readonly Token[], declarations: readonly Declaration[]): Names {
  const defined = new Set<string>();
  const functions = new Set<string>();
  for (const { name, shape } of declarations) {
    defined.add(name);
    if (shape.kind === 'elementwise' || shape.kind === 'function') functions.add(name);
  }
  tokens.forEach((token, at) => {
    const before = tokens[at - 1];
    if (before && before.kind !== 'separator') return;
    if (token.kind === 'name' && tokens[at + 1]!.kind === 'assign') defined.add(token.text);
    if (token.kind !== 'latex') return;
    latexTarget.lastIndex = token.start;
    const found = latexTarget.exec(source.text);
    if (found) defined.add(canonicalName(found[1]!));
  });
  return { defined, functions };
}

/** The index letters of a LaTeX statement that nothing declares: `x_i` says that i is an index. */
function* undeclaredIndices(e: Expr, names: Names): Generator<NameExpr> {
  if (e.kind === 'index') {
    for (const i of e.indices) if (i?.kind === 'name' && !names.defined.has(i.name)) yield i;
  }
  for (const child of childrenOf(e)) yield* undeclaredIndices(child, names);
}
