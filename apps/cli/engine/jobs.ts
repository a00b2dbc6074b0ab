import type { Dtype, EmitTarget, EngineName, StepsDepth } from '../../../src/api/index.ts';

/**
 * What the main thread asks of the worker. The main thread only reads options and draws; everything that can take long
 * runs in the worker, so that an interrupt, a time limit and the spinner always get their turn.
 */
export type Job = CommandJob | LineJob;

/** The jobs of commands that read one program. */
export type CommandJob = DeriveJob | EvaluateJob | ApproxJob | ChainJob | CheckJob | PlanJob | EmitJob;

/** How text for people is to look. */
export interface Look {
  readonly colour: boolean;
  readonly columns: number;
}

interface CommonJob {
  /** Text, the path of a file, or `-` for `stdin`. */
  readonly program: string;
  readonly stdin?: string;
  readonly declare: readonly string[];
  readonly at: readonly string[];
  readonly limit: readonly string[];
  readonly output?: string;
  readonly layout?: string;
  readonly look: Look;
  /** Of the error stream, which may be a terminal where stdout is not. */
  readonly errorLook: Look;
  readonly json: boolean;
}

export type Format = 'text' | 'unicode' | 'latex' | 'mathml' | 'json' | 'html';
export const formats: readonly Format[] = ['text', 'unicode', 'latex', 'mathml', 'json', 'html'];

/** How much of a derivation is told. */
export const stepsDepths: readonly StepsDepth[] = ['outline', 'full', 'rewrites'];

/** Ways to look at a derivative, apart from the page of results. */
export const views = [
  'entry',
  'labelled',
  'condensed',
  'collapse',
  'unfolded',
  'contracted',
  'slices',
  'laws',
] as const;
export type View = (typeof views)[number];

export interface DeriveJob extends CommonJob {
  readonly kind: 'derive';
  readonly wrt: string;
  readonly format?: Format;
  readonly numbers: boolean;
  readonly certify: boolean;
  /** Tied entries of a variable move together. */
  readonly structured?: true;
  /** The derivation instead of the page. */
  readonly steps?: StepsDepth;
  readonly hints?: boolean;
  readonly view?: View;
  /** Places of one entry, `2,1`. */
  readonly entry?: string;
  /** Axes down the rows and along the columns, `i,j` or `1,2`. */
  readonly rows?: string;
  readonly columns?: string;
}

export interface EvaluateJob extends CommonJob {
  readonly kind: 'eval';
  readonly wrt?: string;
  /** Compile it for this engine; without one the interpreter evaluates. */
  readonly engine?: EngineName | 'auto';
  readonly dtype: Dtype;
  readonly threads: number;
}

export const emitTargets: readonly EmitTarget[] = [
  'numpy',
  'torch',
  'jax',
  'dask',
  'julia',
  'matlab',
  'typescript',
  'c',
  'onnx',
];

/** What is to be computed together. */
export interface ComputeFlags {
  /** Derivatives, each a name or several: `w`, `w,w`. */
  readonly wrt: readonly string[];
  readonly value: boolean;
  readonly jvp?: readonly string[];
  readonly vjp?: readonly string[];
  readonly hvp?: readonly string[];
  readonly newton?: readonly string[];
  readonly form: 'auto' | 'dense' | 'condensed';
  /** `m=2000,n=500`. */
  readonly sizes: readonly string[];
  readonly dtype: Dtype;
}

export interface PlanJob extends CommonJob, ComputeFlags {
  readonly kind: 'plan';
  readonly threads: number;
}

export interface EmitJob extends CommonJob, ComputeFlags {
  readonly kind: 'emit';
  readonly target: EmitTarget;
  /** Name of the function. */
  readonly name?: string;
  /** Where the code goes; stdout without one. */
  readonly file?: string;
}

export interface ApproxJob extends CommonJob {
  readonly kind: 'approx';
  readonly wrt: string;
  readonly direction?: string;
  readonly steps?: number;
  readonly tolerance?: string;
  readonly seed?: number;
  /** File for the picture. */
  readonly svg?: string;
  readonly format: ViewFormat;
}

export type ViewFormat = 'text' | 'latex' | 'html' | 'json';
export const viewFormats: readonly ViewFormat[] = ['text', 'latex', 'html', 'json'];

export interface ChainJob extends CommonJob {
  readonly kind: 'chain';
  /** The output, where it is given, and the name to differentiate by. */
  readonly names: readonly string[];
  readonly format: ViewFormat;
  readonly numbers: boolean;
  readonly table: boolean;
  readonly onlyThrough?: string;
  /** An array as `--at` takes one. */
  readonly step?: string;
}

export interface CheckJob extends CommonJob {
  readonly kind: 'check';
  readonly wrt: string;
  /** Text, the path of a file, or `-`. */
  readonly answer: string;
  /** Only the layout asked for counts. */
  readonly strict: boolean;
  readonly seed?: number;
}

/** One line of `wrt batch`. */
export interface LineJob {
  readonly kind: 'line';
  readonly text: string;
  readonly number: number;
  readonly milliseconds: number;
  readonly limit: readonly string[];
  readonly certify: boolean;
}

export interface Reply {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}
