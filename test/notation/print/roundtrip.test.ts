import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBudget } from '../../../src/base/budget.ts';
import { parseExpression, parseProgram } from '../../../src/language/parse.ts';
import { printProgramText } from '../../../src/notation/print/program.ts';
import { normaliseSigns } from '../../../src/notation/print/signs.ts';
import { printText } from '../../../src/notation/print/text.ts';
import { binary, type Expr, name, neg, num } from '../../../src/syntax/expr.ts';
import { trees } from './trees.ts';

const places = new Set(['span', 'opSpan', 'fnSpan']);
const withoutPlaces = (e: Expr): unknown =>
  JSON.parse(JSON.stringify(e, (key, value) => (places.has(key) ? undefined : value)));
const parse = (text: string): Expr => parseExpression(text, createBudget());

test('every tree is read back from its text', () => {
  fc.assert(
    fc.property(trees, (e) => {
      expect(withoutPlaces(parse(printText(e)))).toEqual(withoutPlaces(e));
    }),
    { numRuns: 3000 },
  );
});

test('so it is after the signs were put in order', () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const e = normaliseSigns(tree);
      expect(withoutPlaces(parse(printText(e)))).toEqual(withoutPlaces(e));
    }),
    { numRuns: 1000 },
  );
});

test('no pair of parentheses can go', () => {
  fc.assert(
    fc.property(trees, (e) => {
      const text = printText(e);
      const tree = JSON.stringify(withoutPlaces(e));
      // A group, unlike a call, follows no name; what is inside a quoted text has no parentheses.
      for (const match of text.matchAll(/(?<![\p{L}\d_'])\(/gu)) {
        const close = closing(text, match.index);
        const inner = text.slice(match.index + 1, close);
        // A sign after an operator keeps its parentheses, for readability; so does what is indexed.
        if (/^[-+]/.test(inner) || text[close + 1] === '[') continue;
        const shorter = `${text.slice(0, match.index)} ${inner} ${text.slice(close + 1)}`;
        expect(readable(shorter) && JSON.stringify(withoutPlaces(parse(shorter))) === tree, shorter).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; ; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
}
const readable = (text: string): boolean => parseProgram(text, createBudget()).diagnostics.length === 0;

test('a negative number is read back as a minus before a positive one', () => {
  expect(withoutPlaces(parse(printText(binary('^', name('A'), num(-1)))))).toEqual(
    withoutPlaces(binary('^', name('A'), neg(num(1)))),
  );
  expect(withoutPlaces(parse(printText(binary('-', name('x'), num(-2.5)))))).toEqual(
    withoutPlaces(binary('-', name('x'), neg(num(2.5)))),
  );
});

test('a program is read back statement by statement', () => {
  const assignment = fc.tuple(fc.constantFrom('s', 'Z1', 'theta_1'), trees);
  fc.assert(
    fc.property(fc.array(assignment, { maxLength: 3 }), trees, (assignments, value) => {
      const { program, diagnostics } = parseProgram(printProgramText({ assignments, value }), createBudget());
      expect(diagnostics).toEqual([]);
      const wanted = [...assignments.map(([name, e]) => ({ name, e })), { name: undefined, e: value }];
      expect(program.statements.map((s) => ({ name: s.name, e: withoutPlaces(s.value) }))).toEqual(
        wanted.map((s) => ({ name: s.name, e: withoutPlaces(s.e) })),
      );
    }),
  );
});

test('left division by what LaTeX has a command for', () => {
  for (const word of ['sum', 'sqrt', 'beta', 'frac', 'top', 'b', 'hat'])
    for (const left of ['A', 'x2'])
      expect(withoutPlaces(parse(printText(binary('\\', name(left), name(word)))))).toEqual(
        withoutPlaces(binary('\\', name(left), name(word))),
      );
});

const corpus = '../shared/conformance/public.jsonl';
test('the conformance programs and closed forms, where they are at hand', () => {
  if (!existsSync(corpus)) return;
  for (const line of readFileSync(corpus, 'utf8').trim().split('\n')) {
    const { program, condensed } = JSON.parse(line) as { program: string; condensed: string | null };
    for (const text of condensed ? [program, condensed] : [program]) {
      const { statements } = parseProgram(text, createBudget()).program;
      for (const { value } of statements) {
        const printed = printText(value);
        expect(withoutPlaces(parse(printed))).toEqual(withoutPlaces(value));
        expect(printed.replaceAll(' ', '').length).toBeLessThanOrEqual(text.replaceAll(' ', '').length);
      }
    }
  }
});
