/** PEP 8. */
export const lineWidth = 79;

/** `name = code`, broken over several lines where it is too long for one; the lines start at column 0. */
export const assignment = (name: string, code: string, indent: number): readonly string[] =>
  statement(`${name} = `, code, indent);

/** A statement that ends in an expression and will stand `indent` columns from the left. */
export function statement(start: string, code: string, indent: number): readonly string[] {
  if (indent + start.length + code.length <= lineWidth) return [start + code];
  const whole = lastBracket(code);
  if (whole?.all && fits(start + whole.open, indent)) return split(start, whole, indent);
  const terms = operands(code);
  if (terms.length > 1) return [`${start}(`, ...shifted(terms, indent), ')'];
  // f(x).g(y): the last pair of brackets is opened.
  if (whole && fits(start + whole.open, indent)) return split(start, whole, indent);
  return [`${start}(`, `    ${code}`, ')'];
}

interface Bracketed {
  readonly open: string;
  readonly parts: readonly string[];
  readonly close: string;
  /** Whether nothing but a name stands before the bracket. */
  readonly all: boolean;
  /** Whether a comma may stand after the last part: a call or a tuple, but no grouping. */
  readonly listed: boolean;
}

const fits = (line: string, indent: number): boolean => indent + line.length <= lineWidth;

function split(start: string, { open, parts, close, listed }: Bracketed, indent: number): readonly string[] {
  const joined = parts.join(', ');
  const comma = listed && parts.length === 1 && open === '(' ? ',' : '';
  if (fits(joined + comma, indent + 4)) return [start + open, `    ${joined}${comma}`, close];
  const items = parts.flatMap((part) => item(part, indent + 4, listed).map((line) => `    ${line}`));
  return [start + open, ...items, close];
}

/** One of the parts of a list, with the comma after it. */
function item(part: string, indent: number, listed: boolean): readonly string[] {
  const named = /^\w+=/.exec(part)?.[0] ?? '';
  const code = part.slice(named.length);
  const terms = operands(code);
  // Inside of a list, what breaks by operators stands in brackets already.
  const lines =
    !fits(`${part},`, indent) && terms.length > 1 && named === ''
      ? shifted(terms, indent - 4).map((line) => line.slice(4))
      : statement(named, code, indent + 1);
  return lines.map((line, k) => (k === lines.length - 1 && listed ? `${line},` : line));
}

const shifted = (terms: readonly (readonly [string, string])[], indent: number): readonly string[] =>
  terms.flatMap(([operator, code]) => statement(operator, code, indent + 4).map((line) => `    ${line}`));

/** The operands of the operators of lowest precedence, each with the operator before it. */
function operands(code: string): readonly (readonly [string, string])[] {
  const free = outside(code);
  for (const operators of [[' & '], [' + ', ' - '], [' * ', ' / ', ' @ ']]) {
    const cuts = free.filter((at) => operators.includes(code.slice(at, at + 3)));
    if (cuts.length === 0) continue;
    const pieces = cuts.map(
      (at, k) => [code.slice(at + 1, at + 3), code.slice(at + 3, cuts[k + 1] ?? code.length)] as const,
    );
    return [['', code.slice(0, cuts[0])], ...pieces];
  }
  return [['', code]];
}

/** The pair of brackets that ends the code: a call, an index or a tuple. */
function lastBracket(code: string): Bracketed | undefined {
  if (!/[)\]]$/.test(code)) return undefined;
  const free = outside(code);
  // It opens after the last character that stands outside.
  let at = (free.at(-1) ?? -1) + 1;
  // `f(x)[0]`: of several pairs in a row the last one.
  for (let depth = 0, k = at; k < code.length; k++) {
    if ('(['.includes(code[k]!) && depth++ === 0) at = k;
    if (')]'.includes(code[k]!)) depth--;
  }
  const inner = code.slice(at + 1, -1);
  const commas = outside(inner).filter((k) => inner.startsWith(', ', k));
  const edges = [-2, ...commas, inner.length];
  const parts = edges.slice(0, -1).map((from, k) => inner.slice(from + 2, edges[k + 1]));
  return {
    open: code.slice(0, at + 1),
    parts: parts.map((part) => part.replace(/,$/, '')).filter((part) => part !== ''),
    close: code.slice(-1),
    all: /^[\w.]*$/.test(code.slice(0, at)),
    listed: commas.length > 0 || /,$/.test(inner) || (code[at] === '(' && /[\w\])]$/.test(code.slice(0, at))),
  };
}

/** Positions of the characters that stand outside of all brackets and strings. */
function outside(code: string): number[] {
  const found: number[] = [];
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < code.length; at++) {
    const c = code[at]!;
    if (c === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (c === ')' || c === ']') depth--;
    else if (c === '(' || c === '[') depth++;
    else if (depth === 0) found.push(at);
  }
  return found;
}
