import { WrtError } from '../base/diagnostic.ts';
import type { Expr, Statement } from '../syntax/expr.ts';
import type { InfixOperator } from './characters.ts';
import { endsValue, type Token } from './lexer.ts';
import { checkDepth, foreignAfter, missingValue, shown, tooDeep, unexpected } from './recovery.ts';
import type { Source } from './source.ts';

const powers: Record<InfixOperator, number> = {
  '+': 1,
  '-': 1,
  '*': 2,
  '/': 2,
  '\\': 2,
  '.*': 2,
  './': 2,
  '⊗': 2,
  '^': 4,
  '.^': 4,
};
const signPower = 3;
/** A transpose stands on the level of the powers, so that `A^2'` is `(A^2)'`. */
const postfixPower = 4;

/** An operator that waits for its right operand, or a bracket that waits to be closed. */
type Pending =
  | { readonly kind: 'infix'; readonly op: InfixOperator; readonly power: number; readonly token: Token }
  | { readonly kind: 'sign'; readonly op: '+' | '-'; readonly power: number; readonly token: Token }
  | Bracket;
interface Bracket {
  readonly kind: 'bracket';
  readonly token: Token & { kind: 'open' };
  /** The function that is called, or what is indexed; neither for a group. */
  readonly call?: { readonly fn: string; readonly order: number; readonly token: Token };
  readonly target?: Expr;
  /** A colon is `null`. */
  readonly items: (Expr | null)[];
  /** MATLAB's `X(:,2)`, read as an index. */
  colon: boolean;
}

const closing = { '(': ')', '[': ']' } as const;

/**
 * Reads the statement `name = value` or `value` in `tokens[from, end)`. Findings go to `source`; after a hard one the
 * statement is given up and the answer is undefined. `defined` holds the names that the program declares or assigns:
 * `σ(z)` is the sigmoid unless σ is one of them.
 */
export function parseStatement(
  source: Source,
  tokens: readonly Token[],
  from: number,
  end: number,
  defined: ReadonlySet<string>,
): Statement | undefined {
  return source.attempt((): Statement | undefined => {
    const first = tokens[from]!;
    const named = first.kind === 'name' && tokens[from + 1]!.kind === 'assign';
    const value = parseValue(source, tokens, named ? from + 2 : from, end, defined);
    if (!value) return undefined;
    const span = source.span(first.start, tokens[end - 1]!.end);
    return named ? { name: first.text, nameSpan: source.span(first.start, first.end), value, span } : { value, span };
  });
}

/**
 * Operator precedence with a stack of its own: brackets cost memory and no call stack. Undefined when the text holds
 * something that the lexer reported already.
 */
function parseValue(
  source: Source,
  tokens: readonly Token[],
  from: number,
  end: number,
  defined: ReadonlySet<string>,
): Expr | undefined {
  const operands: (Expr | null)[] = [];
  const pending: Pending[] = [];
  let at = from;
  let wantsValue = true;
  let nested = 0;
  let sideBySide = false;

  const spanOf = (token: Token) => source.span(token.start, token.end);
  const pushValue = (value: Expr | null) => {
    operands.push(value);
    wantsValue = false;
  };
  const popValue = (): Expr => operands.pop()!;
  const pushPending = (entry: Pending) => {
    const { nesting } = source.budget.limits;
    if (entry.kind !== 'infix' && ++nested > nesting) tooDeep(source, nesting, entry.token.start, entry.token.end);
    pending.push(entry);
    wantsValue = true;
  };
  /** Applies what binds at least as tightly as `power`; returns the bracket it stopped at. */
  const reduce = (power: number): Bracket | undefined => {
    for (;;) {
      const top = pending.at(-1);
      if (!top || (top.kind !== 'bracket' && top.power < power)) return undefined;
      if (top.kind === 'bracket') return top;
      pending.pop();
      const right = popValue();
      if (top.kind === 'infix') operands.push(infix(source, top.op, popValue(), right, top.token.start, top.token.end));
      else {
        nested--;
        operands.push({ kind: 'unary', op: top.op, arg: right, span: source.span(top.token.start, right.span!.end) });
      }
    }
  };
  const pushInfix = (op: InfixOperator, token: Token) => {
    reduce(powers[op]);
    pushPending({ kind: 'infix', op, power: powers[op], token });
  };

  const readName = (token: Token & { kind: 'name' }) => {
    let next = at;
    for (let mark = tokens[next]!; mark.kind === 'transpose' && mark.prime; mark = tokens[next]!) next++;
    const open = tokens[next]!;
    if (open.kind !== 'open' || open.text !== '(') {
      pushValue({ kind: 'name', name: token.text, span: spanOf(token) });
      return;
    }
    const order = next - at;
    at = next + 1;
    const fn = token.text === 'σ' && order === 0 && !defined.has('σ') ? 'sigmoid' : token.text;
    pushPending({ kind: 'bracket', token: open, call: { fn, order, token }, items: [], colon: false });
  };

  const readColon = (token: Token) => {
    const bracket = pending.at(-1);
    const next = tokens[at]!;
    if (bracket && bracket.kind !== 'bracket') missingValue(source, token, tokens[at - 2]);
    if (!bracket) unexpected(source, token, "a declaration, 'name: shape', stands alone in its statement");
    if (next.kind !== 'comma' && next.kind !== 'close') noRange(token);
    if (!bracket.target && !bracket.colon) {
      if (!bracket.call || bracket.call.order > 0) unexpected(source, token);
      const { fn } = bracket.call;
      const hint = `index with brackets: ${fn}[…]`;
      source.report('syntax/index', `unexpected ':' between '(' and ')'`, token.start, token.end, hint);
      bracket.colon = true;
    }
    pushValue(null);
  };
  const noRange = (token: Token): never =>
    source.stop(
      'syntax/index',
      "ranges such as '1:3' are not read",
      token.start,
      token.end,
      'take one entry, or all with a lone :',
    );

  const close = (token: Token & { kind: 'close' }, empty: boolean) => {
    const bracket = reduce(0);
    if (!bracket) unexpected(source, token, `no bracket is open here`);
    const expected = closing[bracket.token.text];
    if (expected !== token.text)
      source.stop('syntax/bracket', `expected '${expected}' before '${token.text}'`, token.start, token.end);
    pending.pop();
    nested--;
    const { call, target, items } = bracket;
    if (!empty && (call || target)) items.push(operands.pop()!);
    const first = target?.span ?? call?.token ?? bracket.token;
    const span = source.span(first.start, token.end);
    if (target) return pushValue({ kind: 'index', target, indices: items, span });
    // A group keeps its brackets in the span, so that a message can show the whole of it.
    if (!call) return pushValue({ ...popValue(), span });
    const fnSpan = spanOf(call.token);
    if (!bracket.colon) {
      const args = items.filter((item) => item !== null);
      return pushValue({ kind: 'call', fn: call.fn, order: call.order, args, fnSpan, span });
    }
    pushValue({ kind: 'index', target: { kind: 'name', name: call.fn, span: fnSpan }, indices: items, span });
  };

  const readValue = (token: Token) => {
    switch (token.kind) {
      case 'number':
        return pushValue({ kind: 'number', value: token.value, span: spanOf(token) });
      case 'text':
        return pushValue({ kind: 'text', text: token.text, span: spanOf(token) });
      case 'name':
        return readName(token);
      case 'open':
        if (token.text === '(') return pushPending({ kind: 'bracket', token, items: [], colon: false });
        break;
      case 'operator':
        if (token.op === '+' || token.op === '-') {
          const top = pending.at(-1);
          // After `^` a sign belongs to the exponent; elsewhere it binds looser than powers.
          const power = top && top.kind !== 'bracket' && top.power >= postfixPower ? postfixPower : signPower;
          return pushPending({ kind: 'sign', op: token.op, power, token });
        }
        break;
      case 'colon':
        return readColon(token);
      case 'close': {
        const top = pending.at(-1);
        if (top?.kind === 'bracket' && top.call && top.items.length === 0) return close(token, true);
        break;
      }
    }
    missingValue(source, token, at - 2 >= from ? tokens[at - 2] : undefined);
  };

  const readAfterValue = (token: Token) => {
    switch (token.kind) {
      case 'operator':
        return pushInfix(token.op, token);
      case 'transpose': {
        reduce(postfixPower);
        const arg = popValue();
        return pushValue({ kind: 'transpose', arg, span: source.span(arg.span!.start, token.end) });
      }
      case 'superscript': {
        reduce(postfixPower);
        const span = spanOf(token);
        const size: Expr = { kind: 'number', value: Math.abs(token.value), span };
        const exponent: Expr = token.value < 0 ? { kind: 'unary', op: '-', arg: size, span } : size;
        return pushValue(infix(source, '^', popValue(), exponent, token.start, token.end));
      }
      case 'close':
        return close(token, false);
      case 'comma': {
        const bracket = reduce(0);
        if (!bracket) unexpected(source, token, "separate statements with ';'");
        if (!bracket.call && !bracket.target) unexpected(source, token, 'a list stands only in a call, f(x, y)');
        bracket.items.push(operands.pop()!);
        wantsValue = true;
        return;
      }
      case 'colon':
        if (reduce(0)) noRange(token);
        return unexpected(source, token, "a declaration, 'name: shape', stands alone in its statement");
      case 'assign': {
        // `let x = 3`: the pair was told, and it is the mistake.
        if (sideBySide) throw new WrtError([]);
        const hint = 'only a name can be assigned, at the start of a statement: y = …';
        return source.stop('syntax/assignment', "unexpected '='", token.start, token.end, hint);
      }
      case 'foreign':
        return foreignAfter(source, token, tokens[at - 2]!, tokens[at]!);
      case 'open':
        // An index binds to the value just read, tighter than any operator.
        if (token.text === '[')
          return pushPending({ kind: 'bracket', token, target: popValue(), items: [], colon: false });
        break;
    }
    if (token.kind !== 'open' && !endsValue(token)) unexpected(source, token);
    // Two values side by side: said once in a statement and read on as a product.
    if (!sideBySide) {
      const message = `expected an operator between ${shown(source, tokens[at - 2]!)} and ${shown(source, token)}`;
      source.report('syntax/operator', message, token.start, token.end, 'write * for a product');
      sideBySide = true;
    }
    pushInfix('*', token);
    readValue(token);
  };

  while (at < end) {
    source.budget.tick();
    const token = tokens[at++]!;
    if (token.kind === 'bad') return undefined;
    if (wantsValue) readValue(token);
    else readAfterValue(token);
  }
  const last = tokens[end - 1]!;
  if (wantsValue) source.stop('syntax/value', `expected a value after ${shown(source, last)}`, last.start, last.end);
  const open = reduce(0)?.token;
  if (open) {
    const { line, column } = spanOf(open);
    const hint = `'${shown(source, open)[1]}' was opened at ${line === 1 ? '' : `line ${line}, `}column ${column}`;
    const message = `expected '${closing[open.text]}' after ${shown(source, last)}`;
    source.stop('syntax/bracket', message, last.start, last.end, hint);
  }
  const value = popValue();
  checkDepth(source, value);
  return value;
}

/** The tree of `left op right`; `opStart` and `opEnd` tell where the operator stands. */
export function infix(
  source: Source,
  op: InfixOperator,
  left: Expr,
  right: Expr,
  opStart: number,
  opEnd: number,
): Expr {
  const span = source.span(left.span!.start, Math.max(right.span!.end, opEnd));
  const opSpan = source.span(opStart, opEnd);
  if (op === '⊗') return { kind: 'call', fn: 'kron', order: 0, args: [left, right], fnSpan: opSpan, span };
  return { kind: 'binary', op, left, right, opSpan, span };
}
