import { createBudget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { notate } from '../notation/derivative.ts';
import { entryRule } from '../notation/entry.ts';
import { printProgramLatex, printProgramText } from '../notation/print/program.ts';
import { linkRule } from '../notation/rule.ts';
import { type Size, sizeProduct, productText as sizeText, sizeValue } from '../shape/size.ts';
import {
  type Condensation,
  condense,
  contractByTerm,
  isSmaller,
  storedEntries,
  structuralNonzeros,
} from '../simplify/condense.ts';
import type { Node } from '../tensor/node.ts';
import { type Derived, nameOfOutput, printNames, scopeAt } from './derived.ts';
import { requestOn } from './result.ts';
import type {
  CondensedCore,
  CondensedDerivative,
  CondensedTermView,
  DerivativeAxis,
  DeriveOptions,
  PointValues,
} from './types.ts';

/** The condensed derivative in the layout's axes; its numbers are contracted from the cores, never from a dense tensor. */
export function condensedView(
  derived: Derived,
  node: Node,
  axes: readonly DerivativeAxis[],
  options: DeriveOptions,
): CondensedDerivative {
  const { builder, analysis, wrt, taken } = derived;
  builder.store.renew(createBudget(options));
  const outputName = nameOfOutput(analysis);
  const condensation = condense(builder, node);
  const context = { names: printNames(analysis) };
  const core = ({ node: n, axes: own }: Condensation['terms'][0]['cores'][0]): CondensedCore => {
    const written = notate(builder, n, taken);
    return { text: printProgramText(written), latex: printProgramLatex(written, context), shape: n.shape, axes: own };
  };
  const terms: CondensedTermView[] = condensation.terms.map((t) => ({
    cores: t.cores.map(core),
    deltas: t.deltas,
    repeated: t.repeated,
  }));
  const kept = storedEntries(builder, condensation);
  const full = sizeProduct(...node.shape);
  const known = (size: Size): number | undefined => sizeValue(size, new Map());
  const keptNumbers = kept.map(known);
  const fullNumber = known(full);
  const keptNumber = keptNumbers.every((x) => x !== undefined)
    ? keptNumbers.reduce<number>((a, x) => a + x!, 0)
    : undefined;
  const outputAxes = axes.map((a, i) => (a.of === 'output' ? i : -1)).filter((i) => i >= 0);
  const lastInput = axes.map((a, i) => (a.of === wrt.length - 1 ? i : -1)).filter((i) => i >= 0);

  /** Builds a node from the derivative and arrays with names of their own, and evaluates it. */
  const contracted = (point: PointValues, build: () => { node: Node; extra: ReadonlyMap<string, NdArray> }) =>
    requestOn(builder, options, (budget) => {
      const { node: made, extra } = build();
      const scope = scopeAt(analysis, wrt, point);
      const variables = new Map([...scope.variables, ...extra]);
      return evaluateNode(made, { variables, sizes: scope.sizes, indices: scope.indices }, budget);
    });
  const labels = axes.map((_, i) => i);
  const byOrigin = (list: readonly number[]): readonly number[] =>
    [...list].sort((a, b) => axes[a]!.axis - axes[b]!.axis);
  const against = (point: PointValues, array: NdArray, name: string, over: readonly number[]) =>
    contracted(point, () => {
      const inner = byOrigin(over);
      checkShape(
        array,
        inner.map((i) => axes[i]!.size),
      );
      const outer = labels.filter((i) => !over.includes(i));
      const rest = [...outer].sort((a, b) => rank(axes[a]!) - rank(axes[b]!) || axes[a]!.axis - axes[b]!.axis);
      const v = builder.variable(
        name,
        inner.map((i) => axes[i]!.size),
      );
      return {
        node: contractByTerm(builder, node, labels, [{ node: v, labels: inner }], rest),
        extra: new Map([[name, array]]),
      };
    });

  return {
    terms,
    cores: terms.flatMap((t) => t.cores),
    deltas: terms.flatMap((t) => t.deltas),
    rule: linkRule(
      builder,
      node,
      axes,
      { wrt, output: outputName, layout: options.layout ?? 'denominator' },
      taken,
      context,
    ),
    storage: {
      kept: kept.map(sizeText).join(' + ') || '0',
      full: sizeText(full),
      ...(keptNumber !== undefined ? { keptNumber } : {}),
      ...(fullNumber !== undefined ? { fullNumber } : {}),
    },
    smaller: keptNumber !== undefined && fullNumber !== undefined ? keptNumber < fullNumber : isSmaller(condensation),
    nonzeros: (sizes = new Map()) => structuralNonzeros(condensation, (s) => sizeValue(s, sizes)),
    entryRule: () => entryRule(builder, condensation, axes, { wrt, output: outputName }, taken),
    entry: (point, indices) =>
      requestOn(builder, options, (budget) => {
        if (indices.length !== axes.length)
          fail('shape/entry', `an entry of this derivative has ${axes.length} indices, got ${indices.length}`);
        const scope = scopeAt(analysis, wrt, point);
        const made = contractByTerm(
          builder,
          node,
          labels,
          indices.map((at, i) => {
            const size = axes[i]!.size;
            const limit = sizeValue(size, scope.sizes);
            if (!Number.isInteger(at) || at < 1 || (limit !== undefined && at > limit))
              fail('shape/entry', `index ${at} is out of range for an axis of size ${limit ?? size}`);
            return { node: builder.unit(size, at), labels: [i] };
          }),
          [],
        );
        return evaluateNode(made, { variables: scope.variables, sizes: scope.sizes, indices: scope.indices }, budget)
          .data[0]!;
      }),
    apply: (point, dx) => against(point, dx, 'Δ', lastInput),
    pull: (point, g) =>
      outputAxes.length > 0 || wrt.length === 1
        ? against(point, g, 'Γ', outputAxes)
        : against(
            point,
            g,
            'Γ',
            axes.map((a, i) => (a.of === 0 ? i : -1)).filter((i) => i >= 0),
          ),
    diagonal: (point) =>
      contracted(point, () => {
        const groups = pairUp(axes, wrt.length);
        const relabelled = labels.map((i) => groups.find((g) => g.includes(i))?.[0] ?? i);
        const out = groups.map((g) => g[0]!);
        return { node: contractByTerm(builder, node, relabelled, [], out), extra: new Map() };
      }),
    expand: (point) =>
      requestOn(builder, options, (budget) => {
        const scope = scopeAt(analysis, wrt, point);
        return evaluateNode(node, { variables: scope.variables, sizes: scope.sizes, indices: scope.indices }, budget);
      }),
  };
}

const rank = (a: DerivativeAxis): number => (a.of === 'output' ? -1 : a.of);

function checkShape(array: NdArray, expected: readonly Size[]): void {
  const fits =
    array.shape.length === expected.length && expected.every((s, i) => typeof s !== 'number' || s === array.shape[i]);
  if (!fits)
    fail(
      'shape/direction',
      `the array has shape ${array.shape.join('×') || 'scalar'}, the derivative needs ${expected.map(sizeText).join('×') || 'scalar'}`,
    );
}

/** Axes that run together on the diagonal: output with input, or the two inputs of a Hessian. */
function pairUp(axes: readonly DerivativeAxis[], inputs: number): readonly (readonly number[])[] {
  const of = (which: 'output' | number): number[] =>
    axes
      .map((a, i) => (a.of === which ? i : -1))
      .filter((i) => i >= 0)
      .sort((a, b) => axes[a]!.axis - axes[b]!.axis);
  const lists = [of('output'), ...Array.from({ length: inputs }, (_, k) => of(k))].filter((l) => l.length > 0);
  const [first, ...others] = lists as [number[], ...number[][]];
  const same = others.every(
    (l) => l.length === first.length && l.every((a, i) => axes[a]!.size === axes[first[i]!]!.size),
  );
  if (!same || lists.length < 2)
    fail('shape/diagonal', 'output and input have different shapes, so the derivative has no diagonal');
  return first.map((a, i) => [a, ...others.map((l) => l[i]!)]);
}
