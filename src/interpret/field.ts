import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import { entryCount, type NdArray } from '../base/ndarray.ts';
import { hash } from '../base/random.ts';
import { type Size, sizeSymbols } from '../shape/size.ts';
import type { Node, VariableNode } from '../tensor/node.ts';
import { allocate, checkEntries, sizesText } from './array.ts';
import { type Attempt, constant, powerModulo, Unlucky, unlucky } from './attempt.ts';
import { contractEinsum } from './contraction.ts';
import { callLevels, callModulo } from './field-calls.ts';
import { mapLevels, mapModulo } from './field-maps.ts';
import { chain, eliminate, type PrimeField, primeField } from './prime.ts';
import { boundSize, denseStructure, isStructure, operandsOf, type Positions, positionOf } from './structure.ts';

export interface FieldOptions {
  /** Sizes of the symbols; small ones where none are given. */
  readonly sizes?: ReadonlyMap<string, number>;
  readonly indices?: ReadonlyMap<string, number>;
  readonly seed?: number | string;
}

/** Where in the chain results are compared: logarithms reach up from here, exponentials down. */
const rootLevel = 2;
const strictTries = 40;
const lenientTries = 10;

/**
 * The value of a node at a seeded random point of a prime field, exact: entries are residues of `chain[2]`.
 * `undefined` when no point was found at which every root, logarithm and inverse exists.
 */
export function evaluateModulo(node: Node, options: FieldOptions, budget: Budget): NdArray | undefined {
  const scope = positions([node], options, 1);
  return search(options.seed ?? 0, budget, (attempt) => evaluateAt(node, scope, attempt))?.value;
}

/**
 * Whether two nodes are equal as functions of their variables, by exact evaluation at random points: `true` is wrong
 * with a probability below 1e-13, `false` is certain, `undefined` means that this method cannot tell.
 */
export function equalModulo(a: Node, b: Node, options: FieldOptions, budget: Budget): boolean | undefined {
  if (a === b) return true;
  const seed = options.seed ?? 0;
  for (const round of [1, 2]) {
    const scope = positions([a, b], options, round);
    const found = search(`${seed}/${round}`, budget, (attempt) => {
      const [x, y] = [evaluateAt(a, scope, attempt), evaluateAt(b, scope, attempt)];
      return x.data.length === y.data.length && x.data.every((value, e) => value === y.data[e]);
    });
    if (!found) return undefined;
    if (!found.value) return found.attempt.incomplete || found.attempt.lenient ? undefined : false;
  }
  return true;
}

/** Tries random points until one has a value. */
function search<T>(
  seed: number | string,
  budget: Budget,
  run: (attempt: Attempt) => T,
): { value: T; attempt: Attempt } | undefined {
  for (let k = 0; k < strictTries + lenientTries; k++) {
    const fields = chain.map((p) => primeField(p, `${seed}#${k}`));
    const attempt: Attempt = { fields, budget, lenient: k >= strictTries, incomplete: false };
    try {
      return { value: run(attempt), attempt };
    } catch (error) {
      if (error instanceof WrtError && error.diagnostics[0]?.code === 'limit/entries') return undefined;
      if (!(error instanceof Unlucky)) throw error;
    }
  }
  return undefined;
}

/** Sizes and index symbols for the nodes: those given, and small ones for the rest, others in every round. */
function positions(roots: readonly Node[], options: FieldOptions, round: number): Positions {
  const sizes = new Map(options.sizes);
  const indices = new Map(options.indices);
  const nodes = new Set<Node>();
  const stack = [...roots];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (nodes.has(node)) continue;
    nodes.add(node);
    for (const operand of node.kind === 'einsum' ? node.operands.map((o) => o.node) : operandsOf(node))
      stack.push(operand);
  }
  const symbols = new Set<string>();
  const collect = (size: Size): void => {
    for (const symbol of sizeSymbols(size)) if (!sizes.has(symbol)) symbols.add(symbol);
  };
  for (const node of nodes) {
    node.shape.forEach(collect);
    if (node.kind === 'size') collect(node.size);
  }
  // From 3 on, for much is true of 2×2 matrices alone; past seven symbols some agree, but no two in both rounds.
  for (const [k, symbol] of [...symbols].sort().entries()) sizes.set(symbol, 3 + ((k + round * Math.floor(k / 7)) % 7));
  const limits = new Map<string, number>();
  for (const node of nodes)
    if (node.kind === 'unit' && typeof node.at === 'string' && !indices.has(node.at))
      limits.set(
        node.at,
        Math.min(limits.get(node.at) ?? Number.POSITIVE_INFINITY, boundSize(node.shape[0]!, { sizes })),
      );
  for (const [symbol, limit] of limits) indices.set(symbol, 1 + (hash('index', symbol) % limit));
  return { sizes, indices };
}

/** A node in the field of one level. */
interface State {
  readonly node: Node;
  readonly level: number;
}

function dependencies({ node, level }: State): readonly State[] {
  const at = (args: readonly Node[], shifts: readonly (readonly number[])[]): State[] =>
    args.flatMap((arg, k) => (shifts[k] ?? [0]).map((shift) => ({ node: arg, level: level + shift })));
  if (node.kind === 'map') return at(node.args, mapLevels(node, level));
  if (node.kind === 'call') return at(node.args, callLevels(node, level));
  return operandsOf(node).map((operand) => ({ node: operand, level }));
}

/** Evaluates the nodes and levels that the root needs, in order of their ids: operands have smaller ones. */
function evaluateAt(root: Node, scope: Positions, attempt: Attempt): NdArray {
  const states = new Map<string, State>();
  const key = ({ node, level }: State): string => `${node.id}@${level}`;
  const stack: State[] = [{ node: root, level: rootLevel }];
  for (let state = stack.pop(); state; state = stack.pop()) {
    if (states.has(key(state))) continue;
    states.set(key(state), state);
    for (const next of dependencies(state)) stack.push(next);
  }
  const values = new Map<string, NdArray>();
  const value = (node: Node, level: number): NdArray =>
    values.get(`${node.id}@${level}`) ?? evaluateState({ node, level }, scope, attempt, value);
  for (const state of [...states.values()].sort((a, b) => a.node.id - b.node.id)) {
    attempt.budget.tick();
    values.set(key(state), evaluateState(state, scope, attempt, value));
  }
  return value(root, rootLevel);
}

function evaluateState(
  { node, level }: State,
  scope: Positions,
  attempt: Attempt,
  value: (node: Node, level: number) => NdArray,
): NdArray {
  const field = attempt.fields[level]!;
  const shape = node.shape.map((size) => boundSize(size, scope));
  checkEntries(shape, attempt.budget, () => `an array of shape ${sizesText(shape)}`);
  if (isStructure(node)) {
    const { data } = denseStructure(node, scope, attempt.budget);
    return { shape, data: data.map((x) => field.integer(x)) };
  }
  switch (node.kind) {
    case 'variable':
      return { shape, data: randomVariable(node, shape, field) };
    case 'number':
      return { shape, data: Float64Array.of(constant(node.value.n, node.value.d, field, attempt)) };
    case 'einsum':
      return contractEinsum(node, {
        ring: field,
        budget: attempt.budget,
        value: (operand) => value(operand, level),
        size: (size) => boundSize(size, scope),
        position: (unit) => positionOf(unit, scope),
      });
    case 'sum': {
      const out = allocate(shape, attempt.budget, () => `a sum of shape ${sizesText(shape)}`);
      for (const term of node.terms) {
        const c = constant(term.coefficient.n, term.coefficient.d, field, attempt);
        const { data } = value(term.node, level);
        for (let e = 0; e < data.length; e++) out.data[e] = field.add(out.data[e]!, field.multiply(c, data[e]!));
      }
      return out;
    }
    case 'power': {
      const { n, d } = node.exponent;
      if (!Number.isInteger(n)) attempt.incomplete = true;
      return { shape, data: value(node.base, level).data.map((x) => powerModulo(x, n, d, field, attempt)) };
    }
    case 'map':
      return mapModulo(node, level, shape, attempt, value);
    case 'call':
      return callModulo(node, level, shape, attempt, value);
    case 'let':
      return value(node.body, level);
  }
}

/** Random entries that keep what was declared of the variable. */
function randomVariable(node: VariableNode, shape: readonly number[], field: PrimeField): Float64Array {
  const has = (property: VariableNode['properties'][number]): boolean => node.properties.includes(property);
  const n = shape[1] ?? 1;
  const draw = (...index: number[]): number => {
    const x = 1 + (field.random(node.name, ...index) % (field.p - 1));
    return has('nonnegative') || (has('positive definite') && has('diagonal')) ? field.multiply(x, x) : x;
  };
  const entries = (f: (i: number, j: number) => number): Float64Array =>
    Float64Array.from({ length: entryCount(shape) }, (_, e) => f(Math.floor(e / n), e % n));
  if (has('orthogonal')) {
    if (shape.length !== 2 || shape[0] !== n) return unlucky();
    return cayley(n, draw, field);
  }
  if (has('diagonal')) return entries((i, j) => (i === j ? draw(i) : 0));
  if (has('positive definite')) {
    // L·Lᵀ: every leading minor is a square, so that determinant and Cholesky factor exist.
    return entries((i, j) => {
      let sum = 0;
      for (let k = 0; k <= Math.min(i, j); k++) sum = field.add(sum, field.multiply(draw(i, k), draw(j, k)));
      return sum;
    });
  }
  if (has('symmetric')) return entries((i, j) => draw(Math.min(i, j), Math.max(i, j)));
  return Float64Array.from({ length: entryCount(shape) }, (_, e) => draw(e));
}

/** An orthogonal matrix: ±(I - S)(I + S)⁻¹ for a random skew S, one row with a random sign so that det is 1 or -1. */
function cayley(n: number, draw: (...index: number[]) => number, field: PrimeField): Float64Array {
  const skew = (i: number, j: number): number => (i === j ? 0 : i < j ? draw(i, j) : field.negate(draw(j, i)));
  const unit = (i: number, j: number): number => (i === j ? 1 : 0);
  const plus = Float64Array.from({ length: n * n }, (_, e) =>
    field.add(unit(Math.floor(e / n), e % n), skew(Math.floor(e / n), e % n)),
  );
  const inverse = eliminate(field, plus, n).inverse ?? unlucky();
  const flip = draw(n, n) % 2 === 0;
  return Float64Array.from({ length: n * n }, (_, e) => {
    const [i, j] = [Math.floor(e / n), e % n];
    let sum = 0;
    for (let k = 0; k < n; k++)
      sum = field.add(sum, field.multiply(field.subtract(unit(i, k), skew(i, k)), inverse[k * n + j]!));
    return i === 0 && flip ? field.negate(sum) : sum;
  });
}
