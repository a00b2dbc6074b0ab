import type { Diagnostic } from '../base/diagnostic.ts';
import type { Size } from '../shape/size.ts';
import type { Node } from '../tensor/node.ts';
import type { Bench } from './check-bench.ts';
import { answerOf, type Comparison, compareIn, truthOf } from './check-compare.ts';
import { signCondition, specialCondition } from './check-conditions.ts';
import { type Candidate, corrections, missingSomewhere } from './check-corrections.ts';
import type { EditScope } from './check-edits.ts';
import { type Scalar, scalarsOf } from './check-factor.ts';
import { chainFactors, stageOf } from './check-links.ts';
import { type Arrangement, otherArrangements } from './check-orders.ts';
import { derivativeByAnother, lowerDerivative } from './check-other.ts';
import { shapeDiagnosis } from './check-shape.ts';
import { wrongTerms } from './check-subsets.ts';
import { missingParts, summandsOf } from './check-terms.ts';
import type { Diagnosis } from './check-types.ts';
import { otherOrder, wholeMultiple } from './check-whole.ts';

/** Explanations that rank below this are weighed against an assumption that would make the answer right. */
const certainRank = 24;

/**
 * Every explanation in turn, from the plainest on. Each is a hypothesis that was tested: with the slip undone the answer
 * equals the derivative at every point. Of those that hold the most specific is taken.
 */
export function diagnose(bench: Bench, truth: Node, ways: readonly Arrangement[], law: string): Diagnosis {
  const { subject } = bench;
  const stage = stageOf(subject);
  const scalars = once(() => scalarsOf(bench, stage.active));
  const compared = ways
    .map((way) => compareIn(bench, answerOf(bench), truthOf(bench), way))
    .filter((c): c is Comparison => c !== undefined);
  const whole =
    wholeMultiple(bench, ways, scalars) ?? otherOrder(bench, otherArrangements(subject.raw.origins, subject.layout));
  if (whole) return whole;
  const lower = lowerDerivative(bench);
  if (lower) return lower;
  const candidates: Candidate[] = [
    ...corrections(bench, ways, editScope(bench), scalars),
    ...chainFactors(bench, stage),
    ...missingParts(bench, truth, ways, scalars),
  ];
  const best = candidates.reduce<Candidate | undefined>((a, c) => (a && a.rank <= c.rank ? a : c), undefined);
  if (best && best.rank <= certainRank) return best.diagnosis;
  const terms = wrongTerms(bench, truth, ways);
  if (terms && terms.rank <= certainRank) return terms.diagnosis;
  for (const c of compared) {
    const condition = signCondition(bench, c);
    if (condition) return condition;
  }
  const condition = specialCondition(bench, truth, ways);
  if (condition) return condition;
  const shape = compared.length === 0 ? shapeDiagnosis(bench, truth, shapeOf(bench), law) : undefined;
  if (shape && shape.kind !== 'shape') return shape;
  const other = best ?? terms ?? missingSomewhere(bench, ways, editScope(bench), summandsOf(bench, truth));
  if (other) return other.diagnosis;
  const another = derivativeByAnother(bench, stage);
  if (another) return another;
  return shape ?? { kind: 'none' };
}

/** An answer whose own shapes do not fit: a correction that makes them fit and the whole right, or what does not fit. */
export function diagnoseMisfit(bench: Bench, ways: readonly Arrangement[], problems: readonly Diagnostic[]): Diagnosis {
  const scalars = once(() => scalarsOf(bench, stageOf(bench.subject).active));
  const [best] = corrections(bench, ways, editScope(bench), scalars);
  return best ? best.diagnosis : { kind: 'does not fit', problems };
}

export const shapeOf = ({ analysis }: Bench): readonly Size[] => analysis!.output.type.axes;

const editScope = ({ analysis, subject }: Bench): EditScope => ({
  type: (e) => analysis?.types.get(e),
  isUnknownFunction: (name) => subject.analysis.names.get(name)?.role === 'function',
  properties: (name) => subject.analysis.names.get(name)?.properties ?? [],
});

function once(make: () => readonly Scalar[]): () => readonly Scalar[] {
  let made: readonly Scalar[] | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
