import type { AccumulationStep } from '../calculus/accumulate.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import { ruleOf } from './rules.ts';
import { multiply, stepCheck, verdict } from './steps-check.ts';
import { formula } from './steps-formula.ts';
import { by, type Level, type Told } from './steps-level.ts';
import { freshName, type Left, type Teller } from './steps-names.ts';
import { localNode, recordOf } from './steps-record.ts';

/** Every link that the engine went through, as it went: one step for each rule that was applied to one operand. */
export function tellRewrites(t: Teller, level: Level): readonly Told[] {
  const { subject } = t;
  const { builder: b, raw } = subject;
  const mode = raw.modes[level.k]!;
  const { steps } = recordOf(t, level.k);
  const active = new Set<Node>(steps.flatMap((s) => [s.node, s.operand]));
  const names = new Map<Node, string>([[level.variable, subject.wrt[level.k]!]]);
  const known = (node: Node): string | undefined =>
    names.get(node) ??
    (node === level.output
      ? subject.output
      : node.kind === 'let' && !node.name.startsWith('·')
        ? node.name
        : undefined);
  const nameOf = (node: Node): string => {
    const name = known(node) ?? freshName(t, node.shape);
    names.set(node, name);
    return name;
  };
  const left = (node: Node): Left =>
    mode === 'reverse'
      ? by(level, nameOf(node), node)
      : node === level.output
        ? level.whole
        : { of: nameOf(node), axes: node.shape.length, by: level.whole.by.slice(-1) };
  return steps.map((s): Told => {
    t.budget.tick();
    const check = stepCheck();
    const rule = ruleOf(s.node, (n) => active.has(n));
    const local = localNode(t, s);
    const own: Left =
      s.node === level.output
        ? by(level, nameOf(s.operand), s.operand)
        : {
            of: nameOf(s.node),
            axes: s.node.shape.length,
            by: [{ name: nameOf(s.operand), axes: s.operand.shape.length }],
          };
    const [source, target] = mode === 'reverse' ? [s.node, s.operand] : [s.operand, s.node];
    const [J, B, A] = [local, s.before, s.after].map((n) => t.checker.value(n, check));
    if (J && B)
      t.checker.compare(
        'product of the links',
        mode === 'reverse' ? multiply(B, J, s.node.shape.length) : multiply(J, B, s.operand.shape.length),
        A,
        check,
      );
    differences(t, s, check);
    return {
      kind: 'rewrite',
      rule: rule.name,
      why: rule.why,
      hint: rule.question(nameOf(s.operand)),
      rules: [{ name: rule.name, statement: rule.statement }],
      definitions: known(s.node) === subject.output && s.node === level.output ? [] : definitionsOf(t, s.node, nameOf),
      before: formula(t, left(source), s.before, check),
      link: formula(t, own, local, check),
      summands: [],
      after: formula(t, left(target), s.after, check),
      check: verdict(check),
    };
    function definitionsOf(teller: Teller, node: Node, name: (n: Node) => string) {
      const body = node.kind === 'let' ? node.body : node;
      return [formula(teller, { of: name(node), axes: node.shape.length, by: [] }, body)];
    }
  });

  /** The node with this one operand replaced by a variable, against its local derivative. */
  function differences(teller: Teller, s: AccumulationStep, check: ReturnType<typeof stepCheck>): void {
    // A name of its own: other operands may hold the same variable, and they stay.
    const name = '\u{E300}';
    if (operandNodes(s.node).filter((o) => o === s.operand).length > 1 || s.node.kind === 'let') return;
    const x = b.variable(name, s.operand.shape);
    const value = teller.checker.value(s.operand, check);
    if (!value) return;
    teller.checker.bind(name, value);
    const J = teller.checker.value(localNode(teller, s), check);
    if (J) teller.checker.differences(withOperand(teller, s.node, s.operand, x), name, J, check);
  }
}

function withOperand({ subject }: Teller, node: Node, operand: Node, x: Node): Node {
  const { builder: b } = subject;
  const of = (n: Node): Node => (n === operand ? x : n);
  switch (node.kind) {
    case 'einsum':
      return b.contract(
        node.operands.map((o) => ({ node: of(o.node), labels: o.labels })),
        node.shape.map((_, i) => i),
      );
    case 'sum':
      return b.sum(
        node.terms.map((term) => ({ coefficient: term.coefficient, node: of(term.node) })),
        node.shape,
      );
    case 'map':
      return b.mapOrder(node.fn, node.order, ...node.args.map(of));
    case 'power':
      return b.power(of(node.base), node.exponent);
    case 'call':
      return node.unknown
        ? b.unknown(node.fn, node.order, node.args.map(of), node.shape)
        : b.call(node.fn, node.args.map(of), node.shape, node.axes);
    default:
      return node;
  }
}
