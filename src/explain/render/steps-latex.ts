import { shapeLatex } from '../steps-names.ts';
import type { Formula, Printed, Step, StepsView } from '../steps-types.ts';
import { pictureColumn, pictureRows } from './steps-text.ts';

/** Words for text mode: special characters escaped, mathematical ones set as mathematics. */
const words = (text: string): string => [...text].map((c) => escapes.get(c) ?? symbols.get(c) ?? c).join('');
const escapes: ReadonlyMap<string, string> = new Map([
  ['\\', '\\textbackslash{}'],
  ['{', '\\{'],
  ['}', '\\}'],
  ['$', '\\$'],
  ['&', '\\&'],
  ['#', '\\#'],
  ['_', '\\_'],
  ['%', '\\%'],
  ['^', '\\textasciicircum{}'],
  ['~', '\\textasciitilde{}'],
]);
const mathematical: readonly (readonly [string, string])[] = [
  ...Object.entries({
    '∂': '\\partial',
    δ: '\\delta',
    σ: '\\sigma',
    Σ: '\\Sigma',
    Δ: '\\Delta',
    Π: '\\Pi',
    Φ: '\\Phi',
    φ: '\\varphi',
    π: '\\pi',
    ℓ: '\\ell',
    '√': '\\surd',
    '‖': '\\|',
    '≠': '\\neq',
    '≤': '\\leq',
    '≈': '\\approx',
    '⊙': '\\odot',
    '⊘': '\\oslash',
    '⋅': '\\cdot',
    '·': '\\cdot',
    '×': '\\times',
    '−': '-',
    '→': '\\to',
    '′': "'",
    ᵀ: '^{\\top}',
    '⁻': '^{-}',
  }),
  ...[...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((c, i) => [c, `^{${i}}`] as const),
  ...[...'₀₁₂₃₄₅₆₇₈₉'].map((c, i) => [c, `_{${i}}`] as const),
  ...[...'ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ'].map((c, i) => [c, `_{${'aehijklmnoprstuvx'[i]}}`] as const),
];
const symbols: ReadonlyMap<string, string> = new Map([
  ...mathematical.map(([c, tex]) => [c, `$${tex}$`] as const),
  ['’', "'"] as const,
]);

/** A derivation in LaTeX (amsmath): a numbered list whose displays carry the shape over each factor. */
export function renderStepsLatex(view: StepsView): string {
  const items = view.steps.map((step) => {
    const hint = view.hints ? `\\emph{${words(step.hint)}}\\\\\n` : '';
    const displays = stepDisplays(step).map((d) => `\\[ ${d} \\]`);
    return `\\item ${hint}\\textbf{${words(step.rule[0]!.toUpperCase() + step.rule.slice(1))}.} ${words(step.why)}${checkNote(step)}\n${displays.join('\n')}`;
  });
  return `% ${view.title.text}, step by step\n\\begin{enumerate}\n${items.join('\n')}\n\\end{enumerate}\n`;
}

function checkNote({ check }: Step): string {
  if (check.status === 'passed') return ' $\\checkmark$';
  return check.status === 'failed' ? ' \\textbf{(check failed)}' : ` (not checked: ${words(check.reason ?? '')})`;
}

/** The formulas of one step, each for a display of its own. */
export function stepDisplays(step: Step): string[] {
  const list: string[] = [];
  const add = (f: Formula, index = true): void => {
    list.push(display(f));
    if (index && f.index) list.push(f.index.latex);
  };
  if (step.kind !== 'names') for (const d of step.definitions) add(d);
  switch (step.kind) {
    case 'write':
      list.unshift(...[display(step.before), ...(step.after.index ? [step.after.index.latex] : [])]);
      break;
    case 'link':
    case 'rewrite':
    case 'paths':
      if (step.link) add(step.link);
      list.push(chainLatex(step));
      if (step.after.index) list.push(step.after.index.latex);
      break;
    case 'names':
    case 'collect':
    case 'structure':
      list.push(`${display(step.before)} = ${annotated(step.after)}${whereLatex(step.after)}`);
      break;
    case 'result':
      list.push(
        step.after.shape.length > 2
          ? display(step.after)
          : `${overbraced(step.after)} = ${annotated(step.after)}${whereLatex(step.after)}`,
      );
      break;
    case 'entries':
      list.push(`${step.after.left.latex} = ${step.after.value.latex}`);
      break;
    case 'blocks':
      list.push(`${step.after.left.latex} = ${grid(pictureRows(step.picture!))}`);
      break;
    case 'zeros':
      list.push(
        step.picture
          ? `${grid(pictureRows(step.picture))} \\longrightarrow ${grid(pictureColumn(step.picture))}`
          : `${braced(step.before)} \\longrightarrow ${braced(step.after)}`,
      );
      break;
    case 'repeats':
      list.push(
        `${step.picture ? grid(pictureColumn(step.picture)) : braced(step.before)} \\longrightarrow ${braced(step.after)}`,
      );
      break;
    case 'cores':
      break;
    case 'use':
      list.push(display(step.after));
      if (step.after.index) list.push(step.after.index.latex);
  }
  return [...new Set(list)];
}

const grid = (rows: readonly (readonly Printed[])[]): string =>
  `\\begin{bmatrix} ${rows.map((row) => row.map((c) => c.latex).join(' & ')).join(' \\\\ ')} \\end{bmatrix}`;
const annotated = (f: Formula): string => f.factorsLatex;
/** An array with more than two axes has no matrix to show: its entries say it all. */
const display = (f: Formula): string =>
  f.shape.length > 2 && f.index ? f.index.latex : `${f.left.latex} = ${annotated(f)}${whereLatex(f)}`;
const braced = (f: Formula): string =>
  f.shape.length === 0 ? f.value.latex : `\\overbrace{${f.value.latex}}^{${shapeLatex(f.shape)}}`;
const overbraced = (f: Formula): string =>
  f.shape.length === 0 ? f.left.latex : `\\overbrace{${f.left.latex}}^{${shapeLatex(f.shape)}}`;
const whereLatex = (f: Formula): string =>
  f.where.length === 0
    ? ''
    : ` \\quad\\text{where}\\quad ${f.where.map((w) => `${w.name} = ${w.value.latex}`).join(',\\quad ')}`;

function chainLatex(step: Step): string {
  if (step.after.shape.length > 2 && step.after.index) return step.after.index.latex;
  const middle = step.product ? ` = ${annotated(step.product)}` : '';
  const summed =
    step.summands.length > 1 && !(step.link && step.kind === 'link')
      ? ` = ${step.summands.map((s) => s.value.latex).reduce((a, s) => (s.startsWith('-') ? `${a} ${s}` : `${a} + ${s}`))}`
      : '';
  return `${step.after.left.latex}${middle}${summed} = ${annotated(step.after)}${whereLatex(step.after)}`;
}
