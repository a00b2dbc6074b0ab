import { type NdArray, ndarray } from '../base/ndarray.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import type { ElementwiseRecord, EvaluateContext, LowerContext, LoweredArgument } from './record.ts';

/** What is particular about one elementwise function of one argument. */
export interface UnarySpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly value: (x: number) => number;
  readonly trouble?: (x: number) => string | undefined;
  /** dy/dx, entry by entry. */
  readonly derivative: (x: Node, y: Node, b: Builder) => Node;
  /** Where the function is written with others instead of being a map of its own. */
  readonly lower?: (x: Node, b: Builder) => Node;
  readonly rule: string;
  readonly doc: string;
  readonly domain?: string;
  /** Where samples may be drawn; the default suits functions that need positive numbers. */
  readonly range?: readonly [number, number];
  /** Pairs x, f(x) from tables or from 40-digit arithmetic. */
  readonly known: readonly (readonly [x: number, y: number])[];
}

/** f of every entry, with a warning where the value of a finite argument is not finite. */
export function mapEntries(
  name: string,
  f: (x: number) => number,
  trouble: ((x: number) => string | undefined) | undefined,
  x: NdArray,
  context: EvaluateContext,
): NdArray {
  const out = ndarray(x.shape);
  for (let i = 0; i < out.data.length; i++) {
    const at = x.data[i]!;
    const y = f(at);
    out.data[i] = y;
    if (!Number.isFinite(y) && Number.isFinite(at)) context.warn(trouble?.(at) ?? `${name} overflows`, i);
  }
  return out;
}

/** The record of an elementwise function of one argument: any shape in, the same shape out. */
export function unary(spec: UnarySpec): ElementwiseRecord {
  const { name, value, trouble, derivative, lower } = spec;
  const drawn = spec.range ? { range: spec.range } : {};
  return {
    name,
    ...(spec.aliases ? { aliases: spec.aliases } : {}),
    family: 'elementwise',
    arity: [1, 1],
    expects: ['any'],
    usage: [`${name}(X): any shape, entry by entry`],
    rule: spec.rule,
    doc: spec.doc,
    ...(spec.domain ? { domain: spec.domain } : {}),
    type: (args) => args[0]!.type,
    lower: (args: readonly LoweredArgument[], { builder }: LowerContext) =>
      lower ? lower(args[0]!.node, builder) : builder.map(name, args[0]!.node),
    evaluate: (args, context) => mapEntries(name, value, trouble, args[0]!, context),
    value: (...x) => value(x[0]!),
    ...(trouble ? { trouble: (...x: number[]) => trouble(x[0]!) } : {}),
    derivatives: [(x, y, b) => derivative(x[0]!, y, b)],
    samples: [
      { program: `${name}(X)`, declare: { X: [2, 3] }, ...drawn },
      {
        program: `${name}(x)`,
        declare: { x: [spec.known.length] },
        ...drawn,
        known: [{ at: { x: spec.known.map((k) => k[0]) }, value: spec.known.map((k) => k[1]) }],
      },
    ],
    wrong: [{ program: `${name}(x, x)`, declare: { x: [3] }, says: name }],
  };
}

/** 1 ± a node, spread to its shape. */
export const oneMinus = (x: Node, b: Builder): Node => b.subtract(b.number(1), x);
export const onePlus = (x: Node, b: Builder): Node => b.add(b.number(1), x);
