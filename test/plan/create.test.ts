import { describe, expect, test } from 'vitest';
import { kindsOf, planned, stepsOf } from './planned.ts';

const logistic = 'sum(log(1 + exp(-y.*(X*w))))';
const factorisation = "U: n x k; V: m x k; sum((T - U*V').^2)";

describe('what is shared is computed once', () => {
  test('value, gradient and Hessian of logistic regression', () => {
    expect(stepsOf(planned(logistic, { value: true, derivatives: ['w', ['w', 'w']] }))).toEqual([
      'X*w',
      '-(y.*t1)',
      'sum over m of softplus(t2)',
      'sigmoid(t2)',
      'y.*t4',
      "-X'*t5",
      't4.*(1 - t4).*y.^2',
      "X'*diag(t7)*X, one triangle",
    ]);
  });

  test('the gradients of all layers in one backward pass', () => {
    const layers = Array.from({ length: 6 }, (_, k) => k + 1);
    const declared = layers.map((k) => `W${k}: n${k} x n${k - 1}; b${k}: n${k}`).join('; ');
    const forward = layers.map((k) => `Z${k} = W${k}*${k === 1 ? 'X' : `A${k - 1}`} + b${k}; A${k} = tanh(Z${k})`);
    const source = `X: n0 x B; ${declared}; ${forward.join('; ')}; L = sum(A6.^2)`;
    const plan = planned(source, { value: true, derivatives: layers.map((k) => `W${k}`) });
    // One product forward, one for the weights and one to go on back, but for the first layer.
    expect(kindsOf(plan).filter((kind) => kind === 'matmul')).toHaveLength(6 + 6 + 5);
  });

  test('a product and a multiple of it', () => {
    const plan = planned('x: n; A: m x n; b: m; 2*(A*x)', { value: true, derivatives: [] });
    expect(stepsOf(plan)).toEqual(['2*A*x']);
    const both = planned("U: n x k; V: m x k; sum((T - U*V').^2)", { derivatives: ['U'], newton: ['U'] });
    expect(stepsOf(both).filter((text) => text.includes('t2*V'))).toHaveLength(1);
  });
});

test('a factor that several terms have in common is applied once', () => {
  const plan = planned("A: m x n; x: n; y: m; sum(softplus(A*x)) - y'*A*x", { value: true, derivatives: ['x'] });
  expect(stepsOf(plan)).toEqual([
    'A*x',
    'sum over m of softplus(t1)',
    'sum over m of t1.*y',
    't2 - t3',
    'sigmoid(t1) - y',
    "A'*t5",
  ]);
  expect(stepsOf(planned('A: m x n; B: m x n; C: n x p; A*C + 2*B*C', {}))).toEqual(['A + 2.*B', 't1*C']);
});

describe('patterns of zeros are never built', () => {
  test('a Kronecker Hessian stays its core', () => {
    const plan = planned(factorisation, { derivatives: [['U', 'U']] });
    expect(stepsOf(plan)).toEqual(["2*V'*V, one triangle"]);
    const [output] = plan.outputs;
    expect(output).toMatchObject({ form: 'condensed', terms: [{ deltas: [[0, 2]], cores: [{ axes: [1, 3] }] }] });
  });

  test('unless it is asked for', () => {
    const plan = planned(factorisation, { derivatives: [['U', 'U']] }, { form: 'dense' });
    expect(plan.outputs[0]!.form).toBe('dense');
    expect(kindsOf(plan)).toContain('scatter');
  });

  test('a diagonal times a matrix is an elementwise product', () => {
    const plan = planned('A: m x n; d: m; D = diag(d); D*A', {});
    expect(stepsOf(plan)).toEqual(['A.*d']);
  });

  test("diag(s) - s*s' is written once and its diagonal added to", () => {
    const plan = planned('logsumexp(x)', { derivatives: [['x', 'x']] }, { form: 'dense' });
    expect(kindsOf(plan)).toEqual(['input', 'call', 'map', 'scatter']);
  });
});

describe('order', () => {
  test('vectors before matrices', () => {
    const plan = planned('A: m x n; B: n x p; x: p; A*B*x', {});
    expect(stepsOf(plan)).toEqual(['B*x', 'A*t1']);
  });

  test('the sizes decide', () => {
    const source = 'A: m x n; B: n x p; C: p x q; A*B*C';
    expect(stepsOf(planned(source, {}, { sizes: { m: 2, n: 300, p: 300, q: 300 } }))).toEqual(['A*B', 't1*C']);
    expect(stepsOf(planned(source, {}, { sizes: { m: 300, n: 300, p: 300, q: 2 } }))).toEqual(['B*C', 'A*t1']);
  });

  test('no array larger than all that it connects: the Hessian of a deep network', () => {
    const layers = Array.from({ length: 8 }, (_, k) => k + 1);
    const declared = layers.map((k) => `W${k}: ${k === 8 ? 'c' : 'h'} x ${k === 1 ? 'd' : 'h'}`).join('; ');
    const forward = layers.map((k) => `Z${k} = W${k}*${k === 1 ? 'X' : `A${k - 1}`}; A${k} = relu(Z${k})`);
    const source = `X: d x B; Y: c x B; ${declared}; ${forward.join('; ')}; L = -sum(Y .* logsoftmax(Z8))`;
    const sizes = { h: 16, d: 16, c: 10, B: 16 };
    const plan = planned(source, { derivatives: [['W1', 'W1']] }, { sizes, form: 'dense' });
    const count = (shape: readonly (number | string)[]): number =>
      shape.reduce<number>((n, s) => n * (typeof s === 'number' ? s : sizes[s as keyof typeof sizes]), 1);
    const largest = Math.max(...plan.steps.map((step) => count(step.shape)));
    expect(largest).toBe(16 ** 4);
    // The result, and what is one permutation or one product away from it.
    expect(plan.steps.filter((step) => count(step.shape) === largest).length).toBeLessThanOrEqual(3);
  });
});

describe('inverses', () => {
  test('an inverse that is applied once is a solve', () => {
    expect(stepsOf(planned('A: n x n; b: n; inv(A)*b', {}))).toEqual(['A \\ b']);
    expect(stepsOf(planned("A: n x n; B: n x k; inv(A)'*B", {}))).toEqual(["A' \\ B"]);
  });

  test('one that is used twice is built', () => {
    const plan = planned('X: n x n; logdet(X)', { derivatives: ['X', ['X', 'X']] });
    expect(stepsOf(plan).filter((text) => text === 'inv(X)')).toHaveLength(1);
  });

  test('det(X)*inv(X) is the adjugate, which is finite where X is singular', () => {
    expect(stepsOf(planned('X: n x n; det(X)', { derivatives: ['X'] }))[0]).toBe('adjugate(X)');
  });
});

describe('Newton steps', () => {
  test('Kronecker: one small system with many right-hand sides', () => {
    const steps = stepsOf(planned(factorisation, { newton: ['U'] }));
    expect(steps.some((text) => / \\ /.test(text))).toBe(true);
    expect(planned(factorisation, { newton: ['U'] }).steps.every((step) => step.shape.length <= 2)).toBe(true);
  });

  test('diagonal: a division', () => {
    const plan = planned('x: n; c: n; sum(exp(x).*c) + 3*sum(x.^2)', { newton: ['x'] });
    expect(plan.steps.every((step) => step.shape.length <= 1)).toBe(true);
  });

  test('a diagonal and a rank-one term: no matrix', () => {
    const plan = planned("x: n; a: n; sum(exp(x)) + (a'*x)^2", { newton: ['x'] });
    expect(plan.steps.every((step) => step.shape.length <= 1)).toBe(true);
  });
});

test('fused loops: chains of elementwise functions, and their sums', () => {
  expect(stepsOf(planned('x: n; sum(exp(2*x + 1).^2./(1 + x.^2))', {}))).toHaveLength(1);
});

test('names of the program are kept for code that is read', () => {
  const plan = planned('A: m x n; x: n; z = A*x; sum(exp(z))', { derivatives: ['x'] });
  expect(plan.steps.some((step) => step.name === 'z')).toBe(true);
});
