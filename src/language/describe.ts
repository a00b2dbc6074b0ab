import type { Span } from '../base/diagnostic.ts';
import { shapeText } from '../shape/size.ts';
import { isRow, type Type } from '../shape/type.ts';
import type { Expr } from '../syntax/expr.ts';

/** "a 2×3 matrix", "a vector of size n": a shape as messages name it. */
export function describeType(type: Type): string {
  const shape = shapeText(type.axes);
  if (isRow(type)) return `a ${shape} row`;
  if (type.axes.length === 0) return 'a scalar';
  if (type.axes.length === 1) return `a vector of size ${shape}`;
  return `a ${shape} ${type.axes.length === 2 ? 'matrix' : 'array'}`;
}

/** "column 5", with the line where there is more than one. */
export const place = (span: Span | undefined): string =>
  span === undefined ? '' : span.line > 1 ? ` (line ${span.line}, column ${span.column})` : ` (column ${span.column})`;

const longest = 48;

/** An expression as messages quote it: what the user wrote, cut where it is long. */
export function quote(expr: Expr, source: string): string {
  // from operand to operand, which leaves out the parentheses around the whole
  const [first, last] = expr.kind === 'binary' ? [expr.left.span, expr.right.span] : [expr.span, expr.span];
  const written = expr.span && first && last ? source.slice(first.start, last.end) : write(expr, 3);
  const line = written.replace(/\s+/g, ' ').trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

/** An operand in a suggestion: in parentheses where it is more than a name. */
export function quoteOperand(expr: Expr, source: string): string {
  const written = quote(expr, source);
  return expr.kind === 'binary' || expr.kind === 'unary' ? `(${written})` : written;
}

/** A tree that was built by hand, to a small depth. */
function write(expr: Expr, depth: number): string {
  if (depth === 0) return '…';
  const sub = (e: Expr) =>
    e.kind === 'binary' || e.kind === 'unary' ? `(${write(e, depth - 1)})` : write(e, depth - 1);
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'name':
      return expr.name;
    case 'text':
      return JSON.stringify(expr.text);
    case 'unary':
      return `${expr.op}${sub(expr.arg)}`;
    case 'transpose':
      return `${sub(expr.arg)}'`;
    case 'binary': {
      const gap = expr.op === '+' || expr.op === '-' ? ' ' : '';
      return `${sub(expr.left)}${gap}${expr.op}${gap}${sub(expr.right)}`;
    }
    case 'call':
      return `${expr.fn}${"'".repeat(expr.order)}(${expr.args.map((a) => write(a, depth - 1)).join(', ')})`;
    case 'index':
      return `${sub(expr.target)}[${expr.indices.map((i) => (i ? write(i, depth - 1) : ':')).join(',')}]`;
  }
}
