import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockCommentLines, commentLines, quoted, wrap } from '../../src/emit/comments.ts';

test('programs are quoted as they are', () => {
  expect(commentLines("A: n x n symmetric\ny = x'*A*x\n\n", 80)).toEqual(['A: n x n symmetric', "y = x'*A*x"]);
});

test('long lines break at spaces, long programs are cut', () => {
  expect(wrap('  a + b + c', 10)).toEqual(['  a + b +', '      c']);
  const many = commentLines(Array.from({ length: 100 }, (_, i) => `y${i} = x`).join('\n'), 80);
  expect(many.length).toBe(61);
  expect(many.at(-1)).toBe('… and 40 more lines');
});

test('no character acts outside its line', () => {
  expect(commentLines('a\r\nb\rc\u2028d\u202ee\u0000\f', 80)).toEqual([
    'a',
    'b',
    'c<U+2028>d<U+202E>e<U+0000><U+000C>',
  ]);
  expect(commentLines('x # \\', 80)).toEqual(['x # \\ .']);
  expect(commentLines('x # ??/', 80)).toEqual(['x # ??/ .']);
});

test('any text: one line each, comments never closed, strings never ended', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      for (const line of commentLines(text, 60)) expect(line).not.toMatch(/[\n\r\u2028\u2029]|\\\s*$/);
      for (const line of blockCommentLines(text, 60)) expect(line).not.toMatch(/\*\/|\/\*|#=|=#/);
      expect(quoted(text)).toMatch(/^"[ !#-[\]-~]*"$/);
    }),
    { examples: [['*/ /* **//*/ #=# =#=']] },
  );
});
