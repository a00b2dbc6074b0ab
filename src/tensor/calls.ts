import { minusOne, negate, powerOf, rational } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import { splitContent } from './contract.ts';
import type { Node } from './node.ts';
import type { Kit } from './store.ts';

/** A structured function, normalised: the identities of the matrix functions that need no context. */
export function makeCall(
  k: Kit,
  fn: string,
  unknown: boolean,
  order: number,
  args: readonly Node[],
  shape: readonly Size[],
  axes: readonly number[],
): Node {
  if (!unknown) {
    const known = identities.get(fn)?.(k, args[0]!);
    if (known) return known;
  }
  const key = `c${unknown ? '?' : ''}${fn}'${order}[${axes.join(',')}]${shape.join(',')}|${args.map((a) => a.id).join(',')}`;
  return k.store.intern(key, (id) => ({ kind: 'call', id, shape, fn, unknown, order, args, axes }));
}

type Identity = (k: Kit, a: Node) => Node | undefined;

/** The transpose of the argument comes out when it was built before the argument itself. */
const earlierTranspose = (k: Kit, a: Node): Node | undefined => {
  const t = k.transposeOf(a);
  return t.id < a.id ? t : undefined;
};

const identities: ReadonlyMap<string, Identity> = new Map<string, Identity>([
  [
    'inv',
    (k, a) => {
      if (a.kind === 'delta') return a;
      if (a.kind === 'call' && a.fn === 'inv' && !a.unknown) return a.args[0];
      if (a.kind === 'variable' && a.properties.includes('orthogonal')) return k.transposeOf(a);
      const [c, rest] = scaled(k, a);
      if (rest !== a) return k.scale(powerOf(c, -1), k.call('inv', [rest], a.shape));
      const d = diagonalOf(k, a);
      if (d) return k.einsum('ij,i->ij', k.delta(a.shape[0]!), k.power(d, minusOne));
      const pulled = pullScalars(k, a);
      if (pulled) return k.times(k.power(pulled.scalar, minusOne), k.call('inv', [pulled.rest], a.shape));
      const t = earlierTranspose(k, a);
      return t && k.transpose(k.call('inv', [t], a.shape));
    },
  ],
  [
    'det',
    (k, a) => {
      if (a.kind === 'delta') return k.number(1);
      if (a.kind === 'call' && a.fn === 'inv' && !a.unknown) return k.power(k.call('det', a.args, []), minusOne);
      const [c, rest] = scaled(k, a);
      const n = a.shape[0]!;
      if (rest !== a && typeof n === 'number' && n <= 16) return k.scale(powerOf(c, n), k.call('det', [rest], []));
      const t = earlierTranspose(k, a);
      return t && k.call('det', [t], []);
    },
  ],
  [
    'logdet',
    (k, a) => {
      if (a.kind === 'delta') return k.number(0);
      if (a.kind === 'call' && a.fn === 'inv' && !a.unknown) return k.negate(k.call('logdet', a.args, []));
      const t = earlierTranspose(k, a);
      return t && k.call('logdet', [t], []);
    },
  ],
  [
    'pinv',
    (k, a) => {
      const [c, rest] = scaled(k, a);
      return rest !== a ? k.scale(powerOf(c, -1), k.call('pinv', [rest], [a.shape[1]!, a.shape[0]!])) : undefined;
    },
  ],
]);

/** c·rest of a matrix: the constant factor of a sum or of a multiple. */
function scaled(k: Kit, a: Node): readonly [ReturnType<typeof rational>, Node] {
  if (a.kind !== 'sum') return [rational(1), a];
  if (a.terms.length === 1) return [a.terms[0]!.coefficient, a.terms[0]!.node];
  const [c, rest] = splitContent(k, a);
  return c.n === -1 && c.d === 1 ? [rational(1), a] : c.n < 0 ? [negate(c), k.scale(minusOne, rest)] : [c, rest];
}

/** d when the matrix is diag(d). */
function diagonalOf(k: Kit, a: Node): Node | undefined {
  if (a.kind !== 'einsum' || a.shape.length !== 2) return undefined;
  if (!a.operands.some((o) => o.node.kind === 'delta' && o.labels.length === 2)) return undefined;
  return k.contract([{ node: a, labels: [0, 0] }], [0]);
}

/** s·A with scalar factors s. */
function pullScalars(k: Kit, a: Node): { scalar: Node; rest: Node } | undefined {
  if (a.kind !== 'einsum') return undefined;
  const scalars = a.operands.filter((o) => o.labels.length === 0);
  if (scalars.length === 0) return undefined;
  const rest = a.operands.filter((o) => o.labels.length > 0);
  return {
    scalar: k.contract(scalars, []),
    rest: k.contract(
      rest,
      a.shape.map((_, i) => i),
    ),
  };
}
