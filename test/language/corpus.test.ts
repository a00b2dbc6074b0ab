import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { parseProgram } from '../../src/language/parse.ts';
import { casesOf, shown } from './show.ts';

const folder = new URL('../../corpus/parser/', import.meta.url);

for (const file of readdirSync(folder).sort())
  describe(file, () => {
    for (const { title, input, expected } of casesOf(readFileSync(new URL(file, folder), 'utf8')))
      test(title, () => expect(shown(parseProgram(input, createBudget()))).toBe(expected));
  });
