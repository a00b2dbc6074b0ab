import type { Span } from '../base/diagnostic.ts';
import { notate } from '../notation/derivative.ts';
import { printLatex } from '../notation/print/latex.ts';
import { printProgramLatex, printProgramText, printProgramUnicode } from '../notation/print/program.ts';
import { printText } from '../notation/print/text.ts';
import { printUnicode } from '../notation/print/unicode.ts';
import type { Expr, Statement } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { type Answer, placeIn } from './check-answer.ts';
import type { Part } from './check-types.ts';
import { printedNames } from './entry-names.ts';
import { escapeLatex } from './render/formula.ts';
import type { Printed } from './steps-types.ts';
import type { Subject } from './subject.ts';

export function printed(s: Subject, e: Expr): Printed {
  const context = { names: printedNames(s) };
  return { text: printText(e), unicode: printUnicode(e, context), latex: printLatex(e, context) };
}

/** A node of the subject's graph; intermediates that its formula needs are told in the same breath. */
export function printedNode(s: Subject, node: Node): Printed {
  const { assignments, value } = notate(s.builder, node, s.taken);
  const context = { names: printedNames(s) };
  const program = { assignments, value };
  const text = printProgramText(program).split('\n');
  return {
    text: text.length === 1 ? text[0]! : `${text.at(-1)} where ${text.slice(0, -1).join(', ')}`,
    unicode: printProgramUnicode(program, context).replace(/\n(?:where)?\s+/g, (gap) =>
      gap.includes('where') ? ' where ' : ', ',
    ),
    latex: printProgramLatex(program, context),
  };
}

/** A name, and a line of text, as they are. */
export const plainName = (text: string): Printed => ({ text, unicode: text, latex: text });
export const plainText = (text: string): Printed => ({ text, unicode: text, latex: `\\texttt{${escapeLatex(text)}}` });

/** A part as the answer has it; what was made by us is printed. */
export function partOf(answer: Answer, e: Expr): Part {
  const span = e.span && placeIn(e.span, answer.text, answer.offset);
  const own = e.span && span && sourceOf(answer, e.span);
  return { text: own && span ? own : printText(e), ...(span ? { span } : {}) };
}

const sourceOf = (answer: Answer, { start, end }: Span): string => answer.source.slice(start, end);

/** Statements as one line of the language. */
export const statementsText = (statements: readonly Statement[]): string =>
  statements.map((s) => (s.name === undefined ? '' : `${s.name} = `) + printText(s.value)).join('; ');
