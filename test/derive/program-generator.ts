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
type Shape =
  | readonly ['s']
  | readonly ['v', Dim]
  | readonly ['r', Dim]
  | readonly ['M', Dim, Dim]
  | readonly ['T', Dim, Dim, Dim];

export interface RandomProgram {
  readonly source: string;
  /** What may be differentiated by. */
  readonly variables: readonly string[];
  /** Those of the variables that the program assigns. */
  readonly assigned: readonly string[];
}

const declared: readonly (readonly [string, Shape, string?])[] = [
  ['s', ['s']],
  ['r', ['s']],
  ['x', ['v', 'n']],
  ['y', ['v', 'n']],
  ['u', ['v', 'm']],
  ['z', ['v', 'k']],
  ['p', ['v', 'n'], 'nonnegative'],
  ['A', ['M', 'm', 'n']],
  ['B', ['M', 'n', 'k']],
  ['C', ['M', 'n', 'n']],
  ['E', ['M', 'm', 'n']],
  ['S', ['M', 'n', 'n'], 'symmetric'],
  ['D', ['M', 'm', 'm'], 'diagonal'],
  ['P', ['M', 'k', 'k'], 'positive definite'],
  ['Q', ['M', 'n', 'n'], 'orthogonal'],
  ['T', ['T', 'm', 'n', 'k']],
  ['U', ['T', 'n', 'n', 'm']],
];

/** Letters of an einsum that stand for axes of a size. */
const lettersOf: Readonly<Record<Dim, readonly string[]>> = { m: ['a', 'b'], n: ['i', 'j', 'q'], k: ['k', 'l'] };

/** Names that where-clauses, directions and index notation would like to have. */
const contested = [
  't',
  't1',
  't2',
  'M',
  'c',
  'e',
  'G',
  'dx',
  'dX',
  'K',
  'I',
  'i',
  'j',
  'N',
  'h',
  'd',
  'X1',
  'delta',
  'eps',
];

const smooth = ['sin', 'tanh', 'sigmoid', 'f', 'cos', 'softplus', 'atan', 'square', 'erf', 'gelu', 'silu', 'step'];
const kinked = ['relu', 'abs', 'sign', 'leakyrelu'];

export const sizesOfProgram: ReadonlyMap<string, number> = new Map([
  ['m', 2],
  ['n', 3],
  ['k', 5],
]);

const same = (a: Shape, b: Shape): boolean => a.join() === b.join();
const axesOf = (shape: Shape): readonly Dim[] => shape.slice(1) as Dim[];

export function randomProgram(c: Choices): RandomProgram {
  // A name stands as `{A}` until the program is complete: then it may take a contested spelling.
  const scope: [string, Shape][] = declared.map(([name, shape]) => [`{${name}}`, shape]);
  const literal = c.next(2) === 1;
  const dim = (d: Dim): string => (literal ? String(sizesOfProgram.get(d)) : d);
  const pick = <T>(items: readonly T[]): T => items[c.next(items.length)]!;
  const anyDim = (): Dim => pick(['n', 'm', 'k'] as const);
  const at = (d: Dim): string => String(1 + c.next(sizesOfProgram.get(d)!));
  const named = (shape: Shape): string[] => scope.filter(([, s]) => same(s, shape)).map(([name]) => name);

  const leaf = (shape: Shape): string => {
    const found = named(shape);
    switch (shape[0]) {
      case 's':
        return pick([...found, '2', '0.5', '3']);
      case 'v':
        return pick([...found, ...found, `ones(${dim(shape[1])})`]);
      case 'r':
        return `${pick(named(['v', shape[1]]))}'`;
      case 'M': {
        const [, a, b] = shape;
        const flipped = named(['M', b, a]).map((name) => `${name}'`);
        const all = [...found, ...flipped, ...(a === b ? [`eye(${dim(a)})`] : [])];
        if (all.length === 0) return `(${leaf(['v', a])}*${leaf(['r', b])})`;
        return pick([...all, ...all, `ones(${dim(a)}, ${dim(b)})`]);
      }
      case 'T': {
        const [, a, b, d] = shape;
        return found.length > 0
          ? pick(found)
          : `einsum("a,b,c->abc", ${leaf(['v', a])}, ${leaf(['v', b])}, ${leaf(['v', d])})`;
      }
    }
  };

  /** A random einsum: letters for the result first, then operands that hold each of them, and perhaps others. */
  const einsum = (shape: Shape, sub: (s: Shape) => string): string => {
    const used = new Map<Dim, number>();
    const out = axesOf(shape).map((d) => {
      const k = used.get(d) ?? 0;
      used.set(d, k + 1);
      return lettersOf[d][k % lettersOf[d].length]!;
    });
    // A letter that stands twice in the result would be a diagonal; leave that to other forms.
    if (new Set(out).size < out.length) return sub(shape);
    const sizeOf = (letter: string): Dim => (['m', 'n', 'k'] as const).find((d) => lettersOf[d].includes(letter))!;
    const all = Object.values(lettersOf).flat();
    const specs: string[][] = [];
    const missing = [...out];
    const count = 1 + c.next(3);
    while (specs.length < count || missing.length > 0) {
      const axes = 1 + c.next(3);
      specs.push(
        Array.from({ length: axes }, () => (missing.length > 0 && c.next(3) < 2 ? missing.shift()! : pick(all))),
      );
      if (specs.length > 5) specs.push(missing.splice(0, 3));
    }
    const operands = specs
      .filter((spec) => spec.length > 0)
      .map((spec) => {
        const dims = spec.map(sizeOf);
        const kind = (['v', 'M', 'T'] as const)[dims.length - 1]!;
        return { spec: spec.join(''), text: sub([kind, ...dims] as unknown as Shape) };
      });
    return `einsum("${operands.map((o) => o.spec).join()}->${out.join('')}", ${operands.map((o) => o.text).join(', ')})`;
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
        () => (d === 'k' ? '{P}' : `(3*eye(${dim(d)}) + ${leaf(['M', d, d])}/9)`),
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
      () => `(2 + ${sub()}.^2).^${pick(['0.5', '-1', '-0.5', '{s}'])}`,
      () => `(${pick(['2', '(1 + {s}^2)'])}).^tanh(${sub()})`,
      () => `(1 + ${sub()}.^2).^sin(${sub()})`,
    ];
    switch (shape[0]) {
      case 's': {
        const [d, e] = [anyDim(), anyDim()];
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
          () => `${pick(['mean', 'var', 'max', 'min', 'prod', 'logsumexp', 'norm1'])}(${M(d, e)})`,
          () => `det(${regular(d)})`,
          () => `logdet(4*eye(${dim(d)}) + tanh(${M(d, d)}))`,
          () => `(${V(d)})[${at(d)}]`,
          () => `(${M(d, e)})[${at(d)},${at(e)}]`,
          () => `dot(${V(d)}, ${V(d)})`,
          () => `dot(${M(d, e)}, ${M(d, e)})`,
          () => `norm(${V(d)}, ${pick(['3', '2', '1', '4'])})`,
          () => einsum(shape, sub),
          () => `sum(vec(${M(d, e)}).^2)`,
          () => `tr(kron(${M(d, d)}, ${M(e, e)}))`,
          () => `loss(${V('n')})`,
          () => `(${S()}/${S()})`,
          () => `exp(${S()})`,
          () => `abs(${S()})^${S()}`,
          () => `sum(kron(${V(d)}, ${V(e)}).^3)`,
          () => `sum(${sub(['T', anyDim(), d, e])})`,
          () => `(${sub(['T', 'm', d, e])})[${at('m')},${at(d)},${at(e)}]`,
          () => `(vec(${M(d, e)})'*kron(${V(e)}, ${V(d)}))`,
          () => `sum(chol({P} + eye(${dim('k')})))`,
        );
        break;
      }
      case 'v': {
        const [, a] = shape;
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
          () => `${pick(['logsumexp', 'mean', 'sum'])}(${M(a, d)}, 2)`,
          () => `max(${V(a)}, ${S()})`,
          () => einsum(shape, sub),
          () => `(diag(${V(a)})*${V(a)})`,
          () => `(${R(d)}*${M(d, a)})'`,
          () => `(diag(${M(a, a)}).*${V(a)})`,
          () => `kron(${V(a)}, ${S()})`,
          () => (a === 'n' && literal ? `cross(${V(a)}, ${V(a)})` : leaf(shape)),
          () => (a === 'm' ? `g(${V('n')})` : leaf(shape)),
          () => `vec(${R(a)})`,
        );
        break;
      }
      case 'r': {
        const [, a] = shape;
        const d = anyDim();
        any.push(
          () => `${leaf(['v', a])}'`,
          () => `(${V(a)})'`,
          () => `sum(${M(d, a)}, 1)`,
          () => `(${M(d, a)})[${at(d)},:]`,
          () => `(${R(d)}*${M(d, a)})`,
          () => `${pick(['logsumexp', 'mean', 'sum'])}(${M(d, a)}, 1)`,
          () => `(${R(a)}/${regular(a)})`,
          () => `diag(${M(a, a)})'`,
        );
        break;
      }
      case 'M': {
        const [, a, b] = shape;
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
          () => `logsoftmax(${sub()}${pick(['', ', 2'])})`,
          () => `max(${sub()}, ${V(a)})`,
          () => `(diag(${V(a)})*${sub()}*diag(${V(b)}))`,
          () => `cumsum(${sub()}${pick(['', ', 2', ', 1'])})`,
          () => einsum(shape, sub),
          () => `(${regular(a)}\\ ${sub()})`,
          () => `(${sub()}/${regular(b)})`,
          () => `permute(${M(b, a)}, 2, 1)`,
          () => `reshape(${M(b, a)}, ${dim(a)}, ${dim(b)})`,
          () => `(${sub()}./(2 + ${R(b)}.^2))`,
          () => `(${sub(['T', a, b, 'm'])})[:,:,${at('m')}]`,
          () => `kron(${V(a)}, ${R(b)})`,
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
        break;
      }
      case 'T': {
        const [, a, b, d] = shape;
        any.push(
          () => einsum(shape, sub),
          () => `permute(${sub(['T', b, a, d])}, 2, 1, 3)`,
          () => `permute(${sub(['T', d, a, b])}, 2, 3, 1)`,
        );
      }
    }
    return pick(any)();
  };

  const anyShape = (): Shape =>
    pick<() => Shape>([
      () => ['s'],
      () => ['v', anyDim()],
      () => ['M', anyDim(), anyDim()],
      () => ['s'],
      () => ['r', anyDim()],
      () => ['s'],
      () => ['v', anyDim()],
      () => ['T', anyDim(), anyDim(), anyDim()],
    ])();
  const statements: string[] = [];
  const intermediates = c.next(3);
  for (let i = 0; i < intermediates; i++) {
    const shape = anyShape();
    const name = `{h${i + 1}}`;
    statements.push(`${name} = ${build(shape, 1 + c.next(3))}`);
    scope.push([name, shape], [name, shape], [name, shape]);
  }
  statements.push(build(anyShape(), 1 + c.next(3)));
  return complete(c, statements, dim, intermediates);
}

/** Declares what the statements use, and gives some of it names that our own output would like to have. */
function complete(
  c: Choices,
  statements: readonly string[],
  dim: (d: Dim) => string,
  intermediates: number,
): RandomProgram {
  const body = statements.join('\n');
  const used = declared.filter(([name]) => body.includes(`{${name}}`));
  const lines = used.map(([name, shape, property]) => {
    const axes = axesOf(shape).map(dim).join(' x ') || 'scalar';
    return `{${name}}: ${axes}${property ? ` ${property}` : ''}`;
  });
  if (/\bf\(/.test(body)) lines.push('f: elementwise');
  if (/\bloss\(/.test(body)) lines.push(`loss: R^${dim('n')} -> R`);
  if (/\bg\(/.test(body)) lines.push(`g: R^${dim('n')} -> R^${dim('m')}`);
  const assigned = Array.from({ length: intermediates }, (_, k) => `h${k + 1}`);
  const spelled = new Map<string, string>();
  const free = [...contested];
  const rename = c.next(4) === 3;
  for (const name of [...used.map(([n]) => n), ...assigned])
    spelled.set(name, rename && c.next(2) === 1 ? free.splice(c.next(free.length), 1)[0]! : name);
  const spell = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name) => spelled.get(name)!);
  const readLater = (name: string, k: number): boolean =>
    statements.slice(k + 1).some((line) => line.includes(`{${name}}`));
  const intermediate = assigned.filter(readLater);
  return {
    source: spell([...lines, body].join('\n')),
    variables: [...used.map(([n]) => n), ...intermediate].map((n) => spelled.get(n)!),
    assigned: intermediate.map((n) => spelled.get(n)!),
  };
}
