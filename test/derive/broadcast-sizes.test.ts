import { describe, expect, test } from 'vitest';
import { evaluate, type PointValues } from '../../src/api/index.ts';
import { randomPoint } from '../../src/interpret/points.ts';
import { differences, distance, jacobian, must, valueAt } from './numeric.ts';

const sizes: ReadonlyMap<string, number> = new Map([
  ['m', 5],
  ['n', 3],
  ['k', 7],
  ['p', 2],
]);

/** A wire that only broadcasts leaves its size behind when its last reader goes. */
const programs: readonly (readonly [string, string, string?])[] = [
  ['x: n\ns: scalar\nsum(x + s)', 's', 'n'],
  ['x: n\ns: scalar\nsum(s - x)', 's', 'n'],
  ['A: m x n\ns: scalar\nsum(A + s)', 's', 'm*n'],
  ['A: m x n\ns: scalar\nmean(A + s)', 's', '1'],
  ["A: m x n\nx: n\nsum(A + x')", 'x', 'm*ones(n)'],
  ['A: m x n\nu: m\nsum(A + u)', 'u', 'n*ones(m)'],
  ['A: m x n\nu: m\nmean(A + u)', 'u', 'ones(m)/m'],
  ['A: m x n\nu: m\nsum(A - u, 1)', 'u'],
  ['A: m x n\nu: m\nsum(A + u, 2)', 'u', 'n*eye(m)'],
  ["A: m x n\nx: n\nsum(A + x', 2)", 'x', 'ones(m, n)'],
  ['A: m x n\nu: m\nvar(A + u)', 'u'],
  ['A: m x n\nu: m\nsum((A + u).^2)', 'u,u', '2*n*eye(m)'],
  ["A: m x n\nx: n\nsum((A.*x').^2)", 'x,x'],
  ["u: m\nx: n\nsum(u + x')", 'x', 'm*ones(n)'],
  ["u: m\nx: n\nsum(u + x')", 'u', 'n*ones(m)'],
  ["u: m\nx: n\nsum(u - x')", 'x,u'],
  ["u: m\nx: n\nsum((u + x').^2)", 'x,x'],
  ["u: m\nx: n\nsum((u + x').^2)", 'x,u'],
  ["u: m\nx: n\nsum(u*x')", 'x', 'sum(u)*ones(n)'],
  ["A: m x n\nx: n\nu: m\nsum(max(A, x') + u)", 'u', 'n*ones(m)'],
  ['A: m x n\nu: m\nz: k\neinsum("ij,k->i", A, z)', 'A'],
  ['A: m x n\nz: k\neinsum("ij,k->k", A, z)', 'A'],
  ['A: m x n\nz: k\neinsum("ij,k->k", A, z)', 'z'],
  ['A: m x n\nz: k\neinsum("ij,k->", A, z)', 'A', 'sum(z)*ones(m, n)'],
  ['A: m x n\neinsum("ij->", A)', 'A', 'ones(m, n)'],
  ['A: m x n\neinsum("ij->j", A)', 'A'],
  ['c: scalar\nx: n\nsum(x + vector(c))', 'c', 'n'],
  ["c: scalar\nx: n\nx'*vector(c)", 'c', 'sum(x)'],
  ['c: scalar\nX: m x n\nsum(X + matrix(c))', 'c', 'm*n'],
  ['c: scalar\nX: m x n\nsum(X.*matrix(c))', 'c', 'sum(X)'],
  ['A: m x n\nsum(sum(A, 1))', 'A', 'ones(m, n)'],
  ['A: m x n\nsum(sum(A, 2))', 'A', 'ones(m, n)'],
  ['A: m x n\nmean(mean(A, 1))', 'A', 'ones(m, n)/(m*n)'],
  ['A: m x n\nu: m\nnormF(A + u)^2', 'u'],
  ['A: m x n\ns: scalar\nnormF(A*s + 1)^2', 's,s'],
  ['A: m x n\nu: m\nlogsumexp(sum(A + u, 2))', 'u'],
  ['A: n x n\ns: scalar\ntr(A + s)', 's', 'n'],
  ['A: n x n\ns: scalar\ntr(s*eye(n) + A)', 's', 'n'],
  ['A: n x n\ns: scalar\nlogdet(s*A)', 's', 'n/s'],
  ['A: n x n\ns: scalar\ntr(A)*tr(s*eye(n))', 's', 'n*tr(A)'],
  ['A: n x n\nB: m x m\ntr(kron(A, B))', 'A', 'tr(B)*eye(n)'],
  ['A: n x n\nu: m\ntr(kron(A, diag(u)))', 'A', 'sum(u)*eye(n)'],
  ['x: n\nA: m x n\nh = sum(x)\nsum(A + h)', 'x', 'm*n*ones(n)'],
  ['x: n\nA: m x n\nh = sum(x)\nsum(A + h)', 'h', 'm*n'],
  ["s: scalar\nx: n\nu: m\nsum(x*(u + s)')", 's', 'm*sum(x)'],
];

function expectEqualToDifferences(source: string, by: readonly string[], point: PointValues): void {
  const d = jacobian(source, by);
  const { value } = must(d.evaluate(point));
  const last = by[by.length - 1]!;
  const lower = by.length > 1 ? jacobian(source, by.slice(0, -1)) : undefined;
  const before = (at: PointValues) => (lower ? must(lower.evaluate(at)).value : valueAt(source, at, by));
  const want = differences((x) => before(new Map([...point, [last, x]])), point.get(last)!);
  expect(distance(value, want), d.text).toBeLessThan(1e-7);
  const held = new Map([...point].filter(([name]) => name === 'h'));
  expect(
    distance(must(evaluate(`${source}\n${d.text}`, point, by.includes('h') ? { held } : {})).value, want),
  ).toBeLessThan(1e-7);
}

/** The same program with its sizes as integers. */
const literal = (source: string): string =>
  source
    .split('\n')
    .map((line) =>
      /^\w+: /.test(line) || line.includes('eye')
        ? line.replace(/\b[mnkp]\b(?!:)/g, (s) => String(sizes.get(s)!))
        : line,
    )
    .join('\n');

describe.each(programs.map(([source, by, text]) => ({ source, by, text })))(
  '$source by $by',
  ({ source, by, text }) => {
    const wrt = by.split(',');
    test('symbolic sizes', () => {
      const d = jacobian(source, wrt);
      if (text !== undefined) expect(d.text).toBe(text);
      expect(d.certificate.status, d.certificate.reason).toBe('verified');
      const point = randomPoint(d.program.analysis, 3, { sizes, held: wrt }).values;
      expectEqualToDifferences(source, wrt, point);
    });
    test('integer sizes', () => {
      const d = jacobian(literal(source), wrt);
      expect(d.certificate.status, d.certificate.reason).toBe('verified');
      const point = randomPoint(d.program.analysis, 3, { held: wrt }).values;
      expectEqualToDifferences(literal(source), wrt, point);
    });
  },
);

describe('a size that only ones or eye shows', () => {
  test.each([
    ["x: n\nsum(x*ones(m)')", 'x', 'm*ones(n)'],
    ['x: n\nsum(ones(m))*sum(x)', 'x', 'm*ones(n)'],
    ['s: scalar\ntr(s*eye(n))', 's', 'n'],
    ['s: scalar\nsum(s*ones(n))', 's', 'n'],
    ['s: scalar\nsum(s*ones(m, n))', 's', 'm*n'],
    ['s: scalar\nnorm2(s*ones(n))^2', 's', '2*s*n'],
    ['s: scalar\nlogdet(s*eye(n))', 's', 'n/s'],
    ['s: scalar\nsum(kron(s*ones(m), ones(n)))', 's', 'm*n'],
    ['A: m x n\neinsum("ij,k->", A, ones(k))', 'A', 'k*ones(m, n)'],
  ])('%s by %s', (source, by, text) => {
    const d = jacobian(source, by);
    expect(d.text).toBe(text);
    expect(d.certificate.status, d.certificate.reason).toBe('verified');
    expectEqualToDifferences(source, [by], randomPoint(d.program.analysis, 3, { sizes }).values);
  });
});
