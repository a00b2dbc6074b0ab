import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pagePath, stepsPage } from '../../scripts/steps-page.ts';
import {
  type Derivative,
  type DeriveOptions,
  derive,
  renderStepsHtml,
  renderStepsText,
  type StepsOptions,
  type StepsView,
  steps,
} from '../../src/api/index.ts';

const derived = (program: string, wrt: string, options: DeriveOptions = {}): Derivative => {
  const d = derive(program, wrt.split(','), { certify: false, ...options });
  if (!d.ok) throw new Error(d.error.message);
  return d.value;
};
const told = (program: string, wrt: string, options: StepsOptions = {}, more: DeriveOptions = {}): StepsView => {
  const view = steps(derived(program, wrt, more), options);
  if (!view.ok) throw new Error(view.error.message);
  return view.value;
};
const kinds = (view: StepsView): string[] => view.steps.map((s) => s.kind);
const marks = (view: StepsView): string[] => view.steps.map((s) => s.check.status);
const passed = (view: StepsView): boolean => marks(view).every((m) => m === 'passed');

test('least squares: write out, the square, the linear part, the names, the result', () => {
  const view = told('norm2(A*x - y)^2', 'x');
  expect(kinds(view)).toEqual(['write', 'link', 'link', 'names', 'result']);
  expect(passed(view)).toBe(true);
  const [write, square, linear, names, result] = view.steps;
  expect(write!.after.index?.unicode).toBe('z = Σᵢ (Σⱼ Aᵢⱼ xⱼ − yᵢ)²');
  expect(square!.rule).toBe('power rule');
  expect(square!.definitions[0]!.left.text).toBe('u');
  expect(square!.definitions[0]!.value.text).toBe('A*x - y');
  expect(square!.after).toMatchObject({ left: { text: '∂z/∂u' }, value: { text: '2*u' } });
  expect(linear!.rule).toBe('chain rule through u: constant factors');
  expect(linear!.link).toMatchObject({ left: { text: '∂u/∂x' }, value: { text: "A'" } });
  expect(linear!.product?.value.text).toBe("A'*(∂z/∂u)");
  expect(names!.after.value.text).toBe("2*A'*(A*x - y)");
  expect(result!.after.shape).toEqual(['n']);
});

test('every step carries shapes over its factors and an equation of entries', () => {
  const [, , linear] = told('norm2(A*x - y)^2', 'x').steps;
  const [A, u] = linear!.product!.factors.filter((p) => p.shape);
  expect([A!.unicode, A!.shape, u!.unicode, u!.shape]).toEqual(['Aᵀ', ['n', 'm'], '(∂z/∂u)', ['m']]);
  expect(linear!.product!.factorsLatex).toBe(
    '\\overbrace{A^{\\top}}^{(n \\times m)} \\overbrace{\\frac{\\partial z}{\\partial \\mathbf{u}}}^{(m \\times 1)}',
  );
  expect(linear!.link!.index?.unicode).toBe('∂uⱼ/∂xᵢ = Aⱼᵢ');
  expect(linear!.product!.index?.unicode).toBe('∂z/∂xᵢ = Σⱼ Aⱼᵢ (∂z/∂uⱼ)');
});

test('the product rule lists one summand for each place of the variable', () => {
  const [, rule] = told("x'*A*x", 'x').steps;
  expect(rule!.rule).toBe('product rule');
  expect(rule!.summands.map((s) => s.value.text).sort()).toEqual(["A'*x", 'A*x']);
  expect(rule!.after.value.text).toBe("(A + A')*x");
  // Equal summands are still two.
  const symmetric = told("A: n x n symmetric\nx'*A*x", 'x').steps[1]!;
  expect(symmetric.summands.map((s) => s.value.text)).toEqual(['A*x', 'A*x']);
  expect(symmetric.after.value.text).toBe('2*A*x');
});

test('several paths are told one by one and added', () => {
  const view = told('a = x.^2\nb = sin(x)\nL = sum(a.*b)', 'x');
  expect(kinds(view)).toContain('paths');
  const paths = view.steps.find((s) => s.kind === 'paths')!;
  expect(paths.summands).toHaveLength(2);
  expect(paths.why).toBe('x reaches L in 2 ways (through b, through a); each moves alone, and the effects add up.');
  expect(passed(view)).toBe(true);
});

test('a network: each link by its own name, the product in the order of the layout', () => {
  const program = "f: elementwise\nx: m\nZ1 = W1'*x + b1\nA1 = f(Z1)\nZ2 = W2'*A1\nL = sum((Z2 - y).^2)";
  const view = told(program, 'W1');
  const link = (name: string): string | undefined =>
    view.steps.find((s) => s.after.left.text === name)?.product?.value.text;
  expect(link('∂L/∂A1')).toBe('W2*(∂L/∂Z2)');
  expect(link('∂L/∂Z1')).toBe("f'(Z1).*(∂L/∂A1)");
  expect(link('∂L/∂W1')).toBe("x*(∂L/∂Z1)'");
  expect(passed(view)).toBe(true);
});

test('a declared structure is used in a step of its own', () => {
  const view = told("X: n x n symmetric\ntr(A'*inv(X))", 'X');
  const step = view.steps.find((s) => s.kind === 'structure')!;
  expect(step.why).toContain('X is symmetric');
  expect(step.after.value.text).toBe('-inv(X)*A*inv(X)');
});

test('a second derivative is told as two, and ends with the Hessian times a step', () => {
  const view = told('norm2(x)', 'x,x');
  expect([...new Set(view.steps.map((s) => s.level))]).toEqual([0, 1]);
  expect(view.title.unicode).toBe('∂²y/∂x∂x');
  expect(view.steps.at(-1)).toMatchObject({ kind: 'use', after: { left: { unicode: 'Δ(∂y/∂x)' } } });
  expect(passed(view)).toBe(true);
});

test('the weight derivative ends with A and the link rule, through the zeros and the copies', () => {
  const view = told("A: m\nW: m x n\nZ = W'*A", 'W');
  expect(kinds(view)).toEqual(['write', 'link', 'result', 'entries', 'blocks', 'zeros', 'repeats', 'use']);
  const [write, , , entries, blocks, zeros, repeats, use] = view.steps;
  expect(write!.after.index?.unicode).toBe('Zⱼ = Σᵢ Wᵢⱼ Aᵢ');
  expect(entries!.after.index?.unicode).toBe('∂Zⱼ/∂Wᵢₖ = Aᵢ if j = k, 0 if j ≠ k');
  expect(blocks!.picture!.diagonal.map((d) => d.unicode)).toEqual(['A', 'A', 'A']);
  expect(blocks!.picture!.zero.unicode).toBe('0⃗');
  expect(zeros!.why).toContain('off the diagonal is zero');
  expect(repeats!.after).toMatchObject({ value: { text: 'A' }, shape: ['m'] });
  expect(use!.after).toMatchObject({ left: { text: '∂L/∂W' }, value: { text: "A*(∂L/∂Z)'" } });
  expect(passed(view)).toBe(true);
});

test('the same closing steps come of the data, whatever the example', () => {
  const diagonal = told('f: elementwise\nz: 3\na = f(z)', 'z');
  expect(kinds(diagonal)).toEqual(['write', 'link', 'result', 'entries', 'blocks', 'zeros', 'use']);
  expect(diagonal.steps[4]!.picture!.diagonal.map((d) => d.unicode)).toEqual(['f′(z₁)', 'f′(z₂)', 'f′(z₃)']);
  expect(diagonal.steps.at(-1)!.after.value.text).toBe("f'(z).*(∂L/∂a)");
  const scaled = told('s: scalar\nX: 2 x 3\ns*X', 'X');
  expect(scaled.steps.at(-1)!.after.value.text).toBe('s*(∂L/∂y)');
  const kronecker = told('A*X*B', 'X');
  expect(kinds(kronecker)).toEqual(['write', 'link', 'result', 'cores', 'use']);
  expect(kronecker.steps.at(-1)!.after.value.text).toBe("A'*(∂L/∂y)*B'");
  for (const view of [diagonal, scaled, kronecker]) expect(passed(view)).toBe(true);
});

test('the page of the weight derivative is what the script makes', () => {
  expect(readFileSync(pagePath, 'utf8')).toBe(stepsPage());
});

test('three depths: the links alone, a proof, every rule that the engine applied', () => {
  const program = 'norm2(A*x - y)^2';
  expect(kinds(told(program, 'x', { depth: 'outline' }))).toEqual(['link', 'link', 'result']);
  const rewrites = told(program, 'x', { depth: 'rewrites' });
  expect(kinds(rewrites)).toEqual(['write', 'rewrite', 'rewrite', 'rewrite', 'rewrite', 'result']);
  expect(rewrites.steps.slice(1, 5).map((s) => s.rule)).toEqual([
    'sum of entries',
    'power rule',
    'terms that do not move',
    'constant factors',
  ]);
  expect(passed(rewrites)).toBe(true);
});

test('hints are questions, one before each step', () => {
  const view = told('norm2(A*x - y)^2', 'x', { hints: true });
  for (const step of view.steps) expect(step.hint).toMatch(/[?.]$/);
  const text = renderStepsText(view);
  expect(text.match(/^ {5}\? /gm)).toHaveLength(view.steps.length);
  expect(renderStepsText({ ...view, hints: false })).not.toContain('? ');
  expect(renderStepsHtml(view).match(/<details class="wrt-hint">/g)).toHaveLength(view.steps.length);
});

test('the layout of the derivative is that of its steps', () => {
  const link = (layout: 'denominator' | 'numerator' | 'jacobian'): string =>
    told('y = tanh(A*x)', 'x', {}, { layout }).steps.find((s) => s.product)!.product!.value.text;
  expect(link('denominator')).toBe("A'*(∂y/∂u)");
  expect(link('numerator')).toBe('(∂y/∂u)*A');
  expect(link('jacobian')).toBe('(∂y/∂u)*A');
});

test('names of the program are not taken for names of the derivation', () => {
  const view = told('u: n\nv: n\nsum(exp(A*u - v).^2)', 'u');
  const names = view.steps.flatMap((s) => s.definitions).map((d) => d.left.text);
  expect(names).not.toContain('u');
  expect(names).not.toContain('v');
  expect(passed(view)).toBe(true);
});

test('a variable that does not matter: one step says so', () => {
  const view = told('x: n\ny: m\nz = 0*x\nsum(y) + sum(z)', 'x');
  expect(view.result.value.text).toBe('zeros(n)');
  expect(view.checks.failed).toBe(0);
});

test('what is too large to evaluate is told and says that it was not checked', () => {
  const view = told('x: 1000000000\nsum(x.^2)', 'x');
  expect(new Set(marks(view))).toEqual(new Set(['not checked']));
  expect(view.steps[0]!.check.reason).toMatch(/1000000000 entries/);
  expect(renderStepsText(view)).toContain('not checked');
});

test('a view is plain data that survives JSON', () => {
  const view = told("A: m\nW: m x n\nZ = W'*A", 'W');
  expect(JSON.parse(JSON.stringify(view))).toEqual(view);
});
