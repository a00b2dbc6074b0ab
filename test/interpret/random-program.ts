import { createRandom, type Random } from '../../src/base/random.ts';

const declarations =
  'A: m x n; B: m x n; C: n x k; S: n x n symmetric; x: n; y: n; u: m; s: scalar; t: scalar; f: elementwise';

/** Sizes of an expression; a vector is m×1 and a row 1×m, as the operators see them. */
type Shape = readonly [string, string];
const one = '1';

/** A random expression of the given shape, well typed by construction. */
function expression(random: Random, [rows, columns]: Shape, depth: number): string {
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;
  const sub = (shape: Shape): string => expression(random, shape, depth - 1);
  const size = (): string => pick(['m', 'n', 'k']);
  const shape: Shape = [rows, columns];
  const leaves: Record<string, readonly string[]> = {
    'm,n': ['A', 'B'],
    'n,k': ['C'],
    'n,n': ['S', 'eye(n)'],
    'n,1': ['x', 'y'],
    'm,1': ['u', 'ones(m)'],
    '1,1': ['s', 't', '2', '0.5'],
    '1,n': ["x'", "y'"],
    '1,m': ["u'"],
    'n,m': ["A'"],
    'k,n': ["C'"],
    'm,m': ["(A*A')", 'eye(m)'],
    'k,k': ["(C'*C)"],
    'm,k': ['(A*C)'],
    'k,m': ["(C'*A')"],
    'k,1': ["(C'*x)"],
    '1,k': ["(x'*C)"],
  };
  if (depth <= 0) return pick(leaves[`${rows},${columns}`]!);
  const forms: (() => string)[] = [
    () => pick(leaves[`${rows},${columns}`]!),
    () => `(${sub(shape)} ${pick(['+', '-', '.*'])} ${sub(shape)})`,
    () => `${pick(['sin', 'tanh', 'sigmoid', 'f', 'exp', 'relu'])}(${sub(shape)}/8)`,
    () => `(${sub(shape)} .* ${sub([one, one])})`,
    () => `((${sub(shape)})./(1 + (${sub(shape)}).^2))`,
    () => `(-${sub(shape)})`,
  ];
  if (rows !== one || columns !== one) forms.push(() => `(${sub([columns, rows])})'`);
  const inner = size();
  const scalarSides = (rows === one) !== (columns === one);
  if (!scalarSides || rows === one) forms.push(() => `(${sub([rows, inner])}*${sub([inner, columns])})`);
  else forms.push(() => `(${sub([rows, inner])}*${sub([inner, one])})`);
  if (rows !== one && columns !== one) {
    forms.push(
      () => `(${sub(shape)} + ${sub([rows, one])})`,
      () => `(${sub([one, columns])} .* ${sub(shape)})`,
      () => `max(${sub(shape)}, ${sub([rows, one])})`,
      () => `(${sub([rows, one])}*${sub([one, columns])})`,
      () => `softmax(${sub(shape)}/8)`,
    );
    if (rows === columns)
      forms.push(
        () => `diag(${sub([rows, one])})`,
        () => `inv(4*eye(${rows}) + tanh(${sub(shape)}/8)/8)`,
      );
  }
  if (rows === one && columns !== one) forms.push(() => `sum(${sub([size(), columns])}, 1)`);
  if (columns === one && rows !== one)
    forms.push(
      () => `sum(${sub([rows, size()])}, 2)`,
      () => `(${sub([rows, size()])})[:,2]`,
      () => `diag(${sub([rows, rows])})`,
    );
  if (rows === one && columns === one)
    forms.push(
      () => `sum(${sub([size(), size()])})`,
      () => `tr(${sub([inner, inner])})`,
      () => `norm2(${sub([inner, one])} + 3)`,
      () => `(${sub([inner, one])})[1]`,
      () => `logsumexp(${sub([inner, one])}/8)`,
    );
  return pick(forms)();
}

/** A random well-typed program: an assignment and an output that uses it twice, so that it is shared. */
export function randomProgram(seed: number): string {
  const random = createRandom('program', seed);
  const sizes = ['m', 'n', 'k', one];
  const shape: Shape = [sizes[random.integer(4)]!, sizes[random.integer(4)]!];
  const body = expression(random, shape, 4);
  return `${declarations}\nh = ${body}\nh ${shape[0] === one && shape[1] === one ? '*' : '.*'} h + ${expression(random, shape, 2)}`;
}
