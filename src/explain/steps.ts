import type { Budget } from '../base/budget.ts';
import { evaluateProgram } from '../interpret/program.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import { type Checker, createChecker, stepCheck, verdict } from './steps-check.ts';
import { tellCondensing } from './steps-closing.ts';
import { formula, fromTree } from './steps-formula.ts';
import { holdsIntroduced, type Level, levelOf, type Told, tellLinks } from './steps-level.ts';
import { createTeller, nameLeft, printLeft, type Teller } from './steps-names.ts';
import { recordOf } from './steps-record.ts';
import { tellRewrites } from './steps-rewrites.ts';
import type { Depth, Formula, Step, StepsView } from './steps-types.ts';
import type { Subject } from './subject.ts';

export interface StepsRequest {
  readonly depth: Depth;
  readonly hints: boolean;
  readonly seed: number;
}

/** The derivation of a derivative as numbered steps, from the engine's own record, each evaluated at a random point. */
export function stepsView(subject: Subject, { depth, hints, seed }: StepsRequest, budget: Budget): StepsView {
  const checker = createChecker(subject, seed, budget);
  const t = createTeller(subject, checker, budget);
  bindNames(t, checker);
  const told: { level: number; step: Told }[] = [];
  const levels = subject.wrt.map((_, k) => levelOf(t, k));
  for (const level of levels) for (const step of tellLevel(t, level, depth)) told.push({ level: level.k, step });
  const last = levels.at(-1)!;
  const closing = tellEnd(t, last, depth);
  for (const step of closing.steps) told.push({ level: last.k, step });
  const steps = told.map(({ level, step }, i): Step => ({ number: i + 1, level, ...step }));
  const count = (status: Step['check']['status']): number => steps.filter((s) => s.check.status === status).length;
  return {
    schema: 1,
    depth,
    hints,
    title: printLeft(t, last.whole),
    output: subject.output,
    wrt: subject.wrt,
    layout: subject.layout,
    steps,
    result: closing.result,
    seed,
    sizes: [...checker.sizes].map(([name, size]) => ({ name, size })),
    checks: {
      passed: count('passed'),
      failed: count('failed'),
      open: count('not checked'),
      worst: steps.reduce((w, s) => Math.max(w, s.check.worst), 0),
    },
  };
}

/** Every name of the program gets its value, so that formulas may use it. */
function bindNames({ subject }: Teller, checker: Checker): void {
  for (const [name, node] of subject.lets) {
    if (subject.wrt.includes(name)) continue;
    const value = checker.value(node, stepCheck());
    if (value) checker.bind(name, value);
  }
  if (subject.wrt.includes(subject.output)) return;
  const output = checker.value(subject.raw.levels[0]!, stepCheck());
  if (output) checker.bind(subject.output, output);
}

function tellLevel(t: Teller, level: Level, depth: Depth): readonly Told[] {
  const steps: Told[] = [];
  if (depth !== 'outline') steps.push(level.k === 0 ? writeOut(t, level) : again(t, level));
  const { result } = recordOf(t, level.k);
  if (depth === 'rewrites') steps.push(...tellRewrites(t, level));
  const links = depth === 'rewrites' ? { steps: [], last: undefined } : tellLinks(t, level);
  steps.push(...links.steps);
  const { builder: b, raw } = t.subject;
  if (depth !== 'outline' && links.last && holdsIntroduced(t, links.last.node))
    steps.push(backToNames(t, level, links.last.formula, links.steps, result));
  if (b.isZero(result) && links.steps.length === 0) steps.push(nothing(t, level, result));
  const next = raw.levels[level.k + 1]!;
  if (depth !== 'outline' && next !== result)
    steps.push(collected(t, level, formula(t, level.whole, result), result, next));
  else if (depth === 'full' && links.last && !holdsIntroduced(t, links.last.node)) {
    const plain = formula(t, level.whole, result);
    if (plain.value.text !== links.last.formula.value.text)
      steps.push(collected(t, level, links.last.formula, links.last.node, result));
  }
  return steps;
}

/** The output as the user wrote it, and entry by entry. */
function writeOut(t: Teller, level: Level): Told {
  const { subject, checker } = t;
  const { analysis } = subject;
  const check = stepCheck();
  const left = printLeft(t, level.base);
  const output = level.output;
  const body = output.kind === 'let' ? output.body : output;
  // A name that is differentiated by itself stands for nothing but itself.
  const before = subject.wrt.includes(subject.output)
    ? formula(t, level.base, body, check)
    : fromTree(t, left, { assignments: [], value: analysis.output.value }, output.shape, true, check, output);
  const after = formula(t, level.base, body, check);
  const program = programValue(t);
  checker.compare('the program’s own value', program, checker.value(output, check), check);
  const definitions = [...subject.lets]
    .filter(([name, node]) => node.kind === 'let' && node !== output && !subject.wrt.includes(name))
    .slice(0, mostDefinitions)
    .map(([name, node]) =>
      formula(t, nameLeft(name, node, level.variable.shape.length), (node as Node & { kind: 'let' }).body),
    );
  return {
    kind: 'write',
    rule: 'write out one entry',
    why: [
      /Σ/.test(after.index?.unicode ?? 'Σ')
        ? 'A matrix product is a sum over the index that its factors share; written entry by entry, everything is a number.'
        : 'Written entry by entry everything is a number, and the rules for numbers apply.',
      ...namesGiven(level.output, analysis.program.source),
    ].join(' '),
    hint: `What is one entry of ${subject.output}, as a sum over indices?`,
    rules: [{ name: 'matrix product', statement: '(A·B)ᵢⱼ = Σₖ Aᵢₖ Bₖⱼ' }],
    definitions,
    before,
    summands: [],
    after,
    check: verdict(check),
  };
}

/** Functions that the graph calls by a name which the program spelled out. */
const spelledOut: ReadonlyMap<string, string> = new Map([
  ['softplus', 'log(1 + exp(u)) is called softplus(u).'],
  ['sigmoid', '1/(1 + exp(-u)) is called sigmoid(u), σ for short.'],
  ['softmax', 'exp(u) divided by its sum is called softmax(u).'],
  ['logsumexp', 'The logarithm of a softmax is u - logsumexp(u).'],
]);

function namesGiven(root: Node, source: string): readonly string[] {
  const told = new Set<string>();
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    for (const operand of operandNodes(node)) seen.add(operand);
    const sentence = node.kind === 'map' || node.kind === 'call' ? spelledOut.get(node.fn) : undefined;
    if (sentence && (node.kind === 'map' || node.kind === 'call') && !source.includes(node.fn)) told.add(sentence);
  }
  return [...told];
}

const mostDefinitions = 12;

function programValue({ subject, checker, budget }: Teller) {
  const { analysis, wrt } = subject;
  const point = checker.point;
  if (!point) return undefined;
  const held = new Map(
    [...point.values].filter(([n]) => analysis.names.get(n)?.role === 'assigned' && wrt.includes(n)),
  );
  const inputs = new Map([...point.values].filter(([n]) => analysis.names.get(n)?.role !== 'assigned'));
  return evaluateProgram(analysis, inputs, { held }, budget).output;
}

/** The next of several derivatives: what was found is differentiated once more. */
function again(t: Teller, level: Level): Told {
  const check = stepCheck();
  const base = formula(t, level.base, level.output, check);
  const x = t.subject.wrt[level.k]!;
  return {
    kind: 'write',
    rule: 'differentiate again',
    why: `${base.left.unicode} is itself a function of the variables; its derivative by ${x} is found by the same rules.`,
    hint: `Where does ${x} stand in ${base.left.unicode}?`,
    rules: [
      { name: 'higher derivative', statement: `${printLeft(t, level.whole).unicode} = ∂(${base.left.unicode})/∂${x}` },
    ],
    definitions: [],
    before: base,
    summands: [],
    after: base,
    check: verdict(check),
  };
}

/** The names that the derivation introduced are replaced by what they stand for. */
function backToNames(t: Teller, level: Level, before: Formula, links: readonly Told[], result: Node): Told {
  const check = stepCheck();
  const after = formula(t, level.whole, result, check);
  const { checker } = t;
  const known = checker.value(result, check);
  checker.compare('the engine’s result', known, checker.value(t.subject.raw.levels[level.k + 1]!, check), check);
  const used = links.flatMap((s) => s.definitions).filter((d) => t.introduced.has(d.left.text));
  const names = used.map((d) => d.left.unicode);
  return {
    kind: 'names',
    rule: 'put the names back',
    why:
      names.length === 0
        ? 'Each derivative that was named on the way is replaced by its formula.'
        : names.length === 1
          ? `${names[0]} was only a name; its formula takes its place again.`
          : `${listed(names)} were only names; their formulas take their places again.`,
    hint: names.length === 0 ? 'What do the named derivatives stand for?' : `What did ${listed(names)} stand for?`,
    rules: [{ name: 'substitution', statement: 'equals may replace equals' }],
    definitions: used,
    before,
    summands: [],
    after,
    check: verdict(check),
  };
}

/** `u, v and w` */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

function collected(t: Teller, level: Level, before: Formula, result: Node, next: Node): Told {
  const check = stepCheck();
  const after = formula(t, level.whole, next, check);
  t.checker.compare('before and after', t.checker.value(result, check), t.checker.value(next, check), check);
  return {
    kind: 'collect',
    rule: 'simplify',
    why: 'Products are multiplied out and equal terms collected; the value stays the same and the formula gets shorter.',
    hint: 'Which terms can be put together?',
    rules: [{ name: 'distributive law', statement: 'A·(B + C) = A·B + A·C' }],
    definitions: [],
    before,
    summands: [],
    after,
    check: verdict(check),
  };
}

function nothing(t: Teller, level: Level, result: Node): Told {
  const check = stepCheck();
  const x = t.subject.wrt[level.k]!;
  const after = formula(t, level.whole, result, check);
  return {
    kind: 'link',
    rule: 'constant rule',
    why: `${printLeft(t, level.base).unicode} does not depend on ${x}, so it does not change with it.`,
    hint: `Where does ${x} stand in it?`,
    rules: [{ name: 'constant', statement: 'd c = 0' }],
    definitions: [],
    before: formula(t, level.base, level.output, check),
    summands: [],
    after,
    check: verdict(check),
  };
}

/** What a declared structure gives, the result in its layout, and what it is condensed to. */
function tellEnd(t: Teller, level: Level, depth: Depth): { readonly steps: readonly Told[]; readonly result: Formula } {
  const { raw, analysis, wrt, layout, axes } = t.subject;
  const general = raw.levels.at(-1)!;
  const steps: Told[] = [];
  const check = stepCheck();
  // The names of the derivation are gone: the result is written as the derivative itself is.
  const result = formula({ ...t, taken: new Set(t.subject.taken) }, level.whole, raw.node, check);
  if (raw.node !== general) {
    const own = stepCheck();
    const before = formula(t, level.whole, general, own);
    t.checker.compare('before and after', t.checker.value(general, own), t.checker.value(raw.node, own), own);
    const declared = [...new Set(wrt)].flatMap((n) => analysis.names.get(n)!.properties.map((p) => `${n} is ${p}`));
    steps.push({
      kind: 'structure',
      rule: 'use the structure',
      why: `${declared.join(', ')}: the entries were treated as independent while differentiating, and now what is known of them simplifies the result.`,
      hint: `What does it mean for the formula that ${declared.join(', ')}?`,
      rules: [{ name: 'declared structure', statement: declared.join('; ') }],
      definitions: [],
      before,
      summands: [],
      after: result,
      check: verdict(own),
    });
  }
  if (depth === 'outline' && steps.length === 0 && t.subject.wrt.length === 0) return { steps, result };
  const jacobian = axes.map((a) => a.name).join(', ');
  const order = layoutWords(t);
  steps.push({
    kind: 'result',
    rule: 'result',
    why: order,
    hint: `Which shape must ${printLeft(t, level.whole).unicode} have?`,
    rules: [{ name: `${layout} layout`, statement: jacobian === '' ? 'a number' : `axes: ${jacobian}` }],
    definitions: [],
    before: formula(t, level.whole, general),
    summands: [],
    after: result,
    check: verdict(check),
  });
  if (depth !== 'outline') steps.push(...tellCondensing(t, level.whole, result));
  return { steps, result };
}

/** Where the axes of the result come from, in a sentence. */
function layoutWords({ subject }: Teller): string {
  const { raw, wrt, layout, axes, output } = subject;
  if (axes.length === 0) return 'It is a number.';
  const inputs = wrt.join(' and of ');
  if (raw.levels[0]!.shape.length === 0) {
    if (wrt.length === 1) return `${output} is a number, so the derivative has the shape of ${inputs}.`;
    return `${output} is a number, so the derivative has the axes of ${inputs}${layout === 'numerator' ? ', in reverse' : ''}.`;
  }
  switch (layout) {
    case 'denominator':
      return `In the denominator layout the axes of ${inputs} come first, then those of ${output} in reverse.`;
    case 'numerator':
      return `In the numerator layout the axes of ${output} come first, then those of ${inputs} in reverse.`;
    case 'jacobian':
      return `In the Jacobian layout the axes of ${output} come first, then those of ${inputs}.`;
  }
}
