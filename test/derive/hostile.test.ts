import { describe, expect, test } from 'vitest';
import { type DeriveOptions, derive, evaluate, parse } from '../../src/api/index.ts';
import { countTokens } from '../../src/notation/print/tokens.ts';
import { derived, must } from './numeric.ts';

/** The code of the first error, or `ok`. Whatever comes in, nothing is thrown. */
function codeOf(source: string, by: string | readonly string[] = 'x', options: DeriveOptions = {}): string {
  const result = derive(source, by, { certify: false, ...options });
  if (result.ok) return 'ok';
  expect(result.errors[0]).toBe(result.error);
  expect(result.error.message).not.toBe('');
  // A diagnostic is read by a person: it may quote the input, but not all of it.
  for (const error of result.errors) expect(error.message.length).toBeLessThan(2_000);
  return result.error.code;
}

const many = 100_000;

describe('deep nesting', () => {
  test.each<readonly [string, string, RegExp]>([
    ['parentheses', `${'('.repeat(many)}x${')'.repeat(many)}`, /^limit\/nesting$/],
    ['open parentheses', '('.repeat(many), /^limit\/nesting$/],
    ['closing parentheses', ')'.repeat(many), /^syntax\//],
    ['calls', `${'exp('.repeat(many)}x${')'.repeat(many)}`, /^limit\/nesting$/],
    ['brackets', `x${'['.repeat(many)}`, /^(syntax|limit)\//],
    ['transposes', `x${"'".repeat(many)}`, /^limit\/nesting$/],
    ['signs', `${'-'.repeat(many)}x`, /^limit\/nesting$/],
    ['powers', `s: scalar\ns${'^2'.repeat(many)}`, /^limit\/nesting$/],
    ['a long sum', Array(many).fill('x').join('+'), /^(ok|limit\/nesting)$/],
    ['a long product', `x: scalar\n${Array(many).fill('x').join('*')}`, /^(ok|limit\/nesting)$/],
    ['LaTeX fractions', '\\frac{'.repeat(many), /^limit\/nesting$/],
    ['LaTeX braces', `\\mathbf{${'{'.repeat(many)}`, /^(limit|syntax)\//],
  ])('%s', (_, source, code) => {
    expect(codeOf(source)).toMatch(code);
  });

  test('what the limit allows is derived', () => {
    const nested = `x: n\n${'('.repeat(900)}x${')'.repeat(900)}`;
    expect(derived(nested, 'x', { certify: false }).text).toBe('eye(n)');
    const deep = derived(`x: n\n${'sin('.repeat(300)}x${')'.repeat(300)}`, 'x', { certify: false });
    for (const text of [deep.text, deep.unicode, deep.latex, deep.mathml]) expect(text.length).toBeGreaterThan(300);
  });

  test('the limit can be set', () => {
    expect(codeOf('x: n\nsin(sin(sin(sin(x))))', 'x', { limits: { nesting: 3 } })).toBe('limit/nesting');
  });
});

describe('a megabyte of text', () => {
  const million = 1_000_000;
  test.each<readonly [string, string, RegExp]>([
    ['one name', 'x'.repeat(million), /^name\/unknown$/],
    ['more than the limit', 'x'.repeat(million + 1), /^limit\/source$/],
    ['spaces', ' '.repeat(million), /^syntax\/empty$/],
    ['lines', '\n'.repeat(million), /^syntax\/empty$/],
    ['a comment', `#${'a'.repeat(million - 1)}`, /^syntax\/empty$/],
    ['digits', '1'.repeat(million), /^syntax\/number$/],
    ['superscripts', '²'.repeat(million / 2), /^syntax\//],
    ['statements', 'x;'.repeat(million / 2), /^limit\/statements$/],
    ['commas', ','.repeat(million), /^syntax\//],
    ['quotes', '"'.repeat(million), /^(syntax|limit)\//],
    ['backslashes', '\\'.repeat(million), /^(syntax|limit)\//],
    ['unknown characters', '\u0000'.repeat(million), /^syntax\//],
    ['half a surrogate', '\ud83d'.repeat(million), /^syntax\//],
  ])('%s', (_, source, code) => {
    expect(codeOf(source)).toMatch(code);
  });
});

describe('sizes that nobody can store', () => {
  test.each([
    ['eye(1e9)', 'sum(eye(1e9)*x)', 'ones(1000000000)'],
    ['ones(1e9, 1e9)', 'x: scalar\nsum(x*ones(1e9, 1e9))', '1e18'],
    ['a declared vector', 'x: 1000000000\nsum(x.^2)', '2*x'],
    ['a Kronecker product', 'A: 5000 x 5000\nx: scalar\nx*tr(kron(A, kron(A, A)))', 'tr(A)^3'],
  ])('%s is derived without building it', (_, source, text) => {
    expect(derived(source, 'x').text).toBe(text);
  });

  test.each([
    ['sum(eye(1e9))', 'limit/entries'],
    ['ones(1e5, 1e5)', 'limit/entries'],
    ['kron(ones(5000), kron(ones(5000), ones(5000)))', 'limit/entries'],
    ['eye(1e9)*ones(1e9)', 'limit/entries'],
  ])('%s is not evaluated', (source, code) => {
    const result = evaluate(source, new Map());
    expect(result.ok ? 'ok' : result.error.code).toBe(code);
  });

  test.each([
    ['x: 0\nsum(x)', /^declaration\//],
    [`x: 1${'0'.repeat(30)}\nsum(x)`, /^declaration\//],
    ['x + zeros(1e20)', /^shape\//],
    ['x + eye(-1)', /^shape\//],
    ['eye(0)*x', /^shape\//],
    ['eye(1.5)*x', /^shape\//],
    [`T: ${Array(40).fill('n').join(' x ')}\nsum(T)`, /^(declaration|name)\//],
    ['x: n x n\nx^1000000000', /^limit\/power$/],
  ])('%s is refused', (source, code) => {
    expect(codeOf(source)).toMatch(code);
  });

  test('a large power of a scalar is one power', () => {
    expect(derived('s: scalar\ns^1e9', 's', { certify: false }).text).toBe('1000000000*s^999999999');
  });
});

describe('names that objects have already', () => {
  const names = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
    'prototype',
    'then',
  ];
  test.each(names)('%s as a vector', (name) => {
    const d = derived(`${name}: n\nA: n x n\n${name}'*A*${name}`, name);
    expect(d.text).toBe(`(A + A')*${name}`);
    expect(d.certificate.status).toBe('verified');
  });
  test.each(names)('%s as an intermediate', (name) => {
    const d = derived(`x: n\nA: n x n\n${name} = A*x\nsum(${name}.^2)`, name);
    expect(d.text).toBe(`2*${name}`);
  });
  test.each(names)('%s as an unknown function', (name) => {
    expect(derived(`${name}: elementwise\nx: n\n${name}(x)`, 'x').text).toBe(`diag(${name}'(x))`);
  });
  test.each(names)('%s as a size', (name) => {
    const d = derived(`x: ${name}\nA: ${name} x k\nA'*x`, 'x');
    expect(d.shape).toEqual([name, 'k']);
    expect(d.certificate.status).toBe('verified');
  });
  test.each(names)('%s as a function that nobody declared', (name) => {
    expect(codeOf(`x: n\n${name}(x)`)).toMatch(/^(name|shape|syntax)\//);
  });
  test.each(names)('%s as a variable that is not there', (name) => {
    expect(codeOf('x: n\nsum(x)', name)).toBe('name/unknown');
  });
});

describe('long programs', () => {
  const chain = (count: number, step: (h: string) => string, first: string): string =>
    [
      first,
      'h0 = x',
      ...Array.from({ length: count }, (_, k) => `h${k + 1} = ${step(`h${k}`)}`),
      `sum(h${count})`,
    ].join('\n');

  test('3,000 statements', () => {
    const source = chain(3_000, (h) => `sin(${h})`, 'x: n');
    expect(must(parse(source)).analysis.assigned.size).toBe(3_001);
    const result = derive(source, 'x', { certify: false });
    expect(result.ok ? 'ok' : result.error.code).toMatch(/^(ok|limit\/.*)$/);
  });

  test('200 layers of a network', () => {
    const d = derived(
      chain(200, (h) => `tanh(A*${h})`, 'x: n\nA: n x n'),
      'x',
      { certify: false },
    );
    expect(countTokens(d.text)).toBeLessThan(200 * 25);
  });

  test('sums and products that double with every statement stay as long as the program', () => {
    const doubled = derived(
      chain(100, (h) => `${h} + ${h}`, 'x: scalar'),
      'x',
    );
    expect(doubled.text).toBe('1.2676506002282294e30');
    const squared = derived(
      chain(60, (h) => `${h}.*sin(${h})`, 'x: n'),
      'x',
      { certify: false },
    );
    expect(countTokens(squared.text)).toBeLessThan(60 * 40);
    const both = derived(
      chain(100, (h) => `${h}*${h} + ${h}`, 'x: scalar'),
      'x',
      { certify: false },
    );
    expect(countTokens(both.text)).toBeLessThan(100 * 40);
  });

  test('thousands of statements that are not needed', () => {
    const source = ['x: n', ...Array.from({ length: 3_000 }, (_, k) => `unused${k} = sin(x)`), 'sum(x)'].join('\n');
    expect(derived(source, 'x').text).toBe('ones(n)');
  });

  test('more statements, nodes or entries than the limits allow', () => {
    expect(codeOf('a = 1; b = 2; c = 3; x', 'x', { limits: { statements: 2 } })).toBe('limit/statements');
    expect(codeOf('A: n x n\nsum(exp(A*x)./(1 + x.^2))', 'x', { limits: { nodes: 10 } })).toBe('limit/nodes');
    expect(codeOf('sum(x)', 'x', { limits: { sourceLength: 3 } })).toBe('limit/source');
  });
});

describe('what to differentiate by', () => {
  test.each<readonly [string | readonly string[], RegExp]>([
    ['q', /^name\/unknown$/],
    ['', /^name\/unknown$/],
    ['x + 1', /^name\/unknown$/],
    ["x'", /^name\/unknown$/],
    ['n', /^name\/unknown$/],
    ['f', /^name\/not-an-array$/],
    ['sum', /^name\/unknown$/],
    [[], /^usage\/wrt$/],
    [['x', 'q'], /^name\/unknown$/],
  ])('%s', (by, code) => {
    expect(codeOf('f: elementwise\nx: n\nsum(f(x))', by)).toMatch(code);
  });

  test('seven times', () => {
    const d = derived('x: n\nsum(sin(x))', Array(7).fill('x'));
    expect(d.shape).toHaveLength(7);
    expect(d.certificate.status).toBe('verified');
  });
});

describe('budgets', () => {
  const source = 'A: n x n\nx: n\nlogsumexp(A*x) + norm2(A*x)';
  test('a signal that has fired', () => {
    const controller = new AbortController();
    controller.abort();
    expect(codeOf(source, 'x', { signal: controller.signal })).toBe('cancelled/aborted');
    const evaluated = evaluate(source, new Map(), { signal: controller.signal });
    expect(evaluated.ok).toBe(false);
  });
  test('no time at all', () => {
    expect(codeOf(source, 'x', { limits: { milliseconds: 0 } })).toBe('limit/time');
    expect(codeOf(source, 'x', { limits: { milliseconds: -1 } })).toBe('limit/time');
    expect(codeOf(source, 'x', { limits: { milliseconds: Number.NEGATIVE_INFINITY } })).toBe('limit/time');
  });
  test('hardly any: an answer, or the limit', () => {
    for (const milliseconds of [1, 2, 5, 10]) {
      const result = derive(source, ['x', 'x', 'x'], { limits: { milliseconds } });
      if (!result.ok) expect(result.error.code).toBe('limit/time');
    }
  });
  test('a certificate that runs out of time says so; the derivative stands', () => {
    const result = derive('X: n x n\ntr(X^20)', ['X', 'X'], { limits: { milliseconds: 400 } });
    if (result.ok) expect(result.value.certificate.status).not.toBe('failed');
    else expect(result.error.code).toBe('limit/time');
  });
});

describe('nothing to read', () => {
  test.each([
    '',
    ' ',
    '\n',
    ';',
    '# only a comment',
    '%',
    'x: n',
    '\u0000',
    '\ufeff',
    '\u202e',
    '=',
    "'",
    '"',
    '()',
    '[]',
    '\\',
    '\\\\',
    '{}',
    '..',
    '1e999',
    '1e',
    'x y',
    'x:',
    ':',
    'x = ',
    '= x',
  ])('%j', (source) => {
    expect(codeOf(source)).toMatch(/^(ok|syntax\/|name\/|declaration\/|shape\/)/);
  });
  test.each([
    ['x = x + 1', 'name/cycle'],
    ['a = b\nb = a\na', 'name/cycle'],
    ['x: n\nh = x\nh = sin(h)\nsum(h)', 'name/twice'],
  ])('%j', (source, code) => {
    expect(codeOf(source)).toBe(code);
  });
});
