import { describe, expect, test } from 'vitest';
import { evaluate, type Layout } from '../../src/api/index.ts';
import { countTokens } from '../../src/notation/print/tokens.ts';
import { derived, distance, must, pointOf } from './numeric.ts';

interface Row {
  readonly program: string;
  readonly by: readonly string[];
  /** The closed form; ours must be equal to it and no longer. `s = …; form` shares a part. */
  readonly form: string;
  readonly declare?: string;
  /** Default `jacobian`. */
  readonly layout?: Layout;
  /** Where the logarithm of the program's output needs it. */
  readonly range?: readonly [number, number];
}

const lines = (text: string): string => text.split(/;\s*/).join('\n');
const full = (r: Row): string => lines([r.declare, r.program].filter(Boolean).join('; '));

/** Ours against the form: the same numbers at two points, the same shape, and no more tokens. */
function expectForm(r: Row): void {
  const source = full(r);
  const ours = derived(source, r.by, { layout: r.layout ?? 'jacobian' });
  for (const seed of [1, 2]) {
    const point = pointOf(source, seed, r.range ? { range: r.range } : {});
    const at = (text: string) => must(evaluate(`${source}\n${text}`, point)).value;
    const [got, want] = [at(ours.text), at(lines(r.form))];
    expect(got.shape).toEqual(want.shape);
    expect(distance(got, want)).toBeLessThanOrEqual(1e-9);
    expect(distance(must(ours.evaluate(point)).value, want)).toBeLessThanOrEqual(1e-9);
  }
  expect(ours.certificate.status).toBe('verified');
  expect(countTokens(ours.text), `${ours.text}\nagainst\n${r.form}`).toBeLessThanOrEqual(countTokens(r.form));
}

const row = (program: string, by: string, form: string, more: Partial<Row> = {}): Row => ({
  program,
  by: by.split(','),
  form,
  ...more,
});
const positive = { range: [0.2, 1.7] } as const;

const table: Readonly<Record<string, readonly Row[]>> = {
  'quadratic forms': [
    row("x'*A*x", 'x', "(A + A')*x"),
    row("x'*A*x", 'x,x', "A + A'"),
    row("x'*A*x", 'x', '2*A*x', { declare: 'A: n x n symmetric' }),
    row("x'*A*x", 'x,x', '2*A', { declare: 'A: n x n symmetric' }),
    row("0.5*x'*A*x", 'x', 'A*x', { declare: 'A: n x n symmetric' }),
    row("x'*A*x", 'A', "x*x'"),
    row("x'*A*y", 'A', "x*y'"),
    row("x'*A*x", 'x', "(A + A')*x", { layout: 'denominator' }),
    row("x'*A*x", 'x', "(A + A')*x", { layout: 'numerator' }),
  ],
  'logistic regression': [
    row('sum(log(exp(-y.*(X*w)) + vector(1)))', 'w', "-X'*(y.*sigmoid(-y.*(X*w)))"),
    row('sum(log(exp(-y.*(X*w)) + vector(1)))', 'w,w', "s = sigmoid(-y.*(X*w)); X'*diag(y.^2.*s.*(1 - s))*X"),
    row('sum(log(1 + exp(-y.*(X*w))))', 'w', "-X'*(y.*sigmoid(-y.*(X*w)))"),
  ],
  norms: [
    row('norm2(A*x - y)^2', 'x', "2*A'*(A*x - y)"),
    row('norm2(A*x - y)^2', 'x,x', "2*A'*A"),
    row('norm2(A*x - y)', 'x', "A'*(A*x - y)/norm2(A*x - y)"),
    row('norm1(A*x - y)', 'x', "A'*sign(A*x - y)"),
    row('normF(X)^2', 'X', '2*X'),
    row('normF(X)', 'X', 'X/normF(X)'),
  ],
  'traces and determinants': [
    row("tr(A*X'*B*X*C)", 'X', "B*X*C*A + B'*X*A'*C'"),
    row('log(det(inv(X)))', 'X', "-inv(X)'", positive),
    row('logdet(X)', 'X', "inv(X)'"),
    row('det(X)', 'X', "det(X)*inv(X)'"),
    row("tr(A'*inv(X))", 'X', '-inv(X)*A*inv(X)', { declare: 'A: n x n symmetric; X: n x n symmetric' }),
    row("tr(A'*inv(X))", 'X', "-inv(X)'*A*inv(X)'"),
    row('tr(X)', 'X', 'eye(n)', { declare: 'X: n x n' }),
    row('tr(A*X)', 'X', "A'"),
    row("tr(X'*X)", 'X', '2*X'),
    row('tr(kron(X,X))', 'X', '2*tr(X)*eye(n)', { declare: 'X: n x n' }),
    row('tr(diag(x)*A*diag(y)*B)', 'x', "(A.*B')*y"),
    row('sum(A)', 'A', 'ones(m,n)', { declare: 'A: m x n' }),
  ],
  'softmax and cross-entropy': [
    row('logsumexp(x)', 'x', 'softmax(x)'),
    row('logsumexp(x)', 'x,x', "s = softmax(x); diag(s) - s*s'"),
    row('softmax(x)', 'x', "s = softmax(x); diag(s) - s*s'"),
    row('softmax(x)', 'x', "s = softmax(x); diag(s) - s*s'", { layout: 'denominator' }),
    row("-y'*log(softmax(x))", 'x', 'sum(y)*softmax(x) - y'),
    row("-y'*log(softmax(x))", 'x,x', "s = softmax(x); sum(y)*(diag(s) - s*s')"),
    row("-y'*logsoftmax(x)", 'x', 'sum(y)*softmax(x) - y'),
  ],
  'links of a network': [
    row("W'*A", 'W', 'einsum("ik,j->ijk", eye(n), A)', { declare: 'W: m x n; A: m' }),
    row("W'*A", 'A', "W'", { declare: 'W: m x n; A: m' }),
    row("W'*A", 'A', 'W', { declare: 'W: m x n; A: m', layout: 'denominator' }),
    row("Z = W'*A + b; f(Z)", 'Z', "diag(f'(Z))", { declare: 'W: m x n; A: m; b: n; f: elementwise' }),
    row("Z = W'*A + b; f(Z)", 'A', "diag(f'(Z))*W'", { declare: 'W: m x n; A: m; b: n; f: elementwise' }),
    row("Z = W'*A + b; f(Z)", 'A', "W*diag(f'(Z))", {
      declare: 'W: m x n; A: m; b: n; f: elementwise',
      layout: 'denominator',
    }),
    row("Z = W'*A + b; f(Z)", 'W', `einsum("ik,j->ijk", diag(f'(Z)), A)`, {
      declare: 'W: m x n; A: m; b: n; f: elementwise',
    }),
    row('exp(A*x)', 'x', 'diag(exp(A*x))*A'),
    row('A*exp(x)', 'x', 'A*diag(exp(x))'),
    row("(y.*v)'*x", 'x', 'y.*v'),
  ],
  'matrix by matrix': [
    row('A*X*B', 'X', 'einsum("ik,lj->ijkl", A, B)', { declare: 'A: m x n; X: n x p; B: p x q' }),
    row('inv(X)', 'X', '-einsum("ik,lj->ijkl", inv(X), inv(X))'),
    row('X*X', 'X', 'einsum("ik,lj->ijkl", eye(n), X) + einsum("ik,lj->ijkl", X, eye(n))', { declare: 'X: n x n' }),
    row("X'*X", 'X', 'einsum("il,kj->ijkl", eye(n), X) + einsum("ki,jl->ijkl", X, eye(n))', { declare: 'X: m x n' }),
    row("sum((T - U*V').^2)", 'U', "-2*(T - U*V')*V"),
    row("sum((T - U*V').^2)", 'U,U', `2*einsum("ik,jl->ijkl", eye(m), V'*V)`, {
      declare: 'T: m x n; U: m x k; V: n x k',
    }),
    row('diag(x)*S*x', 'x', 'diag(S*x) + diag(x)*S'),
    row('diag(x)*S*x', 'x', "diag(S*x) + S'*diag(x)", { layout: 'denominator' }),
  ],
};

describe.each(Object.entries(table))('%s', (_, rows) => {
  test.each(rows)('$program by $by $declare $layout', (r) => expectForm(r));
});

test('a symmetric matrix leaves one term of two', () => {
  expect(derived("A: n x n symmetric\nx'*A*x", 'x').text).toBe('2*A*x');
  expect(derived("A: n x n symmetric\nx'*A*x", ['x', 'x']).text).toBe('2*A');
  const source = "A: n x n symmetric\nX: n x n symmetric\ntr(A'*inv(X))";
  expect(derived(source, 'X').text).toBe('-inv(X)*A*inv(X)');
});

describe('Kronecker forms: ∂vec(Y)/∂vec(X) in every layout', () => {
  const unfolded = [
    { source: 'A: m x n\nX: n x p\nB: p x q\nA*X*B', jacobian: "kron(B', A)", denominator: "kron(B, A')" },
    { source: 'X: n x n\ninv(X)', jacobian: "-kron(inv(X)', inv(X))", denominator: "-kron(inv(X), inv(X)')" },
    {
      source: 'X: n x n\nX*X',
      jacobian: "kron(X', eye(n)) + kron(eye(n), X)",
      denominator: "kron(X, eye(n)) + kron(eye(n), X')",
    },
  ];
  // vec(Y) as a program of its own gives the unfolding as a matrix.
  test.each(unfolded)('$source', ({ source, jacobian, denominator }) => {
    const given = { jacobian, denominator, numerator: jacobian };
    for (const layout of ['jacobian', 'denominator', 'numerator'] as const) {
      const ours = derived(source, 'X', { layout });
      const point = pointOf(source, 3);
      const at = (text: string) => must(evaluate(`${source}\n${text}`, point)).value;
      expect(ours.kronecker).toBeDefined();
      expect(distance(at(ours.kronecker!.text), at(given[layout])), `${layout}: ${ours.kronecker!.text}`).toBeLessThan(
        1e-10,
      );
    }
  });
});

describe('a network of six layers, columns as examples, softmax cross-entropy', () => {
  const layers = [1, 2, 3, 4, 5, 6];
  const source = [
    'A0: n0 x N',
    'Y: n6 x N',
    ...layers.map((l) => `W${l}: n${l - 1} x n${l}\nb${l}: n${l}`),
    ...layers.flatMap((l) => [`Z${l} = W${l}'*A${l - 1} + b${l}`, ...(l < 6 ? [`A${l} = tanh(Z${l})`] : [])]),
    'L = -sum(Y.*log(softmax(Z6)))/N',
  ].join('\n');
  const names = layers.flatMap((l) => [`W${l}`, `b${l}`, `Z${l}`, ...(l < 6 ? [`A${l}`] : [])]);

  test.each(names)('by %s: chained through the named intermediates', (name) => {
    const { text, certificate, shape } = derived(source, name);
    const layer = Number(name.slice(1));
    expect(certificate.status).toBe('verified');
    expect(shape).toEqual(
      name[0] === 'W' ? [`n${layer - 1}`, `n${layer}`] : name[0] === 'b' ? [`n${layer}`] : [`n${layer}`, 'N'],
    );
    // What the derivative needs of the forward pass it takes by name; nothing of it is written out again.
    expect(text).toMatch(/softmax\(Z6\)/);
    expect(text.match(/softmax/g)).toHaveLength(1);
    expect(text).not.toMatch(/W\d'\*A|tanh/);
    if (name[0] === 'W') expect(text).toContain(`A${layer - 1}`);
    const factors = text.match(/A\d(?=\.\^2)/g) ?? [];
    expect(new Set(factors).size).toBe(factors.length);
    expect(countTokens(text)).toBeLessThanOrEqual(30 + 16 * (7 - layer));
  });

  test('the hidden weights have the form of the text-book', () => {
    const point = pointOf(source, 5);
    const d = derived(source, 'W6');
    const at = (text: string) => must(evaluate(`${source}\n${text}`, point)).value;
    expect(distance(at(d.text), at("A5*(softmax(Z6).*sum(Y,1) - Y)'/N"))).toBeLessThan(1e-10);
  });
});
