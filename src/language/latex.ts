import type { Expr, NameExpr, Statement } from '../syntax/expr.ts';
import type { InfixOperator } from './characters.ts';
import { readBars, readList, readSum, speaks } from './latex-brackets.ts';
import { type Cursor, createCursor, type Grammar, isOpen, isSymbol } from './latex-cursor.ts';
import { entrywise } from './latex-functions.ts';
import { type LatexToken, lexLatex, type Names } from './latex-lexer.ts';
import { applySubscript, applySuperscript, readSubscript, readSuperscript } from './latex-scripts.ts';
import { infix } from './parser.ts';
import { checkDepth } from './recovery.ts';
import type { Source } from './source.ts';

const usualFunctions: ReadonlySet<string> = new Set(['f', 'g', 'h', 'phi', 'psi', 'sigma', 'φ', 'ψ', 'σ']);
const inverses: ReadonlyMap<string, string> = new Map([
  ['sin', 'asin'],
  ['cos', 'acos'],
  ['tan', 'atan'],
]);
const infixOperators: ReadonlySet<string> = new Set<InfixOperator>(['*', '/', '.*', './', '⊗']);

/**
 * Reads the LaTeX statement in `text[start, end)`: the tree that the same formula has in the plain language, with spans
 * into the LaTeX. Findings go to `source`, one a statement.
 *
 * What LaTeX leaves open: letters side by side multiply; `W_1`, `W_{1}` and `W^{(1)}` are the name W1 (`x_1` is the
 * entry x[1] where x is a name of the program and x1 is not); `x_i` is the entry x[i] for the letters i to n, another
 * subscript makes a longer name; `\hat{y}` is yhat; `e^{…}` is the exponential unless e is a name of the program;
 * f, g, h, φ, ψ before a bracket are functions and σ is the sigmoid; a function without brackets takes the factors up
 * to the next operator or function.
 */
export function parseLatexStatement(source: Source, start: number, end: number, names: Names): Statement | undefined {
  return source.attempt(() => {
    const cursor = createCursor(source, lexLatex(source, start, end, names), names);
    const statement = readStatement(cursor, grammarOf(cursor));
    checkDepth(source, statement.value);
    return statement;
  });
}

/** `name = value`, `f(x) = value` or `value`. */
function readStatement(c: Cursor, grammar: Grammar): Statement {
  const { start } = c.peek();
  const assign = c.tokens.findIndex((t) => isSymbol(t, '='));
  // The = in the limits of a sum assigns nothing.
  const assigns = assign >= 0 && !c.tokens.slice(0, assign).some((t) => t.meaning?.kind === 'sum');
  const target = assigns ? readTarget(c, grammar, assign) : undefined;
  const value = grammar.expression();
  const stop = c.peek();
  if ((isSymbol(stop, '.') || isSymbol(stop, ',')) && c.peek(1).kind === 'end') c.at++;
  const rest = c.peek();
  if (rest.kind !== 'end') c.unexpected(rest, rest.kind === 'close' ? 'no bracket is open here' : undefined);
  const span = c.spanFrom(start);
  return target ? { name: target.name, nameSpan: target.span!, value, span } : { value, span };
}

function readTarget(c: Cursor, grammar: Grammar, assign: number): NameExpr {
  const { start } = c.peek();
  let target = grammar.primary();
  for (;;) {
    if (c.take('_')) target = applySubscript(c, target, readSubscript(c), start);
    else if (c.take('^')) target = applySuperscript(c, target, readSuperscript(c, grammar), start);
    else break;
  }
  // `f(x) = …` names the value f.
  if (isOpen(c.peek(), '(')) c.at = Math.max(c.at, assign - 1);
  if (c.peek().kind === 'close') c.at++;
  const token = c.tokens[assign]!;
  if (target.kind !== 'name' || c.at !== assign) {
    const hint = 'only a name can be assigned: y = …';
    return c.source.stop('syntax/assignment', "unexpected '='", token.start, token.end, hint);
  }
  c.at++;
  return target;
}

function grammarOf(c: Cursor): Grammar {
  const { source, names } = c;

  const startsValue = (token: LatexToken): boolean => {
    if (token.kind === 'bar') return !c.closesHere(token);
    if (token.kind === 'command')
      return ['letter', 'frac', 'sqrt', 'sum', 'font', 'accent'].includes(token.meaning!.kind);
    return token.kind === 'name' || token.kind === 'number' || token.kind === 'function' || token.kind === 'open';
  };
  const infixOperator = (token: LatexToken): InfixOperator | undefined => {
    if (token.kind === 'command') return token.meaning?.kind === 'operator' ? token.meaning.op : undefined;
    return token.kind === 'symbol' && infixOperators.has(token.text) ? (token.text as InfixOperator) : undefined;
  };
  const beside = (left: Expr, right: Expr, at: LatexToken): Expr => infix(source, '*', left, right, at.start, at.start);

  const expression = (): Expr => {
    let left = term();
    for (let token = c.peek(); isSymbol(token, '+') || isSymbol(token, '-'); token = c.peek()) {
      c.at++;
      left = infix(source, token.text as '+' | '-', left, term(), token.start, token.end);
    }
    return left;
  };
  const term = (): Expr =>
    c.nested(() => {
      let left = signed();
      for (;;) {
        const token = c.peek();
        const op = infixOperator(token);
        if (op) {
          c.at++;
          left = infix(source, op, left, signed(), token.start, token.end);
        } else if (startsValue(token)) left = beside(left, factor(), token);
        else return left;
      }
    });
  const signed = (): Expr => {
    const token = c.peek();
    if (!isSymbol(token, '+') && !isSymbol(token, '-')) return factor();
    c.at++;
    const arg = c.nested(signed);
    return { kind: 'unary', op: token.text as '+' | '-', arg, span: c.spanFrom(token.start) };
  };
  const factor = (): Expr => {
    const { start } = c.peek();
    let value = c.nested(primary);
    for (;;) {
      const call = value.kind === 'name' ? unknownCall(value) : undefined;
      if (call) value = call;
      else if (c.take('_')) value = applySubscript(c, value, readSubscript(c), start);
      else if (c.take('^')) {
        const raised = readSuperscript(c, grammar);
        // `x^2_i` is x_i squared.
        if (value.kind === 'name' && c.take('_')) value = applySubscript(c, value, readSubscript(c), start);
        value = applySuperscript(c, value, raised, start);
      } else if (c.take("'") || c.take('ᵀ') || c.take('⊤'))
        value = { kind: 'transpose', arg: value, span: c.spanFrom(start) };
      else return value;
    }
  };

  /** `f(x)`, `f'(x)`, `\sigma(x)`, when the name is that of a function. */
  const unknownCall = (fn: NameExpr): Expr | undefined => {
    const declared = names.functions.has(fn.name);
    if (!declared && (!usualFunctions.has(fn.name) || names.defined.has(fn.name))) return undefined;
    let order = 0;
    while (isSymbol(c.peek(order), "'")) order++;
    const opener = c.peek(order);
    if (!isOpen(opener, '(')) return undefined;
    c.at += order + 1;
    const args = c.within(opener, () => readList(c, grammar));
    const isSigmoid = !declared && order === 0 && (fn.name === 'sigma' || fn.name === 'σ');
    return c.call(isSigmoid ? 'sigmoid' : fn.name, args, fn.span!.start, order, fn.span);
  };
  const functionCall = (token: LatexToken): Expr => {
    const { text: fn, start } = token;
    const fnSpan = source.span(start, token.end);
    if (isSymbol(c.peek(), '_')) c.unexpected(c.peek(), `a subscript of '${fn}' is not read`);
    const raised = c.take('^') ? readSuperscript(c, grammar) : undefined;
    const args = functionArguments();
    const inverse = raised?.kind === 'power' && isMinusOne(raised.exponent) ? inverses.get(fn) : undefined;
    const value = c.call(inverse ?? fn, args, start, 0, fnSpan);
    if (!raised || inverse) return value;
    // `\sin^2 x` squares entry by entry.
    const spread = raised.kind === 'power' && entrywise.has(fn);
    return applySuperscript(c, value, spread ? { ...raised, op: '.^' } : raised, start);
  };
  const functionArguments = (): Expr[] => {
    const opener = c.peek();
    if (opener.kind === 'open' && !speaks(opener)) {
      c.at++;
      return c.within(opener, () => readList(c, grammar));
    }
    let value = c.nested(signed);
    for (let token = c.peek(); startsValue(token); token = c.peek()) {
      if (token.kind === 'function' || token.meaning?.kind === 'sum') break;
      value = beside(value, factor(), token);
    }
    return [value];
  };

  /** What a command is given: a group or one token; of a number one digit, as in TeX, if `split` says so. */
  let digitsLeft: LatexToken | undefined;
  const argument = (split = false): Expr => {
    const token = digitsLeft ?? c.peek();
    if (isOpen(token, '{')) {
      c.at++;
      return c.within(token, expression);
    }
    if (!digitsLeft && !(split && token.kind === 'number' && /^\d\d+$/.test(token.text))) return c.nested(primary);
    if (!digitsLeft) c.at++;
    const more = token.text.length > 1;
    digitsLeft = more ? { ...token, text: token.text.slice(1), start: token.start + 1 } : undefined;
    return c.number({ ...token, text: token.text[0]!, end: token.start + 1 });
  };
  const fraction = (token: LatexToken): Expr => {
    const left = argument(true);
    const right = argument(true);
    if (digitsLeft) c.unexpected(digitsLeft, 'write \\frac{a}{b}');
    const opSpan = source.span(token.start, token.end);
    return { kind: 'binary', op: '/', left, right, opSpan, span: c.spanFrom(token.start) };
  };
  const root = (token: LatexToken): Expr => {
    const opener = c.peek();
    if (isOpen(opener, '[')) c.at++;
    const degree = isOpen(opener, '[') ? c.within(opener, expression) : undefined;
    const value = argument(true);
    if (digitsLeft) c.unexpected(digitsLeft, 'write \\sqrt{x}');
    if (!degree) return c.call('sqrt', [value], token.start, 0, source.span(token.start, token.end));
    const one: Expr = { kind: 'number', value: 1, span: degree.span! };
    const exponent: Expr = { kind: 'binary', op: '/', left: one, right: degree, span: degree.span! };
    return { kind: 'binary', op: '^', left: value, right: exponent, span: c.spanFrom(token.start) };
  };
  /** Letters in another font are the same letters; a bold 1 is an array of ones, whose sizes must be said; so with 0. */
  const inFont = (start: number): Expr => {
    const value = argument();
    if (value.kind === 'number' && value.value === 0 && c.take('_')) return c.call('zeros', sizesIn(argument()), start);
    if (value.kind !== 'number' || value.value !== 1) return { ...value, span: c.spanFrom(start) };
    if (c.take('_')) return c.call('ones', sizesIn(argument()), start);
    const message = 'the length of the vector of ones is missing';
    return source.stop('syntax/latex', message, start, c.spanFrom(start).end, 'write \\mathbf{1}_n');
  };
  /** m × n below a bold 1 are two sizes, m·n is one. */
  const sizesIn = (e: Expr): readonly Expr[] =>
    e.kind === 'binary' && e.opSpan && /^(\\times|×)$/.test(source.text.slice(e.opSpan.start, e.opSpan.end))
      ? [...sizesIn(e.left), e.right]
      : [e];
  const accented = (token: LatexToken, suffix: string): Expr => {
    const value = argument();
    if (suffix === '') return { ...value, span: c.spanFrom(token.start) };
    if (value.kind === 'name') return c.name(value.name + suffix, token.start);
    return source.stop('syntax/latex', `'\\${token.text}' stands over one letter`, token.start, token.end);
  };

  const primary = (): Expr => {
    const token = c.next();
    const { start } = token;
    if (!startsValue(token)) c.missingValue(token);
    if (speaks(token)) return readBars(c, grammar, token);
    if (token.kind === 'name') return c.name(token.text, start);
    if (token.kind === 'number') return c.number(token);
    if (token.kind === 'function') return functionCall(token);
    if (token.kind === 'open') {
      const value = c.within(token, expression);
      return { ...value, span: c.spanFrom(start) };
    }
    const meaning = token.meaning!;
    switch (meaning.kind) {
      case 'letter':
        return c.name(meaning.name, start);
      case 'frac':
        return fraction(token);
      case 'sqrt':
        return root(token);
      case 'font':
        return inFont(start);
      case 'accent':
        return accented(token, meaning.suffix);
      case 'sum':
        return readSum(c, grammar, token);
      default:
        return c.unexpected(token);
    }
  };

  const grammar: Grammar = { expression, term, primary };
  return grammar;
}

const isMinusOne = (e: Expr): boolean =>
  e.kind === 'unary' && e.op === '-' && e.arg.kind === 'number' && e.arg.value === 1;
