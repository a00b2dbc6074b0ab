import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { evaluateProgram } from '../interpret/program.ts';
import { analyse } from '../language/analyse.ts';
import { parseProgram } from '../language/parse.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Declaration, Expr } from '../syntax/expr.ts';
import { type ChainCheck, largest, type Place, unchecked, verdict } from './chain-check.ts';
import { namesIn } from './chain-graph.ts';
import { type Backward, productsAt } from './chain-products.ts';

/** The partial products as a program: one assignment each, with the parts that they name before it. */
export const programLines = (
  products: readonly { readonly adjoint: string; readonly form: { readonly text: string } }[],
) =>
  products.map(({ adjoint, form }) => {
    const lines = form.text.split('\n');
    return [...lines.slice(0, -1), `${adjoint} = ${lines.at(-1)!}`].join('\n');
  });

/**
 * Reads the lines of the backward pass again, behind the user's own program, and runs them with the program interpreter:
 * what is checked is what the user sees.
 */
export function checkText(
  steps: Backward,
  lines: readonly string[],
  place: Place | undefined,
  budget: Budget,
): ChainCheck {
  if (!place) return unchecked('no random point was found at which the program is finite');
  const { pen } = steps;
  const { declared } = pen.graph;
  const expected = productsAt(steps, place, budget);
  const known = new Map<string, NdArray>(place.values);
  for (const [name, value] of expected) known.set(pen.adjoint(name), value);
  try {
    const { program, diagnostics } = parseProgram(`${declared.program.source}\n${lines.join('\n')}`, budget);
    if (diagnostics.length > 0) return unchecked(`the lines do not read back: ${diagnostics[0]!.message}`);
    // Shapes are those found for the user's program: the lines must fit them, not change them.
    const declare: Declaration[] = [...declared.names.values()]
      .filter((info) => info.role !== 'assigned')
      .map((info) => ({ name: info.name, shape: info.shape, properties: info.properties }));
    const analysis = analyse(program, { declare }, budget);
    let worst = 0;
    for (const [name, right] of expected) {
      const adjoint = pen.adjoint(name);
      const value = analysis.assigned.get(adjoint);
      if (!value) return unchecked(`${adjoint} is not among the lines`);
      const found = lineAt(analysis, adjoint, value, known, place, budget);
      if (found.data.length !== right.data.length)
        return { status: 'failed', error: Number.POSITIVE_INFINITY, how: `the line of ${adjoint} has another shape` };
      const scale = Math.max(largest(right.data), 1e-290);
      for (const [i, v] of found.data.entries()) worst = Math.max(worst, Math.abs(v - right.data[i]!) / scale);
    }
    return verdict(worst, 'the lines, read again and run by the interpreter');
  } catch (error) {
    if (!(error instanceof WrtError) || error.diagnostics[0]?.code.startsWith('cancelled/')) throw error;
    return unchecked(`the lines could not be run: ${error.message}`);
  }
}

/** One line's value; what it reads is known, or is assigned by a line of its own just before it. */
function lineAt(
  analysis: Analysis,
  name: string,
  value: Expr,
  known: ReadonlyMap<string, NdArray>,
  place: Place,
  budget: Budget,
): NdArray {
  const inputs = new Map(place.scalars);
  const held = new Map<string, NdArray>();
  const seen = new Set<string>();
  const open = [value];
  for (let e = open.pop(); e; e = open.pop())
    for (const used of namesIn(e)) {
      if (seen.has(used)) continue;
      seen.add(used);
      const definition = analysis.assigned.get(used);
      const given = known.get(used);
      if (given) (definition ? held : inputs).set(used, given);
      else if (definition) open.push(definition);
    }
  const type = analysis.names.get(name)!.type;
  return evaluateProgram({ ...analysis, output: { value, type } }, inputs, { held }, budget).output;
}
