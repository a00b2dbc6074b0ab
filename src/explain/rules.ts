import { add, minusOne, rationalText, toNumber } from '../base/rational.ts';
import { elementwiseTable } from '../ops/index.ts';
import { primitiveTable } from '../ops/primitives.ts';
import type { CallNode, EinsumNode, MapNode, Node, PowerNode, SumNode } from '../tensor/node.ts';

/** A rule of differentiation as a reader meets it. */
export interface Rule {
  readonly name: string;
  /** In the letters of the documentation: `d (A·B) = dA·B + A·dB`. */
  readonly statement: string;
  /** Why it is allowed, in one sentence. */
  readonly why: string;
  /** What to ask oneself before applying it; `x` is what moves. */
  readonly question: (x: string) => string;
  /** What names a step in which several rules fired: the highest. */
  readonly weight: number;
}

const constant: Rule = {
  name: 'constant',
  statement: 'd c = 0',
  why: 'What does not contain the variable stays fixed, so its change is zero.',
  question: (x) => `What here does not depend on ${x}?`,
  weight: 0,
};
const variable: Rule = {
  name: 'the variable itself',
  statement: '∂xⱼ/∂xᵢ = 1 if i = j, 0 if i ≠ j',
  why: 'Every entry moves only with itself.',
  question: (x) => `Which entries of ${x} move when one entry of ${x} moves?`,
  weight: 0,
};

const product: Rule = {
  name: 'product rule',
  statement: 'd (A·B) = dA·B + A·dB',
  why: 'Only one factor moves at a time while the others stay fixed; the effects add up.',
  question: (x) => `Which factors depend on ${x}? Move them one at a time.`,
  weight: 5,
};
const linear: Rule = {
  name: 'constant factors',
  statement: 'd (A·X) = A·dX',
  why: 'The other factors do not move, so they stay where they are, as constant factors.',
  question: (x) => `Which factor depends on ${x}, and what multiplies it?`,
  weight: 2,
};
const total: Rule = {
  name: 'sum of entries',
  statement: 'd Σ xᵢ = Σ dxᵢ',
  why: 'Every entry is added once, so each one passes its change on with the factor 1.',
  question: (x) => `How much does the sum change when one entry of ${x} changes by 1?`,
  weight: 1,
};
const rearranged: Rule = {
  name: 'rearranged entries',
  statement: 'd Xᵀ = (dX)ᵀ, d diag(x) = diag(dx)',
  why: 'The entries only move to other places, and their changes move with them.',
  question: (x) => `Where does each entry of ${x} end up?`,
  weight: 1,
};
const picking: Rule = {
  name: 'picking entries',
  statement: 'd x[k] = (dx)[k]',
  why: 'Only the entries that are picked count; the others can move without effect.',
  question: (x) => `Which entries of ${x} are used?`,
  weight: 1,
};
const sumRule: Rule = {
  name: 'sum rule',
  statement: 'd (A + B) = dA + dB',
  why: 'A sum changes by the sum of the changes; what does not move adds nothing.',
  question: (x) => `Which of the terms depend on ${x}?`,
  weight: 4,
};
const oneTerm: Rule = {
  name: 'terms that do not move',
  statement: 'd (A + c) = dA',
  why: 'Only one of the terms moves; the others are constant and add nothing.',
  question: (x) => `Which of the terms depends on ${x}?`,
  weight: 1.5,
};
const factor: Rule = {
  name: 'constant factor',
  statement: 'd (c·A) = c·dA',
  why: 'A constant factor multiplies the change as well.',
  question: () => 'What happens to a constant factor?',
  weight: 1,
};
const definition: Rule = {
  name: 'named intermediate',
  statement: 'Z stands for its formula',
  why: 'A name changes nothing: it stands for its formula.',
  question: (x) => `What does the name stand for, and where is ${x} in it?`,
  weight: 0,
};

const entryByEntry = (fn: string): string =>
  `${fn} works entry by entry, so each entry depends on its own entry alone.`;

const powerRule = (node: PowerNode): Rule => {
  const p = rationalText(node.exponent);
  const question = (x: string): string => `How does this power change when ${x} moves a little?`;
  const common = { question, weight: 10 };
  if (toNumber(node.exponent) === -1)
    return {
      ...common,
      name: 'reciprocal rule',
      statement: 'd (1/x) = -dx / x²',
      why: 'The derivative of 1/x is −1/x², for each entry on its own.',
    };
  if (toNumber(node.exponent) === 0.5)
    return {
      ...common,
      name: 'square root',
      statement: 'd √x = dx / (2 √x)',
      why: 'The derivative of √x is 1/(2√x), for each entry on its own.',
    };
  const less = rationalText(add(node.exponent, minusOne));
  const lower = less === '1' ? 'x' : `x^${less}`;
  return {
    ...common,
    name: 'power rule',
    statement: `d x^${p} = ${p} ${lower} dx`,
    why: `The derivative of ${raised(p)} is ${p === '-1' ? '−' : p} ${less === '1' ? 'x' : raised(less)}, for each entry on its own.`,
  };
};

/** `x²`, `x^(1/2)`. */
const raised = (p: string): string =>
  /^-?\d+$/.test(p) ? `x${[...p].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹⁻'['0123456789-'.indexOf(c)]).join('')}` : `x^(${p})`;

const mapRule = (node: MapNode): Rule => {
  const question = (x: string): string =>
    `What is the derivative of ${node.fn} at one number, and where does ${x} stand?`;
  const record = node.order === 0 ? elementwiseTable.get(node.fn) : undefined;
  const shown = node.fn === 'max2' ? 'max' : node.fn === 'min2' ? 'min' : node.fn === 'pow' ? 'power' : node.fn;
  const marks = '′'.repeat(node.order);
  if (record) return { name: `${shown} rule`, statement: record.rule, why: entryByEntry(shown), question, weight: 10 };
  return {
    name: `derivative of ${node.fn}${marks}`,
    statement: `d ${node.fn}${marks}(x) = ${node.fn}${marks}′(x) .* dx`,
    why: `${node.fn}${marks} is not given, so its derivative is written ${node.fn}${marks}′; it works entry by entry.`,
    question,
    weight: 10,
  };
};

const callRule = (node: CallNode): Rule => {
  const question = (x: string): string => `How does ${node.fn} change when ${x} moves a little?`;
  const record = node.unknown ? undefined : primitiveTable.get(node.fn);
  if (record)
    return {
      name: `${titles.get(node.fn) ?? node.fn} rule`,
      statement: record.rule,
      why: callReasons.get(node.fn) ?? 'This is the known derivative of the function.',
      question,
      weight: 10,
    };
  const marks = '′'.repeat(node.order);
  return {
    name: `derivative of ${node.fn}${marks}`,
    statement: `d ${node.fn}${marks}(x) = ${node.fn}${marks}′(x) dx`,
    why: `${node.fn} is not given, so its derivative stays a symbol; only its shape is known.`,
    question,
    weight: 10,
  };
};

const titles: ReadonlyMap<string, string> = new Map([
  ['inv', 'inverse'],
  ['det', 'determinant'],
  ['logdet', 'log-determinant'],
  ['pinv', 'pseudo-inverse'],
  ['chol', 'Cholesky'],
  ['prod', 'product of entries'],
]);

/** Why the derivative of each structured function is what it is. */
const callReasons: ReadonlyMap<string, string> = new Map([
  ['inv', 'X X⁻¹ = I does not change, so d(X) X⁻¹ + X d(X⁻¹) = 0; solve for d(X⁻¹).'],
  ['det', 'The derivative of a determinant by an entry is its cofactor; the cofactors are det(X) X⁻ᵀ.'],
  ['logdet', 'By the chain rule, log det X changes by the relative change of the determinant, tr(X⁻¹ dX).'],
  ['pinv', 'It follows from the four equations that define the pseudo-inverse, for constant rank.'],
  ['chol', 'Differentiate Rᵀ R = A and keep the upper triangle.'],
  ['softmax', 'Raising one entry raises its own share and lowers all shares in proportion.'],
  ['logsumexp', 'The derivative of the logarithm of a sum of exponentials is each one’s share of the sum.'],
  ['max', 'Only the largest entry counts; the others can move a little without effect.'],
  ['min', 'Only the smallest entry counts; the others can move a little without effect.'],
  ['maxmask', 'The place of the largest entry does not change for a small step.'],
  ['minmask', 'The place of the smallest entry does not change for a small step.'],
  ['prod', 'A product changes in proportion to each of its factors.'],
]);

/** Functions of the graph that have a reason of their own here; a test compares them with the primitive table. */
export const explainedCalls: readonly string[] = [...callReasons.keys()];

const einsumRule = (node: EinsumNode, active: (n: Node) => boolean): Rule => {
  if (node.operands.filter((o) => active(o.node)).length > 1) return product;
  const rest = node.operands.filter((o) => !active(o.node));
  if (rest.some((o) => !['delta', 'unit', 'merge'].includes(o.node.kind))) return linear;
  if (rest.some((o) => o.node.kind === 'unit')) return picking;
  if (rest.some((o) => o.node.kind === 'merge')) return rearranged;
  return node.sizes.length > node.shape.length ? total : rearranged;
};

const sumRuleOf = (node: SumNode, active: (n: Node) => boolean): Rule => {
  if (node.terms.length === 1) return factor;
  return node.terms.filter((t) => active(t.node)).length > 1 ? sumRule : oneTerm;
};

type Rules = {
  readonly [K in Node['kind']]: (node: Extract<Node, { kind: K }>, active: (n: Node) => boolean) => Rule;
};

/** The rule behind every kind of node; functions take theirs from the tables that define them. */
const rules: Rules = {
  variable: () => variable,
  number: () => constant,
  size: () => constant,
  delta: () => constant,
  unit: () => constant,
  merge: () => constant,
  triangle: () => constant,
  levi: () => constant,
  einsum: einsumRule,
  sum: sumRuleOf,
  map: mapRule,
  power: powerRule,
  call: callRule,
  let: () => definition,
};

/** The rule that differentiates a node; `active` says what depends on the variable. */
export const ruleOf = (node: Node, active: (n: Node) => boolean): Rule =>
  (rules[node.kind] as (n: Node, active: (n: Node) => boolean) => Rule)(node, active);
