import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import { type NdArray, stridesOf } from '../base/ndarray.ts';
import { createRandom } from '../base/random.ts';
import type { Layout } from '../calculus/layout.ts';
import { randomPoint } from '../interpret/points.ts';
import { evaluateNode, type TensorScope } from '../interpret/tensor.ts';
import { notate } from '../notation/derivative.ts';
import { type Size, sizeProduct, sizeValue } from '../shape/size.ts';
import { type CondensedTerm, type Core, condense, storedEntries } from '../simplify/condense.ts';
import { binary, call, type Expr, name as nameExpr } from '../syntax/expr.ts';
import { ruleNames, ruleOf } from './entry.ts';
import { arrayFormula, equalsFormula, type Formula, type Prose } from './entry-formula.ts';
import { lettersOf, type PrintedNames, printedNames, sizeText, wholePartial } from './entry-names.ts';
import { writeArray } from './entry-write.ts';
import type { Subject } from './subject.ts';
import { productWords, repeatWords, zeroWords } from './tensor-words.ts';

/** A smaller array that carries some axes of the derivative. */
export interface KeptPart {
  readonly value: Formula;
  /** Names for what the value repeats. */
  readonly where: readonly Formula[];
  readonly shape: readonly Size[];
  /** Letters of the axes it carries. */
  readonly letters: readonly string[];
}

/** An equality that was evaluated on both sides at a random point. */
export interface NumericCheck {
  readonly passed: boolean;
  /** Largest difference, relative to the largest entry. */
  readonly worst: number;
  readonly entries: number;
  readonly sizes: readonly (readonly [symbol: string, size: number])[];
}

/** R = diag(r): R·q = r ⊙ q, with what each side costs. */
export interface DiagonalEquality {
  readonly matrix: Formula;
  readonly diagonal: Formula;
  readonly equality: Formula;
  /** Multiplications: of the matrix product, of the elementwise one. */
  readonly costs: readonly [string, string];
  readonly words: Prose;
  readonly check?: NumericCheck;
}

/** The derivative without its empty and repeated parts, what was dropped, and how it comes back. */
export interface CondensedView {
  readonly kind: 'condensed';
  readonly layout: Layout;
  readonly names: PrintedNames;
  readonly partial: Formula;
  readonly shape: readonly Size[];
  readonly terms: readonly { readonly parts: readonly KeptPart[]; readonly dropped: readonly Prose[] }[];
  /** The rule that gives every entry back. */
  readonly rule: Formula;
  /** Names that the rule uses. */
  readonly where: readonly Formula[];
  readonly kept: string;
  readonly full: string;
  readonly smaller: boolean;
  /** The dense array rebuilt from the parts, against the dense array computed directly. */
  readonly check?: NumericCheck;
  readonly diagonal?: DiagonalEquality;
}

export function keptPart(s: Subject, { node, axes }: Core): KeptPart {
  const letters = lettersOf(s);
  const { value, where } = writeArray(s.builder, node, s.taken);
  return { value, where, shape: node.shape, letters: axes.map((a) => letters[a]!) };
}

/** Checks are made on arrays of up to this many entries. */
const mostChecked = 50_000;

export function condensedView(s: Subject, seed: number, budget: Budget): CondensedView {
  const condensation = condense(s.builder, s.node);
  const kept = storedEntries(s.builder, condensation).map(sizeText).join(' + ') || '0';
  const full = sizeText(sizeProduct(...s.node.shape));
  const check = expandCheck(s, condensation.terms, seed, budget);
  const diagonal = diagonalEquality(s, condensation.terms, seed, budget);
  return {
    kind: 'condensed',
    layout: s.layout,
    names: printedNames(s),
    partial: wholePartial(s),
    shape: s.node.shape,
    terms: condensation.terms.map((t) => ({
      parts: t.cores.map((core) => keptPart(s, core)),
      dropped: [...zeroWords(s, t), ...repeatWords(s, t), ...productWords(s, t)],
    })),
    rule: ruleOf(s),
    where: ruleNames(s),
    kept,
    full,
    smaller: condensation.terms.some(
      (t) => t.deltas.length > 0 || t.repeated.length > 0 || t.fixed.length > 0 || t.cores.length > 1,
    ),
    ...(check ? { check } : {}),
    ...(diagonal ? { diagonal } : {}),
  };
}

/** A random point with every value the derivative needs; nothing where an array would be too large to compute with. */
export function checkPoint(s: Subject, seed: number): TensorScope | undefined {
  for (const info of s.analysis.names.values()) {
    const count = info.type.axes.reduce<number>((n, size) => n * (typeof size === 'number' ? size : 5), 1);
    if (count > mostChecked) return undefined;
  }
  const held = s.wrt.filter((name) => s.analysis.names.get(name)?.role === 'assigned');
  const point = randomPoint(s.analysis, seed, { held });
  const count = s.axes.reduce<number>((n, a) => n * (sizeValue(a.size, point.sizes) ?? mostChecked + 1), 1);
  return count <= mostChecked ? { variables: point.values, sizes: point.sizes, indices: point.indices } : undefined;
}

/** Runs a check; a point outside the functions' domain is no failure, only no check. */
export function attempt(run: () => NumericCheck | undefined): NumericCheck | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof WrtError) || !/^(?:math|shape|name)\//.test(error.diagnostics[0]?.code ?? '')) throw error;
    return undefined;
  }
}

export function compare(a: Float64Array, b: Float64Array, scope: TensorScope): NumericCheck | undefined {
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i]!) || !Number.isFinite(b[i]!)) return undefined;
    largest = Math.max(largest, Math.abs(a[i]!), Math.abs(b[i]!));
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
  }
  const worst = largest === 0 ? 0 : difference / largest;
  const passed = a.length === b.length && worst < 1e-9;
  return { passed, worst, entries: a.length, sizes: [...scope.sizes].filter(([n]) => !n.startsWith('?')) };
}

/** The dense array put together from the kept parts by the rule alone, against the derivative evaluated as a whole. */
export function expandCheck(
  s: Subject,
  terms: readonly CondensedTerm[],
  seed: number,
  budget: Budget,
): NumericCheck | undefined {
  const scope = checkPoint(s, seed);
  if (!scope) return undefined;
  return attempt(() => {
    const dense = evaluateNode(s.node, scope, budget);
    const rebuilt = new Float64Array(dense.data.length);
    const steps = stridesOf(dense.shape);
    for (const t of terms) {
      const cores = t.cores.map((c) => ({ array: evaluateNode(c.node, scope, budget), axes: c.axes }));
      for (let e = 0; e < rebuilt.length; e++) {
        budget.tick();
        const at = steps.map((step, k) => Math.floor(e / step) % dense.shape[k]!);
        const agree = t.deltas.every((group) => group.every((a) => at[a] === at[group[0]!]));
        const place = (f: { at: number | string }): number =>
          typeof f.at === 'number' ? f.at : (scope.indices?.get(f.at) ?? scope.sizes.get(f.at) ?? 0);
        if (!agree || !t.fixed.every((f) => at[f.axis]! + 1 === place(f))) continue;
        rebuilt[e]! += cores.reduce(
          (product, c) =>
            product *
            pick(
              c.array,
              c.axes.map((a) => at[a]!),
            ),
          1,
        );
      }
    }
    return compare(rebuilt, dense.data, scope);
  });
}

function pick(a: NdArray, at: readonly number[]): number {
  const steps = stridesOf(a.shape);
  return a.data[at.reduce((offset, i, k) => offset + i * steps[k]!, 0)]!;
}

/** A name that the program does not use. */
export function freeName(s: Subject, wanted: string): string {
  let candidate = wanted;
  while (s.taken.has(candidate)) candidate += '_';
  return candidate;
}

/** Concept: a diagonal matrix times a vector is an elementwise product. */
function diagonalEquality(
  s: Subject,
  terms: readonly CondensedTerm[],
  seed: number,
  budget: Budget,
): DiagonalEquality | undefined {
  const [term, ...others] = terms;
  if (s.axes.length !== 2 || !term || others.length > 0 || term.deltas.length !== 1) return undefined;
  const [core] = term.cores;
  if (term.cores.length !== 1 || !core || core.axes.length !== 1) return undefined;
  const q = freeName(s, 'q');
  const r = notate(s.builder, core.node, s.taken, false).value;
  const matrix: Expr = call('diag', r);
  const size = s.axes[0]!.size;
  const scope = checkPoint(s, seed);
  const check = scope
    ? attempt(() => {
        const dense = evaluateNode(s.node, scope, budget);
        const diagonal = evaluateNode(core.node, scope, budget).data;
        const n = dense.shape[0]!;
        const random = createRandom('q', seed);
        const vector = Float64Array.from({ length: n }, () => random.between(-1, 1));
        const product = vector.map((_, i) => vector.reduce((sum, x, j) => sum + dense.data[i * n + j]! * x, 0));
        return compare(
          product,
          vector.map((x, i) => x * diagonal[i]!),
          scope,
        );
      })
    : undefined;
  return {
    matrix: arrayFormula(matrix),
    diagonal: arrayFormula(r),
    equality: equalsFormula(arrayFormula(binary('*', matrix, nameExpr(q))), arrayFormula(binary('.*', r, nameExpr(q)))),
    costs: [sizeText(sizeProduct(size, size)), sizeText(size)],
    words: [
      'A diagonal matrix times a vector scales each entry by itself. For any vector ',
      arrayFormula(nameExpr(q)),
      ':',
    ],
    ...(check ? { check } : {}),
  };
}
