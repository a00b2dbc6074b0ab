import { expect, test } from 'vitest';
import {
  type ApproxOptions,
  type ApproxView,
  approxHtml,
  approximate,
  approxSvg,
  approxText,
  fromNested,
  type NdArray,
  ndarray,
} from '../../src/api/index.ts';
import { declarationsOf, readCases } from '../language/conformance.ts';

const point = (values: Record<string, unknown>) =>
  new Map(Object.entries(values).map(([name, value]) => [name, fromNested(value)!] as const));
const vector = (...entries: number[]): NdArray => ndarray([entries.length], entries);
const scalar = (value: number): NdArray => ndarray([], [value]);

function view(program: string, wrt: string | string[], options: ApproxOptions = {}): ApproxView {
  const result = approximate(program, wrt, options);
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}
const norm = (a: NdArray): number => Math.hypot(...a.data);

test('the parabola: every number is known', () => {
  const v = view('s^2', 's', { at: point({ s: 1 }), direction: scalar(1), steps: 9 });
  for (const [k, step] of v.steps.entries()) {
    const h = 2 ** -k;
    expect(step).toMatchObject({ h, actual: 2 * h + h * h, predicted: 2 * h, error: h * h });
    expect(step.relative).toBeCloseTo(h / (2 + h), 14);
    if (k > 0) expect(step.ratio).toBe(4);
  }
  expect(v.verdict.kind).toBe('smooth');
  expect(v.verdict.order).toBeCloseTo(2, 10);
  // h/(2 + h) = δ at h = 2δ/(1 - δ)
  expect(v.small.outcome).toBe('found');
  expect(v.small.h).toBeCloseTo(0.02 / 0.99, 9);
  expect(v.small.words).toContain('h ≤ 0.0202');
  expect(view('s^2', 's', { at: point({ s: 1 }), tolerance: 0.2 }).small.h).toBeCloseTo(0.4 / 0.8, 8);
});

test.each([
  ['norm2(A*x - y)^2', 'x', 'dot product'],
  ["x'*A'*A*x", 'A', 'Frobenius product'],
  ['exp(x)', 'x', 'elementwise product'],
  ['softmax(A*x)', 'x', 'transposed matrix product'],
  ['X*X', 'X', 'tensor contraction'],
  ['inv(X)', 'X', 'tensor contraction'],
  ['logdet(X)', 'X', 'Frobenius product'],
  ['x*exp(t)', 't', 'multiplication by a scalar'],
  ['M: m x n; s: scalar; M*sin(s)', 's', 'multiplication by a scalar'],
  ["exp(x')*A", 'x', undefined],
  ['sum(exp(X), 1)', 'X', 'tensor contraction'],
  ['T: 2 x 3 x 5; sum(T.^3)', 'T', 'inner product'],
  ['T: 2 x 3 x 5; T.^2', 'T', 'tensor contraction'],
  ['f: elementwise; sum(f(A*x))', 'x', 'dot product'],
  ['loss: R^n -> R; loss(A*x)', 'x', 'dot product'],
])('%s by %s: the error falls as h²', (program, wrt, rule) => {
  for (const seed of [1, 2, 3]) {
    const v = view(program, wrt, { seed, steps: 16 });
    if (rule !== undefined && rule !== 'transposed matrix product') expect(v.rule.name).toBe(rule);
    expect(v.verdict.kind).toBe('smooth');
    expect(v.verdict.order).toBeGreaterThan(1.9);
    expect(v.verdict.order).toBeLessThan(2.1);
    expect(v.direction.length).toBe(1);
    expect(norm(v.direction.value)).toBeCloseTo(1, 12);
  }
});

test('a linear function is predicted exactly, at any step', () => {
  for (const [program, wrt] of [
    ["W'*a + b; a: m; W: m x n", 'W'],
    ['A*X*B', 'X'],
    ["trace(A'*X)", 'X'],
  ]) {
    const v = view(program!, wrt!);
    expect(v.verdict).toMatchObject({ kind: 'linear' });
    expect(v.small.outcome).toBe('any');
    expect(v.together.rows.every((r) => !r.clear)).toBe(true);
    expect(approxSvg(v)).toBeUndefined();
  }
  expect(view('0*s', 's').verdict.kind).toBe('constant');
});

test('a kink is told from both sides', () => {
  const at = point({ s: 0 });
  for (const program of ['s: scalar; relu(s)', 's: scalar; abs(s)'])
    for (const d of [1, -1]) {
      const v = view(program, 's', { at, direction: scalar(d) });
      expect(v.verdict.kind).toBe('kink');
      expect(v.verdict.order).toBeCloseTo(1, 6);
      expect(v.verdict.words[0]).toContain('kink');
    }
  expect(view('s: scalar; relu(s)', 's', { at, direction: scalar(1) }).small.outcome).toBe('none');
  const v = view('norm1(x)', 'x', { at: point({ x: [0, 2, 3] }), direction: vector(1, 1, 1) });
  expect(v.verdict.kind).toBe('kink');
});

test('straight pieces: the step at which the first one ends', () => {
  const v = view('sum(relu(x - c))', 'x', {
    at: point({ x: [1, 2], c: [0.9, 0] }),
    direction: vector(-1, 0),
    tolerance: 0.001,
  });
  expect(v.verdict).toMatchObject({ kind: 'linear', exactBelow: 1 / 16 });
  // From h = 0.1 on Δy stays at -0.1 while -h is predicted.
  expect(v.small.h).toBeCloseTo(0.1001, 6);
});

test('other orders are named: 3/2, 3, and none', () => {
  const at = point({ s: 0 });
  expect(view('s: scalar; abs(s)^1.5', 's', { at }).verdict).toMatchObject({ kind: 'rough' });
  expect(view('s: scalar; sin(s)', 's', { at }).verdict).toMatchObject({ kind: 'flat' });
  expect(view('s: scalar; step(s) + s', 's', { at, direction: scalar(-1) }).verdict.kind).toBe('jump');
});

test('at a stationary point no step is small enough, and no direction leads down', () => {
  const v = view('s^2', 's', { at: point({ s: 0 }) });
  expect(v.verdict.order).toBeCloseTo(2, 10);
  expect(v.small).toMatchObject({ outcome: 'none' });
  expect(v.descent).toMatchObject({ length: 0, rows: [] });
});

test('rounding takes over, and says where', () => {
  const v = view('sum(exp(x))', 'x', { steps: 40 });
  expect(v.verdict.order).toBeCloseTo(2, 1);
  const { roundingBelow } = v.verdict;
  expect(roundingBelow).toBeLessThan(1e-6);
  expect(roundingBelow).toBeGreaterThan(1e-9);
  for (const s of v.steps.filter((s) => s.h <= roundingBelow!)) expect(s.error).toBeLessThan(1e-13);
  expect(v.verdict.words.join(' ')).toContain('rounding');
  // Next to 10⁶ only ten digits are left for the change.
  const large = view('1000000 + s^2', 's', { at: point({ s: 3 }), steps: 30 });
  expect(large.verdict.roundingBelow).toBeGreaterThan(1e-5);
  expect(large.verdict.order).toBeCloseTo(2, 2);
});

test('steps that leave the domain are marked, the others count', () => {
  const v = view('sum(log(x))', 'x', { at: point({ x: [0.1, 0.2] }), direction: vector(-1, -1) });
  expect(v.steps.filter((s) => !s.finite).map((s) => s.h)).toEqual([1, 0.5, 0.25, 0.125]);
  expect(v.verdict.kind).toBe('smooth');
  // -log(1 - u) - u is one percent of -log(1 - u) at about u = 0.02, and the steeper part is at 0.1.
  expect(v.small.h).toBeLessThan(0.1 * 0.025);
  expect(v.small.outcome).toBe('found');
  const singular = view('inv(s*A)', 's', {
    at: point({
      s: 1,
      A: [
        [2, 1],
        [1, 1],
      ],
    }),
    direction: scalar(-1),
  });
  expect(singular.steps[0]!.finite).toBe(false);
  expect(singular.verdict.kind).toBe('smooth');
});

test('two steps: their order makes a difference of h²·d′ᵀ(A + Aᵀ)d for a quadratic form', () => {
  const A = [
    [2, 1, 0],
    [3, 5, 1],
    [0, 1, 7],
  ];
  const d = [1, 2, -1];
  const v = view("x'*A*x", 'x', { at: point({ x: [1, 2, 3], A }), direction: vector(...d) });
  const e = [...v.together.direction.data];
  expect(Math.hypot(...e)).toBeCloseTo(Math.hypot(...d), 12);
  const mixed = A.flatMap((row, i) => row.map((_, j) => e[i]! * (A[i]![j]! + A[j]![i]!) * d[j]!)).reduce(
    (a, b) => a + b,
  );
  for (const r of v.together.rows) {
    expect(r.difference).toBeCloseTo(Math.abs(mixed) * r.h ** 2, 9);
    expect(r.first + r.other).toBeCloseTo(r.added, 12);
    expect(r.second + r.other).toBeCloseTo(r.together, 9);
  }
  expect(v.together.order).toBeCloseTo(2, 6);
  // A separable function does not mind.
  const apart = view('sum(x.^3)', 'x', { at: point({ x: [1, 2] }), direction: vector(1, 0) });
  expect(apart.components!.words).toMatch(/together\.$/);
});

test('the parts of the components add up to the prediction', () => {
  const v = view("x'*A*x", 'x', {
    at: point({
      x: [1, 2, 3],
      A: [
        [2, 1, 0],
        [0, 5, 1],
        [0, 1, 7],
      ],
    }),
  });
  const c = v.components!;
  expect(c.parts.map((p) => p.name)).toEqual(['x[1]', 'x[2]', 'x[3]']);
  const step = v.steps.find((s) => s.h === c.h)!;
  expect(c.predicted.data[0]).toBeCloseTo(step.predicted, 14);
  expect(c.together.data[0]).toBeCloseTo(step.actual, 14);
  expect(c.alone.data[0]).toBeCloseTo(
    c.parts.reduce((a, p) => a + p.alone.data[0]!, 0),
    14,
  );
  expect(step.relative).toBeLessThanOrEqual(0.01);
  expect(
    view('sum(W)', 'W', {
      at: point({
        W: [
          [1, 2],
          [3, 4],
        ],
      }),
    }).components!.parts.map((p) => p.name),
  ).toEqual(['W[1,1]', 'W[1,2]', 'W[2,1]', 'W[2,2]']);
  expect(view('sum(x)', 'x', { at: point({ x: new Array(13).fill(1) }) }).components).toBeUndefined();
});

test('steepest descent: what it predicts, and that no other direction falls as fast', () => {
  const program = 'sum(log(1 + exp(A*x)))';
  const v = view(program, 'x', { direction: 'steepest', seed: 5 });
  const d = v.descent!;
  expect([...d.direction!.data]).toEqual([...v.direction.value.data]);
  expect(d.rows.length).toBe(6);
  for (const r of d.rows) expect(r.predicted).toBeCloseTo(-r.h * d.length, 12);
  const last = d.rows.at(-1)!;
  expect(last.actual / last.predicted).toBeCloseTo(1, 2);
  for (let seed = 10; seed < 30; seed++) {
    const random = view(program, 'x', { at: v.point.values, direction: 'random', seed, steps: 11 });
    expect(random.steps.at(-1)!.h).toBe(last.h);
    expect(random.steps.at(-1)!.actual).toBeGreaterThan(last.actual);
  }
});

test('the gradient as the function: second derivatives', () => {
  const cubic = view('s^3', ['s', 's'], { at: point({ s: 2 }), direction: scalar(1) });
  expect(cubic).toMatchObject({ output: '∂y/∂s', derivative: '∂²y/∂s∂s' });
  for (const s of cubic.steps) {
    expect(s.predicted).toBeCloseTo(12 * s.h, 12);
    expect(s.actual).toBeCloseTo(12 * s.h + 3 * s.h ** 2, 12);
  }
  for (const [program, wrt] of [
    ['logsumexp(x)', ['x', 'x']],
    ["x'*A*exp(x)", ['x', 'A']],
    ['det(X)', ['X', 'X']],
    ['sum(exp(X))', ['X', 'X', 'X']],
    ["y: n; S: n x n symmetric; y'*inv(S)*y", ['S', 'S']],
  ] as const) {
    const v = view(program, [...wrt], { direction: 'random', seed: 2 });
    expect(['smooth', 'linear']).toContain(v.verdict.kind);
    expect(v.descent).toBeUndefined();
  }
});

test('a symmetric or diagonal variable stays what it is', () => {
  const s = view('S: n x n symmetric; logdet(S + 3*eye(n))', 'S', { seed: 3 });
  const [n] = s.inputShape as [number];
  expect(n).toBeGreaterThan(1);
  for (const d of [s.direction.value, s.together.direction, s.descent!.gradient])
    d.data.forEach((v, e) => {
      expect(v).toBeCloseTo(d.data[(e % n) * n + Math.floor(e / n)]!, 12);
    });
  expect(s.verdict.kind).toBe('smooth');
  const d = view('D: n x n diagonal; sum(exp(D*x))', 'D').direction.value;
  const size = d.shape[0]!;
  d.data.forEach((v, e) => {
    if (e % (size + 1) !== 0) expect(v).toBe(0);
  });
});

test('an intermediate is independent, and takes its value from the inputs', () => {
  const program = "Z = W'*x; L = sum(Z.^2)";
  const v = view(program, 'Z', {
    at: point({
      W: [
        [1, 2],
        [3, 4],
      ],
      x: [1, 1],
    }),
    direction: vector(1, 0),
  });
  expect([...v.point.values.get('Z')!.data]).toEqual([4, 6]);
  expect(v.steps[0]!.actual).toBe(9);
  expect(v.steps[0]!.predicted).toBe(8);
});

test('a random point has room for the entries that are asked for, and a value there', () => {
  expect(view('100*(x[2] - x[1]^2)^2 + x[5]', 'x').inputShape[0]).toBeGreaterThan(4);
  expect(view('s: scalar; log(s - 1) + asin(t); t: scalar', 's').verdict.kind).toBe('smooth');
});

test('a point far from 1 gets steps of its own size', () => {
  expect(view('s^2', 's', { at: point({ s: 1e9 }) }).steps[0]!.h).toBe(2 ** 30);
  expect(view('s^2', 's', { at: point({ s: 1e-9 }) }).verdict.order).toBeCloseTo(2, 6);
});

test('the view is plain data, and the same for the same seed', () => {
  const v = view('norm2(A*x - y)^2', 'x');
  expect(structuredClone(v)).toEqual(v);
  expect(view('norm2(A*x - y)^2', 'x')).toEqual(v);
  expect(view('norm2(A*x - y)^2', 'x', { seed: 2 }).direction.value).not.toEqual(v.direction.value);
});

test.each([
  [{ steps: 0 }, 'usage/steps'],
  [{ steps: 2.5 }, 'usage/steps'],
  [{ tolerance: 0 }, 'usage/tolerance'],
  [{ tolerance: Number.NaN }, 'usage/tolerance'],
  [{ direction: vector(1, 2) }, 'shape/direction'],
  [{ direction: scalar(0) }, 'usage/direction'],
  [{ direction: scalar(Number.NaN) }, 'usage/direction'],
  [{ at: point({ s: -1 }) }, 'math/not-finite'],
  [{ at: point({ s: 0 }) }, 'math/not-finite'],
  [{ at: point({ t: 0 }) }, 'name/unbound'],
  [{ at: point({ s: [1, 2] }) }, 'shape/point'],
  [{ signal: AbortSignal.abort() }, 'cancelled/aborted'],
] as const)('sqrt(s) with %j is refused: %s', (options, code) => {
  const result = approximate('s: scalar; sqrt(s)', 's', options as ApproxOptions);
  expect(result.ok ? 'ok' : result.error.code).toBe(code);
});

test('steepest descent is for scalars', () => {
  for (const wrt of [['x'], ['x', 'x']]) {
    const result = approximate('exp(x)', wrt, { direction: 'steepest' });
    expect(result.ok ? 'ok' : result.error.code).toBe('usage/direction');
  }
});

test('names that objects have of their own are names like any other', () => {
  const v = view('constructor: n; y = sum(constructor.^2) + __proto__; __proto__: scalar', 'constructor');
  expect(v.verdict.order).toBeCloseTo(2, 6);
  expect(v.components!.parts[0]!.name).toBe('constructor[1]');
});

test('the page: tables, the plot with its guide, and sentences', () => {
  const page = approxText(view('s^2', 's', { at: point({ s: 1 }), direction: scalar(1) }), { columns: 80 });
  expect(page).toContain('Δy ≈ ∂y/∂s ⋆ Δs');
  expect(page).toMatch(/\n {2}1\/4 +0\.5625 +0\.5 +0\.0625 +11\.1 % +4\.00\n/);
  expect(page.match(/●/g)!.length).toBe(12 + 1); // the errors and the key
  expect(page).toMatch(/[⠁-⣿]/);
  for (const line of page.split('\n')) expect([...line].length).toBeLessThanOrEqual(82);
  const bold = approxText(view('s^2', 's'), { bold: (t) => `<${t}>` });
  expect(bold).toContain('<How small is small enough?>');
});

test('the picture stands alone, in the colours of its page', () => {
  for (const [program, wrt, steps] of [
    ['norm2(A*x - y)^2', ['x'], 12],
    ['logsumexp(x)', ['x', 'x'], 40],
    ['s: scalar; abs(s)^1.5 + s', ['s'], 30],
  ] as const) {
    const svg = approxSvg(view(program, [...wrt], { steps }))!;
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 640 420"/);
    expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /href|url\(|http|<script|<style|NaN|Infinity|undefined/,
    );
    expect(svg).toContain('currentColor');
    expect(svg).toContain('<title>');
    const open = svg.match(/<[a-z]+(?=[\s>])/g)!.length;
    expect(open).toBe(svg.match(/<\/[a-z]+>|\/>/g)!.length);
    // Every mark lies inside the frame.
    for (const [, x, y] of svg.matchAll(/<circle cx="([\d.-]+)" cy="([\d.-]+)"/g)) {
      expect(Number(x)).toBeGreaterThanOrEqual(74);
      expect(Number(x)).toBeLessThanOrEqual(616);
      expect(Number(y)).toBeLessThanOrEqual(358);
    }
  }
});

test('HTML is escaped and holds the picture', () => {
  const html = approxHtml(view('s^2 # <img src=x onerror=alert(1)> & "co"', 's', { at: point({ s: 1 }) }));
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;co&quot;');
  expect(html).toContain('<svg');
  expect(html.match(/<table>/g)!.length).toBe(html.match(/<\/table>/g)!.length);
});

test('every public case: the error falls as h² at its point, and the page and the picture can be drawn', () => {
  for (const c of readCases('public.jsonl')) {
    const held = Object.entries(c.held ?? {}).map(([name, { value }]) => [name, fromNested(value)!] as const);
    const v = view(c.program, [...c.wrt], {
      declare: declarationsOf(c),
      at: new Map([...point(c.at), ...held]),
      ...(c.output === null ? {} : { output: c.output }),
    });
    expect(['smooth', 'linear', 'constant'], `${c.id}: ${c.program}`).toContain(v.verdict.kind);
    expect(v.small.outcome, c.id).not.toBe('none');
    expect(approxText(v)).not.toMatch(/NaN|undefined|Infinity/);
    expect(approxHtml(v)).not.toMatch(/NaN|undefined|Infinity/);
  }
});
