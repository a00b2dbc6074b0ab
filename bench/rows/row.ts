import type { Dtype } from '../../src/plan/plan.ts';
import type { Named, Tensor } from '../tensor.ts';

export type Sizes = Readonly<Record<string, number>>;
export type OurEngine = 'wasm' | 'blas' | 'onnx';
export type PeerLibrary = 'torch' | 'numpy' | 'tfjs' | 'jaxjs';
/** Measured bounds of the machine: products of matrices in flops, copying and filling memory in bytes. */
export type Limit = 'dgemm' | 'sgemm' | 'copy' | 'fill';

/** What the public interface is asked for. */
export interface Request {
  readonly value?: boolean;
  readonly derivatives?: readonly (readonly string[])[];
  readonly newton?: readonly string[];
  readonly form?: 'dense' | 'condensed';
}

export interface PeerCase {
  readonly id: string;
  readonly label: string;
  readonly library: PeerLibrary;
  /** The name under which the library's file knows it. */
  readonly case: string;
  /** Where the library's own functions are less accurate than the type of its numbers. */
  readonly tolerance?: number;
}

/** Ours shall be at least `factor` times as fast as each of these peers. */
export interface Aim {
  readonly text: string;
  readonly against: readonly string[];
  readonly factor: number;
  /** The engine that is judged; otherwise the fastest of ours. */
  readonly engine?: OurEngine;
  /** The thread count that is judged; `best` sets our best against the peer's best; otherwise each count by itself. */
  readonly threads?: 1 | 'best';
}

/** Where the user's arrays and the program's are not the same: the user's own lines around each call, timed with it. */
export interface Around {
  before(data: Named, inputs: ReadonlyMap<string, Tensor>): void;
  after(data: Named, outputs: Named, answers: Named): void;
  /** The arrays that `after` fills. */
  answers(data: Named): Named;
}

export interface Row {
  readonly id: string;
  readonly title: string;
  /** The title as there is room for it in the chart. */
  readonly short: string;
  readonly dtype: Dtype;
  readonly place: 'node' | 'browser';
  readonly program: string;
  readonly request: Request;
  readonly engines: readonly OurEngine[];
  readonly sizes: Sizes;
  /** Small sizes for a run that only shows that everything works. */
  readonly quick: Sizes;
  /** The data for all, in double precision; rows of the same `dataset` have the same. */
  readonly dataset: string;
  data(sizes: Sizes): Named;
  readonly around?: Around;
  readonly peers: readonly PeerCase[];
  /** The work that nobody can avoid, in terms of the limits; the largest time counts. */
  least(sizes: Sizes): ReadonlyMap<Limit, number>;
  readonly aims: readonly Aim[];
}

const torchCase = (name: string): PeerCase => ({ id: 'torch', label: 'PyTorch', library: 'torch', case: name });
/** A Hessian by PyTorch, one row at a time and all rows at once. */
export const torchHessians = (name: string): PeerCase[] => [
  torchCase(name),
  { id: 'torch-vectorised', label: 'PyTorch, vectorised', library: 'torch', case: `${name}/vectorize` },
];
export const torch = (name: string): PeerCase[] => [torchCase(name)];
export const numpy = (name: string): PeerCase[] => [
  { id: 'numpy', label: 'NumPy by hand', library: 'numpy', case: name },
];
export const tfjs = (name: string): PeerCase[] => [{ id: 'tfjs', label: 'TF.js wasm', library: 'tfjs', case: name }];
export const jaxjs = (name: string, tolerance?: number): PeerCase[] => [
  { id: 'jaxjs', label: 'jax-js', library: 'jaxjs', case: name, ...(tolerance === undefined ? {} : { tolerance }) },
];

/** Bytes of entries read and written once. */
export const bytesOf = (dtype: Dtype, count: number): number => count * (dtype === 'float64' ? 8 : 4);
