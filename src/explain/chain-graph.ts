import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import { lower } from '../language/lower.ts';
import type { Size } from '../shape/size.ts';
import type { Analysis, NameInfo } from '../syntax/analysis.ts';
import type { Expr } from '../syntax/expr.ts';
import { createBuilder } from '../tensor/builder.ts';
import type { Node } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';

/**
 * A program as a graph of its names: an arrow leads from a name to each name whose definition mentions it. Every
 * definition is one node in which all the names that it mentions are independent, so that the derivative along an arrow
 * holds the other names fixed.
 */
export interface ChainGraph {
  readonly builder: Kit;
  /** Without the structure of what is differentiated by. */
  readonly analysis: Analysis;
  /** With it: random points have the declared properties. */
  readonly declared: Analysis;
  readonly output: string;
  readonly sources: readonly string[];
  /** The names that lie between a source and the output, both included, in order of evaluation. */
  readonly active: readonly string[];
  /** Active names that the definition mentions, in order of evaluation. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Every array that a definition mentions. */
  readonly mentions: ReadonlyMap<string, readonly string[]>;
  /** Names that formulas must not reuse. */
  readonly taken: ReadonlySet<string>;
  shape(name: string): readonly Size[];
  /** The analysis with this name's definition as its output. */
  view(name: string): Analysis;
  /** The same where all that it mentions is given: the interpreter looks no further. */
  alone(name: string): Analysis;
  /** The definition of a name, in which all other names are independent. */
  definition(name: string): Node;
  /** The name as a function of the independent ones, looked through everything between. */
  composed(name: string, independent: readonly string[]): Node;
  variable(name: string): Node;
}

/** Properties that a rewrite may use but that a derivative by independent entries must not see. */
const structural = new Set(['symmetric', 'diagonal', 'orthogonal', 'positive definite']);

/**
 * The graph between some names and the output. A source that the program assigns is independent.
 * Errors: `math/no-path` when the output does not depend on a source, or is one.
 */
export function chainGraph(
  analysis: Analysis,
  output: string,
  sources: readonly string[],
  taken: ReadonlySet<string>,
  budget: Budget,
): ChainGraph {
  if (sources.includes(output)) fail('math/no-path', `a chain leads from one name to another, and both are ${output}`);
  const builder = createBuilder(budget);
  const expressions = new Map<string, Expr>(analysis.assigned);
  if (analysis.output.name === undefined) expressions.set(output, analysis.output.value);
  for (const source of sources) expressions.delete(source);
  const isArray = (name: string): boolean => {
    const role = analysis.names.get(name)?.role;
    return role === 'input' || role === 'assigned';
  };
  const mentions = new Map<string, readonly string[]>();
  for (const [name, value] of expressions) {
    budget.tick();
    mentions.set(name, namesIn(value).filter(isArray));
  }
  const order = [...sources, ...expressions.keys()];
  const reached = new Set<string>(sources);
  for (const [name, uses] of mentions) if (uses.some((used) => reached.has(used))) reached.add(name);
  const needed = new Set<string>([output]);
  for (const name of [...order].reverse())
    if (needed.has(name)) for (const used of mentions.get(name) ?? []) needed.add(used);
  const active = order.filter((name) => reached.has(name) && needed.has(name));
  if (!active.includes(output))
    fail('math/no-path', `${output} does not depend on ${sources.join(', ')}: there is no chain between them`);

  const on = new Set(active);
  const rank = new Map(active.map((name, k) => [name, k] as const));
  const parents = new Map<string, readonly string[]>();
  const children = new Map<string, string[]>(active.map((name) => [name, []]));
  for (const name of active) {
    const list = (mentions.get(name) ?? []).filter((used) => on.has(used)).sort((a, b) => rank.get(a)! - rank.get(b)!);
    parents.set(name, list);
    for (const used of list) children.get(used)!.push(name);
  }

  // Entries of what is differentiated by are independent: their structure must not be seen.
  const general = new Map<string, NameInfo>(analysis.names);
  for (const name of active) {
    const info = general.get(name);
    if (info) general.set(name, { ...info, properties: info.properties.filter((p) => !structural.has(p)) });
  }
  const plain: Analysis = { ...analysis, names: general };
  const view = (name: string): Analysis => {
    const value = expressions.get(name);
    if (!value) return fail('internal/chain', `'${name}' has no definition`);
    const type = analysis.names.get(name)?.type ?? analysis.output.type;
    const named = analysis.names.has(name) && analysis.assigned.has(name);
    return { ...plain, output: { ...(named ? { name } : {}), value, type } };
  };
  const definitions = new Map<string, Node>();
  const single = new Map<string, Analysis>();
  const shape = (name: string): readonly Size[] => (general.get(name)?.type ?? analysis.output.type).axes;
  return {
    builder,
    analysis: plain,
    declared: analysis,
    output,
    sources,
    active,
    parents,
    children,
    mentions,
    taken,
    shape,
    view,
    alone(name) {
      const known = single.get(name);
      if (known) return known;
      const made = { ...view(name), assigned: new Map() };
      single.set(name, made);
      return made;
    },
    definition(name) {
      const known = definitions.get(name);
      if (known) return known;
      const independent = mentions.get(name)!.filter((used) => analysis.assigned.has(used));
      const node = lower(view(name), { independent }, builder).output;
      definitions.set(name, node);
      return node;
    },
    composed: (name, independent) =>
      independent.includes(name) ? variable(name) : lower(view(name), { independent }, builder).output,
    variable,
  };

  function variable(name: string): Node {
    return builder.variable(name, shape(name), general.get(name)?.properties ?? []);
  }
}

/** The names of an expression, each once, from left to right. */
export function namesIn(root: Expr): readonly string[] {
  const found = new Set<string>();
  const stack: Expr[] = [root];
  for (let e = stack.pop(); e; e = stack.pop()) {
    if (e.kind === 'name') found.add(e.name);
    else if (e.kind === 'unary' || e.kind === 'transpose') stack.push(e.arg);
    else if (e.kind === 'binary') stack.push(e.right, e.left);
    else if (e.kind === 'call') stack.push(...[...e.args].reverse());
    else if (e.kind === 'index') stack.push(...e.indices.filter((i) => i !== null), e.target);
  }
  return [...found];
}

/** All ways from a source to the output, at most `most` of them, and how many there are (Infinity past the doubles). */
export function pathsOf(
  graph: ChainGraph,
  source: string,
  most: number,
): { readonly paths: readonly (readonly string[])[]; readonly count: number } {
  const ways = new Map<string, number>();
  for (const name of [...graph.active].reverse())
    ways.set(
      name,
      name === graph.output ? 1 : graph.children.get(name)!.reduce((n, child) => n + (ways.get(child) ?? 0), 0),
    );
  const paths: string[][] = [];
  // A stack of half paths: programs may be thousands of names long.
  const stack: string[][] = [[source]];
  while (paths.length < most && stack.length > 0) {
    const path = stack.pop()!;
    let last = path.at(-1)!;
    while (last !== graph.output) {
      const next = graph.children.get(last)!;
      for (const other of next.slice(1).reverse()) stack.push([...path, other]);
      // The newest come first: older ones will not be listed any more.
      if (stack.length > most) stack.splice(0, stack.length - most);
      last = next[0]!;
      path.push(last);
    }
    paths.push(path);
  }
  return { paths, count: ways.get(source) ?? 0 };
}
