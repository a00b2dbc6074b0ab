import { one } from '../base/rational.ts';
import {
  addFormula,
  type Case,
  type Formula,
  type Index,
  productFormula,
  type Summand,
  zeroFormula,
} from './entry-formula.ts';

interface Split {
  readonly summand: Summand;
  readonly conditions: readonly (readonly Index[])[];
}

/**
 * The case split of a formula with δ's: `A[i]·δ[j,k]` is A[i] if j = k, 0 otherwise. Summands with different conditions
 * have no short split; the formula then stays as it is, as the one case.
 */
export function splitCases(formula: Formula): readonly Case[] {
  const terms: readonly Summand[] = formula.kind === 'add' ? formula.terms : [{ coefficient: one, formula }];
  const split = terms.map(takeConditions);
  const keys = new Set(split.filter((t) => t.conditions.length > 0).map((t) => keyOf(t.conditions)));
  if (keys.size === 0) return [{ value: formula, conditions: [] }];
  if (keys.size > 1) return [{ value: formula, conditions: [] }];
  const conditions = split.find((t) => t.conditions.length > 0)!.conditions;
  return [
    { value: addFormula(split.map((t) => t.summand)), conditions },
    { value: addFormula(split.filter((t) => t.conditions.length === 0).map((t) => t.summand)), conditions: [] },
  ];
}

const keyOf = (conditions: readonly (readonly Index[])[]): string =>
  conditions
    .map((c) => c.map(String).sort().join('='))
    .sort()
    .join('&');

function takeConditions({ coefficient, formula }: Summand): Split {
  const factors = formula.kind === 'product' ? formula.factors : [formula];
  const conditions = factors.flatMap((f) => (f.kind === 'delta' ? [f.indices] : []));
  const rest = productFormula(factors.filter((f) => f.kind !== 'delta'));
  return { summand: { coefficient, formula: rest }, conditions };
}

/** Whether a δ stands inside a factor, where no case split can see it. */
export function hidesDelta(formula: Formula, inside = false): boolean {
  switch (formula.kind) {
    case 'delta':
      return inside;
    case 'add':
      return formula.terms.some((t) => hidesDelta(t.formula, inside));
    case 'product':
      return formula.factors.some((f) => hidesDelta(f, inside || f.kind === 'add'));
    default:
      return false;
  }
}

export const casesFormula = (cases: readonly Case[]): Formula =>
  cases.length === 0 ? zeroFormula : cases.length === 1 ? cases[0]!.value : { kind: 'cases', cases };
