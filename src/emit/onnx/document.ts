import type { CondensedOutput, PlanInput, PlanOutput, PlanTerm } from '../../plan/plan.ts';
import { shapeText } from '../../shape/size.ts';
import { visible } from '../comments.ts';
import { roleWords } from '../describe.ts';
import { coresOf } from '../expansion.ts';
import type { Naming } from '../naming.ts';
import type { EmitRequest } from '../request.ts';

// What the model says of itself. Texts are data there, and no viewer shall be misled by what it does not show.

/** The program, what goes in and what comes out. */
export function modelText(request: EmitRequest, naming: Naming): string {
  const { plan } = request;
  const entry = (name: string, text: string): string => `  ${name}: ${text.replaceAll('\n', '\n    ')}`;
  const inputs = plan.inputs.map((input, k) => entry(naming.inputs[k]!, inputText(input, naming.inputs[k]!)));
  const outputs = plan.outputs.map((output, k) => entry(naming.outputs[k]!, outputText(output, naming.outputs[k]!)));
  const program = request.source === '' ? [] : ['Program:', indented(visible(request.source.trim())), ''];
  return [
    `${naming.fn}: values and derivatives, written by wrt.`,
    '',
    ...program,
    ...(inputs.length > 0 ? ['Inputs:', ...inputs, ''] : []),
    ...(outputs.length > 0 ? ['Outputs:', ...outputs] : []),
  ].join('\n');
}

const indented = (text: string): string => text.replace(/^/gm, '  ');

export function inputText(input: PlanInput, name: string): string {
  const words = [shapeText(input.shape), ...input.properties, ...(input.direction ? ['a direction'] : [])];
  return words.join(', ') + (input.name === name ? '' : ` (${visible(input.name)} in the program)`);
}

/** Shape, meaning and formula; for a condensed output the rule by which its cores make the array. */
export function outputText(output: PlanOutput, name: string): string {
  const lines = [`${shapeText(output.shape)}, ${visible(roleWords(output.role))}`];
  if (output.formula !== undefined) {
    const formula = visible(output.formula);
    lines.push(formula.includes('\n') ? `  = with\n${indented(indented(formula))}` : `  = ${formula}`);
  }
  if (output.form === 'condensed') {
    const terms = output.terms.map((term) => termText(term, output, name));
    lines.push(
      '  condensed: the sum of',
      ...(terms.length > 0 ? terms : ['nothing: it is zero']).map((t) => `  - ${t}`),
    );
  }
  return lines.join('\n');
}

/** `[i, j, k, l] = dW.core0[i, k] where j = l, zero elsewhere`. */
function termText(term: PlanTerm, output: CondensedOutput, name: string): string {
  const cores = coresOf(output);
  const letter = (axis: number): string => 'ijklpqrs'[axis] ?? `i${axis}`;
  const factors = term.cores.map(
    (core) =>
      `${name}.core${cores.indexOf(core.value)}${core.axes.length > 0 ? `[${core.axes.map(letter).join(', ')}]` : ''}`,
  );
  const conditions = [
    ...term.deltas.map((group) => group.map(letter).join(' = ')),
    ...term.fixed.map(({ axis, at }) => `${letter(axis)} = ${visible(String(at))}`),
  ];
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}, zero elsewhere` : '';
  return `[${output.shape.map((_, axis) => letter(axis)).join(', ')}] = ${factors.join(' * ') || '1'}${where}`;
}
