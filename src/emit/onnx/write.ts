import { create, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, Version } from 'onnx-buf';
import { fail } from '../../base/diagnostic.ts';
import type { CondensedOutput, Plan, ValueId } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import { visible } from '../comments.ts';
import { coresOf, expansionPlan } from '../expansion.ts';
import { type Naming, nameFile } from '../naming.ts';
import type { EmitRequest } from '../request.ts';
import { readSizes, sizeText } from '../sizes.ts';
import { createAlgebra } from './algebra.ts';
import { inputText, modelText, outputText } from './document.ts';
import { createGraph, dataTypes, type EntryType, type Graph, type Ref, type ValueRecord } from './graph.ts';
import { lowerStep } from './lower.ts';
import type { Scope } from './scope.ts';
import { createSizes, type Sizes } from './sizes.ts';

/** The newest operators that onnxruntime 1.30 runs. */
const operatorSet = 26n;

export interface OnnxModel {
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The inputs of the plan by their names there, and by those in the model. */
  readonly inputs: readonly { readonly input: string; readonly name: string }[];
  /** The outputs of the model, each with the value of the plan that it is. */
  readonly outputs: readonly { readonly value: ValueId; readonly name: string }[];
}

/**
 * A plan as a standard ONNX model: operators of the default domain alone, sizes that are not bound as dynamic axes.
 * Size symbols that no input shows, and index symbols, are inputs too. Fails with `usage/target` for what the format
 * cannot hold.
 */
export function writeOnnx(request: EmitRequest): OnnxModel {
  const { plan, dtype } = request;
  const naming = nameFile(request, { reserved: new Set() }, true);
  const outputs = plan.outputs.flatMap((output, k) => {
    const name = naming.outputs[k]!;
    return output.form === 'dense'
      ? [{ value: output.value, name, text: outputText(output, name) }]
      : coresOf(output).map((value, core) => ({
          value,
          name: `${name}.core${core}`,
          text: `core ${core} of ${name}: ${outputText(output, name)}`,
        }));
  });
  const taken = [naming.inputs, outputs.map((o) => o.name), [...naming.sizes.values()], [...naming.indices.values()]];
  const g = createGraph(new Set(taken.flat()));
  const info = (name: string, type: EntryType, shape: readonly Size[], docString: string): ValueRecord =>
    valueInfo(name, type, shape, naming, docString);

  plan.inputs.forEach((input, k) => {
    g.input(info(naming.inputs[k]!, dtype, input.shape, inputText(input, naming.inputs[k]!)));
  });
  const inputOf = (name: string): Ref => naming.inputs[plan.inputs.findIndex((input) => input.name === name)]!;
  const indices = new Map(
    plan.indices.map((symbol) => {
      const name = naming.indices.get(symbol)!;
      return [symbol, g.input(info(name, 'int64', [], `the position ${symbol}, counted from 1`), 'spare')] as const;
    }),
  );
  const place = {
    g,
    m: createAlgebra(g, dtype),
    sizes: symbolicSizes(g, request, naming),
    input: inputOf,
    index: (symbol: string) =>
      indices.get(symbol) ?? fail('internal/onnx', `the index '${symbol}' is not one of the plan`),
  };
  const values = lowerSteps(plan, place);
  for (const { value, name, text } of outputs)
    g.output(values[value]!, info(name, dtype, plan.steps[value]!.shape, text));
  if (outputs.length === 0)
    plan.outputs.forEach((output, k) => {
      // Derivatives without a core are constant, and a model must have an output: they are written out.
      const whole = expansionPlan(output as CondensedOutput, plan);
      const name = naming.outputs[k]!;
      g.output(lowerSteps(whole, place).at(-1)!, info(name, dtype, output.shape, outputText(output, name)));
    });

  const model = create(ModelProtoSchema, {
    irVersion: BigInt(Version.IR_VERSION),
    opsetImport: [{ domain: '', version: operatorSet }],
    producerName: 'wrt',
    docString: modelText(request, naming),
    graph: g.finish(naming.fn),
  });
  return {
    bytes: toBinary(ModelProtoSchema, model) as Uint8Array<ArrayBuffer>,
    inputs: plan.inputs.map((input, k) => ({ input: input.name, name: naming.inputs[k]! })),
    outputs: outputs.map(({ value, name }) => ({ value, name })),
  };
}

function lowerSteps({ steps }: Plan, place: Omit<Scope, 'value' | 'shape'>): readonly Ref[] {
  const values: Ref[] = [];
  const scope: Scope = { ...place, value: (id) => values[id]!, shape: (id) => steps[id]!.shape };
  for (const step of steps) {
    const value = lowerStep(step, scope);
    if (step.name !== undefined) scope.g.describe(value, visible(step.name));
    values.push(value);
  }
  return values;
}

/** The file alone. */
export const emitOnnx = (request: EmitRequest): Uint8Array => writeOnnx(request).bytes;

/** Sizes read off the shapes of the inputs; those that no input shows become inputs themselves. */
function symbolicSizes(g: Graph, { plan }: EmitRequest, naming: Naming): Sizes {
  const { readings, parameters } = readSizes(plan);
  const symbols = new Map<string, Ref>();
  const sizes = createSizes(
    g,
    (symbol) => symbols.get(symbol) ?? fail('internal/onnx', `the size '${symbol}' is not one of the plan`),
  );
  for (const symbol of parameters) {
    const name = naming.sizes.get(symbol)!;
    const given = g.input(valueInfo(name, 'int64', [], naming, `the size ${symbol}`), 'spare');
    symbols.set(symbol, g.node('Unsqueeze', [given, g.integers([0])]));
  }
  for (const { symbol, input, axis, divisor } of readings) {
    const length = g.node('Shape', [naming.inputs[input]!], { start: axis, end: axis + 1 });
    symbols.set(symbol, divisor === 1 ? length : g.node('Div', [length, sizes.vector(divisor)]));
  }
  return sizes;
}

function valueInfo(
  name: string,
  type: EntryType,
  shape: readonly Size[],
  naming: Naming,
  docString: string,
): ValueRecord {
  const dim = shape.map((size): { value: { case: 'dimValue'; value: bigint } | { case: 'dimParam'; value: string } } =>
    typeof size === 'number'
      ? { value: { case: 'dimValue', value: BigInt(size) } }
      : { value: { case: 'dimParam', value: sizeText(size, naming.sizes, '*') } },
  );
  return {
    name,
    docString,
    type: { value: { case: 'tensorType', value: { elemType: dataTypes[type], shape: { dim } } } },
  };
}
