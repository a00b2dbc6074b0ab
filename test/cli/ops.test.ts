import { expect, test } from 'vitest';
import { wrt } from './run.ts';

test('the table holds every family and every operator', async () => {
  const { code, out } = await wrt(['ops']);
  expect(code).toBe(0);
  for (const word of ['elementwise functions', 'reductions', 'matrices', 'logsumexp', 'kron', '.*', '\\'])
    expect(out).toContain(word);
});

test('one function in full, by name or alias', async () => {
  expect((await wrt(['ops', 'softmax'])).out).toMatch(/usage +softmax\(x\)/);
  expect((await wrt(['ops', 'arcsin'])).out).toMatch(/^\n {2}asin\n/);
});

test('the table as JSON', async () => {
  const table = JSON.parse((await wrt(['ops', '--json'])).out);
  expect(table.schema).toBe(1);
  for (const f of table.functions)
    expect(f).toMatchObject({ name: expect.any(String), rule: expect.any(String), doc: expect.any(String) });
});

test('an unknown name is a usage error with a suggestion', async () => {
  const { code, err } = await wrt(['ops', 'sofmax']);
  expect(code).toBe(2);
  expect(err).toContain("did you mean 'softmax'?");
});
