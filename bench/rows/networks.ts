import { createRandom } from '../../src/base/random.ts';
import { type Named, type Tensor, tensor } from '../tensor.ts';
import { jaxjs, type Row, type Sizes, tfjs, torch, torchHessians } from './row.ts';

const upTo = (layers: number): number[] => Array.from({ length: layers }, (_, i) => i + 1);

/** A ReLU network of the given depth under softmax cross-entropy, one example per row; widths h0, h1, … */
export function network(layers: number): string {
  const hidden = (k: number): string => `Z${k} = A${k - 1}*W${k} + ones(m)*b${k}'; A${k} = relu(Z${k})`;
  return [
    `A0: m x h0; Y: m x h${layers}`,
    ...upTo(layers).map((k) => `W${k}: h${k - 1} x h${k}; b${k}: h${k}`),
    ...upTo(layers - 1).map(hidden),
    `Z${layers} = A${layers - 1}*W${layers} + ones(m)*b${layers}'`,
    `-sum(Y.*logsoftmax(Z${layers}, 2))`,
  ].join('\n');
}

const layersOf = (sizes: Sizes): number => Object.keys(sizes).filter((name) => name.startsWith('h')).length - 1;

/** Weights of variance 2/h (He and others, 2015), so that no layer dies; one label per example. */
function networkData(sizes: Sizes): Named {
  const random = createRandom('network');
  const m = sizes.m!;
  const width = (k: number): number => sizes[`h${k}`]!;
  const layers = layersOf(sizes);
  const labels = Array.from({ length: m }, () => random.integer(width(layers)));
  const named = new Map<string, Tensor>([
    ['A0', tensor([m, width(0)], () => random.normal())],
    ['Y', tensor([m, width(layers)], (i) => (labels[Math.floor(i / width(layers))] === i % width(layers) ? 1 : 0))],
  ]);
  for (const k of upTo(layers)) {
    const scale = Math.sqrt(2 / width(k - 1));
    named.set(
      `W${k}`,
      tensor([width(k - 1), width(k)], () => scale * random.normal()),
    );
    named.set(
      `b${k}`,
      tensor([width(k)], () => 0.1 * random.normal()),
    );
  }
  return named;
}

const allWeights = (layers: number): string[][] => upTo(layers).flatMap((k) => [[`W${k}`], [`b${k}`]]);

/** Forward, and backward by the weights and (but for the first layer) by what comes in. */
const productFlops = (sizes: Sizes): number =>
  upTo(layersOf(sizes)).reduce(
    (sum, k) => sum + (k === 1 ? 4 : 6) * sizes.m! * sizes[`h${k - 1}`]! * sizes[`h${k}`]!,
    0,
  );

const uniform = (layers: number, m: number, width: number): Sizes => ({
  m,
  ...Object.fromEntries(Array.from({ length: layers + 1 }, (_, k) => [`h${k}`, width])),
});

/** Bytes of the weights and of the outputs of all layers, in double precision. */
export const weightsAndActivations = (sizes: Sizes): number =>
  upTo(layersOf(sizes)).reduce(
    (sum, k) => sum + 8 * (sizes[`h${k - 1}`]! * sizes[`h${k}`]! + sizes[`h${k}`]! + sizes.m! * sizes[`h${k}`]!),
    0,
  );
/** Large enough that the arrays outweigh what a process needs besides. */
export const memorySizes = { full: uniform(10, 512, 1024), quick: uniform(10, 31, 64) };

export const gradientOfTenLayers: Row = {
  id: 'ten-layers',
  title: '10-layer ReLU network, width 512, 128 examples: loss and gradient of all weights',
  short: '10 layers, gradient',
  dtype: 'float64',
  place: 'node',
  program: network(10),
  request: { value: true, derivatives: allWeights(10) },
  engines: ['wasm', 'blas'],
  sizes: uniform(10, 128, 512),
  quick: uniform(10, 7, 13),
  dataset: 'ten-layers',
  data: networkData,
  peers: torch('network'),
  least: (sizes) => new Map([['dgemm', productFlops(sizes)]]),
  aims: [{ text: '≥ 1.0 times PyTorch', against: ['torch'], factor: 1 }],
};

const firstLayer: Row = {
  ...gradientOfTenLayers,
  id: 'first-layer',
  title: '10-layer ReLU network, width 24, 32 examples: Hessian by the first weights',
  short: '10 layers, Hessian by W1',
  request: { derivatives: [['W1', 'W1']] },
  sizes: uniform(10, 32, 24),
  quick: uniform(10, 7, 5),
  dataset: 'first-layer',
  peers: torchHessians('firstlayer'),
  // The square Jacobian of the first layer's outputs, weighted by the Hessian of the loss, per example and entry.
  least: ({ m, h0 }) => new Map([['dgemm', m! * h0! ** 2 * (h0! ** 2 + 1)]]),
  aims: [{ text: '≥ 10 times PyTorch', against: ['torch', 'torch-vectorised'], factor: 10 }],
};

const perceptron = {
  ...gradientOfTenLayers,
  dtype: 'float32',
  program: network(3),
  request: { value: true, derivatives: allWeights(3) },
  sizes: { m: 128, h0: 784, h1: 256, h2: 128, h3: 10 },
  quick: { m: 13, h0: 23, h1: 11, h2: 7, h3: 5 },
  least: (sizes: Sizes) => new Map([['sgemm', productFlops(sizes)] as const]),
} satisfies Partial<Row>;

const mlp: Row = {
  ...perceptron,
  id: 'mlp',
  title: 'MLP 784-256-128-10, batch 128: loss and all gradients',
  short: 'MLP, gradient (f32)',
  engines: ['wasm', 'blas', 'onnx'],
  dataset: 'mlp',
  peers: [...torch('network'), ...tfjs('network'), ...jaxjs('network')],
  aims: [
    { text: "≥ 1.2 times PyTorch's best thread count", against: ['torch'], factor: 1.2, threads: 'best' },
    { text: '≥ 3 times jax-js', against: ['jaxjs'], factor: 3 },
  ],
};

const mlpInBrowser: Row = {
  ...perceptron,
  id: 'browser-mlp',
  title: 'In Chromium: MLP 784-256-128-10, batch 128: loss and all gradients',
  short: 'Chromium: MLP, gradient',
  place: 'browser',
  engines: ['wasm'],
  dataset: 'browser-mlp',
  peers: [...tfjs('network'), ...jaxjs('network')],
  aims: [{ text: 'ahead of TF.js and jax-js', against: ['tfjs', 'jaxjs'], factor: 1 }],
};

export const networks: readonly Row[] = [gradientOfTenLayers, firstLayer, mlp];
export const networksInBrowser: readonly Row[] = [mlpInBrowser];
