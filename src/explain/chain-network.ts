import type { Budget } from '../base/budget.ts';
import type { NdArray } from '../base/ndarray.ts';
import type { Layout } from '../calculus/layout.ts';
import { printText } from '../notation/print/text.ts';
import type { Size } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import { type ChainPoint, describe, pointOf, type Tally, tallyOf } from './chain.ts';
import { type ChainCheck, placeAt } from './chain-check.ts';
import { createPen, type Formula } from './chain-formula.ts';
import { chainGraph } from './chain-graph.ts';
import { findLayers, type Layer } from './chain-layers.ts';
import { type ChainLink, pullBack } from './chain-links.ts';
import { type Backward, backward, type ChainProduct } from './chain-products.ts';
import { checkText, programLines } from './chain-text-check.ts';
import type { NamedLayers } from './chain-unnamed.ts';
import { createChecker } from './chain-verify.ts';

/** The derivatives of one layer: four links, and what comes back through them. */
export interface NetworkRow {
  readonly layer: Layer;
  /** ∂Z/∂W, ∂Z/∂A of the layer before, ∂Z/∂b, ∂A/∂Z. */
  readonly links: {
    readonly weight: ChainLink;
    readonly before: ChainLink;
    readonly bias?: ChainLink;
    readonly activation?: ChainLink;
  };
  /** ∂L/∂A, ∂L/∂Z, ∂L/∂W, ∂L/∂b. */
  readonly products: {
    readonly activation?: ChainProduct;
    readonly preactivation: ChainProduct;
    readonly weight: ChainProduct;
    readonly bias?: ChainProduct;
  };
  /** ∂L/∂Z by the next layer's, without ∂L/∂A between: `f′(Z₁) ⊙ (W₂ ∂L/∂Z₂)`. */
  readonly joined?: Formula;
}

/** The whole backward pass of a layered network. */
export interface NetworkView {
  readonly output: string;
  readonly layout: Layout;
  /** False when the program gives no loss and an unknown function stands for it. */
  readonly lossGiven: boolean;
  /** ∂L/∂A of the last layer, or ∂L/∂Z where it has no activation. */
  readonly last: string;
  /** How each name is written, and its shape. */
  readonly names: ReadonlyMap<
    string,
    { readonly unicode: string; readonly latex: string; readonly shape: readonly Size[] }
  >;
  /** From the first layer to the last. */
  readonly rows: readonly NetworkRow[];
  /** The backward pass as a program, one line per partial product; it can be run after the user's own. */
  readonly program: string;
  /** Layers that the program does not name: `Z1 = W1'*x + b1`. */
  readonly given: readonly string[];
  readonly programCheck: ChainCheck;
  readonly point?: ChainPoint;
  readonly tally: Tally;
}

export interface NetworkSubject {
  readonly analysis: Analysis;
  readonly output: string;
  readonly layout: Layout;
  readonly taken: ReadonlySet<string>;
  /** Names that the program does not have, with what they stand for. */
  readonly given: NamedLayers['given'];
  readonly lossGiven: boolean;
}

/** More layers than this begin with weights that neither let the values grow nor die out. */
const deep = 8;

export interface NetworkOptions {
  readonly at?: ReadonlyMap<string, NdArray>;
  readonly numbers?: boolean;
  readonly seed?: number;
}

const layersOf = ({ analysis, output, taken }: Omit<NetworkSubject, 'lossGiven'>, budget: Budget): readonly Layer[] => {
  const inputs = [...analysis.names.values()].filter((info) => info.role === 'input').map((info) => info.name);
  return findLayers(chainGraph(analysis, output, inputs, taken, budget), budget);
};

/** Whether the output is the last layer itself, so that a loss is missing. */
export function endsWithLayer(subject: Omit<NetworkSubject, 'lossGiven'>, budget: Budget): boolean {
  const last = layersOf(subject, budget).at(-1)!;
  return (last.activation ?? last.preactivation) === subject.output;
}

/**
 * The table of all layers of a network. Errors: `usage/no-network` when the program has no layers, those of the point.
 */
export function networkView(subject: NetworkSubject, options: NetworkOptions, budget: Budget): NetworkView {
  const { analysis, output, layout, taken } = subject;
  const layers = layersOf(subject, budget);
  const sources = new Set<string>([layers[0]!.before]);
  for (const { weight, bias } of layers) {
    sources.add(weight);
    if (bias !== undefined) sources.add(bias);
  }
  const graph = chainGraph(analysis, output, [...sources], taken, budget);
  const pen = createPen(graph, layout);
  const steps = backward(pen, budget);
  const tempers = ['centred', 'positive', 'gentle'] as const;
  const checker = createChecker(
    steps,
    options.seed ?? 1,
    layers.length > deep ? ['gentle', ...tempers] : tempers,
    budget,
  );
  const checkedAt = checker.place;
  const shownAt = options.at ? placeAt(graph, options.at, false, budget) : options.numbers ? checkedAt : undefined;
  const { links, products } = describe(steps, checker, shownAt, budget);

  const byEnds = new Map(links.map((l) => [`${l.from} ${l.to}`, l] as const));
  const byName = new Map(products.map((p) => [p.name, p] as const));
  const rows = layers.map((layer): NetworkRow => {
    const { preactivation: z, weight, bias, before, activation } = layer;
    const link = (from: string, to: string): ChainLink => byEnds.get(`${from} ${to}`)!;
    const joined = joinedForm(steps, layer);
    return {
      layer,
      links: {
        weight: link(weight, z),
        before: link(before, z),
        ...(bias === undefined ? {} : { bias: link(bias, z) }),
        ...(activation === undefined ? {} : { activation: link(z, activation) }),
      },
      products: {
        ...(activation === undefined || !byName.has(activation) ? {} : { activation: byName.get(activation)! }),
        preactivation: byName.get(z)!,
        weight: byName.get(weight)!,
        ...(bias === undefined ? {} : { bias: byName.get(bias)! }),
      },
      ...(joined ? { joined } : {}),
    };
  });
  // Names that were given here are assigned first: the user's own program does not know them.
  const given = subject.given.map(([name, definition]) => `${name} = ${printText(definition)}`);
  const lines = [...given, ...programLines(products)];
  const last = layers.at(-1)!;
  return {
    output,
    layout,
    lossGiven: subject.lossGiven,
    last: last.activation ?? last.preactivation,
    names: new Map(graph.active.map((name) => [name, { ...pen.name(name), shape: graph.shape(name) }] as const)),
    rows,
    program: lines.join('\n'),
    given,
    programCheck: checkText(steps, lines, checkedAt, budget),
    ...(shownAt ? { point: pointOf(shownAt) } : {}),
    tally: tallyOf([...links, ...products]),
  };
}

/** ∂L/∂Z in terms of what comes from the layer after, where that is one name only. */
function joinedForm({ pen, products }: Backward, { preactivation, activation }: Layer): Formula | undefined {
  if (activation === undefined) return undefined;
  const { graph } = pen;
  const after = products.get(activation);
  const onward = graph.children.get(preactivation)!;
  if (!after || onward.length !== 1 || after.parts.length !== 1 || after.parts[0]!.through === graph.output)
    return undefined;
  return pen.write(pullBack(pen, after.node, graph.definition(activation), graph.variable(preactivation)));
}
