import { createRandom } from '../../src/base/random.ts';
import { tensor } from '../tensor.ts';
import { jaxjs, numpy, type PeerCase, type Row, type Sizes, tfjs, torchHessians } from './row.ts';

const base = {
  program: 'X: m x n; y: m; w: n\nsum(log(1 + exp(-y.*(X*w))))',
  request: { derivatives: [['w'], ['w', 'w']] },
  data: ({ m, n }: Sizes) => {
    const random = createRandom('logistic', m!, n!);
    return new Map([
      ['X', tensor([m!, n!], () => random.normal())],
      ['y', tensor([m!], () => (random.next() < 0.5 ? -1 : 1))],
      ['w', tensor([n!], () => 0.1 * random.normal())],
    ]);
  },
} satisfies Partial<Row>;

/** One triangle of XᵀSX: a product and a sum for each entry and each example. */
const triangle = ({ m, n }: Sizes): number => m! * n! * (n! + 1);

const byHandWithSyrk: PeerCase = {
  id: 'numpy-syrk',
  label: 'NumPy by hand, √s·X and syrk',
  library: 'numpy',
  case: 'logistic/syrk',
};

const inNode = (m: number, n: number): Row => ({
  ...base,
  id: `logistic-${m}x${n}`,
  title: `Logistic regression, ${m} × ${n}: gradient and Hessian`,
  short: `logistic ${m} × ${n}, Hessian`,
  dtype: 'float64',
  place: 'node',
  engines: ['wasm', 'blas'],
  sizes: { m, n },
  quick: { m: 71, n: 29 },
  dataset: `logistic-${m}x${n}`,
  peers: [...torchHessians('logistic'), ...numpy('logistic'), byHandWithSyrk],
  least: (sizes) => new Map([['dgemm', triangle(sizes)]]),
  aims: [
    { text: "≥ 5 times PyTorch's vectorised Hessian", against: ['torch-vectorised'], factor: 5 },
    { text: '≥ 0.95 of NumPy by hand', against: ['numpy'], factor: 0.95 },
  ],
});

const inBrowser: Row = {
  ...base,
  id: 'browser-logistic',
  title: 'In Chromium: logistic regression, 2000 × 500, gradient and Hessian',
  short: 'Chromium: logistic, Hessian',
  dtype: 'float32',
  place: 'browser',
  engines: ['wasm'],
  sizes: { m: 2000, n: 500 },
  quick: { m: 71, n: 29 },
  dataset: 'browser-logistic',
  peers: [
    ...tfjs('logistic').map((peer) => ({ ...peer, label: 'TF.js wasm, Hessian by hand' })),
    ...jaxjs('logistic'),
    { id: 'jaxjs-hand', label: 'jax-js, Hessian by hand', library: 'jaxjs', case: 'logistic/hand' },
  ],
  least: (sizes) => new Map([['sgemm', triangle(sizes)]]),
  aims: [{ text: 'ahead of TF.js and jax-js', against: ['tfjs', 'jaxjs', 'jaxjs-hand'], factor: 1 }],
};

export const logistic: readonly Row[] = [inNode(2000, 500), inNode(2048, 256)];
export const logisticInBrowser: readonly Row[] = [inBrowser];
