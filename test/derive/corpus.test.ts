import { expect, test } from 'vitest';
import { derive, evaluate, type NdArray, type PointValues } from '../../src/api/index.ts';
import { countTokens } from '../../src/notation/print/tokens.ts';
import { type CorpusCase, readCorpus } from './corpus.ts';
import { derived, differences, distance, must, pointOf } from './numeric.ts';

const families = [...readCorpus()];

/** The properties of a variable are a fact about the point; its entries move independently. */
const general = (program: string): string =>
  program.replace(/\b(symmetric|positive definite|nonnegative|diagonal|orthogonal)\b/g, '');

/** Differences of the program's value, or of the derivative by all variables but the last. */
function byDifferences(c: CorpusCase, point: PointValues): NdArray {
  const last = c.wrt.at(-1)!;
  const before = c.wrt.slice(0, -1);
  const output = c.output === undefined ? {} : { output: c.output };
  const lower =
    before.length === 0
      ? undefined
      : derived(general(c.program), before, { ...output, layout: 'jacobian', certify: false });
  return differences((x) => {
    const moved = new Map([...point, [last, x] as const]);
    if (lower) return must(lower.evaluate(moved)).value;
    const held = new Map([...moved].filter(([name]) => name === last && isAssigned(c.program, name)));
    return must(evaluate(c.program, moved, { ...output, held })).value;
  }, point.get(last)!);
}

const isAssigned = (program: string, name: string): boolean => new RegExp(`^ *${name} *=`, 'm').test(program);

/** All that is wrong with the derivative of a case. */
function findings(c: CorpusCase): string[] {
  const found = derive(c.program, c.wrt, {
    layout: 'jacobian',
    ...(c.output === undefined ? {} : { output: c.output }),
  });
  if (!found.ok) return [`${found.error.code}: ${found.error.message}`];
  const ours = found.value;
  const inputs = pointOf(c.program, 'corpus', c.range ? { range: c.range } : {});
  // Intermediates that are independent have the values that the program gives them.
  const held = c.wrt.filter((name) => isAssigned(c.program, name));
  const point = new Map(inputs);
  for (const name of held) point.set(name, must(evaluate(c.program, inputs, { output: name })).value);
  const value = must(ours.evaluate(point)).value;
  const problems: string[] = [];
  const same = (what: string, other: NdArray, tolerance: number): void => {
    const d = distance(value, other);
    if (!(d <= tolerance)) problems.push(`${what}: ${d} (${value.shape} against ${other.shape})`);
  };
  if (ours.certificate.status !== 'verified')
    problems.push(`certificate ${ours.certificate.status}: ${ours.certificate.reason}`);
  same('differences', byDifferences(c, point), 1e-5);
  same('text read again', must(evaluate(`${c.program}\n${ours.text}`, inputs)).value, 1e-9);
  if (c.byHand !== undefined) same('by hand', must(evaluate(`${c.program}\n${c.byHand}`, inputs)).value, 1e-9);
  return problems.map((problem) => `${problem}; ours is ${ours.text}`);
}

test.each(families)('%s: numbers, certificates, and text that can be read again', (_, cases) => {
  const problems = cases.flatMap((c) => findings(c).map((problem) => `${c.id}: ${problem}`));
  expect(problems).toEqual([]);
});

test('names of cases are unique', () => {
  const ids = families.flatMap(([, cases]) => cases.map((c) => c.id));
  expect(ids.filter((id, k) => ids.indexOf(id) !== k)).toEqual([]);
});

test('closed forms are as short as those by hand', () => {
  const known = families.flatMap(([, cases]) => cases.filter((c) => c.byHand !== undefined));
  const longer = known.filter((c) => {
    if (c.longer !== undefined) return false;
    const options = { layout: 'jacobian', certify: false } as const;
    const ours = derived(c.program, c.wrt, c.output === undefined ? options : { ...options, output: c.output });
    return countTokens(ours.text) > countTokens(c.byHand!);
  });
  // What is left is a token or two of taste; more than that is a rule that is missing.
  expect(longer.length, longer.map((c) => c.id).join('\n')).toBeLessThanOrEqual(0.08 * known.length);
});
