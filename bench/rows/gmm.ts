import { createRandom } from '../../src/base/random.ts';
import { type Named, scalar, tensor } from '../tensor.ts';
import type { Around, PeerCase, Row, Sizes } from './row.ts';

/**
 * The Gaussian mixture of ADBench (Šrajer, Kukelova and Fitzgibbon, 2018): the log-likelihood of n points of d
 * dimensions under k components with weights `alphas`, `means`, and inverse covariance factors packed in `icf`, whose
 * rows hold the logarithms of a diagonal and then the columns below it; with a Wishart prior of parameters g and m. The
 * program has the packed diagonal as Q and the strict lower triangles as L, which the caller packs and unpacks.
 */
const program = [
  'alphas: k; means: k x d; Q: k x d; L: k x d x d; X: n x d; c: scalar; g: scalar; m: scalar',
  'W = L + einsum("ki,ij->kij", exp(Q), eye(d))',
  'R = einsum("nj,kij->nki", X, W) - einsum("kij,kj,n->nki", W, means, ones(n))',
  'inner = ones(n)*(alphas + sum(Q, 2))\' - 0.5*einsum("nki,nki->nk", R, R)',
  'c + sum(logsumexp(inner, 2)) - n*logsumexp(alphas) + 0.5*g^2*sum(W.^2) - m*sum(Q)',
].join('\n');

/** log Γ(x) for x = 1/2, 1, 3/2, …: all that the prior's constant asks for. */
export function logGamma(x: number): number {
  let sum = Number.isInteger(x) ? 0 : 0.5 * Math.log(Math.PI);
  for (let t = x - 1; t > 0; t--) sum += Math.log(t);
  return sum;
}

/** The part of the objective that depends on sizes and parameters alone. */
export function constant({ d, k, n }: Sizes, g: number, m: number): number {
  const freedom = d! + m + 1;
  let logGammaD = 0.25 * d! * (d! - 1) * Math.log(Math.PI);
  for (let j = 1; j <= d!; j++) logGammaD += logGamma(0.5 * freedom + 0.5 * (1 - j));
  const perComponent = freedom * d! * (Math.log(g) - 0.5 * Math.log(2)) - logGammaD;
  return -0.5 * n! * d! * Math.log(2 * Math.PI) - k! * perComponent;
}

function data(sizes: Sizes): Named {
  const [d, k, n] = [sizes.d!, sizes.k!, sizes.n!];
  const random = createRandom('gmm', d, k);
  return new Map([
    ['alphas', tensor([k], () => random.normal())],
    ['means', tensor([k, d], () => random.next())],
    ['icf', tensor([k, (d * (d + 1)) / 2], () => random.normal())],
    ['X', tensor([n, d], () => random.normal())],
    ['g', scalar(1)],
    ['m', scalar(0)],
    ['c', scalar(constant(sizes, 1, 0))],
  ]);
}

/** Calls `visit(packed, square)` for each entry below the diagonals, with its places in icf and in L. */
function strictTriangles(k: number, d: number, visit: (packed: number, square: number) => void): void {
  const width = (d * (d + 1)) / 2;
  for (let component = 0; component < k; component++) {
    let packed = component * width + d;
    for (let column = 0; column < d; column++)
      for (let row = column + 1; row < d; row++) visit(packed++, (component * d + row) * d + column);
  }
}

const around: Around = {
  before(given, inputs) {
    const icf = given.get('icf')!;
    const [k, d] = given.get('means')!.shape as [number, number];
    const [q, l] = [inputs.get('Q')!.data, inputs.get('L')!.data];
    for (let i = 0; i < k; i++) for (let j = 0; j < d; j++) q[i * d + j] = icf.data[i * icf.shape[1]! + j]!;
    strictTriangles(k, d, (packed, square) => {
      l[square] = icf.data[packed]!;
    });
  },
  after(given, outputs, answers) {
    const [k, d] = given.get('means')!.shape as [number, number];
    const packing = answers.get('dicf')!;
    const [q, l] = [outputs.get('dQ')!.data, outputs.get('dL')!.data];
    for (let i = 0; i < k; i++) for (let j = 0; j < d; j++) packing.data[i * packing.shape[1]! + j] = q[i * d + j]!;
    strictTriangles(k, d, (packed, square) => {
      packing.data[packed] = l[square]!;
    });
  },
  answers: (given) => new Map([['dicf', tensor(given.get('icf')!.shape, () => 0)]]),
};

const asPublished: PeerCase = {
  id: 'torch-adbench',
  label: "PyTorch, ADBench's form",
  library: 'torch',
  case: 'gmm/centred',
};

const row = (d: number, k: number): Row => ({
  id: `gmm-${d}-${k}`,
  title: `GMM log-likelihood, d = ${d}, k = ${k}, 1000 points: value and gradient`,
  short: `GMM d = ${d}, k = ${k}, gradient`,
  dtype: 'float64',
  place: 'node',
  program,
  request: { value: true, derivatives: [['alphas'], ['means'], ['Q'], ['L']] },
  engines: ['wasm', 'blas'],
  sizes: { d, k, n: 1000 },
  quick: { d: 5, k: 3, n: 41 },
  dataset: `gmm-${d}-${k}`,
  data,
  around,
  peers: [{ id: 'torch', label: 'PyTorch', library: 'torch', case: 'gmm' }, asPublished],
  // Forward and backward one product of n × k·d × d each.
  least: (sizes) => new Map([['dgemm', 4 * sizes.n! * sizes.k! * sizes.d! ** 2]]),
  aims: [{ text: '≥ 1.5 times PyTorch', against: ['torch', 'torch-adbench'], factor: 1.5 }],
});

export const gmm: readonly Row[] = [row(10, 25), row(32, 50)];
