import { fail } from '../../base/diagnostic.ts';
import { entryCount } from '../../base/ndarray.ts';
import { checkEntries, sizesText } from '../../interpret/array.ts';
import { type BoundPlan, extents } from '../../plan/bind.ts';
import type { Dtype, ValueId } from '../../plan/plan.ts';
import { outputValues } from '../../plan/values.ts';
import type { Engine, EngineOptions, NumberArray, Program } from '../engine.ts';
import type { OnnxRuntime, OnnxSession, OnnxTensor } from './runtime.ts';

/** A plan as a model, with the names that its inputs and values have there. */
export interface WrittenModel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly inputs: readonly { readonly input: string; readonly name: string }[];
  readonly outputs: readonly { readonly value: ValueId; readonly name: string }[];
}

/** What the engine needs from outside. */
export interface OnnxHost {
  /** Writes the model: `writeOnnx` of `emit/onnx`, which this floor cannot import. */
  write(request: {
    readonly plan: BoundPlan;
    readonly name: string;
    readonly source: string;
    readonly dtype: Dtype;
    readonly range: readonly [number, number];
  }): WrittenModel;
  /** `() => import('onnxruntime-node')`, in a browser `onnxruntime-web`; rejects where it is not installed. */
  load(): Promise<OnnxRuntime>;
  /**
   * Execution providers in the order of preference; without it those of the package. For `onnxruntime-web`:
   * `webProviders`.
   */
  providers?(dtype: Dtype): readonly string[];
}

/** WebGPU has no float64. */
export const webProviders = (dtype: Dtype): readonly string[] => (dtype === 'float32' ? ['webgpu', 'wasm'] : ['wasm']);

const advice =
  'onnxruntime could not be loaded: install it with `npm install onnxruntime-node` (in a browser `onnxruntime-web`)';

/** Runs the plan as an ONNX model by onnxruntime, which is loaded when the engine is first asked for something. */
export function createOnnxEngine(host: OnnxHost): Engine {
  let found: Promise<Found | undefined> | undefined;
  const find = (): Promise<Found | undefined> => {
    found ??= load(host);
    return found;
  };
  return {
    name: 'onnx',
    unavailable: async () => ((await find()) ? undefined : advice),
    async compile(plan, options) {
      const answer = await find();
      return answer ? compileOnnx(plan, options, host, answer) : fail('usage/engine', advice);
    },
  };
}

interface Found {
  readonly runtime: OnnxRuntime;
  /** Whether results are written into the arrays that are given for them: onnxruntime-web leaves those as they are. */
  readonly inPlace: boolean;
}

async function load(host: OnnxHost): Promise<Found | undefined> {
  try {
    const given: OnnxRuntime & { readonly default?: OnnxRuntime } = await host.load();
    const runtime = given.InferenceSession ? given : given.default;
    if (!runtime?.InferenceSession || !runtime.Tensor) return undefined;
    return { runtime, inPlace: await writesInPlace(runtime, host) };
  } catch {
    return undefined;
  }
}

/** Tries it, with a model that hands on one number. */
async function writesInPlace(runtime: OnnxRuntime, host: OnnxHost): Promise<boolean> {
  const plan: BoundPlan = {
    inputs: [{ name: 'x', shape: [1], properties: [] }],
    sizes: [],
    indices: [],
    functions: [],
    steps: [{ kind: 'input', input: 'x', shape: [1] }],
    outputs: [{ form: 'dense', name: 'y', shape: [1], role: { of: 'value' }, value: 0 }],
    bound: true,
  };
  const { bytes, inputs, outputs } = host.write({ plan, name: 'probe', source: '', dtype: 'float64', range: [-1, 1] });
  const session = await open(runtime, bytes, 'float64', 1, host);
  const given = new runtime.Tensor('float64', Float64Array.of(1), [1]);
  const result = Float64Array.of(0);
  const fetches = record([[outputs[0]!.name, new runtime.Tensor('float64', result, [1])]]);
  await session.run(record([[inputs[0]!.name, given]]), fetches);
  await session.release();
  return result[0] === 1;
}

async function compileOnnx(
  plan: BoundPlan,
  { dtype, threads, budget }: EngineOptions,
  host: OnnxHost,
  { runtime, inPlace }: Found,
): Promise<Program> {
  const unknown = plan.functions[0];
  if (unknown)
    fail(
      'usage/engine',
      `the onnx engine cannot call the function '${unknown.name}', which the program leaves unknown`,
      undefined,
      'choose the engine wasm or js',
    );
  const Entries = dtype === 'float64' ? Float64Array : Float32Array;
  const allocate = (shape: readonly number[], what: string): NumberArray => {
    checkEntries(shape, budget, () => `${what}, ${sizesText(shape)},`);
    return new Entries(entryCount(shape));
  };
  plan.steps.forEach((step, value) => {
    const shape = extents(step.shape);
    checkEntries(shape, budget, () => `value ${value} of the plan, ${sizesText(shape)},`);
  });
  const inputs = new Map(plan.inputs.map(({ name, shape }) => [name, allocate(extents(shape), `input '${name}'`)]));
  const values = new Map(
    outputValues(plan).map((value) => [value, allocate(extents(plan.steps[value]!.shape), `value ${value}`)]),
  );
  const { bytes, inputs: given, outputs } = host.write({ plan, name: 'plan', source: '', dtype, range: [-1, 1] });
  // A value that is delivered under several names is fetched once.
  const fetched = outputs.filter(({ value }, k) => outputs.findIndex((o) => o.value === value) === k);
  budget.tick();
  const session = fetched.length > 0 ? await openOrFail(runtime, bytes, dtype, threads, host) : undefined;

  const tensor = (data: NumberArray, shape: readonly number[]): OnnxTensor => new runtime.Tensor(dtype, data, shape);
  const shapeOf = (input: string): readonly number[] => extents(plan.inputs.find((i) => i.name === input)!.shape);
  // The tensors are views: the runtime reads the inputs, and may write the results, where they lie.
  const feeds = record(given.map(({ input, name }) => [name, tensor(inputs.get(input)!, shapeOf(input))]));
  const fetches = record(
    fetched.map(({ value, name }) => [name, tensor(values.get(value)!, extents(plan.steps[value]!.shape))]),
  );
  return {
    engine: 'onnx',
    inputs,
    values,
    async run() {
      if (!session) return;
      if (inPlace) {
        await session.run(feeds, fetches);
        return;
      }
      const results = await session.run(feeds);
      for (const { value, name } of fetched) values.get(value)!.set(results[name]!.data as NumberArray);
    },
    dispose() {
      void session?.release();
    },
  };
}

/** Some builds lack operators: `onnxruntime-web/webgpu` has hardly any for float64. */
async function openOrFail(...args: Parameters<typeof open>): Promise<OnnxSession> {
  try {
    return await open(...args);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    return fail(
      'usage/engine',
      `this build of onnxruntime cannot run the plan in ${args[2]}: ${reason}`,
      undefined,
      args[2] === 'float64' ? 'choose float32, or load the whole onnxruntime-web' : 'choose another engine',
    );
  }
}

function open(
  runtime: OnnxRuntime,
  bytes: Uint8Array<ArrayBuffer>,
  dtype: Dtype,
  threads: number,
  host: OnnxHost,
): Promise<OnnxSession> {
  // The WebAssembly build has one number of threads for all sessions, which counts before the first one.
  if (runtime.env?.wasm) runtime.env.wasm.numThreads = threads;
  return runtime.InferenceSession.create(bytes, {
    ...(host.providers ? { executionProviders: host.providers(dtype) } : {}),
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Errors only, and those are thrown.
    logSeverityLevel: 3,
  });
}

/** Names of the model are plain identifiers, and yet one may be `__proto__`. */
function record(entries: readonly (readonly [string, OnnxTensor])[]): Record<string, OnnxTensor> {
  const out: Record<string, OnnxTensor> = Object.create(null);
  for (const [name, tensor] of entries) out[name] = tensor;
  return out;
}
