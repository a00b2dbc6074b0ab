import { expect, test } from 'vitest';
import { replaceStatement, rewrite } from '../../src/api/index.ts';

const rewritten = (source: string) => {
  const made = rewrite(source);
  if (!made.ok) throw new Error(JSON.stringify(made.errors));
  return made.value;
};

test.each([
  ['\\frac{1}{2}\\|Xw - y\\|_2^2 + \\lambda w^\\top w', "1/2*norm2(X*w - y)^2 + lambda*w'*w"],
  ['$x^\\top A x$', "x'*A*x"],
  ['\\[\n  x^\\top A x.\n\\]', "x'*A*x"],
  ['$$\nAx + b\n$$', 'A*x + b'],
  ['\\begin{aligned} r &= Xw - y \\\\ L &= r^\\top r \\end{aligned}', "r = X*w - y\nL = r'*r"],
  [
    'X: m x n # data\n\\begin{align*}\n r &= Xw \\\\\n & \\quad - y \\\\[2pt]\n L &= \\lVert r\\rVert_2^2\n\\end{align*}\n',
    'X: m x n # data\nr = X*w - y\nL = norm2(r)^2\n',
  ],
  ['\\[\\begin{aligned} loss &= Xw \\\\ L &= loss^\\top loss \\end{aligned}\\]', "loss = X*w\nL = loss'*loss"],
  ["# kept\nr = A*x - y; L = r'*r", "# kept\nr = A*x - y; L = r'*r"],
])('%j in the plain language', (latex, text) => {
  expect(rewritten(latex).text).toBe(text);
  expect(rewritten(text).text).toBe(text);
});

test('statements in both notations; what cannot be read back says so', () => {
  const { statements } = rewritten("loss = sum(X*w)\n\\[w^\\top w\\]\neinsum('ij->ji', X)");
  expect(statements.map(({ written, readable }) => ({ written, readable }))).toEqual([
    { written: 'text', readable: true },
    { written: 'latex', readable: true },
    { written: 'text', readable: false },
  ]);
  expect(statements[0]!.latex).toContain('\\mathrm{loss} = ');
  expect(statements[1]!.text).toBe("w'*w");
});

test('a program of which only the shapes are wrong is rewritten, one that cannot be read is not', () => {
  expect(rewritten('A: 2 x 3\n\\[AA\\]').text).toBe('A: 2 x 3\nA*A');
  for (const source of ['\\begin{pmatrix} 1 & 2 \\end{pmatrix}', 'x +'])
    expect(rewrite(source)).toMatchObject({ ok: false, error: { code: expect.stringMatching(/^syntax\//) } });
});

test('a formula takes the place of a statement', () => {
  expect(replaceStatement("r = A*x - y\nL = r'*r", 1, 'L = r^{\\top}r + \\lambda x^{\\top}x')).toEqual({
    ok: true,
    value: "r = A*x - y\nL = r'*r + lambda*x'*x",
  });
  expect(replaceStatement('x', 0, 'x +')).toMatchObject({ ok: false });
  expect(replaceStatement('x', 1, 'x')).toMatchObject({ ok: false, error: { code: 'usage/statement' } });
});
