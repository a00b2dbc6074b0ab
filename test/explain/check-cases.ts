import { type CheckOptions, type Diagnosis, parse } from '../../src/api/index.ts';
import { type CorpusCase, readCorpus } from '../derive/corpus.ts';
import { must } from '../derive/numeric.ts';
import { type Mutant, mutantsOf, rewritings } from './mutants.ts';

/** Answers that somebody could give, right and wrong ones, with what is to be said of the wrong ones. */
export const families = [...readCorpus()];
export const cases = families.flatMap(([, list]) => list);
export const optionsOf = (c: CorpusCase): CheckOptions => (c.output === undefined ? {} : { output: c.output });

/** The first few of a list, spread over all of it. */
export const some = <T>(list: readonly T[], most: number): readonly T[] => {
  const step = Math.max(1, list.length / most);
  return list.length <= most ? list : Array.from({ length: most }, (_, k) => list[Math.floor(k * step)]!);
};

/** A few of each rule. */
function byRule<T extends { readonly rule: string }>(
  list: readonly T[],
  most: number,
): readonly [string, readonly T[]][] {
  const rules = [...new Set(list.map((made) => made.rule))];
  return rules.map((rule) => [
    rule,
    some(
      list.filter((made) => made.rule === rule),
      most,
    ),
  ]);
}

const single = cases.filter((c) => c.byHand !== undefined && !c.byHand.includes('\n'));

/** Right answers: the forms by hand, said otherwise. */
export const inOtherWords = byRule(
  single.flatMap((c) => [...rewritings(c.byHand!)].map((r) => ({ ...r, c }))),
  8,
);

/** Right answers that name their parts, or the derivative itself. */
export const withOwnNames: { readonly program: string; readonly wrt: string; readonly answers: readonly string[] } = {
  program: 'R = A*x - y; L = sum(R.^2)',
  wrt: 'x',
  answers: [
    "2*A'*R",
    "R = 2*(A*x - y); A'*R",
    "G = A'*R; 2*G",
    "2*A'*r where r = A*x - y",
    '2 A^{\\top} \\mathbf{r} \\quad\\text{where}\\quad \\mathbf{r} = A \\mathbf{x} - \\mathbf{y}',
    '\\frac{\\partial L}{\\partial \\mathbf{x}} = 2 A^\\top (A \\mathbf{x} - \\mathbf{y})',
    "∂L/∂x = 2*A'*R",
    '∇L = 2·Aᵀ·(A·x − y)',
    '2*A^T*R',
    "2A'(Ax - y)",
  ],
};

function slipsIn(c: CorpusCase): readonly (Mutant & { readonly c: CorpusCase })[] {
  // One expression: with named intermediates a summand may also be told as a link.
  if (c.byHand === undefined || c.byHand.includes('\n') || c.program.includes(' = ')) return [];
  const { analysis } = must(parse(c.program, optionsOf(c)));
  const matrices = [...analysis.names.values()].filter((i) => i.type.axes.length === 2 && i.properties.length === 0);
  return [...mutantsOf(c.byHand, new Set(matrices.map((i) => i.name)))].map((m) => ({ ...m, c }));
}

/** Wrong answers by what was done to the form by hand. A change may leave a right answer all the same. */
export const slips = byRule(
  families
    .filter(([name]) => ['cookbook', 'mcorg', 'mit18s096', 'parr', 'sympy', 'jax'].includes(name))
    .flatMap(([, list]) => list.flatMap(slipsIn)),
  14,
);

/** Gradients of scalars, and what can be added to any of them. */
export const gradients = some(
  single.filter((c) => c.wrt.length === 1),
  150,
).filter((c) => must(parse(c.program, optionsOf(c))).analysis.output.type.axes.length === 0);
export const additions: readonly [string, (answer: string, x: string) => string, Diagnosis['kind']][] = [
  ['a name that is none', (a) => `${a} + nobody`, 'unknown names'],
  ['a function that is none', (a) => `nothing(${a})`, 'unknown functions'],
  ['no value anywhere', (a, x) => `${a} + log(-1 - sum(${x}.^2))`, 'not finite'],
  ['a summand too many', (a, x) => `${a} + ${x}`, 'term extra'],
];

export const leastSquares = 'norm2(A*x - y)^2';

/** Wrong answers, one of a kind, each with its diagnosis. */
export const oneOfAKind: readonly [program: string, wrt: string, answer: string, flaw: object][] = [
  [leastSquares, 'x', '2*A*(A*x - y)', { kind: 'transposed factor', part: { text: 'A' }, instead: "A'" }],
  [leastSquares, 'x', '2*(A*x - y)', { kind: 'chain factor', factor: { text: "A'" } }],
  [leastSquares, 'x', "2*A'*A*x", { kind: 'term missing', term: { text: '-y' } }],
  [leastSquares, 'x', "2*A'*(A*x + y)", { kind: 'sign of a term', part: { text: 'y' } }],
  [
    'mean(x)',
    'x',
    'ones(n,1)',
    { kind: 'constant factor', ratio: { text: 'n' }, cure: { text: '1/n' }, missing: false },
  ],
  ['sum(x.^2)', 'x', '2/n*x', { kind: 'constant factor', ratio: { text: '1/n' }, cure: { text: 'n' }, missing: true }],
  ['norm2(x)', 'x', 'x', { kind: 'constant factor', cure: { text: '1/norm2(x)' } }],
  ["x'*A*x", 'x', 'A*x', { kind: 'term missing', term: { text: "A'*x" } }],
  ["x'*A*x", 'x', '2*A*x', { kind: 'assumption', condition: 'A is symmetric' }],
  ['sqrt(s^2)', 's', '1', { kind: 'assumption', condition: 's is positive' }],
  [
    'y: 3; z: 3; -sum(y.*log(softmax(z)))',
    'z',
    'softmax(z) - y',
    { kind: 'assumption', condition: "y's entries add up to 1" },
  ],
  ['f: elementwise; sum(f(W*x))', 'W', "f(W*x)*x'", { kind: 'function', instead: "f'(W*x)" }],
  ['f: elementwise; sum(f(W*x))', 'W', "ones(m,1)*x'", { kind: 'chain factor', factor: { text: "f'(W*x)" } }],
  [
    'f: elementwise; Z = W*x; L = sum(f(Z))',
    'W',
    "f'(Z)",
    { kind: 'chain factor', is: { text: '∂L/∂Z' }, onward: { text: "G*x'" } },
  ],
  ['sum(y.*exp(A*x))', 'x', "A'*exp(A*x)", { kind: 'factor missing', factor: { text: 'y' } }],
  ['s^5', 's', '5*s^5', { kind: 'constant factor', ratio: { text: 's' }, cure: { text: '1/s' } }],
  ['sum((A*x).^3)', 'x', "3*A'*(A*x).^3", { kind: 'exponent', instead: '(A*x).^2' }],
  ['A: n x n; B: n x n; X: n x n; tr(A*B*X)', 'X', "A'*B'", { kind: 'order of factors', instead: "B'*A'" }],
  ['softmax(x)', 'x', 'softmax(x).*(1 - softmax(x))', { kind: 'diagonal' }],
  ['sigmoid(x)', 'x', 'sigmoid(x).*(1 - sigmoid(x))', { kind: 'condensed' }],
  ['A*x', 'x', "A'*ones(m,1)", { kind: 'summed' }],
  ['logsumexp(x)', 'x,x', 'softmax(x)', { kind: 'another derivative', is: { text: '∂y/∂x' } }],
  ["a'*X*b", 'a', "X'*a", { kind: 'another derivative', is: { text: '∂y/∂b' } }],
  [leastSquares, 'x', 'y', { kind: 'shape', is: ['m'], expected: ['n'] }],
  [leastSquares, 'x', "2*A'*(Q*x - y)", { kind: 'unknown names', names: [{ name: 'Q' }] }],
  ['mean(x)', 'x', 'ones(k,1)/k', { kind: 'unknown names', names: [{ name: 'k' }] }],
  [leastSquares, 'x', 'tanh(x)', { kind: 'none' }],
  [leastSquares, 'x', "A'*(x - y)", { kind: 'does not fit', problems: [{ code: 'shape/mismatch' }] }],
];
