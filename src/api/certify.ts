import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { certifyClaim, type LinkToCheck } from '../certify/certify.ts';
import { equalModulo } from '../interpret/field.ts';
import { type Point, randomPoint } from '../interpret/points.ts';
import { type Evaluation, evaluateProgram } from '../interpret/program.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { analyse } from '../language/analyse.ts';
import { parseProgram } from '../language/parse.ts';
import { printProgramText } from '../notation/print/program.ts';
import { contractByTerm } from '../simplify/condense.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Declaration, Expr } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import type { Derived } from './derived.ts';
import type { Certificate } from './types.ts';

/** What was printed, in the layout's order of axes. */
export interface Printed {
  readonly node: Node;
  readonly printable: {
    readonly assignments: readonly (readonly [string, Expr])[];
    readonly value: Expr;
  };
}

/** Milliseconds: for all checks, and for the search of a point at which the derivative does not vanish. */
const longestCheck = 4000;
const longestSearch = 250;

/** Dense checks are left out above this many entries of the derivative. */
const densest = 200_000;

/** Certifies a derivative at a seeded random point with sizes that are different primes. */
export function certifyDerivative(derived: Derived, printed: Printed, seed: number, budget: Budget): Certificate {
  // Checks are worth a few seconds, not the user's whole time limit.
  const share = budget.share(longestCheck);
  try {
    const first = certifyAt(derived, printed, seed, share);
    if (first.status !== 'failed') return first;
    // A failure must show at other points too: the first may lie next to a kink, or cancel badly.
    const others = [1, 2].map((k) => certifyAt(derived, printed, seed + 7919 * k, share));
    return others.find((c) => c.status === 'verified') ?? others.find((c) => c.status === 'not verified') ?? first;
  } catch (error) {
    // A derivative that could not be checked is still a derivative; it says so. Cancelling is for the caller.
    if (!(error instanceof WrtError) || error.diagnostics[0]?.code.startsWith('cancelled/')) throw error;
    return { status: 'not verified', worst: 0, checks: [], reason: error.message };
  }
}

function certifyAt(derived: Derived, printed: Printed, seed: number, budget: Budget): Certificate {
  const { analysis, raw, wrt, builder } = derived;
  const large = tooLarge(analysis);
  if (large) return { status: 'not verified', worst: 0, checks: [], reason: large };
  const point = finitePoint(derived, seed, budget);
  if (!point)
    return {
      status: 'not verified',
      worst: 0,
      checks: [],
      reason: 'the program and its derivative are finite at none of the random points that were tried',
    };
  const held = new Map([...point.values].filter(([n]) => analysis.names.get(n)?.role === 'assigned'));
  const inputs = new Map([...point.values].filter(([n]) => analysis.names.get(n)?.role !== 'assigned'));
  const scope = { sizes: point.sizes, indices: point.indices };

  const links = wrt.map((variable, k): LinkToCheck => {
    const before = raw.levels[k]!;
    // The last link is the derivative as it is shown, with the structure of its variables used.
    const after = k === wrt.length - 1 ? raw.node : raw.levels[k + 1]!;
    const x = point.values.get(variable)!;
    const withVariable = (value: NdArray) => new Map([...point.values, [variable, value] as const]);
    const evaluate = (node: Node, extra: readonly (readonly [string, NdArray])[]): NdArray =>
      evaluateNode(node, { ...scope, variables: new Map([...point.values, ...extra]) }, budget);
    const m = before.shape.length;
    const dxNode = builder.variable('Δ', after.shape.slice(m));
    const gNode = builder.variable('Γ', before.shape);
    const labels = after.shape.map((_, i) => i);
    const [inner, outer] = [labels.slice(m), labels.slice(0, m)];
    const pushed = contractByTerm(builder, after, labels, [{ node: dxNode, labels: inner }], outer);
    const backward = k === wrt.length - 1 && derived.other ? derived.other : after;
    const pulled = contractByTerm(builder, backward, labels, [{ node: gNode, labels: outer }], inner);
    return {
      variable,
      x,
      value: (value) =>
        k === 0
          ? programAt(analysis, inputs, held, variable, value, budget)
          : evaluateNode(before, { ...scope, variables: withVariable(value) }, budget),
      push: (dx) => evaluate(pushed, [['Δ', dx]]),
      pull: (g) => evaluate(pulled, [['Γ', g]]),
    };
  });

  const small = entriesOf(printed.node, point.sizes) <= densest;
  return certifyClaim(
    {
      links,
      ...(small
        ? {
            text: () => ({
              printed: evaluatePrinted(analysis, printed.printable, inputs, held, budget).output,
              graph: evaluateNode(printed.node, { ...scope, variables: point.values }, budget),
            }),
          }
        : {}),
      ...(builder.isZero(raw.node) ? { zero: true } : {}),
      ...(derived.other
        ? { exact: () => equalModulo(raw.node, derived.other!, { indices: point.indices, seed }, budget) }
        : {}),
    },
    seed,
    budget,
  );
}

/** Why no random point is drawn: declared sizes that are too large to compute with here. */
function tooLarge(analysis: Analysis): string | undefined {
  for (const info of analysis.names.values()) {
    const entries = info.type.axes.reduce<number>((n, s) => n * (typeof s === 'number' ? s : 7), 1);
    if (entries > densest) return `${info.name} has ${entries} entries, too many for a numeric check`;
  }
  return undefined;
}

/** Where points are looked for: most functions are defined on the first interval. */
const ranges: readonly (readonly [number, number])[] = [
  [0.3, 1.7],
  [0.1, 0.9],
  [-1, 1],
  [1.1, 3],
  [-0.9, -0.1],
  [0.02, 0.2],
  [2, 6],
];

/** A random point at which the program and its derivative are finite, or undefined. */
function finitePoint({ analysis, raw, wrt }: Derived, seed: number, budget: Budget): Point | undefined {
  const held = heldNames(analysis, wrt);
  let spare: Point | undefined;
  let sizes: ReadonlyMap<string, number> | undefined;
  const enough = budget.remaining() - longestSearch;
  for (let round = 0; round < 4; round++) {
    for (const range of ranges) {
      if (spare && budget.remaining() < enough) return spare;
      const options = { held, range, ...(sizes ? { sizes } : {}) };
      const point = randomPoint(analysis, round === 0 ? seed : `${seed}+${round}`, options);
      const scope = { sizes: point.sizes, indices: point.indices, variables: point.values };
      try {
        // A derivative too large to be built is judged in random directions later.
        const judged = [raw.levels[0]!, raw.node].filter((node) => entriesOf(node, point.sizes) <= densest);
        const values = judged.map((node) => evaluateNode(node, scope, budget).data);
        if (!values.every((v) => v.every(Number.isFinite))) continue;
        const derivative = judged.includes(raw.node) ? values[values.length - 1] : undefined;
        if (!derivative) return point;
        // A point at which the derivative vanishes proves little: keep it only if there is no better one.
        if (derivative.some((v) => Math.abs(v) > 1e-9)) return point;
        spare ??= point;
      } catch (error) {
        // A singular matrix is a reason to look elsewhere, an index that does not exist one for larger sizes.
        if (!(error instanceof WrtError)) throw error;
        const code = error.diagnostics[0]?.code ?? '';
        if (code === 'shape/index') sizes = largerSizes(point.sizes);
        else if (!code.startsWith('math/')) throw error;
      }
    }
    // What is singular or flat because of its sizes may not be when they trade places, or are larger.
    const before = randomPoint(analysis, seed, { held, ...(sizes ? { sizes } : {}) }).sizes;
    sizes = round === 1 ? largerSizes(before) : rotatedSizes(before);
  }
  return spare;
}

/** The same sizes, each given to the next symbol. */
function rotatedSizes(sizes: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const values = [...sizes.values()];
  return new Map([...sizes.keys()].map((symbol, i) => [symbol, values[(i + 1) % values.length]!] as const));
}

/** The next primes: each size more than one and a half times what it was, all different. */
function largerSizes(sizes: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const used = new Set<number>();
  return new Map(
    [...sizes].map(([symbol, size]) => {
      let next = Math.ceil(size * 1.5) + 1;
      while (used.has(next) || !isPrime(next)) next++;
      used.add(next);
      return [symbol, next] as const;
    }),
  );
}

const isPrime = (n: number): boolean => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
};

const heldNames = (analysis: Analysis, wrt: readonly string[]): string[] =>
  wrt.filter((n) => analysis.names.get(n)?.role === 'assigned');

const entriesOf = (node: Node, sizes: ReadonlyMap<string, number>): number =>
  node.shape.reduce<number>((n, s) => n * sizeNumber(s, sizes), 1);

const sizeNumber = (size: number | string, sizes: ReadonlyMap<string, number>): number =>
  typeof size === 'number' ? size : size.split('*').reduce((n, p) => n * (sizes.get(p) ?? Number(p)), 1);

function programAt(
  analysis: Analysis,
  inputs: ReadonlyMap<string, NdArray>,
  held: ReadonlyMap<string, NdArray>,
  variable: string,
  value: NdArray,
  budget: Budget,
): NdArray {
  const isHeld = held.has(variable);
  return evaluateProgram(
    analysis,
    isHeld ? inputs : new Map([...inputs, [variable, value] as const]),
    { held: isHeld ? new Map([...held, [variable, value] as const]) : held },
    budget,
  ).output;
}

/**
 * Reads the printed text again, behind the user's own program, and evaluates it with the program interpreter: what is
 * certified is what the user sees.
 */
export function evaluatePrinted(
  analysis: Analysis,
  printed: Printed['printable'],
  inputs: ReadonlyMap<string, NdArray>,
  held: ReadonlyMap<string, NdArray>,
  budget: Budget,
): Evaluation {
  const source = `${analysis.program.source}\n${printProgramText(printed)}`;
  const { program, diagnostics } = parseProgram(source, budget);
  if (diagnostics.length > 0) throw new WrtError(diagnostics);
  // Shapes are those found for the user's program: the text must fit them, not change them.
  const declare: Declaration[] = [...analysis.names.values()]
    .filter((info) => info.role !== 'assigned')
    .map((info) => ({ name: info.name, shape: info.shape, properties: info.properties }));
  return evaluateProgram(analyse(program, { declare }, budget), inputs, { held }, budget);
}
