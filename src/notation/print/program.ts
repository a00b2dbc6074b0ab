import { type Expr, name as nameExpr } from '../../syntax/expr.ts';
import { latexWith } from './latex.ts';
import { mathElement, mathmlSymbol, mathmlWith } from './mathml.ts';
import { createNames, type Names, type PrintContext } from './names.ts';
import { printText } from './text.ts';
import { unicodeWith } from './unicode.ts';

/** An expression with the intermediates it is written in. */
export interface PrintedProgram {
  readonly assignments: readonly (readonly [name: string, value: Expr])[];
  readonly value: Expr;
}

const namesOf = (p: PrintedProgram, context: PrintContext): Names =>
  createNames(context, p.value, ...p.assignments.flatMap(([name, value]) => [nameExpr(name), value]));

const equation = (
  [name, value]: readonly [string, Expr],
  names: Names,
  print: (e: Expr, names: Names) => string,
  equals: string,
): string => print(nameExpr(name), names) + equals + print(value, names);

/** A program of our own language: one assignment per line, then the expression. */
export const printProgramText = (p: PrintedProgram): string =>
  [...p.assignments.map(([name, value]) => `${name} = ${printText(value)}`), printText(p.value)].join('\n');

/** The expression, then `where s = softmax(x)` with one intermediate per line. */
export function printProgramUnicode(p: PrintedProgram, context: PrintContext = {}): string {
  const names = namesOf(p, context);
  const lines = p.assignments.map((a, k) => (k === 0 ? 'where ' : '      ') + equation(a, names, unicodeWith, ' = '));
  return [unicodeWith(p.value, names), ...lines].join('\n');
}

export function printProgramLatex(p: PrintedProgram, context: PrintContext = {}): string {
  const names = namesOf(p, context);
  const equations = p.assignments.map((a) => equation(a, names, latexWith, ' = '));
  const value = latexWith(p.value, names);
  return equations.length === 0 ? value : `${value} \\quad\\text{where}\\quad ${equations.join(',\\quad ')}`;
}

export function printProgramMathml(p: PrintedProgram, context: PrintContext = {}): string {
  const names = namesOf(p, context);
  const equations = p.assignments.map((a) => `<mrow>${equation(a, names, mathmlWith, mathmlSymbol('equals'))}</mrow>`);
  const value = mathmlWith(p.value, names);
  if (equations.length === 0) return mathElement(value);
  const gap = '<mspace width="1em"></mspace>';
  const list = equations.join(`${mathmlSymbol('separator')}${gap}`);
  return mathElement(`<mrow>${value}${gap}<mtext>where</mtext>${gap}${list}</mrow>`);
}
