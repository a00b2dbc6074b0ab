import { expect, test } from 'vitest';
import { fixOf, lintOf } from '../../apps/workbench/src/widgets/editor-extensions.ts';
import { parse } from '../../src/api/index.ts';

test('a hint that names the text to use is a fix', () => {
  expect(fixOf("did you mean A'*B?")).toBe("A'*B");
  expect(fixOf("did you mean 'softmax'?")).toBe('softmax');
  expect(fixOf('declare A as a square matrix')).toBeUndefined();
  expect(fixOf(undefined)).toBeUndefined();
});

test('the errors of a program, and fixes that make it right', () => {
  const source = 'A: 2 x 3\nB: 2 x 5\nA*B';
  const wrong = parse(source);
  if (wrong.ok) throw new Error('this program is wrong');
  const [error] = wrong.errors;
  const fix = fixOf(error!.hint)!;
  const fixed = source.slice(0, error!.span!.start) + fix + source.slice(error!.span!.end);
  expect(parse(fixed).ok).toBe(true);
  const [mark] = lintOf(wrong.errors, source.length);
  expect(mark).toMatchObject({ from: error!.span!.start, to: error!.span!.end, message: error!.message });
  expect(mark!.actions!.map((a) => a.name)).toEqual([`Use ${fix}`]);
});

test('marks stay within the text while it changes', () => {
  const error = { code: 'syntax/x', message: 'wrong', hint: 'try so', span: { start: 8, end: 12, line: 1, column: 9 } };
  expect(lintOf([error], 5)).toEqual([{ from: 5, to: 5, severity: 'error', message: 'wrong\ntry so' }]);
  expect(lintOf([{ code: 'syntax/x', message: 'nowhere' }], 5)).toEqual([]);
});
