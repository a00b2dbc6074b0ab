import { type Budget, createBudget } from '../base/budget.ts';
import { type Diagnostic, fail } from '../base/diagnostic.ts';
import { fromNested, type NdArray, type Nested } from '../base/ndarray.ts';
import type { EngineName, NumberArray, Program } from '../engines/engine.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { type BoundPlan, extents } from '../plan/bind.ts';
import type { CondensedOutput, PlanOutput } from '../plan/plan.ts';
import { expandTerms } from './expand-terms.ts';
import { refused, request } from './result.ts';
import type { Prepared } from './targets.ts';
import type { RequestOptions, Result } from './types.ts';

/** An array for an input: its entries row by row, nested lists, or an array with a shape; a plain number for a scalar. */
export type CompiledInput = ArrayLike<number> | readonly Nested[] | NdArray | number;
export type CompiledInputs = Readonly<Record<string, CompiledInput>> | ReadonlyMap<string, CompiledInput>;

/** An output. Its arrays are those of the engine: the next run writes over them. */
export type CompiledOutput = DenseArray | CondensedArray;
export interface DenseArray {
  readonly form: 'dense';
  readonly shape: readonly number[];
  readonly data: NumberArray;
}
/** A derivative as the parts that are neither zero nor repeated; `CondensedOutput` in `plan/plan.ts` says how they combine. */
export interface CondensedArray {
  readonly form: 'condensed';
  readonly shape: readonly number[];
  readonly terms: readonly (Omit<CondensedOutput['terms'][0], 'cores'> & {
    readonly cores: readonly (DenseArray & { readonly axes: readonly number[] })[];
  })[];
  /** The whole array, made anew. Fails with `limit/entries` when it is larger than the limits allow. */
  expand(options?: RequestOptions): Result<NdArray>;
}
export type CompiledOutputs = ReadonlyMap<string, CompiledOutput>;

/**
 * A program made ready to run. Called with arrays it takes them as inputs (the others stay as they were), runs, and
 * answers with the outputs, which are always the same arrays. `onnx` answers with a promise, all other engines at once.
 * Errors of a call: `shape/point` for an array of the wrong size, `name/unbound` for a name that is no input.
 */
export interface Compiled {
  (inputs?: CompiledInputs): Result<CompiledOutputs> | Promise<Result<CompiledOutputs>>;
  readonly schema: 1;
  readonly engine: EngineName;
  /** Why this engine. */
  readonly reason: string;
  /** What runs, step by step, with all sizes in numbers. */
  readonly plan: BoundPlan;
  /** The input arrays, row by row. Writing into them and calling `run` is the fastest way to call. */
  readonly inputs: ReadonlyMap<string, NumberArray>;
  readonly outputs: CompiledOutputs;
  /** Computes the outputs from the inputs as they are. */
  run(): void | Promise<void>;
  /** Copies arrays into the inputs. */
  set(inputs: CompiledInputs): Result<undefined>;
  /** What is not finite at the current inputs, and which operation made it so; slow, by the interpreter. */
  diagnose(options?: RequestOptions): Result<readonly Diagnostic[]>;
  /** Gives back threads and memory; the function must not be called afterwards. */
  dispose(): void;
}

/** Dresses the program of an engine as a function. */
export function asFunction(program: Program, plan: BoundPlan, prepared: Prepared, reason: string): Compiled {
  const outputs: CompiledOutputs = new Map(plan.outputs.map((o) => [o.name, outputOf(o, program)]));
  const answer: Result<CompiledOutputs> = { ok: true, value: outputs };
  const set = (inputs: CompiledInputs): Result<undefined> => {
    try {
      for (const [name, value] of inputs instanceof Map ? inputs : Object.entries(inputs)) setInput(name, value);
      return { ok: true, value: undefined };
    } catch (error) {
      return refused(error);
    }
  };
  const shapes = new Map(plan.inputs.map((input) => [input.name, extents(input.shape)]));
  const setInput = (name: string, value: CompiledInput): void => {
    const array = program.inputs.get(name);
    // A name that the outputs do not depend on may be given all the same.
    if (!array) {
      if (prepared.program.analysis.names.has(name) || prepared.sizes.has(name)) return;
      fail('name/unbound', `'${name}' is no input; the inputs are ${[...program.inputs.keys()].join(', ')}`);
    }
    const entries = entriesOf(name, value);
    if (entries.length !== array.length)
      fail(
        'shape/point',
        `${name} has ${entries.length} entries, and ${array.length} are expected (${shapes.get(name)?.join('×') || 'a scalar'})`,
      );
    array.set(entries);
  };
  let disposed = false;
  const run = (): void | Promise<void> =>
    disposed ? fail('usage/disposed', 'the compiled function was disposed, and cannot run') : program.run();
  const compiled = (inputs?: CompiledInputs): Result<CompiledOutputs> | Promise<Result<CompiledOutputs>> => {
    if (inputs) {
      const done = set(inputs);
      if (!done.ok) return done;
    }
    try {
      const pending = run();
      return pending ? pending.then(() => answer, refused<CompiledOutputs>) : answer;
    } catch (error) {
      return refused(error);
    }
  };
  return Object.assign(compiled, {
    schema: 1 as const,
    engine: program.engine,
    reason,
    plan,
    inputs: program.inputs,
    outputs,
    run,
    set,
    diagnose: (options: RequestOptions = {}) =>
      request(options, (budget) => diagnose(prepared, program, shapes, budget)),
    dispose: () => {
      if (!disposed) program.dispose();
      disposed = true;
    },
  });
}

/** The entries of an input, row by row. */
function entriesOf(name: string, value: CompiledInput): ArrayLike<number> {
  if (typeof value === 'number') return [value];
  if ('shape' in value) return value.data;
  if (!Array.isArray(value) || !value.some((entry) => typeof entry !== 'number')) return value as ArrayLike<number>;
  const read = fromNested(value);
  return read
    ? read.data
    : fail('usage/value', `the value of ${name} is no list of numbers, nor nested lists of one shape`);
}

function outputOf(output: PlanOutput, program: Program): CompiledOutput {
  const dense = (value: number, shape: readonly number[]): DenseArray => ({
    form: 'dense',
    shape,
    data: program.values.get(value) ?? fail('internal/engine', `the engine has no array for output ${output.name}`),
  });
  const shape = extents(output.shape);
  if (output.form === 'dense') return dense(output.value, shape);
  const terms = output.terms.map((term) => ({
    ...term,
    cores: term.cores.map((core) => ({
      ...dense(
        core.value,
        core.axes.map((axis) => shape[axis]!),
      ),
      axes: core.axes,
    })),
  }));
  return {
    form: 'condensed',
    shape,
    terms,
    expand: (options: RequestOptions = {}) => request(options, (budget) => expandTerms(shape, terms, budget)),
  };
}

/** Evaluates the targets by the interpreter, which tells what makes the first entry that is not finite. */
function diagnose(
  { builder, targets, sizes, indices }: Prepared,
  program: Program,
  shapes: ReadonlyMap<string, readonly number[]>,
  budget: Budget,
): readonly Diagnostic[] {
  builder.store.renew(createBudget());
  const variables = new Map(
    [...program.inputs].map(([name, data]) => [name, { shape: shapes.get(name)!, data: Float64Array.from(data) }]),
  );
  const found = new Map<string, Diagnostic>();
  const memo = new Map();
  const warn = (d: Diagnostic): void => {
    found.set(d.message, d);
  };
  for (const { wanted } of targets) {
    const nodes = 'kind' in wanted ? [wanted] : wanted.terms.flatMap((t) => t.cores.map((core) => core.node));
    for (const node of nodes) evaluateNode(node, { variables, sizes, indices, warn }, budget, memo);
  }
  return [...found.values()];
}
