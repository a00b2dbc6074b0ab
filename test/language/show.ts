import type { Diagnostic } from '../../src/base/diagnostic.ts';
import type { Parsed } from '../../src/language/parse.ts';
import { shapeText } from '../../src/shape/size.ts';
import type { Declaration, Expr } from '../../src/syntax/expr.ts';

/** A tree as an s-expression. */
export function tree(e: Expr): string {
  switch (e.kind) {
    case 'number':
      return String(e.value);
    case 'name':
      return e.name;
    case 'text':
      return JSON.stringify(e.text);
    case 'unary':
      return `(${e.op === '-' ? 'neg' : 'pos'} ${tree(e.arg)})`;
    case 'transpose':
      return `(' ${tree(e.arg)})`;
    case 'binary':
      return `(${e.op} ${tree(e.left)} ${tree(e.right)})`;
    case 'call':
      return `(${[`call ${e.fn}${"'".repeat(e.order)}`, ...e.args.map(tree)].join(' ')})`;
    case 'index':
      return `([] ${tree(e.target)} ${e.indices.map((i) => (i ? tree(i) : ':')).join(' ')})`;
  }
}

const declared = ({ name, shape, properties }: Declaration): string => {
  const text = {
    array: () => shapeText(shape.kind === 'array' ? shape.axes : []),
    function: () => (shape.kind === 'function' ? `${shapeText(shape.from)} -> ${shapeText(shape.to)}` : ''),
    elementwise: () => 'elementwise',
    index: () => 'index',
  }[shape.kind]();
  return `${name}: ${[text, ...properties].join(', ')}`;
};

export const finding = ({ code, message, hint }: Diagnostic): string =>
  `! ${code}: ${message}${hint ? ` | ${hint}` : ''}`;

/** All that was read: declarations, statements, then the findings. */
export const shown = ({ program, diagnostics }: Parsed): string =>
  [
    ...program.declarations.map(declared),
    ...program.statements.map(({ name, value }) => (name === undefined ? tree(value) : `${name} = ${tree(value)}`)),
    ...diagnostics.map(finding),
  ].join('\n');

/** A case of a corpus: its title, the input, what must come out. */
export interface Case {
  readonly title: string;
  readonly input: string;
  readonly expected: string;
}

/** Cases stand as `--- title`, input, `==>`, output. */
export const casesOf = (corpus: string): Case[] =>
  corpus
    .split(/^--- /m)
    .slice(1)
    .map((part) => {
      const [head, expected] = part.split(/^==>$/m) as [string, string];
      const [title, ...input] = head.split('\n');
      return { title: title!, input: input.join('\n').trimEnd(), expected: expected.trim() };
    });
