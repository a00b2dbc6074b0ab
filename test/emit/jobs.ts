import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NdArray, ndarray } from '../../src/base/ndarray.ts';
import type { EmitRequest } from '../../src/emit/request.ts';
import type { Dtype } from '../../src/plan/plan.ts';
import { expectClose } from '../engines/compare.ts';
import { naiveValues } from '../plan/naive.ts';
import { randomPlan } from '../plan/random-plan.ts';
import { emitPrograms } from './forty.ts';
import { featureCases, pairCases } from './programs.ts';
import { type EmitCase, pointFor, requestFor } from './requests.ts';

/** An emitted function with a point, and what its outputs must be there. */
export interface Job {
  readonly id: string;
  readonly request: EmitRequest;
  /** In the order of the plan's inputs. */
  readonly inputs: readonly NdArray[];
  readonly sizes: ReadonlyMap<string, number>;
  readonly indices: ReadonlyMap<string, number>;
  /** By output, dense. */
  readonly wanted: readonly NdArray[];
  /** Entries below this are zero but for rounding. */
  readonly floor?: number;
}

/** A program at a random point, or at the values given, beside the interpreter. */
export function programJob(c: EmitCase, name: string, dtype: Dtype, values?: ReadonlyMap<string, NdArray>): Job {
  return { id: c.name, request: { ...requestFor({ ...c, name }), dtype }, ...pointFor(c, 1, values) };
}

let prepared: readonly Job[] | undefined;
let more: readonly Job[] | undefined;

/** The corpus's pairs of orders, and programs with everything that a plan may hold. */
export const moreJobs = (): readonly Job[] =>
  (more ??= [...pairCases, ...featureCases]
    // Its one size is 2 at every random point, and it names position 3.
    .filter((c) => c.name !== 'position')
    .map((c, k) => programJob(c, `more${k}`, 'float64')));

/** The forty programs, as functions `job0`, `job1` … */
export function programJobs(dtype: Dtype = 'float64'): readonly Job[] {
  prepared ??= emitPrograms.map((c, k) => programJob(c, `job${k}`, 'float64'));
  return prepared.map((job) => ({ ...job, request: { ...job.request, dtype } }));
}

/** Random plans over every kind of step, beside the definition of each step. */
export function planJobs(count: number): readonly Job[] {
  const jobs: Job[] = [];
  for (let seed = 1; jobs.length < count; seed++) {
    const { plan, inputs } = randomPlan(seed);
    // Unknown functions are in the programs.
    if (plan.functions.length > 0) continue;
    const values = naiveValues(plan, inputs);
    jobs.push({
      id: `random plan ${seed}`,
      request: { plan, name: `plan${jobs.length}`, source: `# plan ${seed}`, dtype: 'float64', range: [0.3, 1.7] },
      inputs: plan.inputs.map((input) => ndarray(input.shape as number[], inputs.get(input.name)!)),
      sizes: new Map(),
      indices: new Map(),
      wanted: plan.outputs.map((output) => (output.form === 'dense' ? values[output.value]! : ndarray([0]))),
    });
  }
  return jobs;
}

const vector = (...data: number[]): NdArray => ndarray([data.length], data);
const matrix = (rows: readonly (readonly number[])[]): NdArray => ndarray([rows.length, rows[0]!.length], rows.flat());
const value = { value: true };

const declared = (values: Readonly<Record<string, NdArray>>): string =>
  Object.entries(values)
    .map(([name, { shape }]) => `${name}: ${shape.join(' x ')}`)
    .join('; ');

/** Programs at points where a value or a derivative is not finite, or a matrix is singular. */
export function edgeJobs(): readonly Job[] {
  const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
  const special = vector(-2, -1, -0.5, 0, 0.5, 1, 2, inf, -inf, nan);
  const other = vector(0.5, inf, 2, -1, 0.5, -inf, 3, 0.5, 2, 1);
  const cases: readonly (readonly [string, string, EmitCase['wanted'], Readonly<Record<string, NdArray>>])[] = [
    ['roots', 'log(x) + 0*sqrt(2)', value, { x: special }],
    ['root', 'sqrt(x)', value, { x: special }],
    ['powers', 'x.^y', value, { x: special, y: other }],
    ['constant powers', 'x.^0.3', value, { x: special }],
    ['reciprocals', 'x.^-2', value, { x: special }],
    ['log1p', 'log1p(x)', value, { x: special }],
    ['arcs', 'asin(x) + acos(x)', value, { x: special }],
    ['steps', 'relu(x) + sign(x)', { value: true, derivatives: ['x'] }, { x: vector(-2, 0, 3) }],
    ['kinks at NaN', 'leakyrelu(x)', { value: true, derivatives: ['x'] }, { x: special }],
    ['larger', 'max(x, y)', { value: true, derivatives: ['x'] }, { x: vector(1, 2, nan, 4), y: vector(1, 3, 2, nan) }],
    ['smaller', 'min(x, y)', { value: true, derivatives: ['y'] }, { x: vector(1, 2, nan, 4), y: vector(1, 3, 2, nan) }],
    ['largest with ties', 'max(x)', { value: true, derivatives: ['x'] }, { x: vector(3, 1, 3, 2, 3) }],
    ['smallest with ties', 'min(x)', { value: true, derivatives: ['x'] }, { x: vector(1, 1, 3, 2) }],
    ['largest of NaN', 'max(x)', value, { x: vector(1, nan, 3) }],
    ['activations', 'softplus(x)', value, { x: special }],
    [
      'sigmoid',
      'sigmoid(x)',
      { value: true, derivatives: ['x'] },
      { x: vector(-800, -40, 0, 40, 800, inf, -inf, nan) },
    ],
    ['gelu', 'gelu(x)', value, { x: vector(-40, -9, -3, 0, 3, 9, inf, -inf, nan) }],
    ['erf', 'erf(x)', value, { x: vector(-7, -3, -1e-9, 0, 2, 2.5, 6.5, inf, -inf, nan) }],
    ['softmax', 'softmax(x)', value, { x: vector(1000, 999, -1000) }],
    ['logsumexp', 'log(sum(exp(x)))', { value: true, derivatives: ['x'] }, { x: vector(1000, 999, -1000) }],
    ['logsumexp of infinity', 'log(sum(exp(x)))', value, { x: vector(1, inf, 3) }],
    ['zero factors', 'prod(x)', { value: true, derivatives: ['x'] }, { x: vector(2, 0, 3, 5) }],
    ['two zero factors', 'prod(x)', { value: true, derivatives: ['x'] }, { x: vector(2, 0, 3, 0) }],
    [
      'singular inverse',
      'inv(X)',
      value,
      {
        X: matrix([
          [1, 2, 3],
          [4, 5, 6],
          [7, 8, 9],
        ]),
      },
    ],
    [
      'scaled inverse',
      'inv(X)',
      value,
      {
        X: matrix([
          [1e-200, 0, 0],
          [0, 1, 2e150],
          [0, 0, 1e150],
        ]),
      },
    ],
    [
      'singular determinant',
      'det(X)',
      { value: true, derivatives: ['X'] },
      {
        X: matrix([
          [1, 2, 4],
          [2, 4, 8],
          [3, 1, 5],
        ]),
      },
    ],
    [
      'rank one determinant',
      'det(X)',
      { derivatives: ['X'] },
      {
        X: matrix([
          [1, 2, 4],
          [2, 4, 8],
          [3, 6, 12],
        ]),
      },
    ],
    [
      'negative determinant',
      'logdet(X)',
      value,
      {
        X: matrix([
          [0, 1],
          [1, 0],
        ]),
      },
    ],
    [
      'not definite',
      'chol(X)',
      value,
      {
        X: matrix([
          [1, 2],
          [2, 1],
        ]),
      },
    ],
    [
      'singular system',
      'inv(A)*b',
      value,
      {
        A: matrix([
          [1, 2],
          [2, 4],
        ]),
        b: vector(1, 2),
      },
    ],
    [
      'pseudo-inverse of low rank',
      'pinv(X)',
      value,
      {
        X: matrix([
          [1, 2, 3],
          [2, 4, 6],
        ]),
      },
    ],
  ];
  return cases.map(([id, source, wanted, values], k) => ({
    ...programJob(
      { name: id, source: `${declared(values)}\n${source}`, wanted, options: { form: 'dense' } },
      `edge${k}`,
      'float64',
      new Map(Object.entries(values)),
    ),
    // By singular values what elimination finds to be zero has a rounding error, of entries up to 16 squared.
    ...(id === 'rank one determinant' ? { floor: 1e-2 } : {}),
  }));
}

/** A folder that is gone afterwards. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'emitted-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const numberOf = (word: string): number => {
  const plain = word.toLowerCase();
  if (/^[+-]?nan/.test(plain)) return Number.NaN;
  if (/^[+-]?inf/.test(plain)) return plain.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(word);
};

/** What a driver printed: a line per output, `job output entries…`. */
export function readOutputs(text: string): ReadonlyMap<string, readonly number[]> {
  const lines = text.split('\n').filter((line) => /^\w+ \d+( |$)/.test(line));
  return new Map(
    lines.map((line) => {
      const [job, output, ...words] = line.trim().split(/\s+/);
      return [`${job} ${output}`, words.map(numberOf)] as const;
    }),
  );
}

/** Every output of every job, relative to its largest entry; what is not finite must be so alike. */
export function expectOutputs(jobs: readonly Job[], text: string, tolerance: number): void {
  const found = readOutputs(text);
  for (const { id, request, wanted, floor } of jobs)
    request.plan.outputs.forEach((output, k) => {
      const got = found.get(`${request.name} ${k}`);
      if (!got) throw new Error(`${id}: no output ${output.name}\n${text.slice(-2000)}`);
      expectClose(got, wanted[k]!.data, tolerance, `${id}, ${output.name}`, floor);
    });
}

/** Digits that every language reads, with its own words for what is not finite. */
export const digits = (x: number, nan: string, infinity: string): string =>
  Number.isNaN(x) ? nan : Number.isFinite(x) ? String(x) : x > 0 ? infinity : `-${infinity}`;
