import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readDeclare } from '../../apps/cli/readers/declare.ts';
import {
  type CheckOptions,
  chain,
  check,
  checkText,
  type Declaration,
  type Diagnosis,
  derive,
  fromNested,
  layouts,
  parse,
  type Verdict,
} from '../../src/api/index.ts';
import { must } from '../derive/numeric.ts';
import {
  additions,
  cases,
  families,
  gradients,
  inOtherWords,
  leastSquares,
  oneOfAKind,
  optionsOf,
  slips,
  some,
  withOwnNames,
} from './check-cases.ts';

const verdict = (
  program: string,
  wrt: string | readonly string[],
  answer: string,
  options: CheckOptions = {},
): Verdict => must(check(program, wrt, answer, options));

/** What is said of an answer, in short. */
const said = (program: string, wrt: string, answer: string, options: CheckOptions = {}): readonly string[] =>
  verdict(program, wrt.split(','), answer, options).words;

const flawOf = (v: Verdict): Diagnosis => {
  if (v.verdict !== 'wrong') throw new Error(`not wrong: ${v.words.join(' ')}`);
  return v.finding as Diagnosis;
};

describe('right answers', () => {
  const folder = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));

  interface Public {
    readonly id: string;
    readonly program: string;
    readonly wrt: readonly string[];
    readonly output: string | null;
    readonly declare: unknown;
    readonly at: Readonly<Record<string, unknown>>;
    readonly condensed: string | null;
  }

  test.runIf(existsSync(folder))('the closed form of every public case, none called wrong', () => {
    const list = readFileSync(`${folder}public.jsonl`, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Public)
      .filter((c) => c.condensed !== null);
    expect(list.length).toBeGreaterThan(100);
    const wrong = list.flatMap((c) => {
      const declare: readonly Declaration[] = readDeclare(c.declare);
      const at = new Map(Object.entries(c.at).map(([name, value]) => [name, fromNested(value)!] as const));
      const found = verdict(c.program, c.wrt, c.condensed!, {
        declare,
        at,
        certify: false,
        ...(c.output === null ? {} : { output: c.output }),
      });
      return found.verdict === 'right' ? [] : [`${c.id}: ${found.words.join(' ')}`];
    });
    expect(wrong).toEqual([]);
  });

  test.each(families)('%s: every form by hand', (_, list) => {
    const wrong = list.flatMap((c) => {
      // A form that holds in the range of its case alone, where the activation is off.
      if (c.byHand === undefined || c.id === 'parr-activation-off') return [];
      const found = verdict(c.program, c.wrt, c.byHand, { ...optionsOf(c), certify: false });
      return found.verdict === 'right' ? [] : [`${c.id}: ${found.words.join(' ')}`];
    });
    expect(wrong).toEqual([]);
  });

  test.each(inOtherWords)('in other words: %s', (_, chosen) => {
    expect(chosen.length).toBeGreaterThan(5);
    for (const { c, answer } of chosen) {
      const found = verdict(c.program, c.wrt, answer, { ...optionsOf(c), certify: false });
      expect({ id: c.id, answer, words: found.words, verdict: found.verdict }).toMatchObject({ verdict: 'right' });
    }
  });

  test('in every layout, and the layout is named', () => {
    const chosen = some(
      cases.filter((c) => c.wrt.length === 1),
      24,
    );
    let named = 0;
    for (const c of chosen) {
      const own = layouts.map((layout) => must(derive(c.program, c.wrt, { ...optionsOf(c), layout, certify: false })));
      for (const given of own)
        for (const asked of layouts) {
          const found = verdict(c.program, c.wrt, given.text, { ...optionsOf(c), layout: asked, certify: false });
          expect({ id: c.id, text: given.text, asked, verdict: found.verdict }).toMatchObject({ verdict: 'right' });
          const order = found.finding.kind === 'equal' ? found.finding.order : undefined;
          if (order?.kind !== 'layout' || order.names.includes(asked)) continue;
          // The array itself may be symmetric under the exchange; then the first layout that fits is named.
          const same = own.find((d) => d.layout === order.names[0])!;
          expect(same.shape).toEqual(given.shape);
          named++;
        }
    }
    expect(named).toBeGreaterThan(20);
  });

  test('as LaTeX, where ours is no index notation', () => {
    const chosen = some(
      cases.filter((c) => c.byHand !== undefined),
      60,
    );
    let read = 0;
    for (const c of chosen) {
      const own = must(derive(c.program, c.wrt, { ...optionsOf(c), certify: false }));
      const result = check(c.program, c.wrt, own.latex, { ...optionsOf(c), certify: false });
      if (!result.ok) {
        expect(result.error.code).toMatch(/^syntax\//);
        continue;
      }
      expect({ id: c.id, latex: own.latex, verdict: result.value.verdict }).toMatchObject({ verdict: 'right' });
      read++;
    }
    expect(read).toBeGreaterThan(40);
    const product = 'x: 3; y: 3; a: 3; ';
    for (const [program, wrt, answer] of [
      ['A: n x n; S: n x n symmetric; tr(A*S)', 'A', 'S'],
      ['sum(X.^2)', 'X', '2 X'],
      [`${product}a'*cross(x, y)`, 'x', '\\mathbf{y} \\times \\mathbf{a}'],
      ['exp(sum(x))', 'x,x', '\\exp(\\operatorname{sum}(\\mathbf{x})) \\mathbf{1}_{n \\times n}'],
      ['logdet(M)', 'M', 'M_{1}^\\top \\quad\\text{where}\\quad M_{1} = M^{-1}'],
    ] as const)
      expect({ answer, verdict: verdict(program, wrt.split(','), answer).verdict }).toEqual({
        answer,
        verdict: 'right',
      });
  });

  test('rows, columns and unfolded matrices', () => {
    const ls = 'norm2(A*x - y)^2';
    expect(said(ls, 'x', "2*(A*x - y)'*A")[0]).toBe(
      'Right: equal to ∂z/∂x in numerator layout (denominator was asked for), written as a row.',
    );
    expect(said('mean(x)', 'x', 'ones(n,1)/n')[0]).toBe('Right: equal to ∂y/∂x, written as a column.');
    expect(said('A*x', 'x', 'A')[0]).toBe(
      'Right: equal to ∂y/∂x in numerator and jacobian layout (denominator was asked for).',
    );
    expect(said('A*X*B', 'X', "kron(B', A)")[0]).toBe(
      'Right: equal to ∂y/∂X as one matrix, arrays stacked by columns (vec).',
    );
    expect(said('A*X*B', 'X', "kron(B, A')")[0]).toContain('stacked by columns (vec), transposed');
    expect(said('tr(A*X)', 'X', "vec(A')")[0]).toContain('stacked by columns (vec)');
  });

  test('by either convention for a symmetric variable', () => {
    const symmetric = 'A: n x n; X: n x n symmetric; ';
    expect(said(`${symmetric}logdet(X)`, 'X', 'inv(X)')[0]).toBe('Right: equal to ∂y/∂X.');
    expect(said(`${symmetric}logdet(X)`, 'X', '2*inv(X) - diag(diag(inv(X)))')[0]).toContain('moving together');
    expect(said(`${symmetric}tr(A*X)`, 'X', "(A + A')/2")[0]).toContain('gradient among the matrices');
    expect(verdict(`${symmetric}tr(A*X)`, 'X', "A + A'").verdict).toBe('wrong');
  });

  test('with names of its own, also such that the program has', () => {
    const { program, wrt, answers } = withOwnNames;
    for (const answer of answers)
      expect({ answer, verdict: verdict(program, wrt, answer).verdict }).toEqual({ answer, verdict: 'right' });
    expect(verdict('softmax(x)', 'x', "diag(y) - y*y'").verdict).toBe('right');
  });

  test('that hold for the labels that were given, and not for any', () => {
    const program = 'X: 4 x 2; w: 2; y: 4; sum(log(1 + exp(-y.*(X*w))))';
    const answer = "X'*diag(sigmoid(X*w).*(1 - sigmoid(X*w)))*X";
    const at = new Map(
      Object.entries({
        X: [
          [1, 2],
          [0, 1],
          [-1, 1],
          [2, 1],
        ],
        w: [0.3, -0.2],
        y: [1, -1, -1, 1],
      }).map(([name, value]) => [name, fromNested(value)!] as const),
    );
    const found = verdict(program, ['w', 'w'], answer, { at });
    expect(found).toMatchObject({ verdict: 'right', finding: { given: ['y'] } });
    expect(flawOf(verdict(program, ['w', 'w'], answer))).toEqual({
      kind: 'assumption',
      condition: "y's entries are 1 and -1",
    });
  });

  test('near a given point alone, where the function has several pieces', () => {
    const at = new Map([
      ['w', fromNested([1, 2])!],
      ['x', fromNested([1, 1])!],
      ['b', fromNested(1)!],
    ]);
    const found = verdict("max(0, -(w'*x) - b)", 'w', 'zeros(n)', { at });
    expect(found).toMatchObject({ verdict: 'right', finding: { near: true } });
    expect(found.words[1]).toBe('That holds near the point that you gave, and not everywhere.');
    expect(verdict("max(0, -(w'*x) - b)", 'w', 'x', { at }).verdict).toBe('wrong');
  });

  test('certainty: exact over a prime field, or at how many points', () => {
    const { certainty, words } = verdict('norm2(A*x - y)^2', 'x', "2*A'*A*x - 2*A'*y");
    expect(certainty.kind).toBe('exact');
    expect(certainty.points.length).toBeGreaterThan(4);
    expect(new Set(certainty.points.map((p) => p.seed)).size).toBeGreaterThan(1);
    expect(new Set(certainty.points.map((p) => JSON.stringify(p.sizes))).size).toBeGreaterThan(1);
    expect(certainty.worst).toBeLessThan(1e-12);
    expect(words[1]).toContain('Exact: equal over a prime field');
    expect(verdict('A*X*B', 'X', "kron(B', A)").certainty.kind).toBe('points');
  });

  test('a formula that cancels badly is not called wrong', () => {
    // 1 - tanh² loses all digits where tanh is near 1.
    expect(verdict('X: 5 x 3; w: 3; tanh(X*w)', 'w', 'diag(1 - tanh(X*w).^2)*X').verdict).toBe('right');
    expect(verdict('s^3', 's', '(3*s^2*exp(20) + s^2)/exp(20) - s^2/exp(20)').verdict).toBe('right');
    expect(verdict('X: 4 x 4; logdet(X)', 'X', "inv(X*X*X)'*(X*X)'").verdict).toBe('right');
  });

  test('a formula that is defined on less than the derivative is right where it is', () => {
    const found = verdict('s^3', 's', '3*exp(2*log(s))');
    expect(found.verdict).toBe('right');
    expect(found.words.at(-1)).toMatch(/no finite value/);
  });
});

describe('wrong answers, made by rule from the corpus', () => {
  /** The answer with what the diagnosis says put right; undefined where it gives no formula for the whole. */
  function cured(answer: string, d: Diagnosis): string | undefined {
    switch (d.kind) {
      case 'sign':
        return `-(${answer})`;
      case 'constant factor':
        return `(${d.cure.text})*(${answer})`;
      default:
        return 'corrected' in d ? d.corrected : undefined;
    }
  }

  test.each(slips)('%s: found, and with that put right the answer is right', (_, all) => {
    let diagnosed = 0;
    for (const { c, answer, kinds } of all) {
      const options = { ...optionsOf(c), certify: false };
      const found = verdict(c.program, c.wrt, answer, options);
      // A change may leave a right answer: a transpose is another layout, zero has no sign.
      if (found.verdict === 'right') continue;
      const flaw = flawOf(found);
      expect({ id: c.id, answer, kind: flaw.kind, fits: kinds.includes(flaw.kind), words: found.words }).toMatchObject({
        fits: true,
      });
      diagnosed++;
      const better = cured(answer, flaw);
      if (better !== undefined)
        expect({ id: c.id, better, verdict: verdict(c.program, c.wrt, better, options).verdict }).toMatchObject({
          verdict: 'right',
        });
      if (found.counterexample?.entry) {
        const { expected, found: other } = found.counterexample.entry;
        expect(Math.abs(expected - other)).toBeGreaterThan(0);
      }
    }
    expect(diagnosed).toBeGreaterThanOrEqual(7);
  });

  test('stopping at an intermediate leaves out the rest of the chain', () => {
    const networks = cases.filter((c) => /^(mit6390|diffmatic)/.test(c.id) && c.wrt.length === 1);
    let count = 0;
    for (const c of networks) {
      if (count >= 12) break;
      const links = chain(c.program, c.output, c.wrt[0]!, {});
      if (!links.ok || links.value.pathCount !== 1) continue;
      if (must(parse(c.program, optionsOf(c))).analysis.output.type.axes.length > 0) continue;
      for (const middle of links.value.paths[0]!.names.slice(1, -1)) {
        const outer = must(derive(c.program, middle, { ...optionsOf(c), certify: false }));
        const found = verdict(c.program, c.wrt, outer.text, { ...optionsOf(c), certify: false });
        if (found.verdict === 'right') continue;
        const flaw = flawOf(found);
        expect({ id: c.id, middle, kind: flaw.kind, words: found.words }).toMatchObject({ kind: 'chain factor' });
        if (flaw.kind === 'chain factor' && flaw.onward) {
          const onward = `G = ${outer.text.split('\n').at(-1)}; ${flaw.onward.text}`;
          const before = outer.text.split('\n').slice(0, -1);
          const right = verdict(c.program, c.wrt, [...before, onward].join('\n'), { ...optionsOf(c), certify: false });
          expect({ onward, verdict: right.verdict }).toMatchObject({ verdict: 'right' });
        }
        count++;
      }
    }
    expect(count).toBeGreaterThanOrEqual(12);
  });

  test('the core of a condensed form is told from the derivative', () => {
    let count = 0;
    for (const c of cases.filter((x) => x.wrt.length === 1 && x.byHand !== undefined)) {
      if (count >= 10) break;
      const { condensed, shape } = must(derive(c.program, c.wrt, { ...optionsOf(c), certify: false }));
      const [core, ...more] = condensed.cores;
      if (!core || more.length > 0 || condensed.deltas.length === 0 || core.shape.length === 0) continue;
      const flaw = flawOf(verdict(c.program, c.wrt, core.text, { ...optionsOf(c), certify: false }));
      expect({ id: c.id, core: core.text, kind: flaw.kind }).toMatchObject({ kind: 'condensed' });
      if (flaw.kind === 'condensed') expect(flaw.shape.expected).toEqual(shape);
      count++;
    }
    expect(count).toBeGreaterThanOrEqual(5);
  });

  test.each(additions)('%s', (_, change, kind) => {
    for (const c of some(gradients, 7)) {
      const answer = change(`(${c.byHand!})`, c.wrt[0]!);
      const flaw = flawOf(verdict(c.program, c.wrt, answer, { ...optionsOf(c), certify: false }));
      expect({ id: c.id, answer, kind: flaw.kind }).toMatchObject({ kind });
    }
  });
});

describe('wrong answers, one of a kind', () => {
  const ls = leastSquares;
  test.each(oneOfAKind)('%s by %s is not %s', (program, wrt, answer, flaw) => {
    expect(flawOf(verdict(program, wrt.split(','), answer))).toMatchObject(flaw);
  });

  test('an order of axes that is no layout', () => {
    const flaw = flawOf(verdict('A*X*B', 'X', 'einsum("jk,li->jikl", B, A)'));
    expect(flaw).toMatchObject({ kind: 'transposed', order: { kind: 'other', axes: [1, 0, 2, 3] } });
  });

  test('another layout than the one that counts', () => {
    expect(flawOf(verdict('A*x', 'x', 'A', { strict: true }))).toEqual({
      kind: 'transposed',
      order: { kind: 'layout', names: ['numerator', 'jacobian'] },
    });
    expect(verdict('A*x', 'x', 'A', { strict: true, layout: 'jacobian' }).verdict).toBe('right');
  });

  test('the size law says why a shape is wrong', () => {
    expect(said(ls, 'x', 'y').at(-1)).toBe(
      'It is a vector of m; expected is a vector of n, for Size(∂z/∂x) = Size(z)·Size(x) = 1 · n = n.',
    );
  });

  test('the smallest counterexample has small sizes and whole numbers, and formulas of the entry', () => {
    const c = verdict(ls, 'x', "A'*(A*x - y)").counterexample!;
    expect(c.sizes).toEqual([
      ['m', 1],
      ['n', 1],
    ]);
    expect(c.values.every(([, v]) => v.data.every(Number.isInteger))).toBe(true);
    expect(c.entry).toMatchObject({ places: [1], partial: { text: '∂z/∂x[1]' } });
    const [a, x, y] = ['A', 'x', 'y'].map((name) => c.values.find(([n]) => n === name)![1].data[0]!);
    expect(c.entry!.expected).toBe(2 * a! * (a! * x! - y!));
    expect(c.entry!.found).toBe(a! * (a! * x! - y!));
    expect(c.entry!.formula!.text).toBe('2·(Aᵀ(A x − y))[1]');
    expect(c.entry!.answerFormula!.text).toBe('(Aᵀ(A x − y))[1]');
  });

  test('an entry formula keeps the root of a square', () => {
    expect(verdict('sqrt(s^2)', 's', '1').counterexample!.entry).toMatchObject({ expected: -1, found: 1 });
    expect(verdict('sqrt(s^2)', 's', '1').counterexample!.entry!.formula!.text).not.toBe('1');
  });

  test('a given point is where the difference is shown', () => {
    const at = new Map([
      [
        'A',
        fromNested([
          [2, 0],
          [1, 1],
          [0, 3],
        ])!,
      ],
      ['x', fromNested([1, 2])!],
      ['y', fromNested([0, 0, 1])!],
    ]);
    const c = verdict(ls, 'x', "A'*(A*x - y)", { at }).counterexample!;
    // A'(Ax - y) = (7, 18)
    expect(c.entry).toMatchObject({ places: [2], expected: 36, found: 18 });
  });
});

describe('what is no verdict', () => {
  test('an answer that cannot be read has its place', () => {
    const result = check('A: m x n;\nnorm2(A*x - y)^2', 'x', "2*A'*(A*x - y");
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'syntax/bracket', span: { start: 12, line: 1, column: 13 } },
    });
    expect(check('A*x', 'x', '  ')).toMatchObject({ ok: false, error: { code: 'syntax/empty' } });
    expect(check('A*x', 'x', '\\left[\\delta_{ij} A_{kl}\\right]_{ijkl}')).toMatchObject({
      ok: false,
      error: { code: 'syntax/latex' },
    });
  });

  test('a program that cannot be read or a name that is none', () => {
    expect(check('A*x +', 'x', 'A')).toMatchObject({ ok: false });
    expect(check('A*x', 'q', 'A')).toMatchObject({ ok: false, error: { code: 'name/unknown' } });
  });

  test('undecided where the derivative has no finite value, or arrays are too large', () => {
    expect(verdict('sqrt(-1 - s^2)', 's', '2*s').verdict).toBe('undecided');
    const large = verdict('X: 2000 x 2000; sum(X)', 'X', 'ones(2000, 2000)');
    expect(large).toMatchObject({ verdict: 'undecided' });
    expect(large.words[0]).toContain('4000000 entries');
    const wide = 'X: 50 x 40; W: 40 x 30; X*W';
    expect(verdict(wide, 'W', 'kron(eye(30), X)').words[0]).toContain('the derivative has 1800000 entries');
    // A shape is wrong at any size.
    expect(flawOf(verdict(wide, 'W', "X'"))).toMatchObject({ kind: 'shape', is: [40, 50], expected: [40, 30, 30, 50] });
  });

  test('names of the language that programs may use are names like any', () => {
    expect(verdict('constructor: n; sum(constructor.^2)', 'constructor', '2*constructor').verdict).toBe('right');
    expect(flawOf(verdict('sum(x.^2)', 'x', '2*__proto__'))).toMatchObject({ kind: 'unknown names' });
  });
});

test('the page says it in full', () => {
  const page = checkText(verdict('norm2(A*x - y)^2', 'x', "A'*(A*x - y)"));
  expect(page).toContain('✗ Not equal.');
  expect(page).toContain('A factor is missing: your answer is 1/2 times ∂z/∂x; multiply it by 2.');
  expect(page).toContain('yours');
  expect(page.split('\n').every((line) => [...line].length <= 80)).toBe(true);
});
