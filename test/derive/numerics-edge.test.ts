import { describe, expect, test } from 'vitest';
import { derive, evaluate, fromNested, type NdArray } from '../../src/api/index.ts';
import { jacobian, must } from './numeric.ts';

type Values = Readonly<Record<string, unknown>>;
const at = (values: Values): Map<string, NdArray> =>
  new Map(Object.entries(values).map(([name, value]) => [name, fromNested(value)!]));

interface Outcome {
  /** Undefined where the request failed. */
  readonly data?: readonly number[];
  readonly code?: string;
  readonly warnings: readonly string[];
}

/** The derivative's numbers at a point, or the code of the error, with its warnings. */
function outcome(source: string, by: string, values: Values): Outcome {
  const result = jacobian(source, by.split(',')).evaluate(at(values));
  if (!result.ok) return { code: result.error.code, warnings: [] };
  return { data: [...result.value.value.data], warnings: result.value.warnings.map((w) => w.message) };
}

const numbers = (source: string, by: string, values: Values): readonly number[] => {
  const { data, code } = outcome(source, by, values);
  expect(code).toBeUndefined();
  return data!;
};

function expectNumbers(source: string, by: string, values: Values, want: readonly number[]): void {
  const got = numbers(source, by, values);
  expect(got).toHaveLength(want.length);
  got.forEach((v, i) => {
    expect(v).toBeCloseTo(want[i]!, 12);
  });
}

describe('singular matrices: an error or a warning, never a number that looks right', () => {
  const singular = [
    [
      [1, 2],
      [2, 4],
    ],
    [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
    [
      [0, 0],
      [0, 0],
    ],
    [
      [0.1, 0.2, 0.3],
      [0.4, 0.5, 0.6],
      [0.7, 0.8, 0.9],
    ],
  ];
  describe.each(singular.map((X) => ({ X })))('$X', ({ X }) => {
    const n = X.length;
    const b = Array.from({ length: n }, (_, i) => i + 1);
    test.each([
      ['X: n x n\ninv(X)', 'X'],
      ['X: n x n\nb: n\nX\\b', 'b'],
      ['X: n x n\nb: n\nX\\b', 'X'],
      ["X: n x n\nb: n\nb'*inv(X)*b", 'X,X'],
      ['X: n x n\nX^-1', 'X'],
    ])('%s by %s', (source, by) => {
      expect(outcome(source, by, { X, b }).code).toBe('math/singular');
    });
    test.each([
      ['X: n x n\ndet(X)', 'X'],
      ['X: n x n\ndet(X)', 'X,X'],
      ['X: n x n\nlogdet(X)', 'X'],
      ['X: n x n\nlogdet(X)', 'X,X'],
    ])('%s by %s', (source, by) => {
      const { data, code, warnings } = outcome(source, by, { X });
      // Finite and right (the adjugate) would do as well; finite, wrong and silent would not.
      if (code !== undefined) expect(code).toBe('math/singular');
      else if (data!.some((v) => !Number.isFinite(v))) expect(warnings.join()).toMatch(/singular|zero/);
      else expect(source).toMatch(/\ndet/);
    });
    test('the value of det is zero up to rounding, of logdet a warning or a very negative number', () => {
      const det = must(evaluate('X: n x n\ndet(X)', at({ X }))).value.data[0]!;
      expect(Math.abs(det)).toBeLessThan(1e-14);
      const logdet = must(evaluate('X: n x n\nlogdet(X)', at({ X })));
      expect(logdet.warnings.length > 0 || logdet.value.data[0]! < -30).toBe(true);
    });
    test('adj needs no inverse', () => {
      const { value } = must(evaluate('X: n x n\nX*adj(X)', at({ X })));
      for (const v of value.data) expect(Math.abs(v)).toBeLessThan(1e-12);
    });
  });

  test('the logarithm of a negative determinant is named', () => {
    const { warnings } = outcome('X: n x n\nlogdet(X)', 'X', {
      X: [
        [1, 0],
        [0, -1],
      ],
    });
    expect(warnings.join()).toMatch(/negative determinant at 'logdet\(X\)'/);
  });

  test('a matrix that is not positive definite has no Cholesky factor', () => {
    expect(
      outcome('X: n x n positive definite\nchol(X)', 'X', {
        X: [
          [1, 2],
          [2, 1],
        ],
      }).code,
    ).toBe('math/domain');
  });
});

describe('softmax and logsumexp at ±1e3: no overflow', () => {
  const e = Math.E;
  const [p, q] = [1 / (1 + e), e / (1 + e)];
  test.each([
    ['x: n\nsoftmax(x)', 'x', { x: [1e3, 0, 1] }, [0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ['x: n\nsoftmax(x)', 'x', { x: [-1e3, 0, 1] }, [0, 0, 0, 0, p * q, -p * q, 0, -p * q, p * q]],
    ['x: n\nlogsumexp(x)', 'x', { x: [1e3, 1e3, 1] }, [0.5, 0.5, 0]],
    ['x: n\nlogsumexp(x)', 'x', { x: [-1e3, -1e3] }, [0.5, 0.5]],
    ['x: n\nlogsumexp(x)', 'x', { x: [-1e3, 0, 1] }, [0, p, q]],
    ['x: n\nlogsumexp(x)', 'x,x', { x: [1e3, 1e3] }, [0.25, -0.25, -0.25, 0.25]],
    ['x: n\nlogsumexp(x)', 'x', { x: [1e308, 1e308] }, [0.5, 0.5]],
    ['x: n\nlogsoftmax(x)', 'x', { x: [1e3, 1e3] }, [0.5, -0.5, -0.5, 0.5]],
    ["x: n\ny: n\n-y'*logsoftmax(x)", 'x', { x: [1e3, 0], y: [0, 1] }, [1, -1]],
    ["x: n\ny: n\n-y'*log(softmax(x))", 'x', { x: [1e3, 0], y: [0, 1] }, [1, -1]],
    ['x: n\nsum(softplus(x))', 'x', { x: [1e3, -1e3, 0] }, [1, 0, 0.5]],
    ['x: n\nsum(sigmoid(x))', 'x', { x: [1e3, -1e3, 0] }, [0, 0, 0.25]],
    ['x: n\nsum(log(1 + exp(x)))', 'x', { x: [1e3, -1e3, 0] }, [1, 0, 0.5]],
    ['x: n\nlog(sum(exp(x)))', 'x', { x: [1e3, 1e3] }, [0.5, 0.5]],
    ['x: n\nexp(x)/sum(exp(x))', 'x', { x: [1e3, 1e3] }, [0.25, -0.25, -0.25, 0.25]],
    ['x: n\nsum(log(sigmoid(x)))', 'x', { x: [1e3, -1e3] }, [0, 1]],
    ['x: n\nsum(tanh(x))', 'x', { x: [1e3, -1e3, 0] }, [0, 0, 1]],
    ['x: n\nsum(gelu(x))', 'x', { x: [1e3, -1e3, 0] }, [1, 0, 0.5]],
    ['x: n\nsum(silu(x))', 'x', { x: [1e3, -1e3, 0] }, [1, 0, 0.5]],
    ['x: n\nsum(erf(x))', 'x', { x: [1e3, -1e3] }, [0, 0]],
    ['X: m x n\nlogsumexp(X, 2)', 'X', { X: [[1e3, 1e3]] }, [0.5, 0.5]],
    [
      'X: m x n\nsum(softmax(X).^2)',
      'X',
      {
        X: [
          [1e3, -1e3],
          [1e3, -1e3],
        ],
      },
      [0, 0, 0, 0],
    ],
  ] as const)('%s by %s at %j', (source, by, values, want) => {
    expectNumbers(source, by, values, want);
  });

  test('values', () => {
    const value = (source: string, x: readonly number[]) => [...must(evaluate(source, at({ x }))).value.data];
    expect(value('x: n\nlogsumexp(x)', [1e3, 1e3])[0]).toBeCloseTo(1e3 + Math.LN2, 12);
    expect(value('x: n\nlogsumexp(x)', [-1e3, -1e3])[0]).toBeCloseTo(-1e3 + Math.LN2, 12);
    expect(value('x: n\nsoftmax(x)', [1e3, 0])).toEqual([1, 0]);
    expect(value('x: n\nlogsoftmax(x)', [1e3, 0])).toEqual([0, -1e3]);
    expect(value('x: n\nsoftplus(x)', [1e3, -1e3])).toEqual([1e3, 0]);
  });
});

describe('norms at zero', () => {
  test.each([
    ['x: n\nnorm2(x)', 'x', { x: [0, 0] }],
    ['x: n\nnorm2(x)', 'x,x', { x: [0, 0] }],
    ['X: m x n\nnormF(X)', 'X', { X: [[0, 0]] }],
    [
      'A: m x n\nx: n\ny: m\nnorm2(A*x - y)',
      'x',
      {
        A: [
          [1, 2],
          [3, 4],
        ],
        x: [1, 1],
        y: [3, 7],
      },
    ],
  ])('%s by %s is not differentiable there, and says so', (source, by, values) => {
    const { data, warnings } = outcome(source, by, values);
    expect(data!.every((v) => !Number.isFinite(v))).toBe(true);
    expect(warnings.join()).toMatch(/division by zero/);
  });
  test('its square is smooth', () => {
    expectNumbers('x: n\nnorm2(x)^2', 'x', { x: [0, 0] }, [0, 0]);
    expectNumbers('x: n\nnorm2(x)^2', 'x,x', { x: [0, 0] }, [2, 0, 0, 2]);
  });
});

describe('conventions at kinks', () => {
  test.each([
    ['x: n\nsum(abs(x))', 'x', { x: [0, 2, -3] }, [0, 1, -1]],
    ['x: n\nnorm1(x)', 'x', { x: [0, 2, -3] }, [0, 1, -1]],
    ['x: n\nsum(relu(x))', 'x', { x: [0, 2, -3] }, [0, 1, 0]],
    ['x: n\nsum(sign(x))', 'x', { x: [0, 2, -3] }, [0, 0, 0]],
    ['x: n\nsum(step(x))', 'x', { x: [0, 2, -3] }, [0, 0, 0]],
    ['x: n\nsum(max(x, 0))', 'x', { x: [0, 2, -3] }, [0.5, 1, 0]],
    ['x: n\ny: n\nsum(max(x, y))', 'x', { x: [1, 2], y: [1, 3] }, [0.5, 0]],
    ['x: n\ny: n\nsum(min(x, y))', 'y', { x: [1, 2], y: [1, 3] }, [0.5, 0]],
    ['x: n\nmax(x)', 'x', { x: [1, 1, 0] }, [0.5, 0.5, 0]],
    ['x: n\nnorm(x, 3)', 'x', { x: [0, 1] }, [0, 1]],
  ] as const)('%s by %s at %j', (source, by, values, want) => {
    expectNumbers(source, by, values, want);
  });
});

describe('powers at zero', () => {
  test.each([
    ['x: n\nsum(x.^3)', 'x', { x: [0, -1] }, [0, 3]],
    ['x: n\nsum(x.^2)', 'x,x', { x: [0, -1] }, [2, 0, 0, 2]],
    ['x: n\nsum(x.^1)', 'x', { x: [0, -1] }, [1, 1]],
    ['x: n\nsum(x.^0)', 'x', { x: [0, -1] }, [0, 0]],
    ['s: scalar\nt: scalar\ns^t', 's', { s: 0, t: 1 }, [1]],
    ['s: scalar\nt: scalar\ns^t', 's', { s: -2, t: 2 }, [-4]],
    ['s: scalar\nt: scalar\ns^t', 's', { s: 0, t: 3 }, [0]],
  ] as const)('%s by %s at %j', (source, by, values, want) => {
    expectNumbers(source, by, values, want);
  });
});

describe('what is not finite is named, with the operation and the place', () => {
  test.each([
    ['x: n\nlog(x)', 'x', { x: [1, -1] }, /log of a negative number at 'log\(x\)', entry 2/],
    ['x: n\nlog(x)', 'x', { x: [0, 1] }, /log of zero at 'log\(x\)', entry 1/],
    ['x: n\nsqrt(x)', 'x', { x: [1, -1] }, /square root of a negative number at 'sqrt\(x\)', entry 2/],
    ['x: n\nx.^0.5', 'x', { x: [1, -1] }, /power 0\.5 of a negative number at 'x\.\^0\.5', entry 2/],
    ['x: n\n1./x', 'x', { x: [1, 0] }, /division by zero at '1\.\/x', entry 2/],
    ['x: n\ny: n\nx./y', 'y', { x: [1, 1], y: [1, 0] }, /division by zero at 'x\.\/y', entry 2/],
    ['s: scalar\nexp(s)', 's', { s: 800 }, /exp overflows at 'exp\(s\)'/],
    ['s: scalar\nlog1p(s)', 's', { s: -1 }, /log1p of -1 at 'log1p\(s\)'/],
    [
      'X: m x n\nlog(X)',
      'X',
      {
        X: [
          [1, 2],
          [3, -1],
        ],
      },
      /log of a negative number at 'log\(X\)', entry \(2,2\)/,
    ],
  ])('%s by %s at %j', (source, by, values, message) => {
    const { data, warnings } = outcome(source, by, values);
    expect(warnings.join('\n')).toMatch(message);
    expect(data!.length).toBeGreaterThan(0);
  });

  test('a finite point has no warnings', () => {
    expect(outcome('x: n\nsum(log(x)./sqrt(x))', 'x', { x: [1, 2, 3] }).warnings).toEqual([]);
  });

  test('each warning is said once', () => {
    const { warnings } = outcome('x: n\nsum(log(x)) + sum(log(x).^2)', 'x', { x: [-1, -2] });
    expect(new Set(warnings).size).toBe(warnings.length);
  });
});

test('a certificate does not need a finite value everywhere', () => {
  for (const source of [
    'x: n\nsum(log(x))',
    'x: n\nsum(sqrt(x - 2))',
    'x: n\nsum(asin(x))',
    'x: n\nsum(log(-x))',
    'x: n\nsum(1./x)',
  ]) {
    const { certificate } = must(derive(source, 'x'));
    expect(certificate.status, `${source}: ${certificate.reason}`).toBe('verified');
  }
});
