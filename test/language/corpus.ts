import { readdirSync, readFileSync } from 'node:fs';
import { createBudget } from '../../src/base/budget.ts';
import { WrtError } from '../../src/base/diagnostic.ts';
import { type AnalyseOptions, analyse } from '../../src/language/analyse.ts';
import { parseProgram } from '../../src/language/parse.ts';
import { shapeText } from '../../src/shape/size.ts';
import type { Type } from '../../src/shape/type.ts';
import type { Analysis } from '../../src/syntax/analysis.ts';

/** Parses and analyses; throws when either finds something. */
export function analyseText(text: string, options: AnalyseOptions = {}): Analysis {
  const budget = createBudget();
  const { program, diagnostics } = parseProgram(text, budget);
  if (diagnostics.length > 0) throw new WrtError(diagnostics);
  return analyse(program, options, budget);
}

const shape = (type: Type): string => `${type.row ? 'row ' : ''}${shapeText(type.axes)}`;

/** What the corpus says of a program: each name with its shape and reason, the output, or every diagnostic. */
export function report(text: string): string {
  try {
    const { names, output } = analyseText(text);
    const lines = [...names.values()].map((n) => {
      const kind = n.shape.kind === 'array' ? shape(n.type) : n.shape.kind;
      return `${n.name}: ${kind}${n.reason ? ` (${n.reason})` : ''}`;
    });
    return [...lines, `output: ${shape(output.type)}`].join('\n');
  } catch (error) {
    if (!(error instanceof WrtError)) throw error;
    return error.diagnostics.map((d) => `✗ ${d.code}: ${d.message}${d.hint ? `; ${d.hint}` : ''}`).join('\n');
  }
}

/** Blocks `program ==> report`, separated by blank lines; lines of a block that start with `--` are remarks. */
export function readCorpus(folder: string): { file: string; program: string; expected: string }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) =>
      readFileSync(`${folder}/${file}`, 'utf8')
        .split(/\n\s*\n/)
        .map((block) => block.split('\n').filter((line) => !line.startsWith('--')))
        .filter((lines) => lines.some((line) => line.trim() !== ''))
        .map((lines) => {
          const at = lines.indexOf('==>');
          const text = (part: string[]) => part.join('\n').trim();
          return { file, program: text(lines.slice(0, at)), expected: text(lines.slice(at + 1)) };
        }),
    );
}
