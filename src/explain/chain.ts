import type { Budget } from '../base/budget.ts';
import type { NdArray } from '../base/ndarray.ts';
import type { Layout } from '../calculus/layout.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import type { Size } from '../shape/size.ts';
import {
  type ChainCheck,
  direction,
  largest,
  nodeAt,
  type Place,
  placeAt,
  tolerance,
  unchecked,
  verdict,
} from './chain-check.ts';
import { createPen, type DerivativeSign, type Formula, type Pen } from './chain-formula.ts';
import { chainGraph, pathsOf } from './chain-graph.ts';
import { type ChainLink, describeLink } from './chain-links.ts';
import { type ChainSplit, splitChain } from './chain-parts.ts';
import {
  type Backward,
  backward,
  type ChainProduct,
  describeProduct,
  factorsOf,
  productsAt,
} from './chain-products.ts';
import { type Checker, createChecker, noPlace } from './chain-verify.ts';
import type { Subject } from './subject.ts';

export interface ChainName {
  readonly name: string;
  readonly unicode: string;
  readonly latex: string;
  readonly shape: readonly Size[];
  readonly role: 'variable' | 'between' | 'output';
  readonly value?: NdArray;
}

export interface ChainPath {
  /** From the variable to the output. */
  readonly names: readonly string[];
  readonly factors: DerivativeSign;
}

/** Where numbers were taken. */
export interface ChainPoint {
  readonly random: boolean;
  readonly sizes: ReadonlyMap<string, number>;
  /** Inputs and intermediates. */
  readonly values: ReadonlyMap<string, NdArray>;
}

/** The chain rule from one name to another through the program's named intermediates. */
export interface ChainView {
  readonly output: string;
  readonly wrt: string;
  readonly layout: Layout;
  /** In order of evaluation, the variable first. */
  readonly names: readonly ChainName[];
  /** The first of them; `pathCount` says how many there are. */
  readonly paths: readonly ChainPath[];
  readonly pathCount: number;
  readonly links: readonly ChainLink[];
  /** From the output back to the variable. */
  readonly products: readonly ChainProduct[];
  /** The whole derivative as the engine writes it without regard to the names. */
  readonly derivative: {
    readonly symbol: DerivativeSign;
    readonly form: Formula;
    readonly shape: readonly Size[];
    readonly value?: NdArray;
    readonly check: ChainCheck;
  };
  /** The multi-variable chain rule as named summands, where the ways part. */
  readonly split?: ChainSplit;
  readonly point?: ChainPoint;
  readonly tally: Tally;
}

export interface Tally {
  readonly verified: number;
  readonly failed: number;
  readonly unverified: number;
  readonly worst: number;
  /** Why something was not verified: what is said of the first such formula. */
  readonly reason?: string;
}

export interface ChainOptions {
  /** Numbers at this point. */
  readonly at?: ReadonlyMap<string, NdArray>;
  /** Numbers at a random point where none is given. */
  readonly numbers?: boolean;
  /** Only the ways through this name. */
  readonly onlyThrough?: string;
  /** A finite step of the variable for the summands. */
  readonly step?: NdArray;
  readonly seed?: number;
}

/** As many paths are listed; the partial products hold all of them. */
const mostPaths = 12;

/** The chain view of a finished derivation by one variable. Errors: `math/no-path`, `name/not-on-path`, those of the point. */
export function chainView(subject: Subject, options: ChainOptions, budget: Budget): ChainView {
  const { analysis, output, layout } = subject;
  const wrt = subject.wrt[0]!;
  const graph = chainGraph(analysis, output, [wrt], subject.taken, budget);
  const pen = createPen(graph, layout);
  const steps = backward(pen, budget);
  const checker = createChecker(steps, options.seed ?? 1, ['positive', 'centred', 'gentle'], budget);
  const checkedAt = checker.place;
  const shownAt = options.at ? placeAt(graph, options.at, false, budget) : options.numbers ? checkedAt : undefined;
  const shown = shownAt && productsAt(steps, shownAt, budget);
  const { links, products } = describe(steps, checker, shownAt, budget);
  const { paths, count } = pathsOf(graph, wrt, mostPaths);

  const stepPlace = shownAt ?? checkedAt;
  const step = stepPlace && (options.step ?? smallStep(stepPlace.values.get(wrt)!));
  const split = splitChain(pen, options.onlyThrough, stepPlace, step, budget);
  const form = wholeFormula(pen, subject);
  return {
    output,
    wrt,
    layout,
    names: graph.active.map((name) => ({
      name,
      ...pen.name(name),
      shape: graph.shape(name),
      role: name === output ? 'output' : name === wrt ? 'variable' : 'between',
      ...(shownAt ? { value: shownAt.values.get(name)! } : {}),
    })),
    paths: paths.map((names) => ({ names, factors: factorsOf(pen, names) })),
    pathCount: count,
    links,
    products,
    derivative: {
      symbol: pen.total(output, wrt),
      form,
      shape: subject.node.shape,
      ...(shown ? { value: shown.get(wrt)! } : {}),
      check: checkedAt ? agrees(steps, subject, checkedAt, budget) : noPlace,
    },
    ...(split ? { split } : {}),
    ...(stepPlace && (shownAt || split) ? { point: pointOf(stepPlace) } : {}),
    tally: tallyOf([...links, ...products]),
  };
}

export const pointOf = ({ random, sizes, values }: Place): ChainPoint => ({ random, sizes, values });

/** Every link and partial product, checked, with numbers where a place for them is given. */
export function describe(
  steps: Backward,
  checker: Checker,
  shownAt: Place | undefined,
  budget: Budget,
): { readonly links: readonly ChainLink[]; readonly products: readonly ChainProduct[] } {
  const { pen } = steps;
  const { graph } = pen;
  const shown = shownAt && productsAt(steps, shownAt, budget);
  const links: ChainLink[] = [];
  for (const name of graph.active)
    for (const link of steps.links.get(name)?.values() ?? []) {
      budget.tick();
      links.push({
        ...describeLink(pen, link),
        ...(shownAt ? { value: nodeAt(link.node, shownAt, budget) } : {}),
        check: checker.link(link),
      });
    }
  const products = [...steps.products.values()].map((product): ChainProduct => {
    budget.tick();
    return {
      ...describeProduct(pen, product),
      ...(shown ? { value: shown.get(product.name)! } : {}),
      check: checker.product(product.name),
    };
  });
  return { links, products };
}

export function tallyOf(list: readonly { readonly check: ChainCheck }[]): Tally {
  const count = (status: ChainCheck['status']): number => list.filter((c) => c.check.status === status).length;
  const worst = largest(list.map(({ check }) => (check.status === 'not verified' ? 0 : check.error)));
  const reason = list.find(({ check }) => check.status === 'not verified')?.check.how;
  return {
    ...(reason === undefined ? {} : { reason }),
    verified: count('verified'),
    failed: count('failed'),
    unverified: count('not verified'),
    worst,
  };
}

/** A tenth of the variable's own size, the same in every entry's direction. */
function smallStep(x: NdArray): NdArray {
  const v = direction(x.shape, 'step');
  const size = 0.1 * Math.max(largest(x.data), 0.1);
  return { shape: x.shape, data: v.data.map((d) => d * size) };
}

function wholeFormula(pen: Pen, subject: Subject): Formula {
  // The subject's nodes belong to another builder: only their notation is read here.
  return createPen({ ...pen.graph, builder: subject.builder, taken: subject.taken }, pen.layout).write(subject.node);
}

/** The product of the links against the derivative that was found in one go. */
function agrees({ pen, products }: Backward, subject: Subject, place: Place, budget: Budget): ChainCheck {
  const wrt = subject.wrt[0]!;
  if (wrt === subject.output || !products.has(wrt)) return unchecked('there is no link between them');
  const all = productsAt({ pen, products, links: new Map() }, place, budget);
  const made = all.get(wrt)!;
  const found = evaluateNode(
    subject.node,
    { variables: place.values, sizes: place.sizes, indices: place.indices },
    budget,
  );
  // Ways that cancel leave rounding of the size of what is on the way.
  const onTheWay = 1e-6 * Math.max(0, ...[...all.values()].map((a) => largest(a.data)));
  const scale = Math.max(largest(found.data), largest(made.data), onTheWay, Number.MIN_VALUE);
  const error = largest(found.data.map((v, i) => v - made.data[i]!)) / scale;
  return error <= tolerance
    ? verdict(error, 'the derivative found in one go')
    : { status: 'failed', error, how: 'the derivative found in one go' };
}
