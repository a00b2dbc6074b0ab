import type { NdArray } from '../base/ndarray.ts';
import { differentiate } from '../calculus/accumulate.ts';
import { linksOf } from '../calculus/partials.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes, substitute } from '../tensor/substitute.ts';
import { multiply, plus, type StepCheck, stepCheck, verdict } from './steps-check.ts';
import { formula } from './steps-formula.ts';
import { type Station, stationsOf } from './steps-links.ts';
import { freshName, type Left, nameLeft, symbolFor, type Teller } from './steps-names.ts';
import { engineTotals, localNode } from './steps-record.ts';
import type { Formula, Step } from './steps-types.ts';

/** A step without its number. */
export type Told = Omit<Step, 'number' | 'level'>;

/** What is known of a derivative on the way: in the engine's order of axes. */
interface Known {
  readonly node: Node;
  readonly value: NdArray | undefined;
  readonly formula: Formula;
}

/** What one of several derivatives one after the other is told from. */
export interface Level {
  readonly k: number;
  readonly output: Node;
  readonly variable: Node;
  /** What is differentiated, as it is named: the output, or a derivative of it. */
  readonly base: Left;
  /** `base` differentiated once more. */
  readonly whole: Left;
}

export function levelOf({ subject }: Teller, k: number): Level {
  const { raw, wrt, variables } = subject;
  const by = wrt.map((name, i) => ({ name, axes: variables[i]!.shape.length }));
  const axes = raw.levels[0]!.shape.length;
  const base: Left = { of: subject.output, axes, by: by.slice(0, k), ...(k === 0 ? { beside: by[0]!.axes } : {}) };
  return {
    k,
    output: raw.levels[k]!,
    variable: variables[k]!,
    base,
    whole: { of: subject.output, axes, by: by.slice(0, k + 1) },
  };
}

/** What is differentiated, by one more name. */
export const by = (level: Level, name: string, node: Node): Left => ({
  of: level.base.of,
  axes: level.base.axes,
  by: [...level.base.by, { name, axes: node.shape.length }],
});

/** Formulas longer than this are written with the name of the derivative that they continue. */
const mostCarried = 40;

/** The links of one derivative, in the order in which the engine went through them. */
export function tellLinks(
  t: Teller,
  level: Level,
): { readonly steps: readonly Told[]; readonly last: Known | undefined } {
  const { subject } = t;
  const { builder: b } = subject;
  const mode = subject.raw.modes[level.k]!;
  const reverse = mode === 'reverse';
  const stations = stationsOf(level.output, level.variable);
  const recorded = engineTotals(t, level, mode);
  const story = storyOf(t, level, stations);
  const { nameOf, chunkOf, variableOf } = story;
  const steps: Told[] = [];
  const known = new Map<Node, Known>();
  const symbols = new Map<Node, Node | undefined>();

  /** ∂output/∂node on the way back, ∂node/∂variable on the way forward. */
  const leftOf = (node: Node): Left => {
    if (reverse) return by(level, nameOf(node), node);
    if (node === level.output) return level.whole;
    return { of: nameOf(node), axes: node.shape.length, by: level.whole.by.slice(-1) };
  };
  const localLeft = (node: Node, operand: Node): Left => {
    if (node === level.output) return by(level, nameOf(operand), operand);
    return { of: nameOf(node), axes: node.shape.length, by: [{ name: nameOf(operand), axes: operand.shape.length }] };
  };
  const symbolOf = (node: Node): Node | undefined => {
    if (!symbols.has(node)) {
      const at = known.get(node)!;
      symbols.set(node, symbolFor(t, leftOf(node), at.node.shape, at.value));
    }
    return symbols.get(node);
  };

  const ordered = reverse ? stations : [...stations].reverse();
  const waiting = new Map<Node, number>();
  for (const s of stations) for (const o of s.operands) waiting.set(o, (waiting.get(o) ?? 0) + 1);
  const parts = new Map<Node, { known: Known; through: Node }[]>();
  const told = new Set<Node>();

  /** All contributions to a node are in: their sum, and whether it is what the engine had. */
  const complete = (node: Node, check: StepCheck): void => {
    const list = parts.get(node)!;
    if (list.length === 1) {
      t.checker.compare('the engine’s record', list[0]!.known.value, recorded.get(node), check);
      known.set(node, carried(list[0]!.known, node));
      return;
    }
    const first = list[0]!.known.node;
    const sum = b.sum(
      list.map((p) => ({ coefficient: { n: 1, d: 1 }, node: p.known.node })),
      first.shape,
    );
    const value = list.every((p) => p.known.value)
      ? list.reduce<NdArray | undefined>((a, p) => plus(a, p.known.value!), undefined)
      : undefined;
    const own = stepCheck();
    t.checker.compare('the engine’s record', value, recorded.get(node), own);
    const after = formula(t, leftOf(node), sum, own);
    t.checker.compare('sum of the paths', t.checker.value(sum, own), value, own);
    const total: Known = { node: sum, value, formula: after };
    const x = nameOf(node);
    const ways = list.map((p) =>
      p.through === level.output || p.through === level.variable ? 'directly' : `through ${nameOf(p.through)}`,
    );
    steps.push({
      kind: 'paths',
      rule: 'multi-variable chain rule',
      why: reverse
        ? `${x} reaches ${subject.output} in ${list.length} ways (${ways.join(', ')}); each moves alone, and the effects add up.`
        : `${x} depends on ${nameOf(level.variable)} in ${list.length} ways (${ways.join(', ')}); each moves alone, and the effects add up.`,
      hint: `In how many ways does ${reverse ? x : nameOf(level.variable)} reach ${reverse ? subject.output : x}?`,
      rules: [{ name: 'multi-variable chain rule', statement: 'df/ds = Σᵢ ∂f/∂xᵢ · ∂xᵢ/∂s' }],
      definitions: [],
      before: list[0]!.known.formula,
      summands: list.map((p) => p.known.formula),
      after,
      check: verdict(own),
    });
    known.set(node, carried(total, node));
  };

  /** Long formulas go on under the name of the derivative that they are. */
  const carried = (k: Known, node: Node): Known => {
    known.set(node, k);
    if (lengthOf(k.formula) <= mostCarried || node === (reverse ? level.variable : level.output)) return k;
    const symbol = symbolOf(node);
    return symbol ? { ...k, node: symbol } : k;
  };

  const tell = (s: Station, operand: Node): void => {
    t.budget.tick();
    const { node } = s;
    const check = stepCheck();
    const chunk = chunkOf(s);
    const x = variableOf(operand);
    const raw = differentiate(b, chunk, x, mode);
    const local = node === level.output && !story.outputNamed ? raw : restated(t, raw, chunk, variableOf(node));
    const localValue = t.checker.value(local, check);
    if (localValue) t.checker.differences(chunk, nameOf(operand), localValue, check);
    const link = formula(t, localLeft(node, operand), local, check);
    const upstream = reverse
      ? node === level.output
        ? undefined
        : node
      : operand === level.variable
        ? undefined
        : operand;
    const target = reverse ? operand : node;
    let after: Known = { node: local, value: localValue, formula: link };
    let product: Formula | undefined;
    if (upstream) {
      const before = known.get(upstream)!;
      const symbol = symbolOf(upstream);
      const over = reverse ? node.shape.length : operand.shape.length;
      const joined = (a: Node): Node => (reverse ? matmul(t, a, local, over) : matmul(t, local, a, over));
      if (symbol) product = formula(t, leftOf(target), joined(symbol), check);
      const made = before.node === symbol ? joined(symbol) : joined(before.node);
      const value =
        before.value && localValue
          ? reverse
            ? multiply(before.value, localValue, over)
            : multiply(localValue, before.value, over)
          : undefined;
      const written = before.node === symbol && product ? product : formula(t, leftOf(target), made, check);
      t.checker.compare('product of the links', t.checker.value(made, check), value, check);
      if (product && product.value.text === written.value.text) product = undefined;
      after = { node: made, value, formula: written };
    }
    const rules = s.rules.get(operand)!;
    const main = rules.reduce((a, r) => (r.weight > a.weight ? r : a), rules[0]!);
    const described = reverse ? operand : node;
    const fresh = story.introduced.has(described) && !told.has(described);
    told.add(described);
    const list = parts.get(target) ?? [];
    list.push({ known: after, through: reverse ? node : operand });
    parts.set(target, list);
    const left = (waiting.get(operand) ?? 1) - 1;
    waiting.set(operand, left);
    const done = reverse ? left === 0 : list.length === s.operands.length;
    const at = steps.length;
    if (done) complete(target, check);
    const summands =
      main.name === 'product rule' || rules.some((r) => r.name === 'product rule')
        ? summandsOf(t, localLeft(node, operand), chunk, x, local)
        : [];
    steps.splice(at, 0, {
      kind: 'link',
      rule: upstream ? `chain rule through ${nameOf(upstream)}: ${main.name}` : main.name,
      why: main.why,
      hint: main.question(nameOf(operand)),
      rules: rules.map(({ name, statement }) => ({ name, statement })),
      definitions: fresh ? [story.definition(described, check)] : [],
      before: upstream ? known.get(upstream)!.formula : story.definition(node, check),
      ...(upstream ? { link } : {}),
      ...(product ? { product } : {}),
      summands,
      after: after.formula,
      check: verdict(check),
    });
  };

  for (const s of ordered) for (const operand of s.operands) tell(s, operand);
  const end = reverse ? level.variable : level.output;
  return { steps, last: known.get(end) };
}

const lengthOf = (f: Formula): number => f.value.text.length / 2;

/** Matrix product over `over` shared axes: the last of a, the first of b. */
function matmul({ subject }: Teller, a: Node, b: Node, over: number): Node {
  const left = a.shape.length - over;
  const right = b.shape.length - over;
  const range = (from: number, n: number): number[] => Array.from({ length: n }, (_, i) => from + i);
  const [outer, inner, rest] = [range(0, left), range(left, over), range(left + over, right)];
  return subject.builder.contract(
    [
      { node: a, labels: [...outer, ...inner] },
      { node: b, labels: [...inner, ...rest] },
    ],
    [...outer, ...rest],
  );
}

/** A derivative that holds the function's own value is written with the name of that value. */
function restated({ subject }: Teller, derivative: Node, body: Node, value: Node): Node {
  if (body.kind !== 'map' && body.kind !== 'call' && body.kind !== 'power') return derivative;
  return substitute(subject.builder, derivative, new Map([[body, value]]));
}

/** The terms of a product rule, one for each factor that moves. */
function summandsOf(t: Teller, left: Left, chunk: Node, x: Node, local: Node): readonly Formula[] {
  const { builder: b } = t.subject;
  const told = (node: Node): Formula => formula(t, left, node, undefined, false);
  // The same array several times in one product: each place moves alone, even where the terms are equal.
  const places = chunk.kind === 'einsum' ? linksOf(chunk, b).filter((l) => l.operand === x) : [];
  if (places.length > 1 && places.length <= 8)
    return places.map(({ partials }) => told(localNode(t, { node: chunk, operand: x, partials })));
  if (local.kind !== 'sum' || local.terms.length < 2 || local.terms.length > 8) return [];
  return local.terms.map((term) => told(b.scale(term.coefficient, term.node)));
}

/** Names for the stations, what they stand for, and their values at the point. */
function storyOf(t: Teller, level: Level, stations: readonly Station[]) {
  const { subject, checker } = t;
  const { builder: b } = subject;
  const names = new Map<Node, string>([[level.variable, subject.wrt[level.k]!]]);
  const variables = new Map<Node, Node>([[level.variable, level.variable]]);
  const introduced = new Set<Node>();
  const outputNamed = level.k === 0 && level.output.kind === 'let';
  for (const { node } of [...stations].reverse()) {
    const own = node.kind === 'let' && !node.name.startsWith('·');
    let name: string;
    if (node === level.output) name = subject.output;
    else if (own) name = (node as Node & { kind: 'let' }).name;
    else {
      name = freshName(t, node.shape);
      introduced.add(node);
    }
    names.set(node, name);
    if (node !== level.output || outputNamed) {
      variables.set(node, b.variable(name, node.shape, b.isSymmetric(node) ? ['symmetric'] : []));
      const value = checker.value(node, stepCheck());
      if (value) checker.bind(name, value);
    }
  }
  const byNode = new Map(stations.map((s) => [s.node, s] as const));
  const chunks = new Map<Node, Node>();
  const chunkOf = (s: Station): Node => {
    const made =
      chunks.get(s.node) ?? substitute(b, s.body, new Map(s.operands.map((o) => [o, variables.get(o)!] as const)));
    chunks.set(s.node, made);
    return made;
  };
  return {
    introduced,
    outputNamed,
    nameOf: (node: Node): string => names.get(node)!,
    variableOf: (node: Node): Node => variables.get(node)!,
    chunkOf,
    /** `u = A x − y` */
    definition(node: Node, check: StepCheck): Formula {
      const left = node === level.output ? level.base : nameLeft(names.get(node)!, node, level.variable.shape.length);
      return formula(t, left, chunkOf(byNode.get(node)!), check);
    },
  };
}

/** Whether a node holds a name that only the derivation knows. */
export function holdsIntroduced(t: Teller, root: Node): boolean {
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    if (node.kind === 'variable' && t.introduced.has(node.name)) return true;
    for (const o of operandNodes(node)) seen.add(o);
  }
  return false;
}
