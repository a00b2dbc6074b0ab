import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { type ChainView, chainView } from '../explain/chain.ts';
import { endsWithLayer, type NetworkView, networkView } from '../explain/chain-network.ts';
import { nameLayers } from '../explain/chain-unnamed.ts';
import { sizeSymbols } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Declaration } from '../syntax/expr.ts';
import { derive } from './derive.ts';
import { nameOfOutput } from './derived.ts';
import { parseWith } from './parse.ts';
import { request, unwrap } from './result.ts';
import { subjectOf } from './subject.ts';
import type { DeriveOptions, ParsedProgram, PointValues, Result } from './types.ts';

export type { ChainLink } from '../explain/chain-links.ts';
export type { ChainProduct } from '../explain/chain-products.ts';
export { chainHtml, networkHtml } from '../explain/render/chain-html.ts';
export { chainLatex, networkLatex } from '../explain/render/chain-latex.ts';
export { type ChainTextOptions, chainText, networkText } from '../explain/render/chain-text.ts';
export type { ChainView, NetworkView };

export interface ChainRequest extends Omit<DeriveOptions, 'output' | 'certify'> {
  /** Numbers at this point. */
  readonly at?: PointValues;
  /** Numbers at a seeded random point, where none is given. */
  readonly numbers?: boolean;
  /** The part of the derivative that goes through this name alone. */
  readonly onlyThrough?: string;
  /** A finite step of the variable, for the summands of the multi-variable chain rule. */
  readonly step?: NdArray;
}

/**
 * The chain rule from one name of a program to another, link by link: each link's own derivative, the partial products
 * in the layout's order, and the summands where several ways lead on. Without `output` the program's own output is taken.
 * Errors: those of `derive`, `math/no-path`, `name/not-on-path`, `shape/point`.
 */
export const chain = (
  source: string,
  output: string | undefined,
  wrt: string,
  options: ChainRequest = {},
): Result<ChainView> =>
  request(options, (budget) => {
    const derived = unwrap(
      derive(source, wrt, { ...options, ...(output === undefined ? {} : { output }), certify: false }),
    );
    return chainView(subjectOf(derived), options, budget);
  });

export type NetworkRequest = Omit<ChainRequest, 'onlyThrough' | 'step'> & { readonly output?: string };

/**
 * The whole backward pass of a layered network as a table. A program that ends with the last layer is given an unknown
 * loss, of which the shapes are known. Errors: those of `parse`, `usage/no-network`, `shape/point`.
 */
export const network = (source: string, options: NetworkRequest = {}): Result<NetworkView> =>
  request(options, (budget) => {
    const parsed = parseWith(source, options, [], budget);
    const named = withOutput(parsed.analysis);
    const given = networkSubject(named === undefined ? parsed : parseWith(named, options, [], budget), options, budget);
    const lossGiven = given.analysis.output.type.axes.length === 0 && !endsWithLayer(given, budget);
    const subject = lossGiven
      ? given
      : networkSubject(parseWith(...withLoss(given.analysis, options), [], budget), options, budget);
    return networkView({ ...subject, lossGiven }, options, budget);
  });

/** The program with a name for its last layer, where that is an array without one: it has to be spoken of. */
function withOutput({ output, names, program }: Analysis): string | undefined {
  const start = program.statements.at(-1)?.span?.start;
  if (output.name !== undefined || output.type.axes.length === 0 || start === undefined) return undefined;
  const name = ['A', 'out', 'last'].find((n) => !names.has(n));
  return name && `${program.source.slice(0, start)}${name} = ${program.source.slice(start)}`;
}

function networkSubject(parsed: ParsedProgram, { layout = 'denominator' }: NetworkRequest, budget: Budget) {
  const { analysis, given } = nameLayers(parsed.analysis, budget);
  const taken = new Set<string>(analysis.names.keys());
  for (const { type } of analysis.names.values())
    for (const size of type.axes) for (const symbol of sizeSymbols(size)) taken.add(symbol);
  return { analysis, given, output: nameOfOutput(analysis), layout, taken };
}

/** `L = loss(A)` with an undeclared loss, behind a program that ends with an array. */
function withLoss(analysis: Analysis, options: NetworkRequest): [string, NetworkRequest] {
  const { name, type } = analysis.output;
  if (name === undefined)
    fail(
      'usage/no-network',
      'the last layer has no name',
      undefined,
      'write A2 = … for it, or end the program with a loss',
    );
  const free = (...wanted: string[]): string =>
    wanted.find((w) => !analysis.names.has(w)) ?? `${wanted[0]!}_${[...analysis.names.keys()].length}`;
  const [loss, total] = [free('loss', 'cost'), free('L', 'J', 'Loss')];
  const declaration: Declaration = { name: loss, shape: { kind: 'function', from: type.axes, to: [] }, properties: [] };
  const { output: _, ...rest } = options;
  return [
    `${analysis.program.source}\n${total} = ${loss}(${name})`,
    { ...rest, declare: [...(options.declare ?? []), declaration] },
  ];
}
