import { escapeXml } from '../../notation/print/mathml.ts';
import type { Step, StepsView } from '../steps-types.ts';
import { stepDisplays } from './steps-latex.ts';
import { pictureSvg } from './steps-svg.ts';
import { renderStepsText } from './steps-text.ts';

/**
 * A derivation as an HTML fragment: a list of steps with classes and no style. Formulas stand as preformatted text, and
 * in the attribute `data-latex` for a page that typesets them, block pictures as SVG; hints are folded.
 */
export function renderStepsHtml(view: StepsView): string {
  const items = view.steps.map((step) => itemOf(step, view));
  const { passed, failed, open } = view.checks;
  return `<section class="wrt-steps" data-depth="${view.depth}">
<h2>${escapeXml(view.title.unicode)}, step by step</h2>
<ol>
${items.join('\n')}
</ol>
<p class="wrt-steps-summary">${passed} of ${view.steps.length} steps checked at a random point${failed > 0 ? `, <strong>${failed} failed</strong>` : ''}${open > 0 ? `, ${open} not checked` : ''}.</p>
</section>
`;
}

const marks = { passed: '✓', failed: '✗', 'not checked': 'not checked' } as const;

function itemOf(step: Step, view: StepsView): string {
  const { check } = step;
  const hint = view.hints
    ? `<details class="wrt-hint"><summary>Try first</summary><p>${escapeXml(step.hint)}</p></details>\n`
    : '';
  const title = check.reason ?? `worst relative difference ${check.worst}`;
  const latex = stepDisplays(step)
    .map((d) => `<div class="wrt-math" data-latex="${escapeXml(d)}"></div>`)
    .join('');
  return `<li class="wrt-step wrt-step-${step.kind}" value="${step.number}">
${hint}<h3>${escapeXml(step.rule)} <span class="wrt-check wrt-check-${check.status.replace(' ', '-')}" title="${escapeXml(title)}">${marks[check.status]}</span></h3>
<p class="wrt-why">${escapeXml(step.why)}</p>
${pictureSvg(step) ?? `<pre class="wrt-formulas">${escapeXml(formulasOf(step, view))}</pre>`}
${latex}
</li>`;
}

/** The formulas of one step as the terminal shows them. */
function formulasOf(step: Step, view: StepsView): string {
  const text = renderStepsText(
    { ...view, hints: false, wrt: view.wrt.slice(0, 1), steps: [{ ...step, why: '' }] },
    { columns: 96 },
  );
  return text
    .split('\n')
    .slice(3, -3)
    .map((line) => line.replace(/^ {5}/, ''))
    .join('\n')
    .replace(/^(?: *\n)+|\s+$/g, '');
}
