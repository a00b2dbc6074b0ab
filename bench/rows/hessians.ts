import { createRandom } from '../../src/base/random.ts';
import { tensor } from '../tensor.ts';
import { bytesOf, numpy, type Row, torchHessians } from './row.ts';

const common = {
  dtype: 'float64',
  place: 'node',
  engines: ['wasm', 'blas'],
  sizes: { n: 2048 },
  quick: { n: 67 },
} as const;

const quadratic: Row = {
  ...common,
  id: 'quadratic',
  title: 'Hessian of xᵀAx',
  short: 'xᵀAx, Hessian',
  program: "A: n x n; x: n\nx'*A*x",
  request: { derivatives: [['x', 'x']] },
  dataset: 'quadratic',
  data: ({ n }) => {
    const random = createRandom('quadratic');
    return new Map([
      ['A', tensor([n!, n!], () => random.normal())],
      ['x', tensor([n!], () => random.normal())],
    ]);
  },
  peers: [...torchHessians('quadratic'), ...numpy('quadratic')],
  // Every entry of A is read and every entry of the Hessian written.
  least: ({ n }) => new Map([['copy', bytesOf('float64', 2 * n! ** 2)]]),
  aims: [{ text: '≥ 8 times PyTorch', against: ['torch', 'torch-vectorised'], factor: 8 }],
};

const softmaxData: Row['data'] = ({ n }) => {
  const random = createRandom('softmax');
  const weights = Array.from({ length: n! }, () => random.next());
  const total = weights.reduce((a, b) => a + b);
  return new Map([
    ['x', tensor([n!], () => random.normal())],
    // A distribution, as of soft labels.
    ['y', tensor([n!], (i) => weights[i]! / total)],
  ]);
};
const softmaxRow = {
  ...common,
  request: { derivatives: [['x', 'x']] },
  dataset: 'softmax',
  data: softmaxData,
  least: ({ n }) => new Map([['fill', bytesOf('float64', n! ** 2)]]),
  aims: [{ text: '≥ 2 times PyTorch', against: ['torch', 'torch-vectorised'], factor: 2 }],
} satisfies Partial<Row>;

const logsumexp: Row = {
  ...softmaxRow,
  id: 'logsumexp',
  title: 'Hessian of logsumexp',
  short: 'logsumexp, Hessian',
  program: 'x: n\nlogsumexp(x)',
  peers: [...torchHessians('logsumexp'), ...numpy('logsumexp')],
};

const crossentropy: Row = {
  ...softmaxRow,
  id: 'crossentropy',
  title: 'Hessian of softmax cross-entropy',
  short: 'cross-entropy, Hessian',
  program: "x: n; y: n\n-y'*logsoftmax(x)",
  peers: [...torchHessians('crossentropy'), ...numpy('crossentropy')],
};

export const hessians: readonly Row[] = [quadratic, logsumexp, crossentropy];
