import { type Rational, rational } from '../base/rational.ts';
import { largest, type Measured } from '../certify/agreement.ts';
import { expand } from '../simplify/expand.ts';
import type { Node, Term } from '../tensor/node.ts';
import type { Bench } from './check-bench.ts';
import { answerOf, truthOf } from './check-compare.ts';
import type { Candidate } from './check-corrections.ts';
import { asFraction, factorExpr } from './check-factor.ts';
import { type Arrangement, arranged, fits } from './check-orders.ts';
import { printed, printedNode } from './check-print.ts';

/** More summands than this are not told apart by their values. */
const mostTerms = 16;

/**
 * The answer as a combination of the derivative's summands: those with coefficient 0 are missing, with -1 have the wrong
 * sign. Found by least squares over all points at once, and accepted only when it is met everywhere.
 */
export function wrongTerms(bench: Bench, truth: Node, ways: readonly Arrangement[]): Candidate | undefined {
  const b = bench.subject.builder;
  const forms = [truth, expand(b, truth)].filter(
    (n) => n.kind === 'sum' && n.terms.length > 2 && n.terms.length <= mostTerms,
  );
  for (const form of new Set(forms)) {
    const terms = form.kind === 'sum' ? form.terms : [];
    for (const way of ways) {
      const coefficients = combination(bench, terms, way);
      const found = coefficients && candidateOf(bench, terms, coefficients);
      if (found) return found;
    }
  }
  return undefined;
}

function candidateOf(bench: Bench, terms: readonly Term[], coefficients: readonly Rational[]): Candidate | undefined {
  const b = bench.subject.builder;
  const wrong = terms.filter((_, k) => !isOne(coefficients[k]!));
  const own = coefficients.filter((c) => !isOne(c));
  const [first] = own;
  if (!first || wrong.length === terms.length || own.some((c) => c.n !== first.n || c.d !== first.d)) return undefined;
  const term = printedNode(bench.subject, b.sum(wrong, wrong[0]!.node.shape));
  if (first.n === 0) return { rank: 24, diagnosis: { kind: 'term missing', term } };
  if (first.n === -1 && first.d === 1) return { rank: 24, diagnosis: { kind: 'sign of a term', term } };
  const cure = printed(bench.subject, factorExpr({ constant: rational(first.d, first.n) }));
  return { rank: 32, diagnosis: { kind: 'factor of a term', term, cure } };
}

const isOne = ({ n, d }: Rational): boolean => n === 1 && d === 1;

/** c with answer = Σ cₖ·termₖ, all of them simple fractions; undefined where there is none. */
function combination(bench: Bench, terms: readonly Term[], way: Arrangement): readonly Rational[] | undefined {
  const answer = answerOf(bench);
  const truth = truthOf(bench);
  const n = terms.length;
  const normal = Array.from({ length: n }, () => new Float64Array(n + 1));
  const rows: { readonly values: readonly Float64Array[]; readonly wanted: Float64Array; readonly allowed: number }[] =
    [];
  for (let k = 0; k < bench.places.length; k++) {
    const a = answer(k);
    if (!a) continue;
    const parts = terms.map((t) => bench.node(t.node, k));
    if (parts.some((p) => p === undefined)) continue;
    const values = terms.map((t, i) => {
      const c = t.coefficient.n / t.coefficient.d;
      return arranged((parts[i] as Measured).value, way).data.map((v) => c * v);
    });
    if (!fits(a.value.shape, arranged(truth(k)!.value, way).shape)) return undefined;
    const scale = Math.max(largest(a.value.data), ...values.map(largest));
    if (!(scale > 0)) continue;
    rows.push({ values, wanted: a.value.data, allowed: 1e-8 * scale + 256 * Math.max(a.noise, truth(k)!.noise) });
    // Every point counts alike, however large its values.
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) normal[i]![j]! += dot(values[i]!, values[j]!) / scale ** 2;
      normal[i]![n]! += dot(values[i]!, a.value.data) / scale ** 2;
    }
  }
  if (rows.length < 2) return undefined;
  const solved = solve(normal);
  const exact = solved?.map((c) => (Math.abs(c) < 1e-7 ? rational(0) : asFraction(Number(c.toPrecision(8)), 12)));
  if (!exact || exact.some((c) => c === undefined)) return undefined;
  const coefficients = exact as readonly Rational[];
  const met = rows.every(({ values, wanted, allowed }) =>
    wanted.every((w, e) => {
      const sum = values.reduce((s, v, k) => s + (coefficients[k]!.n / coefficients[k]!.d) * v[e]!, 0);
      return Math.abs(w - sum) <= allowed;
    }),
  );
  return met ? coefficients : undefined;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((s, v, i) => s + v * b[i]!, 0);

/** Gaussian elimination with pivots; undefined where the summands are not independent. */
function solve(m: readonly Float64Array[]): readonly number[] | undefined {
  const n = m.length;
  const rows = m.map((r) => Float64Array.from(r));
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    if (!(Math.abs(rows[pivot]![k]!) > 1e-10)) return undefined;
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const f = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j]! -= f * rows[k]![j]!;
    }
  }
  return rows.map((r, k) => r[n]! / r[k]!);
}
