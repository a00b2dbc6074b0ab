import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNames, plainName } from '../../src/emit/identifiers.ts';

test('names stay readable', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['X', 'X'],
    ['x_1', 'x_1'],
    ['σ', 'sigma'],
    ['Σ', 'Sigma'],
    ['λμ', 'lambda_mu'],
    ['W₁', 'W1'],
    ['x̂', 'x_hat'],
    ["x'", 'x_prime'],
    ['é', 'e'],
    ['∂f', 'df'],
    ['1st', 'x1st'],
    ['__proto__', 'proto'],
    ['数', 'u6570'],
    ['', 'x'],
    ['🙂', 'x'],
    ['a"""; import os', 'a_import_os'],
  ];
  expect(cases.map(([text]) => plainName(text))).toEqual(cases.map(([, name]) => name));
});

test('reserved words and collisions after escaping', () => {
  const names = createNames({ reserved: new Set(['lambda', 'np']) });
  expect(['λ', 'lambda', 'np', 'x', 'x', 'x̂', 'x_hat', 'X'].map(names.claim)).toEqual([
    'lambda_',
    'lambda_2',
    'np_',
    'x',
    'x_',
    'x_hat',
    'x_hat_',
    'X',
  ]);
  const folded = createNames({ reserved: new Set(), foldsCase: true });
  expect(['x', 'X'].map(folded.claim)).toEqual(['x', 'X_']);
});

test('any text becomes a legal identifier, and no two become the same', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), (texts) => {
      const names = createNames({ reserved: new Set(['if', 'x']) });
      const claimed = texts.map(names.claim);
      expect(new Set(claimed).size).toBe(claimed.length);
      for (const name of claimed) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9_]{0,55}$/);
    }),
  );
});
