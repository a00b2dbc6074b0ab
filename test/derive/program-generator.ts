/**
 * Random well-typed programs. Every decision is one number of a list, and zero always takes the simplest way out, so
 * that fast-check shrinks a program by shrinking its list.
 */
export interface Choices {
  /** A number in [0, below). */
  next(below: number): number;
}

export function choicesFrom(list: readonly number[]): Choices {
  let at = 0;
  return { next: (below) => (list[at++] ?? 0) % below };
}

type Dim = 'm' | 'n' | 'k';
/** `v` is a column, `r` a row. */
type Shape = readonly ['s'] | readonly ['v', Dim] | readonly ['r', Dim] | readonly ['M', Dim, Dim];

export interface RandomProgram {
  readonly source: string;
  /** What may be differentiated by. */
  readonly variables: readonly string[];
  /** Those of the variables that the program assigns. */
  readonly assigned: readonly string[];
}

const declared: readonly (readonly [string, Shape, string?])[] = [
  ['s', ['s']],
  ['t', ['s']],
  ['x', ['v', 'n']],
  ['y', ['v', 'n']],
  ['u', ['v', 'm']],
  ['z', ['v', 'k']],
  ['A', ['M', 'm', 'n']],
  ['B', ['M', 'n', 'k']],
  ['C', ['M', 'n', 'n']],
  ['E', ['M', 'm', 'n']],
  ['S', ['M', 'n', 'n'], 'symmetric'],
  ['D', ['M', 'm', 'm'], 'diagonal'],
  ['P', ['M', 'k', 'k'], 'positive definite'],
  ['Q', ['M', 'n', 'n'], 'orthogonal'],
];

const smooth = ['sin', 'tanh', 'sigmoid', 'f', 'cos', 'softplus', 'atan', 'square', 'erf', 'gelu', 'silu', 'step'];
const kinked = ['relu', 'abs', 'sign', 'leakyrelu'];

export const sizesOfProgram: ReadonlyMap<string, number> = new Map([
  ['m', 2],
  ['n', 3],
  ['k', 5],
]);

export function randomProgram(c: Choices): RandomProgram {
  const scope: [string, Shape][] = declared.map(([name, shape]) => [name, shape]);
  const literal = c.next(2) === 1;
  const dim = (d: Dim): string => (literal ? String(sizesOfProgram.get(d)) : d);
  const shapeText = (shape: Shape): string =>
    shape[0] === 's'
      ? 'scalar'
      : shape
          .slice(1)
          .map((d) => dim(d as Dim))
          .join(' x ');
  const pick = <T>(items: readonly T[]): T => items[c.next(items.length)]!;
  const anyDim = (): Dim => pick(['n', 'm', 'k'] as const);
  const same = (a: Shape, b: Shape): boolean => a.join() === b.join();
  const at = (d: Dim): string => String(1 + c.next(sizesOfProgram.get(d)!));

  const leaf = (shape: Shape): string => {
    const found = scope.filter(([, s]) => same(s, shape)).map(([name]) => name);
    const [kind, a, b] = shape;
    if (kind === 's') return pick([...found, '2', '0.5', '3']);
    if (kind === 'v') return pick([...found, ...found, `ones(${dim(a)})`]);
    if (kind === 'r') return `${pick(scope.filter(([, s]) => same(s, ['v', a])).map(([name]) => name))}'`;
    const flipped = scope.filter(([, s]) => same(s, ['M', b, a])).map(([name]) => `${name}'`);
    const all = [...found, ...flipped, ...(a === b ? [`eye(${dim(a)})`] : [])];
    return all.length > 0
      ? pick([...all, ...all, `ones(${dim(a)}, ${dim(b)})`])
      : `(${leaf(['v', a])}*${leaf(['r', b])})`;
  };

  const build = (shape: Shape, depth: number): string => {
    if (depth <= 0) return leaf(shape);
    const sub = (s: Shape = shape): string => build(s, depth - 1 - c.next(2));
    const S = (): string => sub(['s']);
    const V = (d: Dim): string => sub(['v', d]);
    const R = (d: Dim): string => sub(['r', d]);
    const M = (a: Dim, b: Dim): string => sub(['M', a, b]);
    const regular = (d: Dim): string =>
      pick([
        () => `(4*eye(${dim(d)}) + tanh(${M(d, d)}))`,
        () => (d === 'k' ? 'P' : `(3*eye(${dim(d)}) + ${leaf(['M', d, d])}/9)`),
        () => leaf(['M', d, d]),
      ])();
    const any: (() => string)[] = [
      () => leaf(shape),
      () => `(${sub()} + ${sub()})`,
      () => `(${sub()} - ${sub()})`,
      () => `(${sub()}.*${sub()})`,
      () => `(-${sub()})`,
      () => `${pick(smooth)}(${sub()})`,
      () => `(${S()}*${sub()})`,
      () => `(${sub()} + ${S()})`,
      () => `(${sub()}/(1 + ${S()}^2))`,
      () => `(${sub()}./(2 + ${sub()}.^2))`,
      () => `(${sub()}).^${pick(['2', '3', '1'])}`,
      () => `exp(-${sub()}.^2)`,
      () => `log(1 + ${sub()}.^2)`,
      () => `sqrt(2 + ${sub()}.^2)`,
      () => `${pick(kinked)}(${sub()})`,
      () => `${pick(['max', 'min'])}(${sub()}, ${sub()})`,
      () => `(${sub()} .* ${S()})`,
      () => `(2 + ${sub()}.^2).^${pick(['0.5', '-1', '-0.5', 's'])}`,
    ];
    const [kind, a, b] = shape;
    if (kind === 's') {
      const d = anyDim();
      const e = anyDim();
      any.push(
        () => `(${R(d)}*${V(d)})`,
        () => `sum(${V(d)})`,
        () => `sum(${M(d, e)})`,
        () => `tr(${M(d, d)})`,
        () => `(${R(d)}*${M(d, e)}*${V(e)})`,
        () => `norm2(${V(d)})^2`,
        () => `norm2(${V(d)})`,
        () => `norm1(${V(d)})`,
        () => `normF(${M(d, e)})`,
        () => `logsumexp(${V(d)})`,
        () => `tr(${M(d, e)}*${M(e, d)})`,
        () => `${pick(['mean', 'var', 'prod', 'max', 'min'])}(${V(d)})`,
        () => `${pick(['mean', 'var', 'max', 'min'])}(${M(d, e)})`,
        () => `det(${regular(d)})`,
        () => `logdet(4*eye(${dim(d)}) + tanh(${M(d, d)}))`,
        () => `(${V(d)})[${at(d)}]`,
        () => `(${M(d, e)})[${at(d)},${at(e)}]`,
        () => `dot(${V(d)}, ${V(d)})`,
        () => `norm(${V(d)}, ${pick(['3', '2', '1', '4'])})`,
        () => `einsum("i,ij,j->", ${V(d)}, ${M(d, e)}, ${V(e)})`,
        () => `einsum("ij,ij,i->", ${M(d, e)}, ${M(d, e)}, ${V(d)})`,
        () => `sum(vec(${M(d, e)}).^2)`,
        () => `tr(kron(${M(d, d)}, ${M(e, e)}))`,
        () => `loss(${V('n')})`,
        () => `(${S()}/${S()})`,
        () => `exp(${S()})`,
        () => `abs(${S()})^${S()}`,
      );
    }
    if (kind === 'v') {
      const d = anyDim();
      any.push(
        () => `(${M(a, d)}*${V(d)})`,
        () => `((${M(d, a)})'*${V(d)})`,
        () => `(${R(a)})'`,
        () => `sum(${M(a, d)}, 2)`,
        () => `softmax(${V(a)})`,
        () => `diag(${M(a, a)})`,
        () => `(${M(a, d)})[:,${at(d)}]`,
        () => `(${regular(a)}\\ ${V(a)})`,
        () => `(inv(${regular(a)})*${V(a)})`,
        () => `logsoftmax(${V(a)})`,
        () => `cumsum(${V(a)})`,
        () => `logsumexp(${M(a, d)}, 2)`,
        () => `max(${V(a)}, ${S()})`,
        () => `einsum("ij,jk,k->i", ${M(a, d)}, ${M(d, a)}, ${V(a)})`,
        () => `einsum("ij,ij->i", ${M(a, d)}, ${M(a, d)})`,
        () => `(diag(${V(a)})*${V(a)})`,
        () => `(${R(d)}*${M(d, a)})'`,
      );
    }
    if (kind === 'r') {
      const d = anyDim();
      any.push(
        () => `${leaf(['v', a])}'`,
        () => `(${V(a)})'`,
        () => `sum(${M(d, a)}, 1)`,
        () => `(${M(d, a)})[${at(d)},:]`,
        () => `(${R(d)}*${M(d, a)})`,
        () => `logsumexp(${M(d, a)}, 1)`,
      );
    }
    if (kind === 'M') {
      const d = anyDim();
      any.push(
        () => `(${M(b, a)})'`,
        () => `(${M(a, d)}*${M(d, b)})`,
        () => `(${V(a)}*${R(b)})`,
        () => `outer(${V(a)}, ${V(b)})`,
        () => `(${sub()} + ${V(a)})`,
        () => `(${sub()}.*${R(b)})`,
        () => `(${V(a)} - ${R(b)})`,
        () => `(${V(a)}.*${sub()})`,
        () => `softmax(${sub()})`,
        () => `softmax(${sub()}, 2)`,
        () => `logsoftmax(${sub()})`,
        () => `max(${sub()}, ${V(a)})`,
        () => `(diag(${V(a)})*${sub()}*diag(${V(b)}))`,
        () => `cumsum(${sub()})`,
        () => `einsum("ia,aj->ij", ${M(a, d)}, ${M(d, b)})`,
        () => `einsum("ia,i,ja->ij", ${M(a, d)}, ${V(a)}, ${M(b, d)})`,
        () => `(${regular(a)}\\ ${sub()})`,
        () => `(${sub()}/${regular(b)})`,
        () => `permute(${M(b, a)}, 2, 1)`,
        () => `reshape(${M(b, a)}, ${dim(a)}, ${dim(b)})`,
        () => `(${sub()}./${R(b)}.^2)`,
      );
      if (a === b)
        any.push(
          () => `diag(${V(a)})`,
          () => `inv(${regular(a)})`,
          () => `(${M(a, a)})^${pick(['2', '3'])}`,
          () => `adj(${regular(a)})`,
          () => `(${regular(a)})^-1`,
          () => `(${sub()} + (${sub()})')`,
          () => `eye(${dim(a)})`,
        );
    }
    return pick(any)();
  };

  const statements: string[] = [];
  const assigned: string[] = [];
  const anyShape = (): Shape =>
    pick<() => Shape>([
      () => ['s'],
      () => ['v', anyDim()],
      () => ['M', anyDim(), anyDim()],
      () => ['s'],
      () => ['r', anyDim()],
    ])();
  const intermediates = c.next(3);
  for (let i = 0; i < intermediates; i++) {
    const shape = anyShape();
    const name = `h${i + 1}`;
    statements.push(`${name} = ${build(shape, 1 + c.next(3))}`);
    scope.push([name, shape], [name, shape]);
    assigned.push(name);
  }
  statements.push(build(anyShape(), 1 + c.next(3)));
  const body = statements.join('\n');
  const uses = (name: string): boolean => new RegExp(`(?<![\\w"])${name}(?![\\w"(])`).test(body);
  const lines = declared.map(
    ([name, shape, property]) => `${name}: ${shapeText(shape)}${property ? ` ${property}` : ''}`,
  );
  const functions = ['f: elementwise', `loss: R^${dim('n')} -> R`];
  const usedLines = [
    ...lines.filter((_, i) => uses(declared[i]![0])),
    ...functions.filter((l) => body.includes(`${l.split(':')[0]}(`)),
  ];
  const variables = [
    ...declared.map(([name]) => name).filter(uses),
    ...assigned.filter((name) => new RegExp(`${name}(?! =)\\b`).test(body)),
  ];
  return { source: [...usedLines, body].join('\n'), variables, assigned };
}
