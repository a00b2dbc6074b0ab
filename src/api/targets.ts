import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import { scalarArray } from '../base/ndarray.ts';
import { differentiateAll } from '../calculus/accumulate.ts';
import { deriveAll } from '../calculus/derive.ts';
import { type AxisOrigin, type Layout, layoutOrder } from '../calculus/layout.ts';
import { bindPoint } from '../interpret/bind.ts';
import { type Lowered, lower } from '../language/lower.ts';
import { notate } from '../notation/derivative.ts';
import { printProgramText } from '../notation/print/program.ts';
import type { PlanTarget } from '../plan/create.ts';
import type { PlanInput } from '../plan/plan.ts';
import { withCommonFactors } from '../simplify/common-factors.ts';
import { type Condensation, condense, isSmaller } from '../simplify/condense.ts';
import { solveCondensed } from '../simplify/solve.ts';
import type { Analysis, NameInfo } from '../syntax/analysis.ts';
import { createBuilder } from '../tensor/builder.ts';
import type { Node } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { operandNodes, substitute } from '../tensor/substitute.ts';
import { parseWith } from './parse.ts';
import { byLength, sizeNames } from './rank.ts';
import type { ComputeRequest, ParsedProgram, PlanOptions } from './types.ts';

/** What a plan is made from: the arrays wanted, all of one builder, and the arrays that they are computed from. */
export interface Prepared {
  readonly program: ParsedProgram;
  readonly builder: Kit;
  /** What is known of size symbols and index symbols: from `sizes`, and from the arrays of `at`. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly indices: ReadonlyMap<string, number>;
  readonly targets: readonly PlanTarget[];
  readonly inputs: readonly PlanInput[];
}

/** Properties that a rewrite may use but that a derivative by independent entries must not see. */
export const structuralProperties: ReadonlySet<string> = new Set([
  'symmetric',
  'diagonal',
  'orthogonal',
  'positive definite',
]);

/** The analysis in which the entries of the given names are independent. */
export function withIndependentEntries(analysis: Analysis, names: readonly string[]): Analysis {
  const general = new Map<string, NameInfo>(analysis.names);
  for (const name of names) {
    const info = analysis.names.get(name)!;
    general.set(name, { ...info, properties: info.properties.filter((p) => !structuralProperties.has(p)) });
  }
  return { ...analysis, names: general };
}

/** Derives all that is asked for. `formulas`: whether each target tells its closed form. */
export function prepare(
  source: string,
  request: ComputeRequest,
  options: PlanOptions,
  formulas: boolean,
  budget: Budget,
): Prepared {
  const orders = (request.derivatives ?? []).map((wrt): readonly string[] => (typeof wrt === 'string' ? [wrt] : wrt));
  const { jvp = [], vjp = [], hvp = [], newton = [] } = request;
  const names = [...new Set([...orders.flat(), ...jvp, ...vjp, ...hvp, ...newton])];
  if (orders.some((wrt) => wrt.length === 0))
    fail('usage/wrt', 'no variable to differentiate by was given', undefined, 'name at least one');
  const program = parseWith(source, options, names, budget);
  const { analysis } = program;
  const work = createWork(analysis, names, budget);
  const targets: PlanTarget[] = [];
  const directions: PlanInput[] = [];
  const taken = new Set([...analysis.names.keys(), ...sizeNames(analysis)]);
  const direction = (stem: string, like: Node): Node => {
    let name = stem;
    while (taken.has(name)) name += '_';
    taken.add(name);
    directions.push({ name, shape: like.shape, properties: [], direction: true });
    return work.builder.variable(name, like.shape);
  };
  const withShared = (wanted: Node | Condensation): Node | Condensation => {
    const share = (node: Node): Node => withCommonFactors(work.builder, node);
    if ('kind' in wanted) return share(wanted);
    const terms = wanted.terms.map((t) => ({
      ...t,
      cores: t.cores.map((core) => ({ ...core, node: share(core.node) })),
    }));
    return { ...wanted, terms };
  };
  const add = (name: string, role: PlanTarget['role'], wanted: Node | Condensation, node?: Node): void => {
    const formula = formulas && node ? { formula: printProgramText(notate(work.builder, node, taken)) } : {};
    let unique = name;
    for (let k = 2; targets.some((t) => t.name === unique); k++) unique = `${name}_${k}`;
    targets.push({ name: unique, role, wanted: withShared(wanted), ...formula });
  };

  if (request.value ?? names.length === 0) add('value', { of: 'value' }, work.back(work.output));
  const layout: Layout = options.layout ?? 'denominator';
  const joint = work.jointly(orders.filter((wrt) => wrt.length === 1).map(([name]) => name!));
  for (const wrt of orders) {
    const { node, origins } = (wrt.length === 1 && joint.get(wrt[0]!)) || work.derivative(wrt);
    const order = layoutOrder(origins, layout);
    const axes = order.map((k) => ({ of: origins[k]!.of, axis: origins[k]!.axis }));
    const arranged = work.back(work.builder.permute(node, order));
    const parts = (options.form ?? 'auto') === 'dense' ? undefined : condense(work.builder, arranged);
    const wanted = parts && (options.form === 'condensed' || isSmaller(parts)) ? parts : arranged;
    add(wrt.map((name) => `d${name}`).join(''), { of: 'derivative', wrt, layout, axes }, wanted, arranged);
  }
  for (const name of jvp) {
    const v = direction(`d${name}`, work.variable(name));
    add(`jvp${name}`, { of: 'jvp', wrt: name, direction: nameOf(v) }, work.back(work.jvp(name, v)));
  }
  for (const name of vjp) {
    const g = direction(`g${name}`, work.output);
    add(`vjp${name}`, { of: 'vjp', wrt: name, direction: nameOf(g) }, work.back(work.vjp(name, g)));
  }
  for (const name of hvp) {
    work.needsScalar('a Hessian times a direction');
    const v = direction(`v${name}`, work.variable(name));
    add(`hvp${name}`, { of: 'hvp', wrt: name, direction: nameOf(v) }, work.back(work.hvp(name, v)));
  }
  for (const name of newton) {
    work.needsScalar('a Newton step');
    add(`newton${name}`, { of: 'newton', wrt: name }, work.back(work.newton(name)));
  }
  const roots = targets.flatMap(({ wanted }) =>
    'kind' in wanted ? [wanted] : wanted.terms.flatMap((t) => t.cores.map((core) => core.node)),
  );
  const inputs = inputsOf(analysis, roots, directions);
  return { program, builder: work.builder, targets, inputs, ...known(analysis, options) };
}

/** Numbers of symbols, as far as the request tells them. */
function known(analysis: Analysis, { sizes = {}, at = new Map() }: PlanOptions): Pick<Prepared, 'sizes' | 'indices'> {
  const given = new Map(Object.entries(sizes));
  for (const [symbol, size] of given)
    if (!Number.isSafeInteger(size) || size < 1)
      fail('usage/sizes', `the size ${symbol} is ${size}, and a size is a positive integer`);
  const numbers = new Map([...given].map(([symbol, size]) => [symbol, scalarArray(size)] as const));
  const { sizes: found, values } = bindPoint(analysis, numbers, at);
  const indices = new Map<string, number>();
  for (const info of analysis.names.values())
    if (info.role === 'index' && values.has(info.name)) indices.set(info.name, values.get(info.name)!.data[0]!);
  return { sizes: new Map([...given, ...found]), indices };
}

const nameOf = (node: Node): string => (node as Node & { kind: 'variable' }).name;

/** The declared inputs that the targets depend on, in the program's order, and the directions. */
function inputsOf(analysis: Analysis, roots: readonly Node[], directions: readonly PlanInput[]): readonly PlanInput[] {
  const nodes = new Set(roots);
  for (const node of nodes) for (const operand of operandNodes(node)) nodes.add(operand);
  const used = new Set([...nodes].flatMap((n) => (n.kind === 'variable' ? [n.name] : [])));
  const inputs = [...analysis.names.values()]
    .filter((info) => info.role === 'input' && used.has(info.name))
    .map((info): PlanInput => ({ name: info.name, shape: info.type.axes, properties: info.properties }));
  return [...inputs, ...directions];
}

interface Raw {
  readonly node: Node;
  readonly origins: readonly AxisOrigin[];
}

/** Derivatives of one program in one builder, so that everything that they share is one node. */
interface Work {
  readonly builder: Kit;
  readonly output: Node;
  variable(name: string): Node;
  derivative(wrt: readonly string[]): Raw;
  /** The gradients by several names in one walk; none where there is no scalar output, or only one name. */
  jointly(names: readonly string[]): ReadonlyMap<string, Raw>;
  jvp(name: string, v: Node): Node;
  vjp(name: string, g: Node): Node;
  hvp(name: string, v: Node): Node;
  newton(name: string): Node;
  /** Puts declared properties, and the definitions of assigned names, back in the place of independent variables. */
  back(node: Node): Node;
  needsScalar(what: string): void;
}

function createWork(analysis: Analysis, names: readonly string[], budget: Budget): Work {
  const builder = createBuilder(budget);
  const general = withIndependentEntries(analysis, names);
  const taken = new Set([...analysis.names.keys(), ...sizeNames(analysis)]);
  const lowered = new Map<string, Lowered>();
  /** The program with these assigned names independent. */
  const lowering = (independent: readonly string[]): Lowered => {
    const key = JSON.stringify(independent);
    const made = lowered.get(key) ?? lower(general, { independent }, builder);
    lowered.set(key, made);
    return made;
  };
  const assigned = (wrt: readonly string[]): readonly string[] =>
    [...new Set(wrt)].filter((name) => analysis.names.get(name)!.role === 'assigned').sort();
  const base = lowering([]);
  const variable = (name: string): Node => {
    const info = general.names.get(name)!;
    return builder.variable(name, info.type.axes, info.properties);
  };
  const rank = (nodes: readonly Node[]): readonly Node[] => byLength(builder, nodes, taken);
  const derivative = (wrt: readonly string[]): Raw =>
    deriveAll(builder, lowering(assigned(wrt)).output, wrt.map(variable), rank)[0]!;
  const dot = (a: Node, b: Node): Node => {
    const labels = a.shape.map((_, axis) => axis);
    return builder.contract(
      [
        { node: a, labels },
        { node: b, labels },
      ],
      [],
    );
  };
  const gradientOf = (scalar: Node, by: Node): Node => differentiateAll(builder, scalar, [by])[0]!;
  const outputFor = (name: string): Node => lowering(assigned([name])).output;
  const vjp = (name: string, g: Node): Node => gradientOf(dot(g, outputFor(name)), variable(name));
  const needsScalar = (what: string): void => {
    if (base.output.shape.length > 0)
      fail('usage/output', `${what} needs a scalar output, and this one has ${base.output.shape.length} axes`);
  };
  return {
    builder,
    output: base.output,
    variable,
    derivative,
    jointly(list) {
      const free = [...new Set(list)].filter((name) => assigned([name]).length === 0);
      if (base.output.shape.length > 0 || free.length < 2) return new Map();
      const nodes = differentiateAll(builder, base.output, free.map(variable));
      return new Map(
        free.map((name, k) => {
          const origins = nodes[k]!.shape.map((size, axis): AxisOrigin => ({ of: 0, axis, size }));
          return [name, { node: nodes[k]!, origins }];
        }),
      );
    },
    vjp,
    // r(g) = Jᵀg is linear in g, so that ∂⟨r(g), v⟩/∂g = J·v: two walks, whatever the sizes.
    jvp(name, v) {
      const output = outputFor(name);
      if (output.shape.length === 0) return dot(derivative([name]).node, v);
      const g = builder.variable('·g', output.shape);
      return gradientOf(dot(vjp(name, g), v), g);
    },
    hvp: (name, v) => gradientOf(dot(derivative([name]).node, v), variable(name)),
    newton(name) {
      const hessian = derivative([name, name]).node;
      // The gradient is a value of its own, which a plan that delivers it too shares.
      return solveCondensed(builder, hessian, builder.let('·gradient', derivative([name]).node));
    },
    back(node) {
      const definitions = new Map<Node, Node>();
      const properties = new Map<Node, Node>();
      for (const name of names) {
        const definition = base.lets.get(name);
        if (definition) definitions.set(variable(name), definition);
        const info = analysis.names.get(name)!;
        if (info.properties.length !== general.names.get(name)!.properties.length)
          properties.set(variable(name), builder.variable(name, info.type.axes, info.properties));
      }
      const whole = definitions.size > 0 ? substitute(builder, node, definitions) : node;
      return properties.size > 0 ? substitute(builder, whole, properties) : whole;
    },
    needsScalar,
  };
}
