import type { Measured } from '../certify/agreement.ts';
import { printText } from '../notation/print/text.ts';
import type { Bench } from './check-bench.ts';
import { answerOf, compareIn, isEqual, truthOf } from './check-compare.ts';
import { additionsTo, type Edit, type EditKind, type EditScope, editsOf, type Summand } from './check-edits.ts';
import { factorExpr, nameFactor } from './check-factor.ts';
import type { Arrangement } from './check-orders.ts';
import { arranged, fits } from './check-orders.ts';
import { partOf, printed, statementsText } from './check-print.ts';
import { countParts } from './check-trees.ts';
import type { Diagnosis } from './check-types.ts';

type Scalars = Parameters<typeof nameFactor>[1];
type Values = (place: number) => Measured | undefined;

/** A diagnosis, and how specific it is: the lower the better. */
export interface Candidate {
  readonly rank: number;
  readonly diagnosis: Diagnosis;
}

/** Longer answers have too many places for a slip to be looked for in all of them. */
const mostParts = 250;
const mostTried = 600;

/** The order in which explanations are preferred where several are true; the gaps are for those of other files. */
const ranks: { readonly [K in EditKind]: number } = {
  'transposed factor': 10,
  'order of factors': 12,
  function: 14,
  'sign of a term': 20,
  'term extra': 22,
  'factor extra': 40,
  exponent: 42,
  operator: 44,
};

/** Corrections of one slip in the answer that make it equal the derivative in one of the orders. */
export function corrections(
  bench: Bench,
  ways: readonly Arrangement[],
  scope: EditScope,
  scalars: () => Scalars,
): readonly Candidate[] {
  const { answer } = bench;
  if (answer.statements.reduce((n, s) => n + countParts(s.value), 0) > mostParts) return [];
  const found: (Candidate & { readonly size: number })[] = [];
  let tried = 0;
  for (const edit of editsOf(answer.statements, scope)) {
    if (++tried > mostTried || bench.late()) break;
    const best = found[0];
    const size = countParts(edit.part);
    // Of two corrections of one kind the one that touches less says more.
    if (best && (best.rank < ranks[edit.kind] || (best.rank === ranks[edit.kind] && best.size <= size))) continue;
    const made = bench.variant(edit.statements);
    if (!made) continue;
    const values = memo(made);
    if (ways.some((way) => isEqual(compareIn(bench, values, truthOf(bench), way, true))))
      found.unshift({ rank: ranks[edit.kind], size, diagnosis: diagnosisOf(bench, edit) });
    else if (edit.kind === 'sign of a term' && (!best || best.rank > 30)) {
      const cure = termFactor(bench, values, ways, scalars);
      if (cure)
        found.unshift({
          rank: 30,
          size,
          diagnosis: {
            kind: 'factor of a term',
            part: partOf(answer, edit.part),
            term: printed(bench.subject, edit.part),
            cure,
          },
        });
    }
  }
  return found.slice(0, 1);
}

/** A summand of the derivative that one place of the answer lacks, though another may have it. */
export function missingSomewhere(
  bench: Bench,
  ways: readonly Arrangement[],
  scope: EditScope,
  summands: readonly Summand[],
): Candidate | undefined {
  let tried = 0;
  for (const { summand, statements } of additionsTo(bench.answer.statements, summands, scope)) {
    if (++tried > mostTried || bench.late()) return undefined;
    const values = bench.variant(statements);
    if (!values || !ways.some((way) => isEqual(compareIn(bench, values, truthOf(bench), way, true)))) continue;
    const corrected = statementsText(statements);
    return { rank: 25, diagnosis: { kind: 'term missing', term: printed(bench.subject, summand.expr), corrected } };
  }
  return undefined;
}

const memo = (values: Values): Values => {
  const known = new Map<number, Measured | undefined>();
  return (k) => {
    if (!known.has(k)) known.set(k, values(k));
    return known.get(k);
  };
};

/** The answer with a term negated differs by twice the term: c with truth = answer + (c - 1)·term. */
function termFactor(bench: Bench, negated: Values, ways: readonly Arrangement[], scalars: () => Scalars) {
  const given = answerOf(bench);
  for (const way of ways) {
    const part: Values = (k) => {
      const [a, b] = [given(k), negated(k)];
      if (!a || !b || a.value.data.length !== b.value.data.length) return undefined;
      return {
        value: { shape: a.value.shape, data: a.value.data.map((v, i) => (v - b.value.data[i]!) / 2) },
        noise: a.noise,
      };
    };
    const cures = partFactors(bench, given, part, truthOf(bench), way);
    const factor = cures && nameFactor(cures, scalars());
    if (factor) return printed(bench.subject, factorExpr(factor));
  }
  return undefined;
}

/** c at each place with `whole = given + (c - 1)·part`, all in the answer's shape; undefined where there is none. */
export function partFactors(
  bench: Bench,
  given: Values,
  part: Values,
  whole: Values,
  way: Arrangement,
): ReadonlyMap<number, number> | undefined {
  const found = new Map<number, number>();
  for (let k = 0; k < bench.places.length; k++) {
    const [a, d, t] = [given(k), part(k), whole(k)];
    if (!a || !d || !t) continue;
    const wanted = arranged(t.value, way);
    if (!fits(a.value.shape, wanted.shape) || d.value.data.length !== wanted.data.length) return undefined;
    let [top, bottom, size] = [0, 0, 0];
    for (const [i, v] of d.value.data.entries()) {
      const gap = wanted.data[i]! - a.value.data[i]!;
      top += gap * v;
      bottom += v * v;
      size = Math.max(size, Math.abs(a.value.data[i]!), Math.abs(wanted.data[i]!));
    }
    // Where the summand vanishes it says nothing, and the rest has to agree.
    const c = bottom > 0 ? top / bottom : 0;
    const allowed = 1e-9 * Math.max(size, Math.sqrt(bottom)) + 256 * Math.max(a.noise, t.noise);
    for (const [i, v] of d.value.data.entries())
      if (!(Math.abs(wanted.data[i]! - a.value.data[i]! - c * v) <= allowed)) return undefined;
    if (bottom > 0) found.set(k, 1 + c);
  }
  return found.size >= 2 ? found : undefined;
}

function diagnosisOf({ answer, subject }: Bench, edit: Edit): Diagnosis {
  const part = partOf(answer, edit.part);
  const corrected = statementsText(edit.statements);
  const instead = edit.instead ? printText(edit.instead) : '';
  switch (edit.kind) {
    case 'transposed factor':
    case 'order of factors':
    case 'function':
    case 'exponent':
    case 'operator':
      return { kind: edit.kind, part, instead, corrected };
    case 'sign of a term':
      return { kind: edit.kind, part, term: printed(subject, edit.part), corrected };
    case 'term extra':
    case 'factor extra':
      return { kind: edit.kind, part, corrected };
  }
}
