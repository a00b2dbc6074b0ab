import { type Budget, createBudget } from '../base/budget.ts';
import { type Diagnostic, fail, WrtError } from '../base/diagnostic.ts';
import { permuteAxes } from '../base/ndarray.ts';
import { deriveAll } from '../calculus/derive.ts';
import { type Layout, layoutOrder } from '../calculus/layout.ts';
import { type Convention, structured, tieOf } from '../calculus/structured.ts';
import { evaluateProgram } from '../interpret/program.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { lower } from '../language/lower.ts';
import { type Notation, notate } from '../notation/derivative.ts';
import { kroneckerForm } from '../notation/kronecker.ts';
import { printLatex } from '../notation/print/latex.ts';
import {
  printProgramLatex,
  printProgramMathml,
  printProgramText,
  printProgramUnicode,
} from '../notation/print/program.ts';
import { printText } from '../notation/print/text.ts';
import { printUnicode } from '../notation/print/unicode.ts';
import type { Analysis, NameInfo } from '../syntax/analysis.ts';
import { createBuilder } from '../tensor/builder.ts';
import type { Node } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { substitute } from '../tensor/substitute.ts';
import { certifyDerivative, evaluatePrinted } from './certify.ts';
import { condensedView } from './condensed.ts';
import { type Derived, nameOfOutput, printNames, scopeAt } from './derived.ts';
import { laws } from './laws.ts';
import { parseWith } from './parse.ts';
import { byLength, sizeNames } from './rank.ts';
import { request } from './result.ts';
import { registerSubject } from './subject.ts';
import { withIndependentEntries } from './targets.ts';
import type { Derivative, DeriveOptions, PointValues, Result } from './types.ts';

/**
 * The derivative of a program's output by a variable, or by several one after the other (`['x', 'x']` is the Hessian).
 * A name that the program assigns may be differentiated by: it is then independent.
 * Errors: those of `parse`, `name/…` for an unknown variable, `limit/…`, `cancelled/aborted`.
 */
export function derive(
  source: string,
  wrt: string | readonly string[],
  options: DeriveOptions = {},
): Result<Derivative> {
  return request(options, (budget) => {
    const names = typeof wrt === 'string' ? [wrt] : [...wrt];
    if (names.length === 0)
      fail('usage/wrt', 'no variable to differentiate by was given', undefined, 'name at least one');
    const program = parseWith(source, options, names, budget);
    const derived = deriveNode(program.analysis, names, budget);
    const shown = (d: Derived): Derivative => present(program.source, d, program.warnings, options, budget);
    const first = shown(derived);
    if (first.certificate.status !== 'failed') return first;
    // A simplification that fails its check is dropped: the next form is tried, down to the derivative as accumulated.
    for (const raw of derived.others) {
      const next = shown({ ...derived, raw });
      if (next.certificate.status === 'verified') return next;
    }
    return first;
  });
}

function deriveNode(analysis: Analysis, wrt: readonly string[], budget: Budget): Derived {
  const builder = createBuilder(budget);
  // Entries of a structured variable are independent while we differentiate; its structure returns afterwards.
  const general = withIndependentEntries(analysis, wrt);
  const independent = [...new Set(wrt)];
  const lowered = lower(general, { independent }, builder);
  const variables = wrt.map((name) => variableOf(builder, lowered.variables, general.names.get(name)!));
  const taken = new Set([...analysis.names.keys(), ...sizeNames(analysis)]);
  const found = deriveAll(builder, lowered.output, variables, (nodes) => byLength(builder, nodes, taken));
  const back = new Map<Node, Node>();
  for (const [i, name] of wrt.entries()) {
    const info = analysis.names.get(name)!;
    if (info.properties.length !== general.names.get(name)!.properties.length)
      back.set(variables[i]!, builder.variable(name, info.type.axes, info.properties));
  }
  const restored = found.map((r) => ({
    ...r,
    node: substitute(builder, r.node, back),
  }));
  const raw = restored[0]!;
  const other = restored.find((r) => r.node !== raw.node)?.node;
  return {
    builder,
    analysis,
    wrt,
    raw,
    others: restored.slice(1),
    taken,
    variables,
    lets: lowered.lets,
    ...(other ? { other } : {}),
  };
}

const variableOf = (builder: Kit, known: ReadonlyMap<string, Node>, info: NameInfo): Node =>
  known.get(info.name) ?? builder.variable(info.name, info.type.axes, info.properties);

function present(
  source: string,
  derived: Derived,
  warnings: readonly Diagnostic[],
  options: DeriveOptions,
  budget: Budget,
): Derivative {
  const { builder, analysis, wrt, raw, taken } = derived;
  const layout: Layout = options.layout ?? 'denominator';
  const order = layoutOrder(raw.origins, layout);
  const ties = wrt.map((name) => tieOf(analysis.names.get(name)!.properties));
  const convention = conventionOf(wrt, ties, options.convention ?? 'independent');
  const independent = builder.permute(raw.node, order);
  const inEngineOrder = convention?.name === 'structured' ? structured(builder, raw.node, raw.origins, ties) : raw.node;
  const node = builder.permute(inEngineOrder, order);
  const axes = order.map((k) => {
    const origin = raw.origins[k]!;
    const name = origin.of === 'output' ? nameOfOutput(analysis) : wrt[origin.of]!;
    return { ...origin, name };
  });
  const notation: Notation = notate(builder, node, taken);
  const printable = { assignments: notation.assignments, value: notation.value };
  const context = { names: printNames(analysis) };
  const text = printProgramText(printable);
  // Views that not everyone asks for are made when they are.
  const kronecker = once(() => {
    builder.store.renew(createBudget(options));
    const kron = kroneckerForm(builder, node, axes, layout, taken);
    if (!kron) return undefined;
    return { text: printText(kron), unicode: printUnicode(kron, context), latex: printLatex(kron, context) };
  });
  const condensed = once(() => condensedView(derived, node, axes, options));
  const certificate =
    options.certify === false
      ? { status: 'not verified' as const, worst: 0, checks: [], reason: 'no certificate was asked for' }
      : certifyDerivative(derived, { node, printable }, options.seed ?? 1, budget);
  const derivative: Derivative = {
    schema: 1,
    program: { source, analysis, warnings },
    output: {
      ...(analysis.output.name !== undefined ? { name: analysis.output.name } : {}),
      shape: analysis.output.type.axes,
    },
    wrt,
    layout,
    shape: node.shape,
    axes,
    ...printable,
    text,
    get unicode() {
      return printProgramUnicode(printable, context);
    },
    get latex() {
      return printProgramLatex(printable, context);
    },
    get mathml() {
      return printProgramMathml(printable, context);
    },
    matrixForm: notation.matrixForm,
    ...(notation.reason ? { reason: notation.reason } : {}),
    ...(convention ? { convention } : {}),
    get kronecker() {
      return kronecker();
    },
    get condensed() {
      return condensed();
    },
    laws: laws(nameOfOutput(analysis), analysis.output.type.axes, wrt, axes),
    certificate,
    warnings,
    evaluate: (point) => evaluateDerivative(derived, inEngineOrder, order, printable, point, options),
  };
  const { variables, lets } = derived;
  const output = nameOfOutput(analysis);
  registerSubject(derivative, {
    builder,
    analysis,
    wrt,
    layout,
    output,
    raw,
    variables,
    lets,
    node: independent,
    axes,
    taken,
  });
  return derivative;
}

/** The convention in words, where the structure of a variable leaves a choice. */
function conventionOf(
  wrt: readonly string[],
  ties: readonly ReturnType<typeof tieOf>[],
  name: Convention,
): Derivative['convention'] {
  const tied = [...new Set(wrt.filter((_, k) => ties[k]))];
  if (tied.length === 0) return undefined;
  const names = tied.join(' and ');
  const words =
    name === 'independent'
      ? `the entries of ${names} count as independent, as if no structure had been declared`
      : `the entries of ${names} move only so that the declared structure stays; a change names each of them once, in the upper triangle`;
  return { name, words };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function evaluateDerivative(
  derived: Derived,
  node: Node,
  order: readonly number[],
  printable: Parameters<typeof evaluatePrinted>[1],
  point: PointValues,
  options: DeriveOptions,
) {
  return request(options, (budget) => {
    const { analysis, wrt } = derived;
    const scope = scopeAt(analysis, wrt, point);
    const program = evaluateProgram(analysis, scope.inputs, { held: scope.held }, budget);
    const warnings: Diagnostic[] = [...program.warnings];
    const inGraph: Diagnostic[] = [];
    const variables = new Map([...program.values, ...scope.variables]);
    const value = evaluateNode(
      node,
      { variables, sizes: scope.sizes, indices: scope.indices, warn: (d) => inGraph.push(d) },
      budget,
    );
    if (!value.data.every(Number.isFinite))
      warnings.push(
        ...placesInText(() => evaluatePrinted(analysis, printable, scope.inputs, scope.held, budget), inGraph),
      );
    // Computed before the layout is applied, so that layouts are exact transposes of each other.
    return { value: permuteAxes(value, order), output: program.output, warnings: distinct(warnings) };
  });
}

/** What is not finite, said in the words of the printed text; of the graph where the text cannot be evaluated. */
function placesInText(run: () => { warnings: readonly Diagnostic[] }, inGraph: readonly Diagnostic[]) {
  try {
    const { warnings } = run();
    return warnings.length > 0 ? warnings : inGraph;
  } catch (error) {
    if (error instanceof WrtError && error.diagnostics[0]?.code.startsWith('math/')) return error.diagnostics;
    if (error instanceof WrtError) return inGraph;
    throw error;
  }
}

const distinct = (list: readonly Diagnostic[]): readonly Diagnostic[] => [
  ...new Map(list.map((d) => [d.message, d])).values(),
];
