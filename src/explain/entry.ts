import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import { activeNodes } from '../calculus/accumulate.ts';
import type { Layout } from '../calculus/layout.ts';
import { evaluateNode, type TensorScope } from '../interpret/tensor.ts';
import { type Size, sizeValue } from '../shape/size.ts';
import { expand } from '../simplify/expand.ts';
import type { Node } from '../tensor/node.ts';
import { casesFormula, hidesDelta, splitCases } from './entry-cases.ts';
import { type Compression, compressedRoute } from './entry-compress.ts';
import { type Case, equalsFormula, type Formula, type Index, type Prose } from './entry-formula.ts';
import { isOutputAxis, lettersOf, type PrintedNames, partialAt, printedNames, wholePartial } from './entry-names.ts';
import { entrySteps } from './entry-steps.ts';
import { largestWritten, type Writing, writeArray, writeEntry, writtenSize } from './entry-write.ts';
import type { Subject } from './subject.ts';

/** One step of finding the general entry: what is done, why, and the formulas it leads to. */
export interface EntryStep {
  readonly title: string;
  readonly words: Prose;
  readonly formulas: readonly Formula[];
}

/** One entry with its places given: `∂Z[2]/∂W[1,2] = A[1]`, with its value where there is a point. */
export interface EntryAt {
  readonly indices: readonly number[];
  readonly partial: Formula;
  readonly formula: Formula;
  readonly value?: number;
}

/** The general entry of a derivative, found as one finds it on paper. */
export interface EntryView {
  readonly kind: 'entry';
  readonly layout: Layout;
  readonly names: PrintedNames;
  /** The axes in the layout's order with the letter of a place on each. */
  readonly axes: readonly {
    readonly letter: string;
    readonly name: string;
    readonly output: boolean;
    readonly size: Size;
  }[];
  readonly partial: Formula;
  /** `A[i] if j = k`, then 0 otherwise; one case without conditions where there is nothing to tell apart. */
  readonly cases: readonly Case[];
  /** `∂Z[k]/∂W[i,j] = A[i] if j = k, 0 otherwise` */
  readonly rule: Formula;
  readonly steps: readonly EntryStep[];
  /** Treat one side as a scalar, differentiate, expand: for derivatives that are a matrix. */
  readonly compressed?: Compression;
  readonly at?: EntryAt;
}

export interface EntryOptions {
  /** One entry, its places counted from 1 in the layout's order of axes. */
  readonly entry?: readonly number[];
  /** A point, for the value of that entry. */
  readonly scope?: TensorScope;
}

/** Entry by entry. `shape/entry` when the places do not fit. */
export function entryView(s: Subject, options: EntryOptions, budget: Budget): EntryView {
  const letters = lettersOf(s);
  const partial = partialAt(s, letters);
  const value = generalEntry(s, letters);
  const cases = splitCases(value);
  const rule = equalsFormula(partial, casesFormula(cases));
  const compressed = writtenSize(s.node, true) <= largestWritten ? compressedRoute(s) : undefined;
  const at = options.entry ? entryAt(s, options.entry, options.scope, budget) : undefined;
  return {
    kind: 'entry',
    layout: s.layout,
    names: printedNames(s),
    axes: s.axes.map((a, k) => ({ letter: letters[k]!, name: a.name, output: isOutputAxis(s, k), size: a.size })),
    partial,
    cases,
    rule,
    steps: entrySteps(s, letters, { value, cases, rule, whole: wholePartial(s) }),
    ...(compressed ? { compressed } : {}),
    ...(at ? { at } : {}),
  };
}

/** How entries of the finished derivative are written: what a sum connects stays in matrix notation. */
export const compactWriting = (s: Subject, scope: readonly string[]): Writing => ({
  builder: s.builder,
  taken: s.taken,
  scope,
  apart: () => false,
  inline: () => false,
});

/** The entry at the given places, multiplied out where that brings a hidden δ to light. */
export function generalEntry(s: Subject, places: readonly Index[], node: Node = s.node): Formula {
  const w = compactWriting(s, places.map(String));
  // Past this size entries would fill pages: the array in matrix notation, with its places behind it.
  if (writtenSize(node, true) > largestWritten) {
    const { value } = writeArray(s.builder, node, s.taken);
    return value.kind === 'entry' ? { ...value, indices: places } : value;
  }
  const formula = writeEntry(w, node, places);
  return hidesDelta(formula) ? writeEntry(w, expand(s.builder, node), places) : formula;
}

/** The general entry as an equation: `∂Z[k]/∂W[i,j] = A[i] if j = k, 0 otherwise`. */
export function ruleOf(s: Subject): Formula {
  const letters = lettersOf(s);
  return equalsFormula(partialAt(s, letters), casesFormula(splitCases(generalEntry(s, letters))));
}

/** Names that the rule uses, where the derivative is too long to be written in entries. */
export const ruleNames = (s: Subject): readonly Formula[] =>
  writtenSize(s.node, true) > largestWritten ? writeArray(s.builder, s.node, s.taken).where : [];

/** One entry alone. `shape/entry` when the places do not fit. */
export function entryAt(
  s: Subject,
  indices: readonly number[],
  scope: TensorScope | undefined,
  budget: Budget,
): EntryAt {
  if (indices.length !== s.axes.length)
    fail(
      'shape/entry',
      `an entry of this derivative has ${s.axes.length} indices, got ${indices.length}`,
      undefined,
      'give one place for every axis, in the order of the layout',
    );
  indices.forEach((at, k) => {
    const { size, name } = s.axes[k]!;
    const limit = sizeValue(size, scope?.sizes ?? new Map());
    if (!Number.isSafeInteger(at) || at < 1 || (limit !== undefined && at > limit))
      fail('shape/entry', `index ${at} is out of range for an axis of ${name} with size ${limit ?? size}`);
  });
  const value = scope ? valueAt(s, indices, scope, budget) : undefined;
  return {
    indices,
    partial: partialAt(s, indices),
    formula: generalEntry(s, indices),
    ...(value !== undefined ? { value } : {}),
  };
}

/** One entry's value, without the dense array. */
export function valueAt(s: Subject, indices: readonly number[], scope: TensorScope, budget: Budget): number {
  const picked = s.builder.contract(
    [
      { node: s.node, labels: indices.map((_, k) => k) },
      ...indices.map((at, k) => ({ node: s.builder.unit(s.axes[k]!.size, at), labels: [k] })),
    ],
    [],
  );
  return evaluateNode(picked, scope, budget).data[0]!;
}

/** The nodes between a variable and what is differentiated by it. */
export const activeSet = (output: Node, variable: Node): ReadonlySet<Node> => new Set(activeNodes(output, variable));
