import { createRandom } from '../../src/base/random.ts';
import { tensor } from '../tensor.ts';
import { bytesOf, numpy, type Row, torch } from './row.ts';

const common = {
  dtype: 'float64',
  place: 'node',
  engines: ['wasm', 'blas'],
  program: "T: m x n; U: m x k; V: n x k\nnormF(T - U*V')^2",
  sizes: { m: 1000, n: 1000, k: 10 },
  quick: { m: 31, n: 37, k: 5 },
  dataset: 'factorisation',
  data: ({ m, n, k }) => {
    const random = createRandom('factorisation');
    return new Map([
      ['T', tensor([m!, n!], () => random.normal())],
      ['U', tensor([m!, k!], () => random.normal())],
      ['V', tensor([n!, k!], () => random.normal())],
    ]);
  },
} satisfies Partial<Row>;

const hessian: Row = {
  ...common,
  id: 'factorisation',
  title: 'Matrix factorisation: Hessian by U',
  short: 'factorisation, Hessian',
  request: { derivatives: [['U', 'U']], form: 'condensed' },
  peers: [...torch('factorisation'), ...numpy('factorisation')],
  least: ({ n, k }) =>
    new Map([
      ['copy', bytesOf('float64', n! * k!)],
      ['dgemm', n! * k! * (k! + 1)],
    ]),
  aims: [{ text: '≥ 1,000 times PyTorch', against: ['torch'], factor: 1000 }],
};

const newton: Row = {
  ...common,
  id: 'factorisation-newton',
  title: 'Matrix factorisation: one Newton step for U',
  short: 'factorisation, Newton step',
  request: { newton: ['U'] },
  peers: [...torch('newton'), ...numpy('newton')],
  // T is read once; the gradient takes two products of m × n × k.
  least: ({ m, n, k }) =>
    new Map([
      ['copy', bytesOf('float64', m! * n!)],
      ['dgemm', 4 * m! * n! * k!],
    ]),
  aims: [{ text: '≥ 1,000 times PyTorch', against: ['torch'], factor: 1000 }],
};

export const factorisation: readonly Row[] = [hessian, newton];
