import { isOne } from '../base/rational.ts';
import { type AccumulationStep, activeNodes, differentiate } from '../calculus/accumulate.ts';
import { type AxisOrigin, layoutAxes, layoutOrder } from '../calculus/layout.ts';
import { type Link, linksOf, type Partial } from '../calculus/partials.ts';
import { linkRule } from '../notation/rule.ts';
import type { Node, Term } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import type { Bench } from './check-bench.ts';
import { answerOf, compareIn, isEqual, truthOf } from './check-compare.ts';
import type { Candidate } from './check-corrections.ts';
import { arrangements } from './check-orders.ts';
import { plainName, printedNode } from './check-print.ts';
import { printedNames } from './entry-names.ts';
import { quotient } from './steps-names.ts';
import type { Printed } from './steps-types.ts';
import type { Subject } from './subject.ts';

/** Graphs with more nodes between variable and output are not searched link by link. */
const mostActive = 60;

/** The last differentiation of a request: of the function itself, or of the derivative before. */
export interface Stage {
  readonly output: Node;
  readonly variable: Node;
  readonly active: readonly Node[];
}

export function stageOf({ raw, variables }: Subject): Stage {
  const [output, variable] = [raw.levels.at(-2)!, variables.at(-1)!];
  return { output, variable, active: activeNodes(output, variable) };
}

/** What an answer is where a link of the chain is missing from it. */
export function chainFactors(bench: Bench, stage: Stage): readonly Candidate[] {
  const { output, variable, active } = stage;
  if (active.length > mostActive) return [];
  const stopped = stoppedAt(bench, stage);
  if (stopped) return [stopped];
  return omitted(bench, output, variable, active);
}

/** The derivative by, or of, a node on the way. */
function stoppedAt(bench: Bench, { output, variable, active }: Stage): Candidate | undefined {
  const { subject } = bench;
  const b = subject.builder;
  const adjoints = new Map<Node, Node>();
  const tangents = new Map<Node, Node>();
  const note = (step: AccumulationStep): void => {
    if (step.mode === 'reverse') adjoints.set(step.node, step.before);
    else tangents.set(step.operand, step.before);
  };
  differentiate(b, output, variable, 'reverse', note);
  differentiate(b, output, variable, 'forward', note);
  const nodes = active.filter((n) => n !== output && n !== variable && bodyOf(output) !== n);
  // What the program gave a name is easier to speak of.
  const between = [...nodes.filter((n) => n.kind === 'let'), ...nodes.filter((n) => n.kind !== 'let')];
  for (const node of between) {
    const adjoint = adjoints.get(node);
    if (adjoint && fitsAnswer(bench, adjoint, output, node)) {
      const inner = tangents.get(node) ?? differentiate(b, node, variable, 'reverse');
      if (!isOnlyWay(bench, adjoint, inner, node)) continue;
      return {
        rank: 16,
        diagnosis: {
          kind: 'chain factor',
          is: derivativeSign(subjectName(subject), nameOf(subject, node)),
          of: nameOf(subject, node),
          by: nameOf(subject, variable),
          factor: inLayout(subject, inner, node, variable),
          ...onward(subject, inner, output, node, variable),
        },
      };
    }
  }
  for (const node of between) {
    const tangent = tangents.get(node);
    if (tangent && fitsAnswer(bench, tangent, node, variable)) {
      const outer = adjoints.get(node) ?? differentiate(b, output, node, 'reverse');
      if (!isOnlyWay(bench, outer, tangent, node)) continue;
      return {
        rank: 16,
        diagnosis: {
          kind: 'chain factor',
          is: derivativeSign(nameOf(subject, node), nameOf(subject, variable)),
          of: subjectName(subject),
          by: nameOf(subject, node),
          factor: inLayout(subject, outer, output, node),
        },
      };
    }
  }
  return undefined;
}

const bodyOf = (node: Node): Node => (node.kind === 'let' ? node.body : node);

export const originsOf = (output: Node, variable: Node): readonly AxisOrigin[] => [
  ...output.shape.map((size, axis) => ({ of: 'output' as const, axis, size })),
  ...variable.shape.map((size, axis) => ({ of: 0, axis, size })),
];

/** Whether the answer is the derivative of one node by another, in any layout. */
function fitsAnswer(bench: Bench, derivative: Node, of: Node, by: Node): boolean {
  // A constant is no derivative that somebody stopped at.
  if (!hasVariable(derivative)) return false;
  const ways = arrangements(originsOf(of, by), bench.subject.layout);
  return ways.some((way) => isEqual(compareIn(bench, answerOf(bench), (k) => bench.node(derivative, k), way, true)));
}

/** Whether the link would complete the answer: not where other ways lead from the variable to the output. */
function isOnlyWay(bench: Bench, outer: Node, inner: Node, middle: Node): boolean {
  const n = middle.shape.length;
  const [before, after] = [outer.shape.length - n, inner.shape.length - n];
  const labels = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  const whole = bench.subject.builder.contract(
    [
      { node: outer, labels: labels(0, before + n) },
      { node: inner, labels: labels(before, n + after) },
    ],
    [...labels(0, before), ...labels(before + n, after)],
  );
  const order = labels(0, before + after);
  return isEqual(
    compareIn(
      bench,
      truthOf(bench),
      (k) => bench.node(whole, k),
      { order: { kind: 'other', axes: order }, axes: order },
      true,
    ),
  );
}

function hasVariable(root: Node): boolean {
  const stack = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.kind === 'variable' || node.kind === 'let') return true;
    if (node.kind === 'einsum') stack.push(...node.operands.map((o) => o.node));
    else if (node.kind === 'sum') stack.push(...node.terms.map((t) => t.node));
    else if (node.kind === 'map' || node.kind === 'call') stack.push(...node.args);
    else if (node.kind === 'power') stack.push(node.base);
  }
  return false;
}

/** The derivative but for one link, which is taken as the identity. */
function omitted(bench: Bench, output: Node, variable: Node, active: readonly Node[]): readonly Candidate[] {
  const { subject } = bench;
  const b = subject.builder;
  const ways = arrangements(subject.raw.origins, subject.layout);
  const set = new Set(active);
  for (const node of active) {
    if (node === variable || bench.late()) continue;
    for (const [k, { operand, partials }] of linksOf(node, b).entries()) {
      // What is linear hands the change on as it is: there is nothing to leave out.
      if (!set.has(operand) || node.kind === 'let' || node.kind === 'sum' || node.kind === 'einsum') continue;
      if (node.shape.join() !== operand.shape.join()) continue;
      const labels = node.shape.map((_, i) => i);
      const identity: Partial = { coefficient: { n: 1, d: 1 }, factors: [], y: labels, x: labels };
      const without = accumulate(b, output, variable, active, (n) =>
        linksOf(n, b).map((link, i): Link => (n === node && i === k ? { operand, partials: [identity] } : link)),
      );
      if (!ways.some((way) => isEqual(compareIn(bench, answerOf(bench), (p) => bench.node(without, p), way, true))))
        continue;
      return [
        {
          rank: 18,
          diagnosis: {
            kind: 'chain factor',
            of: nameOf(subject, node),
            by: nameOf(subject, operand),
            factor: localFactor(subject, node, operand, partials),
          },
        },
      ];
    }
  }
  return [];
}

/** The link itself: of an elementwise function its derivative, entry by entry. */
function localFactor(s: Subject, node: Node, operand: Node, partials: readonly Partial[]): Printed {
  const [only] = partials;
  const own = only?.factors.length === 1 && isOne(only.coefficient) ? only.factors[0]! : undefined;
  if (partials.length === 1 && own && own.labels.join() === only!.y.join() && only!.x.join() === only!.y.join())
    return printedNode(s, own.node);
  return inLayout(s, differentiate(s.builder, node, operand, 'forward'), node, operand);
}

/** A derivative as it is written in the subject's layout. */
function inLayout(s: Subject, derivative: Node, of: Node, by: Node): Printed {
  return printedNode(s, s.builder.permute(derivative, layoutOrder(originsOf(of, by), s.layout)));
}

/** The pulled-back derivative, for a link that is no matrix. */
function onward(s: Subject, link: Node, output: Node, of: Node, by: Node): { readonly onward?: Printed } {
  if (link.shape.length < 3 || output.shape.length > 0) return {};
  const axes = layoutAxes(originsOf(of, by), s.layout).map((o) => ({
    ...o,
    name: o.of === 'output' ? s.output : s.wrt.at(-1)!,
  }));
  const node = s.builder.permute(link, layoutOrder(originsOf(of, by), s.layout));
  const request = { wrt: [s.wrt.at(-1)!], output: s.output, layout: s.layout };
  const { pull, pullLatex } = linkRule(s.builder, node, axes, request, s.taken, { names: printedNames(s) });
  return pull.includes('\n') ? {} : { onward: { text: pull, unicode: pull, latex: pullLatex } };
}

/** ∂output/∂variable by other local derivatives than the right ones, from the output back. */
function accumulate(
  b: Kit,
  output: Node,
  variable: Node,
  active: readonly Node[],
  links: (node: Node) => readonly Link[],
): Node {
  const n = output.shape.length;
  const identity = b.contract(
    output.shape.map((size, i) => ({ node: b.delta(size), labels: [i, n + i] })),
    [...output.shape, ...output.shape].map((_, i) => i),
  );
  const adjoints = new Map<Node, Term[]>([[output, [{ coefficient: { n: 1, d: 1 }, node: identity }]]]);
  for (const node of [...active].reverse()) {
    const terms = adjoints.get(node);
    if (!terms || node === variable) continue;
    const adjoint = b.sum(terms, [...output.shape, ...node.shape]);
    for (const { operand, partials } of links(node)) {
      if (!active.includes(operand)) continue;
      const list = adjoints.get(operand) ?? [];
      for (const p of partials) {
        const from = 1 + Math.max(-1, ...p.x, ...p.y, ...p.factors.flatMap((f) => f.labels));
        const kept = output.shape.map((_, i) => from + i);
        const made = b.contract([{ node: adjoint, labels: [...kept, ...p.y] }, ...p.factors], [...kept, ...p.x]);
        list.push({ coefficient: p.coefficient, node: made });
      }
      adjoints.set(operand, list);
    }
  }
  return b.sum(adjoints.get(variable) ?? [], [...output.shape, ...variable.shape]);
}

/** The derivative before the last differentiation, or the output, by name. */
const subjectName = (s: Subject): Printed => {
  const before = s.wrt.slice(0, -1);
  if (before.length === 0) return plainName(s.output);
  return {
    text: quotient('text', s.output, before),
    unicode: quotient('unicode', s.output, before),
    latex: quotient('latex', s.output, before),
  };
};

export const nameOf = (s: Subject, node: Node): Printed => printedNode(s, s.builder.named(node));

const grouped = (p: Printed): Printed =>
  /^[\p{L}\p{N}_']+$/u.test(p.text)
    ? p
    : { text: `(${p.text})`, unicode: `(${p.unicode})`, latex: `\\left(${p.latex}\\right)` };

/** `∂L/∂(A*x - y)` */
export function derivativeSign(of: Printed, by: Printed): Printed {
  const [top, below] = [grouped(of), grouped(by)];
  return {
    text: `∂${top.text}/∂${below.text}`,
    unicode: `∂${top.unicode}/∂${below.unicode}`,
    latex: `\\frac{\\partial ${top.latex}}{\\partial ${below.latex}}`,
  };
}
