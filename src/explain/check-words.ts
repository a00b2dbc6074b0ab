import type { Layout } from '../calculus/layout.ts';
import { shapeText } from '../shape/size.ts';
import type { Order } from './check-orders.ts';
import type { Certainty, Diagnosis, Equal, ShapeFinding, Undecided } from './check-types.ts';
import type { Printed } from './steps-types.ts';

/** The verdict in sentences. */
export function wordsOf(
  finding: Equal | Diagnosis | Undecided,
  symbol: Printed,
  asked: Layout,
  certainty: Certainty,
): readonly string[] {
  if (finding.kind === 'equal')
    return [
      equalWords(finding, symbol, asked),
      ...givenWords(finding),
      ...certaintyWords(certainty),
      ...undefinedWords(finding),
    ];
  if (finding.kind === 'undecided') return [`Could not be decided: ${finding.reason}.`];
  return ['Not equal.', ...diagnosisWords(finding, symbol, asked)];
}

const list = (items: readonly string[], last = 'and'): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;

function equalWords({ order, written, convention }: Equal, symbol: Printed, asked: Layout): string {
  const as = written === 'row' ? ', written as a row' : written === 'column' ? ', written as a column' : '';
  const rule =
    convention === 'structured'
      ? ', with the entries that the declared structure ties together moving together'
      : convention === 'symmetrized'
        ? ', as the gradient among the matrices of the declared structure, (G + G′)/2'
        : '';
  return `Right: equal to ${symbol.text}${orderWords(order, asked)}${as}${rule}.`;
}

export function orderWords(order: Order, asked: Layout): string {
  switch (order.kind) {
    case 'layout':
      return order.names.includes(asked) ? '' : ` in ${list(order.names)} layout (${asked} was asked for)`;
    case 'inputs first':
      return ', with the axes of the input first and all in order';
    case 'unfolded':
      return ` as one matrix, ${order.stacked === 'columns' ? 'arrays stacked by columns (vec)' : 'arrays read row by row'}${order.transposed ? ', transposed' : ''}`;
    case 'other':
      return ` but for the order of its axes: ${order.axes.map((a) => a + 1).join(', ')} of the ${asked} layout`;
  }
}

const givenWords = ({ given, near }: Equal): readonly string[] =>
  near
    ? ['That holds near the point that you gave, and not everywhere.']
    : given === undefined
      ? []
      : [
          given.length === 0
            ? 'That holds with the other values that you gave, and not with any.'
            : `That holds with the values that you gave for ${list(given)}, and not with any.`,
        ];

const undefinedWords = ({ undefinedAt }: Equal): readonly string[] =>
  undefinedAt === 0
    ? []
    : [
        `At ${undefinedAt} other ${undefinedAt === 1 ? 'point' : 'points'} your formula has no finite value, though the derivative has one.`,
      ];

function certaintyWords({ kind, points, worst }: Certainty): readonly string[] {
  const exact = kind === 'exact' ? ['Exact: equal over a prime field.'] : [];
  if (points.length === 0) return exact;
  const sizes = points.flatMap((p) => p.sizes.map(([, n]) => n));
  const span = sizes.length === 0 ? '' : `, sizes from ${Math.min(...sizes)} to ${Math.max(...sizes)}`;
  const seeds = new Set(points.map((p) => p.seed)).size;
  const drawn = `${points.length} ${points.length === 1 ? 'point' : 'points'} (${seeds === 1 ? 'one seed' : `${seeds} seeds`}${span})`;
  return [...exact, `Equal at ${drawn}, worst error ${worst === 0 ? '0' : worst.toExponential(0)}.`];
}

const quoted = (text: string): string => `\`${text}\``;

function diagnosisWords(d: Diagnosis, symbol: Printed, asked: Layout): readonly string[] {
  switch (d.kind) {
    case 'sign':
      return [`The sign is wrong: your answer is -1 times ${symbol.text}.`];
    case 'constant factor':
      return d.missing
        ? [`A factor is missing: your answer is ${d.ratio.text} times ${symbol.text}; multiply it by ${d.cure.text}.`]
        : [`A factor too many: your answer is ${d.ratio.text} times ${symbol.text}; multiply it by ${d.cure.text}.`];
    case 'transposed':
      return [`It is transposed: equal${orderWords(d.order, asked)}.`];
    case 'transposed factor':
      return [
        `A transpose is wrong: ${quoted(d.part.text)} should be ${quoted(d.instead)}.`,
        `Right would be ${quoted(d.corrected)}.`,
      ];
    case 'order of factors':
      return [
        `Factors are in the wrong order: ${quoted(d.part.text)} should be ${quoted(d.instead)}.`,
        `Right would be ${quoted(d.corrected)}.`,
      ];
    case 'function':
      return [`${quoted(d.part.text)} should be ${quoted(d.instead)}.`, `Right would be ${quoted(d.corrected)}.`];
    case 'exponent':
      return [
        `The exponent is wrong: ${quoted(d.part.text)} should be ${quoted(d.instead)}.`,
        `Right would be ${quoted(d.corrected)}.`,
      ];
    case 'operator':
      return [`${quoted(d.part.text)} should be ${quoted(d.instead)}.`, `Right would be ${quoted(d.corrected)}.`];
    case 'chain factor': {
      const link = `∂${grouped(d.of.text)}/∂${grouped(d.by.text)}`;
      return [
        ...(d.is ? [`You stopped on the way: your answer is ${d.is.text}.`] : []),
        d.onward
          ? `A factor of the chain rule is missing, ${link}: with G for your answer, right would be ${quoted(d.onward.text)}.`
          : `A factor of the chain rule is missing: ${link}, which is ${quoted(d.factor.text)}.`,
      ];
    }
    case 'factor missing':
      return [`The factor ${quoted(d.factor.text)} is missing.`];
    case 'factor extra':
      return [`The factor ${quoted(d.part.text)} is too many.`, `Right would be ${quoted(d.corrected)}.`];
    case 'term missing':
      return [
        `A term is missing: ${quoted(d.term.text)}.`,
        ...(d.corrected ? [`Right would be ${quoted(d.corrected)}.`] : []),
      ];
    case 'term extra':
      return [`The term ${quoted(d.part.text)} is too many.`, `Right would be ${quoted(d.corrected)}.`];
    case 'sign of a term':
      return [
        `The sign of the term ${quoted(d.part?.text ?? d.term.text)} is wrong.`,
        ...(d.corrected ? [`Right would be ${quoted(d.corrected)}.`] : []),
      ];
    case 'factor of a term':
      return [`The term ${quoted(d.part?.text ?? d.term.text)} should be multiplied by ${d.cure.text}.`];
    case 'assumption':
      return [`It is right only where ${d.condition}, which nothing says.`];
    case 'another derivative':
      return [`Your answer is ${d.is.text}, not ${symbol.text}.`];
    case 'condensed':
      return [
        `Your answer is the core of the condensed form, without the entries that are zero or only repeat: ${d.rule.text}.`,
        ...shapeWords(d.shape),
      ];
    case 'diagonal':
      return ['Your answer is the diagonal of the derivative; what lies off it is missing.', ...shapeWords(d.shape)];
    case 'summed':
      return ['Your answer is the derivative summed over the entries of the output.', ...shapeWords(d.shape)];
    case 'shape':
      return ['The shape is wrong.', ...shapeWords(d)];
    case 'does not fit':
      return [
        'Shapes inside your answer do not fit.',
        ...d.problems.map((p) => `${p.message}.${p.hint ? ` ${p.hint}` : ''}`),
      ];
    case 'unknown names':
      return [
        ...d.names.map(
          (n) => `The name ${quoted(n.name)} means nothing here${n.near ? `; did you mean ${quoted(n.near)}?` : '.'}`,
        ),
        `Known are ${list(d.known)}.`,
      ];
    case 'unknown functions':
      return d.problems.map((p) => `${p.message}.${p.hint ? ` ${p.hint}` : ''}`);
    case 'not finite':
      return [`Your answer has no finite value where the derivative has one: ${d.reason}.`];
    case 'none':
      return ['No simple reason was found.'];
  }
}

const grouped = (text: string): string => (/^[\p{L}\p{N}_']+$/u.test(text) ? text : `(${text})`);

const shapeWords = ({ is, expected, law }: ShapeFinding): readonly string[] => [
  `It is ${shapeOf(is)}; expected is ${shapeOf(expected)}, for ${law}.`,
];

const shapeOf = (shape: ShapeFinding['is']): string =>
  shape.length === 0 ? 'a scalar' : shape.length === 1 ? `a vector of ${shapeText(shape)}` : shapeText(shape);
