import { canonicalName, operators } from './characters.ts';
import { commands, type Meaning } from './latex-commands.ts';
import { displayMarks } from './latex-display.ts';
import { namedFunctions } from './latex-functions.ts';
import type { Source } from './source.ts';

export interface LatexToken {
  /** A `bar` opens or closes: only the reader can tell. */
  readonly kind: 'command' | 'name' | 'function' | 'number' | 'symbol' | 'open' | 'close' | 'bar' | 'end';
  /** The command without its backslash, the name, the digits or the character; brackets by the one that opens. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly meaning?: Meaning;
}

/** Names of the program, which decide whether `loss` is one name and whether `f(x)` is a call. */
export interface Names {
  readonly defined: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

const skip = new RegExp(`(?:[\\s~&$\\u200b-\\u200d\\u2060\\ufeff]|%[^\\n\\r]*|\\\\\\\\|${displayMarks})+`, 'y');
const command = /\\(?:([A-Za-z]+)\*?|(.))?/suy;
const word = /[A-Za-z][A-Za-z0-9]*/y;
const number = /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+(?![A-Za-z]))?/y;
const foreignLetter = /[\p{Lu}\p{Ll}\p{Lo}][\p{Mn}0-9₀-₉]*/uy;
/** Upright letters between braces, or one letter: a name, or the name of a function. */
const upright = /\s*(?:\{\s*([A-Za-z][A-Za-z0-9 _-]*|\d+)\s*\}|([A-Za-z\d]))/y;
const callFollows = /\s*(?:\\(?:left|[bB]igg?l?)\s*)?[([]/y;
const brackets: ReadonlyMap<string, readonly ['open' | 'close', string]> = new Map([
  ['(', ['open', '(']],
  [')', ['close', '(']],
  ['[', ['open', '[']],
  [']', ['close', '[']],
  ['{', ['open', '{']],
  ['}', ['close', '{']],
]);

/**
 * The tokens of a formula. A run of letters is a product of one-letter names (`Ax` is A times x, digits stay with their
 * letter) unless it is a name of the program, or a function that an opening bracket follows.
 */
export function lexLatex(source: Source, start: number, end: number, names: Names): LatexToken[] {
  const { text } = source;
  const tokens: LatexToken[] = [];
  let at = start;
  let side: 'open' | 'close' | undefined;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const push = (kind: LatexToken['kind'], shown: string, length: number, meaning?: Meaning) => {
    tokens.push({ kind, text: shown, start: at, end: at + length, ...(meaning ? { meaning } : {}) });
    at += length;
  };
  const pushBracket = (kind: 'open' | 'close' | 'bar', shown: string, length: number) => {
    push(side ?? kind, shown, length);
    side = undefined;
  };

  const readUpright = (shown: string, length: number) => {
    const from = at;
    at += length;
    const group = match(upright);
    if (!group) return; // Anything else in this font: the font changes nothing.
    at = from;
    const inner = (group[1] ?? group[2]!).replace(/[\s_-]/g, '');
    const fn = names.defined.has(inner) ? undefined : namedFunctions.get(inner);
    const kind = fn || shown.startsWith('operatorname') ? 'function' : /^\d/.test(inner) ? 'number' : 'name';
    push(kind, fn ?? inner, length + group[0].length);
  };
  const readCommand = (found: RegExpExecArray) => {
    const shown = found[1] ?? found[2] ?? '';
    const length = found[0].length;
    const refuse = (message: string, hint?: string): never =>
      source.stop('syntax/latex', message, at, at + length, hint);
    if (shown.trim() === '') refuse("a lone '\\' in a LaTeX formula", 'write A^{-1} b for the solution of A x = b');
    const meaning = commands.get(shown);
    if (!meaning) return refuse(`unknown LaTeX command '\\${shown}'`);
    switch (meaning.kind) {
      case 'refused':
        return refuse(`'\\${shown}' is not read`, meaning.hint);
      case 'skip':
        if ((shown === '(' || shown === '[') && tokens.length > 0)
          refuse(`unexpected '\\${shown}' within a formula`, 'write A^{-1} b for the solution of A x = b');
        at += length;
        return;
      case 'left':
        side = 'open';
        at += length;
        return;
      case 'right':
        side = 'close';
        at += length;
        return;
      case 'word':
        return readUpright(shown, length);
      case 'open':
      case 'close':
      case 'bar':
        return pushBracket(meaning.kind, meaning.text, length);
      case 'function':
        return push('function', meaning.fn, length);
      default:
        push('command', shown, length, meaning);
    }
  };
  const readWord = (run: string) => {
    callFollows.lastIndex = at + run.length;
    const fn = run.length > 1 ? namedFunctions.get(run) : undefined;
    if (names.defined.has(run)) push('name', run, run.length);
    else if (fn && callFollows.test(text)) push('function', fn, run.length);
    else for (const part of run.match(/[A-Za-z][0-9]*/g)!) push('name', part, part.length);
  };

  while (at < end) {
    source.budget.tick();
    const blank = match(skip);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const cmd = match(command);
    if (cmd) {
      readCommand(cmd);
      continue;
    }
    const run = match(word);
    if (run) {
      readWord(run[0]);
      continue;
    }
    const digits = match(number);
    if (digits) {
      push('number', digits[0], digits[0].length);
      continue;
    }
    const letter = match(foreignLetter);
    if (letter) {
      push('name', canonicalName(letter[0]), letter[0].length);
      continue;
    }
    const symbol = String.fromCodePoint(text.codePointAt(at)!);
    const bracket = brackets.get(symbol);
    if (bracket) pushBracket(bracket[0], bracket[1], 1);
    else if (symbol === '|') pushBracket('bar', '|', 1);
    else if (symbol === '.' && side) {
      side = undefined; // `\left.` is no bracket.
      at++;
    } else push('symbol', operators.get(symbol) ?? symbol, symbol.length);
  }
  tokens.push({ kind: 'end', text: '', start: Math.max(start, Math.min(end, text.length)), end });
  return tokens;
}
