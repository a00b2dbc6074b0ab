/** PEP 8. */
export const lineWidth = 79;

/** `name = code`, broken over several lines where it is too long for one; the lines start at column 0. */
export const assignment = (name: string, code: string, indent: number): readonly string[] =>
  statement(`${name} = `, code, indent);

/** A statement that ends in an expression and will stand `indent` columns from the left. */
export function statement(start: string, code: string, indent: number): readonly string[] {
  if (indent + start.length + code.length <= lineWidth) return [start + code];
  const room = lineWidth - indent - 4;
  const call = outerCall(code);
  if (call && indent + start.length + call.open.length <= lineWidth) {
    const joined = call.parts.join(', ');
    const inside = joined.length <= room ? [joined] : call.parts.flatMap((part) => item(part, indent + 4));
    return [start + call.open, ...inside.map((line) => `    ${line}`), call.close];
  }
  return [`${start}(`, ...broken(code, room).map((line) => `    ${line}`), ')'];
}

/** One of the parts of a list, with the comma after it. */
function item(part: string, indent: number): readonly string[] {
  const lines = statement('', part, indent + 1);
  // What breaks by operators stands in the brackets of the list already.
  const bare = lines[0] === '(' && !part.startsWith('(') ? lines.slice(1, -1).map((l) => l.slice(4)) : lines;
  return bare.map((line, k) => (k === bare.length - 1 ? `${line},` : line));
}

/** Breaks before the operators of lowest precedence that stand outside all brackets. */
function broken(code: string, room: number): readonly string[] {
  if (code.length <= room) return [code];
  for (const operators of [' + | - ', ' * | / | @ ']) {
    const cuts = outside(code).filter((at) => operators.split('|').includes(code.slice(at, at + 3)));
    if (cuts.length > 0) return pieces(code, cuts, 1);
  }
  return [code];
}

/** `f(a, b)` in its parts, where the whole code is one call, one index or one pair of brackets. */
function outerCall(code: string): { open: string; parts: readonly string[]; close: string } | undefined {
  const head = /^[\w.]*[([]/.exec(code)?.[0];
  // The bracket that opens first must be the one that closes last.
  if (!head || outside(code).some((at) => at >= head.length)) return undefined;
  const inner = code.slice(head.length, -1);
  const commas = outside(inner).filter((at) => inner.startsWith(', ', at));
  return { open: head, parts: pieces(inner, commas, 2), close: code.slice(-1) };
}

const pieces = (code: string, cuts: readonly number[], skip: number): readonly string[] =>
  [-skip, ...cuts].map((from, k) => code.slice(from + skip, cuts[k] ?? code.length)).filter((piece) => piece !== '');

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
