import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import { sign } from '../base/rational.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import type { ChainGraph } from './chain-graph.ts';

/** One layer of a network, by the program's own names. */
export interface Layer {
  readonly number: number;
  /** Z: affine in `before` and `weight`. */
  readonly preactivation: string;
  readonly weight: string;
  readonly bias?: string;
  /** A of the layer before, or the data. */
  readonly before: string;
  /** A: a function of Z; Z itself where the layer has none. */
  readonly activation?: string;
  /** What the activation does: `relu`, `f`, `softmax`, or `function` for any other. */
  readonly kind: string;
}

interface Affine {
  readonly name: string;
  /** The two factors of the product, in no particular order. */
  readonly pair: readonly [string, string];
  readonly others: readonly string[];
}

/**
 * The layers of a program, found by structure: Z is a sum with one product of two arrays, A is a function of Z that keeps
 * its shape. `graph` has all inputs of the program as sources. Errors: `usage/no-network`, with what was missing.
 */
export function findLayers(graph: ChainGraph, budget: Budget): readonly Layer[] {
  const affine = new Map<string, Affine>();
  for (const name of graph.active) {
    budget.tick();
    if (!graph.mentions.has(name)) continue;
    const found = affineParts(graph, name);
    if (found) affine.set(name, found);
  }
  const isInput = (name: string): boolean => !graph.mentions.has(name);
  // Walk from the data up: a layer's product joins an input with what the layer before gave.
  const layers: Layer[] = [];
  const given = new Set<string>();
  for (const name of graph.active) {
    const parts = affine.get(name);
    if (!parts) continue;
    const [p, q] = parts.pair;
    const [pIn, qIn] = [isInput(p), isInput(q)];
    if (!pIn && !qIn) continue;
    const first = pIn && qIn;
    if (first && layers.length > 0) continue;
    if (!first && !given.has(pIn ? q : p) && layers.length > 0) continue;
    const weight = first ? chooseWeight(graph, name, parts, affine) : pIn ? p : q;
    const before = weight === p ? q : p;
    const activation = activationOf(graph, name, affine);
    given.add(activation ?? name);
    const bias = parts.others.find((other) => isInput(other));
    layers.push({
      number: layers.length + 1,
      preactivation: name,
      weight,
      before,
      ...(bias === undefined ? {} : { bias }),
      ...(activation === undefined ? {} : { activation }),
      kind: activation === undefined ? 'identity' : kindOf(graph, activation),
    });
  }
  if (layers.length === 0)
    fail(
      'usage/no-network',
      "the program is no layered network: no name is a weight times what comes in, such as Z1 = W1'*A0 + b1",
      undefined,
      "give each layer two names, one for W'*A + b and one for the function of it",
    );
  return layers;
}

/** A sum of terms of which exactly one is a product of two different arrays; the others hold neither. */
function affineParts(graph: ChainGraph, name: string): Affine | undefined {
  const node = graph.definition(name);
  const body = node.kind === 'let' ? node.body : node;
  // What is added comes before what is taken away: in W'*A + b - y the bias is b.
  const terms =
    body.kind === 'sum'
      ? [...body.terms].sort((s, t) => sign(t.coefficient) - sign(s.coefficient)).map((t) => t.node)
      : [body];
  let pair: readonly [string, string] | undefined;
  const others = new Set<string>();
  for (const term of terms) {
    const names = factorsIn(term);
    if (!names) return undefined;
    if (names.length === 2 && names[0] !== names[1] && !pair && isProduct(term)) pair = [names[0]!, names[1]!];
    else if (names.length <= 1) for (const n of names) others.add(n);
    else return undefined;
  }
  if (!pair || others.has(pair[0]) || others.has(pair[1])) return undefined;
  return { name, pair, others: [...others] };
}

/** The arrays of a product of arrays and structure; undefined where anything else takes part. */
function factorsIn(term: Node): readonly string[] | undefined {
  if (term.kind === 'variable') return [term.name];
  if (term.kind !== 'einsum') return operandNodes(term).length === 0 ? [] : undefined;
  const names: string[] = [];
  for (const { node } of term.operands)
    if (node.kind === 'variable') names.push(node.name);
    else if (operandNodes(node).length > 0) return undefined;
  return names;
}

/** An index is summed over, or one factor is a scalar neuron's: not an elementwise product. */
const isProduct = (term: Node): boolean => term.kind === 'einsum' && term.sizes.length > term.shape.length;

/** The name that is a function of Z alone among the active names, of Z's shape. */
function activationOf(
  graph: ChainGraph,
  preactivation: string,
  affine: ReadonlyMap<string, Affine>,
): string | undefined {
  const shape = graph.shape(preactivation).join();
  return graph.children.get(preactivation)!.find((child) => {
    const others = graph.parents.get(child)!.filter((p) => p !== preactivation && graph.mentions.has(p));
    // A residual connection may join in: then the shape must be the same, and Z must pass through a function.
    return (
      graph.shape(child).join() === shape && !affine.has(child) && (others.length === 0 || holdsFunction(graph, child))
    );
  });
}

const holdsFunction = (graph: ChainGraph, name: string): boolean => kindOf(graph, name) !== 'function';

/** The function that a definition applies, by its name. */
function kindOf(graph: ChainGraph, name: string): string {
  const node = graph.definition(name);
  const stack: Node[] = [node.kind === 'let' ? node.body : node];
  for (let n = stack.shift(); n; n = stack.shift()) {
    if (n.kind === 'map' || n.kind === 'call') return n.fn === 'max2' ? 'max' : n.fn;
    stack.push(...operandNodes(n));
    if (stack.length > 50) break;
  }
  return 'function';
}

/** Of two inputs, the weight: what the next layer sums over belongs to it; else by its letter; else a matrix beside a vector. */
function chooseWeight(graph: ChainGraph, name: string, { pair }: Affine, affine: ReadonlyMap<string, Affine>): string {
  const [p, q] = pair;
  const owner = ownerOfSummedAxis(graph, name, affine);
  if (owner) return owner;
  const looksLikeWeight = (x: string): boolean => /^(?:[wθ]|theta)/iu.test(x);
  if (looksLikeWeight(p) !== looksLikeWeight(q)) return looksLikeWeight(p) ? p : q;
  return graph.shape(q).length > graph.shape(p).length ? q : p;
}

/** The factor of Z that holds the axis which the next layer's product sums over: the axis of the neurons. */
function ownerOfSummedAxis(graph: ChainGraph, name: string, affine: ReadonlyMap<string, Affine>): string | undefined {
  const activation = activationOf(graph, name, affine) ?? name;
  const next = graph.children.get(activation)!.find((child) => affine.get(child)?.pair.includes(activation));
  if (!next) return undefined;
  const after = productOf(graph, next, activation);
  const here = productOf(graph, name);
  const used = after?.operands.find((o) => o.node.kind === 'variable' && o.node.name === activation);
  if (!after || !here || !used) return undefined;
  const axis = used.labels.findIndex((label) => label >= after.shape.length);
  const owner = here.operands.find((o) => o.labels.includes(axis));
  return owner?.node.kind === 'variable' ? owner.node.name : undefined;
}

function productOf(graph: ChainGraph, name: string, holding?: string): (Node & { kind: 'einsum' }) | undefined {
  const node = graph.definition(name);
  const body = node.kind === 'let' ? node.body : node;
  const terms = body.kind === 'sum' ? body.terms.map((t) => t.node) : [body];
  return terms.find(
    (t): t is Node & { kind: 'einsum' } =>
      t.kind === 'einsum' &&
      isProduct(t) &&
      (holding === undefined || t.operands.some((o) => o.node.kind === 'variable' && o.node.name === holding)),
  );
}
