import type { Expr, NameExpr, Statement } from '../syntax/expr.ts';
import type { InfixOperator } from './characters.ts';
import { entrywise } from './latex-commands.ts';
import { type LatexToken, lexLatex, type Names } from './latex-lexer.ts';
import { readIndices, type Subscript } from './latex-scripts.ts';
import { sumOver } from './latex-sum.ts';
import { infix } from './parser.ts';
import { checkDepth, tooDeep } from './recovery.ts';
import type { Source } from './source.ts';

/** Formulas are written by hand; the reader recurses and so stays well below what the call stack holds. */
const deepest = 200;
const mostSummed = 16;

const closers: Record<string, string> = {
  '(': ')',
  '[': ']',
  '{': '}',
  '\\{': '\\}',
  '|': '|',
  '‖': '\\rVert',
  '⟨': '\\rangle',
};
const usualFunctions: ReadonlySet<string> = new Set(['f', 'g', 'h', 'phi', 'psi', 'sigma', 'φ', 'ψ', 'σ']);
const inverses: ReadonlyMap<string, string> = new Map([
  ['sin', 'asin'],
  ['cos', 'acos'],
  ['tan', 'atan'],
]);

/** What stands behind `^`. */
type Superscript =
  | { readonly kind: 'transpose' | 'inverse transpose' | 'pinv' }
  | { readonly kind: 'power'; readonly op: '^' | '.^'; readonly exponent: Expr }
  /** `W^{(1)}` */
  | { readonly kind: 'label'; readonly text: string };

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
    const tokens = lexLatex(source, start, end, names);
    const statement = readStatement(source, tokens, names);
    checkDepth(source, statement.value);
    return statement;
  });
}

function readStatement(source: Source, tokens: readonly LatexToken[], names: Names): Statement {
  const levels = Math.min(deepest, source.budget.limits.nesting);
  let at = 0;
  let depth = 0;
  /** Brackets that are open, innermost last: they tell whether a bar closes. */
  const open: string[] = [];
  /** Letters that a sum binds. */
  const bound: string[] = [];

  const peek = (): LatexToken => tokens[at]!;
  const next = (): LatexToken => (at < tokens.length - 1 ? tokens[at++]! : tokens[at]!);
  const isSymbol = (text: string, token = peek()): boolean => token.kind === 'symbol' && token.text === text;
  const takeSymbol = (text: string): boolean => {
    if (!isSymbol(text)) return false;
    at++;
    return true;
  };
  const spanFrom = (from: number) => source.span(from, Math.max(from, tokens[at - 1]?.end ?? from));
  const shown = (token: LatexToken): string =>
    token.kind === 'end'
      ? 'the end of the formula'
      : `'${source.text.slice(token.start, Math.min(token.end, token.start + 40))}'`;
  const unexpected = (token: LatexToken, hint?: string): never =>
    source.stop('syntax/latex', `unexpected ${shown(token)}`, token.start, token.end, hint);
  const expectValue = (token: LatexToken): never =>
    source.stop('syntax/value', `expected a value before ${shown(token)}`, token.start, token.end);
  const nested = <T>(read: () => T): T => {
    if (++depth > levels) tooDeep(source, levels, peek().start, peek().end);
    const result = read();
    depth--;
    return result;
  };
  const nameAt = (name: string, from: number): NameExpr => ({ kind: 'name', name, span: spanFrom(from) });
  const callOf = (fn: string, args: readonly Expr[], from: number, order = 0, fnEnd = from): Expr => {
    const span = spanFrom(from);
    return { kind: 'call', fn, order, args, fnSpan: fnEnd > from ? source.span(from, fnEnd) : span, span };
  };
  const numberAt = (token: LatexToken): Expr => {
    const value = Number(token.text);
    if (!Number.isFinite(value)) source.stop('syntax/number', 'the number is too large', token.start, token.end);
    return { kind: 'number', value, span: source.span(token.start, token.end) };
  };
  const closesHere = (token: LatexToken): boolean =>
    token.kind === 'close' || (token.kind === 'bar' && open.at(-1) === token.text);
  const startsValue = (token: LatexToken): boolean => {
    switch (token.kind) {
      case 'name':
      case 'number':
      case 'function':
      case 'open':
        return true;
      case 'bar':
        return !closesHere(token);
      case 'command':
        return ['letter', 'frac', 'sqrt', 'sum', 'font', 'accent'].includes(token.meaning!.kind);
      default:
        return false;
    }
  };
  const infixOperator = (token: LatexToken): InfixOperator | undefined => {
    if (token.kind === 'command') return token.meaning?.kind === 'operator' ? token.meaning.op : undefined;
    if (token.kind !== 'symbol') return undefined;
    return (['*', '/', '.*', './', '⊗'] as const).find((op) => op === token.text);
  };

  const expression = (): Expr => {
    let left = term();
    for (;;) {
      const token = peek();
      if (!isSymbol('+') && !isSymbol('-')) return left;
      at++;
      left = infix(source, token.text as '+' | '-', left, term(), token.start, token.end);
    }
  };
  const term = (): Expr =>
    nested(() => {
      let left = signed();
      for (;;) {
        const token = peek();
        const op = infixOperator(token);
        if (op) {
          at++;
          left = infix(source, op, left, signed(), token.start, token.end);
        } else if (startsValue(token)) left = infix(source, '*', left, factor(), token.start, token.start);
        else return left;
      }
    });
  const signed = (): Expr => {
    const token = peek();
    if (!isSymbol('+') && !isSymbol('-')) return factor();
    at++;
    const arg = nested(signed);
    return { kind: 'unary', op: token.text as '+' | '-', arg, span: spanFrom(token.start) };
  };

  /** The contents of a bracket that was just opened, up to the one that closes it. */
  const within = <T>(opener: LatexToken, read: () => T): T => {
    open.push(opener.text);
    const result = nested(read);
    const token = peek();
    open.pop();
    const closes = (token.kind === 'close' || token.kind === 'bar') && token.text === opener.text;
    if (!closes) {
      const hint = `it would close '${source.text.slice(opener.start, opener.end)}' at column ${source.span(opener.start, opener.end).column}`;
      source.stop(
        'syntax/bracket',
        `expected '${closers[opener.text]}' before ${shown(token)}`,
        token.start,
        token.end,
        hint,
      );
    }
    at++;
    return result;
  };
  const list = (): Expr[] => {
    const items = [expression()];
    while (takeSymbol(',')) items.push(expression());
    return items;
  };
  /** An argument of a command: a group or one token; of a number one digit, as in TeX, if `split` says so. */
  let digitsLeft: LatexToken | undefined;
  const argument = (split = false): Expr => {
    const token = digitsLeft ?? peek();
    if (token.kind === 'open' && token.text === '{') return within(next(), expression);
    if (!digitsLeft && !(split && token.kind === 'number' && /^\d\d+$/.test(token.text))) return nested(primary);
    if (!digitsLeft) at++;
    const more = token.text.length > 1;
    digitsLeft = more ? { ...token, text: token.text.slice(1), start: token.start + 1 } : undefined;
    return numberAt({ ...token, text: token.text[0]!, end: token.start + 1 });
  };
  const noDigitsLeft = (hint: string) => {
    if (digitsLeft) unexpected(digitsLeft, hint);
  };

  const bar = (opener: LatexToken): Expr => {
    const inside = within(opener, opener.text === '⟨' ? list : () => [expression()]);
    if (opener.text === '⟨') {
      if (inside.length !== 2) unexpected(opener, 'an inner product has two arguments: \\langle x, y\\rangle');
      return callOf('dot', inside, opener.start);
    }
    const [value] = inside as [Expr];
    if (opener.text === '‖') return norm(value, opener.start);
    if (/[A-Z]/.test(source.text.slice(value.span!.start, value.span!.end).replace(/\\[A-Za-z]+/g, ''))) {
      const message = 'bars around a matrix may mean its determinant or absolute values';
      source.stop(
        'syntax/latex',
        message,
        opener.start,
        tokens[at - 1]!.end,
        'write \\det X or \\operatorname{abs}(X)',
      );
    }
    return callOf('abs', [value], opener.start);
  };
  const norm = (value: Expr, from: number): Expr => {
    let raised: Superscript | undefined;
    if (takeSymbol('^')) raised = superscript();
    let call = callOf('norm2', [value], from);
    if (takeSymbol('_')) {
      const token = peek();
      const grouped = token.kind === 'open' && token.text === '{' && next() !== undefined;
      const kind = next();
      if (grouped && !(peek().kind === 'close' && next())) unexpected(peek());
      if (kind.text === 'F' || kind.text === 'Fro') call = callOf('normF', [value], from);
      else if (kind.text === '1') call = callOf('norm1', [value], from);
      else if (kind.text === '2') call = callOf('norm2', [value], from);
      else if (kind.kind === 'number') call = callOf('norm', [value, numberAt(kind)], from);
      else if (kind.text === 'p')
        call = callOf('norm', [value, { kind: 'name', name: 'p', span: source.span(kind.start, kind.end) }], from);
      else unexpected(kind, 'norms are read with the subscripts 1, 2, F, a number or p');
    }
    return raised ? applySuperscript(call, raised, from) : call;
  };

  const functionCall = (fn: string, token: LatexToken): Expr => {
    const from = token.start;
    if (isSymbol('_')) unexpected(peek(), `a subscript of '${fn}' is not read`);
    const raised = takeSymbol('^') ? superscript() : undefined;
    const args = functionArguments();
    if (raised?.kind === 'power' && inverses.has(fn) && isMinusOne(raised.exponent))
      return callOf(inverses.get(fn)!, args, from, 0, token.end);
    const value = callOf(fn, args, from, 0, token.end);
    if (!raised) return value;
    const spread = raised.kind === 'power' && entrywise.has(fn);
    return applySuperscript(value, spread ? { ...raised, op: '.^' } : raised, from);
  };
  const functionArguments = (): Expr[] => {
    const token = peek();
    if (token.kind === 'open' && token.text !== '‖' && token.text !== '|' && token.text !== '⟨')
      return within(next(), list);
    const first = peek();
    let value = nested(signed);
    for (let after = peek(); continuesArgument(after); after = peek())
      value = infix(source, '*', value, factor(), after.start, after.start);
    if (first === peek()) expectValue(first);
    return [value];
  };
  const continuesArgument = (token: LatexToken): boolean =>
    startsValue(token) && token.kind !== 'function' && token.meaning?.kind !== 'sum';

  const primary = (): Expr => {
    const token = next();
    if (!startsValue(token)) expectValue(token);
    const from = token.start;
    switch (token.kind) {
      case 'name':
        return nameAt(token.text, from);
      case 'number':
        return numberAt(token);
      case 'function':
        return functionCall(token.text, token);
      case 'bar':
        return bar(token);
      case 'open': {
        if (token.text === '‖' || token.text === '|' || token.text === '⟨') return bar(token);
        const value = within(token, expression);
        // Braces only group letters into one argument; brackets stay in the span.
        return { ...value, span: spanFrom(from) };
      }
    }
    const meaning = token.meaning!;
    switch (meaning.kind) {
      case 'letter':
        return nameAt(meaning.name, from);
      case 'frac': {
        const top = argument(true);
        const bottom = argument(true);
        noDigitsLeft('write \\frac{a}{b}');
        return {
          kind: 'binary',
          op: '/',
          left: top,
          right: bottom,
          opSpan: source.span(from, token.end),
          span: spanFrom(from),
        };
      }
      case 'sqrt': {
        const root = peek().kind === 'open' && peek().text === '[' ? within(next(), expression) : undefined;
        const value = argument(true);
        noDigitsLeft('write \\sqrt{x}');
        if (!root) return callOf('sqrt', [value], from, 0, token.end);
        const one: Expr = { kind: 'number', value: 1, span: root.span! };
        const span = spanFrom(from);
        return {
          kind: 'binary',
          op: '^',
          left: value,
          right: { kind: 'binary', op: '/', left: one, right: root, span: root.span! },
          span,
        };
      }
      case 'font': {
        const inner = argument();
        if (inner.kind === 'number') return numberInBold(inner.value, from);
        return { ...inner, span: spanFrom(from) };
      }
      case 'accent': {
        const inner = argument();
        if (inner.kind !== 'name') {
          if (meaning.suffix === '') return { ...inner, span: spanFrom(from) };
          source.stop('syntax/latex', `'\\${token.text}' stands over one letter`, from, token.end);
        }
        return nameAt(inner.name + meaning.suffix, from);
      }
      case 'sum':
        return sum(token);
      default:
        return unexpected(token);
    }
  };
  /** A bold 1 is a vector of ones, whose length must be said; a bold 0 is zero. */
  const numberInBold = (value: number, from: number): Expr => {
    if (value === 1) {
      const size = takeSymbol('_') ? argument() : undefined;
      if (size) return callOf('ones', [size], from);
      source.stop(
        'syntax/latex',
        'the length of the vector of ones is missing',
        from,
        tokens[at - 1]!.end,
        'write \\mathbf{1}_n',
      );
    }
    return { kind: 'number', value, span: spanFrom(from) };
  };

  const factor = (): Expr => {
    const from = peek().start;
    let value = nested(primary);
    for (;;) {
      const call = value.kind === 'name' ? unknownCall(value) : undefined;
      if (call) value = call;
      else if (takeSymbol('_')) value = applySubscript(value, subscript(), from);
      else if (takeSymbol('^')) {
        const raised = superscript();
        // `x^2_i` is x_i squared.
        if (value.kind === 'name' && takeSymbol('_')) value = applySubscript(value, subscript(), from);
        value = applySuperscript(value, raised, from);
      } else if (isSymbol("'") || isSymbol('ᵀ') || isSymbol('⊤')) {
        at++;
        value = { kind: 'transpose', arg: value, span: spanFrom(from) };
      } else return value;
    }
  };
  /** `f(x)`, `f'(x)`, `\sigma(x)` */
  const unknownCall = (fn: NameExpr): Expr | undefined => {
    let order = 0;
    while (isSymbol("'", tokens[at + order])) order++;
    const opener = tokens[at + order]!;
    const known = names.functions.has(fn.name) || (usualFunctions.has(fn.name) && !names.defined.has(fn.name));
    if (!known || opener.kind !== 'open' || opener.text !== '(') return undefined;
    at += order + 1;
    const args = within(opener, list);
    const isSigmoid = (fn.name === 'sigma' || fn.name === 'σ') && order === 0 && !names.functions.has(fn.name);
    const span = spanFrom(fn.span!.start);
    return { kind: 'call', fn: isSigmoid ? 'sigmoid' : fn.name, order, args, fnSpan: fn.span!, span };
  };

  const subscript = (): Subscript => {
    const token = next();
    if (token.kind !== 'open' || token.text !== '{') return readIndices(source, [token], bound, token);
    const from = at;
    while (peek().kind !== 'close' && peek().kind !== 'end') at++;
    const inside = tokens.slice(from, at);
    if (peek().kind === 'end')
      source.stop('syntax/bracket', "expected '}' before the end of the formula", token.start, token.end);
    at++;
    return readIndices(source, inside, bound, token);
  };
  const applySubscript = (value: Expr, sub: Subscript, from: number): Expr => {
    const span = spanFrom(from);
    if (sub.kind === 'indices') {
      const size = sub.items[0];
      const unit = value.kind === 'name' && value.name === 'I' && !names.defined.has('I') && sub.items.length === 1;
      if (unit && size) return callOf('eye', [size], from);
      return { kind: 'index', target: value, indices: sub.items, span };
    }
    const isNumber = /^\d+$/.test(sub.text);
    const asIndex: Expr = { kind: 'number', value: Number(sub.text), span: sub.span };
    if (value.kind !== 'name') {
      if (isNumber) return { kind: 'index', target: value, indices: [asIndex], span };
      return source.stop(
        'syntax/latex',
        `the subscript '${sub.text}' stands behind no name`,
        sub.span.start,
        sub.span.end,
      );
    }
    const longer = value.name + sub.text;
    if (isNumber && value.name === 'I' && !names.defined.has('I') && !names.defined.has(longer))
      return callOf('eye', [asIndex], from);
    if (isNumber && names.defined.has(value.name) && !names.defined.has(longer))
      return { kind: 'index', target: value, indices: [asIndex], span };
    return { kind: 'name', name: longer, span };
  };

  const isTranspose = (token: LatexToken): boolean =>
    token.meaning?.kind === 'transpose' || (token.kind === 'name' && token.text === 'T') || isSymbol("'", token);
  const superscript = (): Superscript => {
    const token = next();
    if (isTranspose(token)) return { kind: 'transpose' };
    if (token.meaning?.kind === 'pinv') return { kind: 'pinv' };
    if (isSymbol('*', token)) unexpected(token, 'write ^\\top for a transpose, ^\\dagger for a pseudo-inverse');
    if (isSymbol('-', token)) {
      if (isTranspose(peek()) && next()) return { kind: 'inverse transpose' };
      const arg = nested(primary);
      return { kind: 'power', op: '^', exponent: { kind: 'unary', op: '-', arg, span: spanFrom(token.start) } };
    }
    if (token.kind !== 'open' || token.text !== '{') {
      if (token.kind === 'number') return { kind: 'power', op: '^', exponent: numberAt(token) };
      at--;
      return { kind: 'power', op: '^', exponent: nested(primary) };
    }
    const inside = [tokens[at], tokens[at + 1], tokens[at + 2], tokens[at + 3]].map((t) => t ?? tokens.at(-1)!);
    const [a, b, c, d] = inside as [LatexToken, LatexToken, LatexToken, LatexToken];
    const skipTo = (count: number) => {
      at += count;
    };
    if (isTranspose(a) && b.kind === 'close') {
      skipTo(2);
      return { kind: 'transpose' };
    }
    if (isSymbol('-', a) && isTranspose(b) && c.kind === 'close') {
      skipTo(3);
      return { kind: 'inverse transpose' };
    }
    if ((a.meaning?.kind === 'pinv' || isSymbol('+', a)) && b.kind === 'close') {
      skipTo(2);
      return { kind: 'pinv' };
    }
    if (a.kind === 'open' && a.text === '(' && b.kind === 'number' && c.kind === 'close' && d.kind === 'close') {
      skipTo(4);
      return { kind: 'label', text: b.text };
    }
    const spread = a.meaning?.kind === 'operator' && a.meaning.op === '.*';
    if (spread) skipTo(1);
    return { kind: 'power', op: spread ? '.^' : '^', exponent: within(token, expression) };
  };
  const applySuperscript = (value: Expr, raised: Superscript, from: number): Expr => {
    const span = spanFrom(from);
    switch (raised.kind) {
      case 'transpose':
        return { kind: 'transpose', arg: value, span };
      case 'inverse transpose': {
        const one: Expr = { kind: 'unary', op: '-', arg: { kind: 'number', value: 1, span }, span };
        return { kind: 'transpose', arg: { kind: 'binary', op: '^', left: value, right: one, span }, span };
      }
      case 'pinv':
        return callOf('pinv', [value], from);
      case 'label':
        if (value.kind !== 'name')
          return source.stop('syntax/latex', `the label (${raised.text}) stands behind no name`, span.start, span.end);
        return { kind: 'name', name: value.name + raised.text, span };
      case 'power':
        if (value.kind === 'name' && value.name === 'e' && !names.defined.has('e'))
          return callOf('exp', [raised.exponent], from);
        return { kind: 'binary', op: raised.op, left: value, right: raised.exponent, span };
    }
  };

  /** `\sum_i …`, `\sum_{i=1}^n …`, over the factors that follow. */
  const sum = (token: LatexToken): Expr => {
    const limits = 'write \\sum_i or \\sum_{i=1}^n; the index runs over all entries';
    if (!takeSymbol('_')) unexpected(peek(), limits);
    const letters: string[] = [];
    const grouped = peek().kind === 'open' && peek().text === '{' && next() !== undefined;
    do {
      const letter = next();
      if (letter.kind !== 'name' || [...letter.text].length !== 1) unexpected(letter, limits);
      letters.push(letter.text);
      if (letters.length > mostSummed) unexpected(letter, `a sum runs over at most ${mostSummed} indices`);
      if (grouped && takeSymbol('=')) {
        const first = next();
        if (first.text !== '1') unexpected(first, limits);
      }
    } while (grouped && (takeSymbol(',') || peek().kind === 'name'));
    if (grouped && !(peek().kind === 'close' && next())) unexpected(peek(), limits);
    if (takeSymbol('^')) {
      const group = peek().kind === 'open' && peek().text === '{' && next() !== undefined;
      const upper = next();
      if (upper.kind !== 'name') unexpected(upper, limits);
      if (group && !(peek().kind === 'close' && next())) unexpected(peek(), limits);
    }
    bound.push(...letters);
    const body = term();
    bound.length -= letters.length;
    checkDepth(source, body);
    return sumOver(source, letters, body, source.span(token.start, token.end), spanFrom(token.start));
  };

  // name = value, or f(x) = value
  const from = at;
  let named: NameExpr | undefined;
  const assign = tokens.findIndex((t) => isSymbol('=', t));
  if (assign >= 0) {
    const before = tokens.slice(0, assign).some((t) => t.meaning?.kind === 'sum');
    if (!before) {
      const target = assignmentTarget(assign);
      named = target;
    }
  }
  function assignmentTarget(end: number): NameExpr {
    let value = primary();
    while (at < end && (isSymbol('_') || isSymbol('^'))) {
      const isSub = next().text === '_';
      value = isSub
        ? applySubscript(value, subscript(), tokens[from]!.start)
        : applySuperscript(value, superscript(), tokens[from]!.start);
    }
    if (value.kind === 'name' && peek().kind === 'open' && peek().text === '(') {
      // `f(x) = …` names the value f.
      while (at < end && peek().kind !== 'close') at++;
      if (peek().kind === 'close') at++;
    }
    const token = tokens[end]!;
    if (value.kind !== 'name' || at !== end)
      return source.stop(
        'syntax/assignment',
        "unexpected '='",
        token.start,
        token.end,
        'only a name can be assigned: y = …',
      );
    at = end + 1;
    return value;
  }
  const value = expression();
  if ((isSymbol('.') || isSymbol(',')) && tokens[at + 1]?.kind === 'end') at++;
  const rest = peek();
  if (rest.kind !== 'end') {
    const crossed = rest.kind === 'close' ? 'no bracket is open here' : undefined;
    unexpected(rest, crossed);
  }
  const span = spanFrom(tokens[from]!.start);
  return named ? { name: named.name, nameSpan: named.span!, value, span } : { value, span };
}

const isMinusOne = (e: Expr): boolean =>
  e.kind === 'unary' && e.op === '-' && e.arg.kind === 'number' && e.arg.value === 1;
