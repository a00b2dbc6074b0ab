import type { Budget } from '../base/budget.ts';
import { entryCount, type NdArray, permuteAxes } from '../base/ndarray.ts';
import {
  type ChainCheck,
  definitionAt,
  differenceError,
  direction,
  giveUp,
  largest,
  moved,
  nodeAt,
  type Place,
  programAt,
  randomPlace,
  type Temper,
  unchecked,
  verdict,
} from './chain-check.ts';
import type { LinkNode } from './chain-links.ts';
import { type Backward, productsAt } from './chain-products.ts';

/** Checks formulas at random places: one that does not pass gets a second and a third chance elsewhere. */
export interface Checker {
  /** Where the first attempts are made; undefined when no place was found. */
  readonly place: Place | undefined;
  link(link: LinkNode): ChainCheck;
  product(name: string): ChainCheck;
}

export const noPlace: ChainCheck = unchecked(
  'no random point was found at which the program is finite, and small enough to run',
);

/** A wrong formula is wrong nearly everywhere; a right one only looks wrong where a function is all but flat or steep. */
const attempts = 3;

export function createChecker(steps: Backward, seed: number, tempers: readonly Temper[], budget: Budget): Checker {
  const { graph } = steps.pen;
  const trials: ({ readonly place: Place; readonly values: CheckValues } | undefined)[] = [];
  const accept = (place: Place): boolean =>
    graph.active.length > wholeUpTo ||
    [...productsAt(steps, place, budget).values()].every(({ data }) => largest(data) > 1e-9 && largest(data) < 1e9);
  const trial = (k: number) => {
    if (k in trials) return trials[k];
    const order = [...tempers.slice(k % tempers.length), ...tempers.slice(0, k % tempers.length)];
    const place = randomPlace(graph, seed + 1000 * k, order, accept, budget);
    try {
      trials[k] = place && { place, values: checkValues(steps, place, budget) };
    } catch (error) {
      giveUp(error);
      trials[k] = undefined;
    }
    return trials[k];
  };
  const attempt = (check: (place: Place, values: CheckValues) => ChainCheck): ChainCheck => {
    let first: ChainCheck | undefined;
    for (let k = 0; k < attempts; k++) {
      const at = trial(k);
      if (!at) break;
      try {
        const found = check(at.place, at.values);
        if (found.status === 'verified') return found;
        // What was measured says more than what could not be.
        if (!first || (first.status === 'not verified' && found.status === 'failed')) first = found;
      } catch (error) {
        first ??= unchecked(giveUp(error));
      }
    }
    return first ?? noPlace;
  };
  return {
    get place() {
      return trial(0)?.place;
    },
    link: (link) => attempt((place) => checkLink(steps, link, place, budget)),
    product: (name) => attempt((place, values) => checkProduct(steps, name, values, place, budget)),
  };
}

/** Partial products to check by: each of them is right for whatever comes down to it. */
interface CheckValues {
  /** What each formula gives. */
  readonly made: ReadonlyMap<string, NdArray>;
  /** What the formulas before it were given: the same, or random numbers where it is too small to tell anything. */
  readonly used: ReadonlyMap<string, NdArray>;
  /** Names behind which random numbers were put in: differences of the whole program say nothing there. */
  readonly replaced: ReadonlySet<string>;
}

/** Less than this, and a factor or two more would leave the range of doubles. */
const vanishing = 1e-150;

function checkValues({ pen, products }: Backward, place: Place, budget: Budget): CheckValues {
  const { graph } = pen;
  const made = new Map<string, NdArray>();
  const used = new Map<string, NdArray>();
  const replaced = new Set<string>();
  const variables = new Map(place.values);
  const scope = { ...place, values: variables };
  for (const { name, node } of products.values()) {
    const value = nodeAt(node, scope, budget);
    const top = largest(value.data);
    const fresh = top < vanishing || !Number.isFinite(top);
    const given = fresh ? direction(value.shape, 'incoming', name) : value;
    if (graph.children.get(name)!.some((child) => replaced.has(child)) || fresh) replaced.add(name);
    made.set(name, value);
    used.set(name, given);
    variables.set(pen.adjoint(name), given);
  }
  return { made, used, replaced };
}

/** The place with one more array, Δ; the map is made once for all the links that are checked there. */
function withDirection(place: Place, v: NdArray): Place {
  const values = directed.get(place) ?? new Map(place.values);
  directed.set(place, values);
  return { ...place, values: values.set('Δ', v) };
}
const directed = new WeakMap<Place, Map<string, NdArray>>();

/** A link against differences of the one definition that it differentiates. */
function checkLink({ pen }: Backward, link: LinkNode, place: Place, budget: Budget): ChainCheck {
  const { graph } = pen;
  const { builder } = graph;
  const x = place.values.get(link.from)!;
  const v = direction(x.shape, link.to, link.from);
  const labels = link.raw.shape.map((_, i) => i);
  const m = graph.shape(link.to).length;
  const pushed = builder.contract(
    [
      { node: link.raw, labels },
      { node: builder.variable('Δ', link.raw.shape.slice(m)), labels: labels.slice(m) },
    ],
    labels.slice(0, m),
  );
  const claimed = nodeAt(pushed, withDirection(place, v), budget).data;
  const f = (value: NdArray) => definitionAt(graph, link.to, place, new Map([[link.from, value]]), budget).data;
  const error = differenceError(f, x, v, claimed, 1e-9 * largest(f(x)));
  if (error <= 1e-6 && largest(claimed) === 0 && !builder.isZero(link.raw))
    return unchecked('it is zero at this point, which proves nothing');
  return verdict(error, `differences of ${link.to}, the other names held fixed`);
}

/** A step to measure sizes by. */
const probe = 1e-4;

/** Programs with more names between source and output than this are checked one step at a time only. */
const wholeUpTo = 150;

/**
 * A partial product against differences of the whole program; in a long one, and always as well, against the products
 * that it was made from: ⟨∂L/∂x, v⟩ = Σ ⟨∂L/∂c, change of c along v⟩.
 */
function checkProduct(
  { pen, products }: Backward,
  name: string,
  values: CheckValues,
  place: Place,
  budget: Budget,
): ChainCheck {
  const { graph } = pen;
  const x = place.values.get(name)!;
  const v = direction(x.shape, graph.output, name);
  const matrix = (of: string, from: ReadonlyMap<string, NdArray>): Float64Array => {
    const order = pen.order(graph.shape(graph.output), graph.shape(of));
    return permuteAxes(
      from.get(of)!,
      order.map((_, k) => order.indexOf(k)),
    ).data;
  };
  const outputs = entryCount(place.values.get(graph.output)!.shape);
  const apply = (g: Float64Array, d: ArrayLike<number>, magnitude = false): number[] =>
    Array.from({ length: outputs }, (_, o) => {
      let sum = 0;
      for (let i = 0; i < d.length; i++) {
        const term = g[o * d.length + i]! * d[i]!;
        sum += magnitude ? Math.abs(term) : term;
      }
      return sum;
    });
  const own = matrix(name, values.made);
  const claimed = apply(own, v.data);
  const children = graph.children
    .get(name)!
    .map((child) => ({ child, g: child === graph.output ? undefined : matrix(child, values.used) }));
  /** What each child contributes when the name has this value: differences from here, so that no large child drowns them. */
  const parts = (value: NdArray, magnitude = false): ArrayLike<number>[] =>
    children.map(({ child, g }) => {
      const changed = definitionAt(graph, child, place, new Map([[name, value]]), budget).data;
      const base = place.values.get(child)!.data;
      const delta = changed.map((c, i) => c - base[i]!);
      return g ? apply(g, delta, magnitude) : delta;
    });
  const step = (value: NdArray): number[] => {
    const all = parts(value);
    return Array.from({ length: outputs }, (_, o) => all.reduce((sum, part) => sum + part[o]!, 0));
  };
  // Parts that cancel are measured against their own size.
  const scale = Math.max(
    largest(apply(own, v.data, true)),
    ...parts(moved(x, probe, v), true).map((part) => largest(part) / probe),
  );
  if (!Number.isFinite(scale)) return unchecked('it is not finite at this point');
  if (scale < 1e-290)
    return graph.builder.isZero(products.get(name)!.node)
      ? verdict(0, 'zero for every value')
      : unchecked('it is too small to tell from zero at this point');
  const error = differenceError(step, x, v, claimed, scale);
  const byStep = verdict(
    error,
    `differences of ${children.map((c) => c.child).join(' and ')}, and what was checked before`,
  );
  const replaced = graph.children.get(name)!.some((child) => values.replaced.has(child));
  const visible = !replaced && scale > 1e-5 * largest(place.values.get(graph.output)!.data);
  if (byStep.status === 'failed' || graph.active.length > wholeUpTo || !visible) return byStep;
  const whole = (value: NdArray) => programAt(graph, place, new Map([[name, value]]), budget).data;
  return verdict(
    Math.max(error, differenceError(whole, x, v, claimed, scale)),
    `differences of ${graph.output}, the whole program run from ${name} on`,
  );
}
