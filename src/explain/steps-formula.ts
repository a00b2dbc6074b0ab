import { WrtError } from '../base/diagnostic.ts';
import { analyse } from '../language/analyse.ts';
import { notate } from '../notation/derivative.ts';
import { nodesOf } from '../notation/print/spine.ts';
import { type Size, sizeSymbols } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import { type Declaration, type Expr, name as nameExpr, type Statement } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { permuted, rowMark, type StepCheck } from './steps-check.ts';
import { cutFactors } from './steps-factors.ts';
import { indexView, pairLetters } from './steps-index.ts';
import { entryOf, type Left, orderOf, printed, printLeft, shownTree, styles, type Teller } from './steps-names.ts';
import type { Formula, Printed } from './steps-types.ts';

/** Formulas longer than this are not taken apart into factors. */
const mostTokens = 90;

/**
 * A formula for a node given in the engine's order of axes; it is written in the layout's. `check` gets the comparison of
 * the formula, read by the program interpreter, with the node.
 */
export function formula(t: Teller, left: Left, node: Node, check?: StepCheck, share = true): Formula {
  const { builder, layout } = t.subject;
  const order = orderOf(left, node.shape, layout);
  const shown = builder.permute(node, order);
  const notation = notate(builder, shown, t.taken, share);
  const tree = { assignments: notation.assignments, value: notation.value };
  const made = fromTree(t, printLeft(t, left), tree, shown.shape, notation.tokens <= mostTokens, check, node, order);
  const index = notation.tokens <= mostTokens ? indexEquation(t, left, node) : undefined;
  return index ? { ...made, index } : made;
}

/** A formula from a tree that is written already. */
export function fromTree(
  t: Teller,
  left: Printed,
  tree: Formula['tree'],
  shape: readonly Size[],
  factors: boolean,
  check?: StepCheck,
  node?: Node,
  order: readonly number[] = shape.map((_, i) => i),
): Formula {
  const analysis = check || factors ? formulaAnalysis(t, tree) : undefined;
  if (check && node && analysis)
    t.checker.compare(
      `${left.text} as written`,
      t.checker.formula(analysis, check),
      permuted(t.checker.value(node, check), order),
      check,
    );
  const names = styles(t);
  const print = (e: Expr): Printed => printed(t, e, names);
  const value = print(tree.value);
  const cut = factors && analysis ? cutFactors(t, tree.value, analysis, names) : undefined;
  return {
    left,
    value,
    where: tree.assignments.map(([name, e]) => ({ name, value: print(e) })),
    tree: { assignments: tree.assignments.map(([n, e]) => [n, shownTree(t, e)]), value: shownTree(t, tree.value) },
    shape,
    factors: cut?.pieces ?? [{ unicode: value.unicode }],
    factorsLatex: cut?.latex ?? value.latex,
  };
}

/** A formula as a program whose names are declared as they are known: for its types, and for its value. */
function formulaAnalysis(t: Teller, tree: Formula['tree']): Analysis | undefined {
  const { analysis } = t.subject;
  const used = new Set<string>();
  for (const e of nodesOf(tree.value, ...tree.assignments.map(([, v]) => v))) {
    if (e.kind === 'name') used.add(e.name);
    if (e.kind === 'call') used.add(e.fn);
  }
  const local = new Set(tree.assignments.map(([n]) => n));
  const declare: Declaration[] = [];
  const rows: Statement[] = [];
  for (const name of used) {
    const info = analysis.names.get(name);
    const shape = t.introduced.get(name);
    if (local.has(name)) continue;
    if (shape) declare.push({ name, shape: { kind: 'array', axes: shape }, properties: [] });
    else if (info?.type.row) {
      declare.push({ name: name + rowMark, shape: { kind: 'array', axes: [info.type.axes[1]!] }, properties: [] });
      rows.push({ name, value: { kind: 'transpose', arg: nameExpr(name + rowMark) } });
    } else if (info && (info.role === 'input' || info.role === 'assigned'))
      declare.push({ name, shape: { kind: 'array', axes: info.type.axes }, properties: info.properties });
    else if (info) declare.push({ name, shape: info.shape, properties: info.properties });
    else if (name === t.subject.output)
      declare.push({ name, shape: { kind: 'array', axes: t.subject.raw.levels[0]!.shape }, properties: [] });
  }
  // A size symbol that stands as a number must be known as a size.
  const declared = new Set(declare.flatMap((d) => (d.shape.kind === 'array' ? d.shape.axes.flatMap(sizeSymbols) : [])));
  for (const info of analysis.names.values())
    if (
      !used.has(info.name) &&
      info.shape.kind === 'array' &&
      info.type.axes.some((s) => sizeSymbols(s).some((n) => used.has(n) && !declared.has(n)))
    )
      declare.push({ name: info.name, shape: { kind: 'array', axes: info.type.axes }, properties: [] });
  const statements: Statement[] = [
    ...rows,
    ...tree.assignments.map(([name, value]) => ({ name, value })),
    { value: tree.value },
  ];
  try {
    return analyse({ source: '', declarations: [], statements }, { declare }, t.budget);
  } catch (error) {
    if (!(error instanceof WrtError) || error.diagnostics[0]?.code.startsWith('cancelled/')) throw error;
    return undefined;
  }
}

/** `∂uⱼ/∂xᵢ = Aⱼᵢ`: the equation entry by entry. */
function indexEquation(t: Teller, left: Left, node: Node): Formula['index'] {
  if (node.shape.length > 6) return undefined;
  const inputs = left.by.reduce((n, b) => n + b.axes, 0);
  const chosen = pairLetters(left.beside ?? inputs, left.axes, t.taken);
  const letters = [...chosen.outputs.slice(0, left.axes), ...chosen.inputs.slice(0, inputs)];
  const right = indexView({ builder: t.subject.builder, taken: t.taken, symbols: t.symbols }, node, letters);
  // Between numbers the equation itself says it all.
  if (!right || (letters.length === 0 && !/Σ/.test(right.unicode))) return undefined;
  const bare =
    node.kind === 'variable' && t.symbols.has(node.name) ? right.unicode.replace(/^\((.*)\)$/u, '$1') : right.unicode;
  const side = (kind: 'unicode' | 'latex'): string => entryOf(t, left, chosen.outputs, chosen.inputs, kind);
  return { unicode: `${side('unicode')} = ${bare}`, latex: `${side('latex')} = ${right.latex}` };
}
