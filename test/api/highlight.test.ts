import fc from 'fast-check';
import { expect, test } from 'vitest';
import { highlight } from '../../src/api/index.ts';

const shown = (source: string): readonly string[] =>
  highlight(source).map(({ start, end, kind }) => `${kind} ${source.slice(start, end)}`);

test('declarations, functions, numbers, comments', () => {
  expect(shown("A: m x n symmetric  # known\nz = sin(A*x).^2; z'")).toEqual([
    'declared A',
    'punctuation :',
    'size m',
    'size x',
    'size n',
    'property symmetric',
    'comment # known',
    'name z',
    'operator =',
    'function sin',
    'bracket (',
    'name A',
    'operator *',
    'name x',
    'bracket )',
    'operator .^',
    'number 2',
    'punctuation ;',
    'name z',
    "operator '",
  ]);
});

test('what cannot be read is marked, and reading goes on', () => {
  expect(shown('a ? b')).toEqual(['name a', 'invalid ?', 'name b']);
});

test('LaTeX is one piece', () => {
  expect(shown('\\mathbf{x}^\\top A \\mathbf{x}')[0]).toMatch(/^latex /);
});

test('any text: pieces in order, inside the text, none over another', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (source) => {
      let at = 0;
      for (const { start, end } of highlight(source)) {
        expect(start).toBeGreaterThanOrEqual(at);
        expect(end).toBeGreaterThan(start);
        at = end;
      }
      expect(at).toBeLessThanOrEqual(source.length);
    }),
  );
});
