import { expect, test } from 'vitest';
import { lineWidth, statement } from '../../../src/emit/python/lines.ts';

const long = 'a_name_of_thirty_characters_ok';

test('short statements stay on one line', () => {
  expect(statement('x = ', 'f(y)', 4)).toEqual(['x = f(y)']);
});

test('calls break between their arguments, groups by their operators', () => {
  expect(statement('x = ', `f(${long}, ${long}, k)`, 8)).toEqual(['x = f(', `    ${long}, ${long}, k`, ')']);
  expect(statement('x = ', `f(${long}, ${long}, ${long})`, 12)).toEqual([
    'x = f(',
    `    ${long},`,
    `    ${long},`,
    `    ${long},`,
    ')',
  ]);
  expect(statement('x = ', `${long} + ${long} * ${long}`, 4)).toEqual([
    'x = (',
    `    ${long}`,
    `    + ${long} * ${long}`,
    ')',
  ]);
});

test('a group stays a group and an index an index: no comma makes them tuples', () => {
  const group = `(${long} + ${long} + ${long})`;
  for (const code of [
    group,
    `${long} @ ${group}`,
    `f(${group})`,
    `x[${group}]`,
    `(${group},)`,
    `x[:, None] * ${group}`,
  ]) {
    const lines = statement('y = ', code, 4);
    expect(lines.every((line) => line.length + 4 <= lineWidth)).toBe(true);
    // What follows an opening bracket alone on its line is a group, and has no comma at its end.
    const text = lines.map((line) => line.trim()).join(' ');
    expect(text.replace(/[() ,]/g, '')).toBe(`y = ${code}`.replace(/[() ,]/g, ''));
    expect(/ok,/.test(text)).toBe(false);
    expect(/\),/.test(text)).toBe(code.endsWith(',)') || code.startsWith('f('));
  }
});
