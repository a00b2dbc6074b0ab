import { createRandom } from '../../src/base/random.ts';
import { tensor } from '../tensor.ts';
import { jaxjs, numpy, type Row, torch } from './row.ts';

const tiny: Row = {
  id: 'tiny',
  title: 'Tiny: Aᵀ(σ(Ax) − y), per call',
  short: 'Aᵀ(σ(Ax) − y), n = 4',
  dtype: 'float64',
  place: 'node',
  program: "A: n x n; x: n; y: n\nsum(softplus(A*x)) - y'*(A*x)",
  request: { derivatives: [['x']] },
  engines: ['wasm', 'blas'],
  sizes: { n: 4 },
  quick: { n: 4 },
  dataset: 'tiny',
  data: ({ n }) => {
    const random = createRandom('tiny');
    return new Map([
      ['A', tensor([n!, n!], () => random.normal())],
      ['x', tensor([n!], () => random.normal())],
      ['y', tensor([n!], () => random.next())],
    ]);
  },
  peers: [...torch('tiny'), ...numpy('tiny'), ...jaxjs('tiny', 1e-7)].map((peer) => ({
    ...peer,
    label: peer.label.includes('by hand') ? peer.label : `${peer.label} by hand`,
  })),
  // Neither arithmetic nor memory bounds it.
  least: () => new Map(),
  aims: [
    { text: '≥ 20 times PyTorch, NumPy and jax-js', against: ['torch', 'numpy', 'jaxjs'], factor: 20, threads: 1 },
  ],
};

const contraction: Row = {
  id: 'contraction',
  title: 'Dense contraction, n = 1024',
  short: 'A·B, n = 1024',
  dtype: 'float64',
  place: 'node',
  program: 'A: n x n; B: n x n\nA*B',
  request: { value: true },
  engines: ['wasm', 'blas'],
  sizes: { n: 1024 },
  quick: { n: 67 },
  dataset: 'contraction',
  data: ({ n }) => {
    const random = createRandom('contraction');
    return new Map([
      ['A', tensor([n!, n!], () => random.normal())],
      ['B', tensor([n!, n!], () => random.normal())],
    ]);
  },
  peers: [{ id: 'openblas', label: 'OpenBLAS dgemm', library: 'numpy', case: 'contraction' }],
  least: ({ n }) => new Map([['dgemm', 2 * n! ** 3]]),
  aims: [
    { text: 'blas ≥ 0.95 of dgemm, one thread', against: ['openblas'], factor: 0.95, engine: 'blas', threads: 1 },
    { text: 'wasm ≥ 0.45 of dgemm, one thread', against: ['openblas'], factor: 0.45, engine: 'wasm', threads: 1 },
  ],
};

export const small: readonly Row[] = [tiny, contraction];
