import { useEffect } from 'preact/hooks';
import type { Step, StepsView as Steps, StepsDepth } from '../../../../src/api/index.ts';
import { change, derivative, follow, page, setting } from '../state/store.ts';
import { Choice } from '../widgets/choice.tsx';
import { Formula } from '../widgets/formula.tsx';

const depths: readonly StepsDepth[] = ['outline', 'full', 'rewrites'];
const steps = follow('steps', 'steps', () => ({ ...derivative.value, depth: page.value.depth }));
const shown = setting('steps');

function toggleAll(): void {
  shown.value = shown.value === 0 ? 1 : 0;
}

/** Keys of the view, while nothing is being typed. */
function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const typing = (event.target as HTMLElement).closest(
        'input:not([type=radio]), textarea, select, [contenteditable]',
      );
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      keys[event.key]?.();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
}

/** The outermost factor with a brace that a place belongs to, and all that look the same within its step. */
function sameFactors(place: EventTarget | null): readonly Element[] {
  let factor: Element | undefined;
  for (let at = (place as Element).closest(brace); at; at = at.parentElement?.closest(brace) ?? null) factor = at;
  const step = factor?.closest('.step');
  if (!factor || !step) return [];
  return [...step.querySelectorAll(brace)].filter((other) => other.textContent === factor.textContent);
}
const brace = '.katex-html .minner.mover';

/** Lights a factor everywhere in its step, before the rule and after it. */
function light(event: Event): void {
  const lit = sameFactors(event.target);
  for (const old of document.querySelectorAll('.lit-factor'))
    if (!lit.includes(old)) old.classList.remove('lit-factor');
  for (const factor of lit) factor.classList.add('lit-factor');
}

/** The derivation: a question, the rule, what it makes. All at once, or one at a time. */
export function StepsView() {
  const { value, errors, pending } = steps.value;
  const count = value?.steps.length ?? 0;
  const last = shown.value === 0 ? count : Math.min(shown.value, count);
  const to = (number: number): void => {
    shown.value = Math.max(1, Math.min(number, count));
  };
  useKeys({ n: () => to(last + 1), p: () => to(last - 1), a: toggleAll });
  return (
    <section class="view" aria-label="Steps" aria-busy={pending}>
      <div class="controls">
        <Choice
          label="depth"
          name="depth"
          options={depths}
          value={page.value.depth}
          onChange={(depth) => change({ depth }, true)}
        />
        <div class="row">
          <button type="button" disabled={last <= 1} aria-keyshortcuts="p" onClick={() => to(last - 1)}>
            Previous
          </button>
          <button
            type="button"
            disabled={count === 0 || last === count}
            aria-keyshortcuts="n"
            onClick={() => to(last + 1)}
          >
            Next
          </button>
          <button type="button" disabled={count === 0} aria-keyshortcuts="a" onClick={toggleAll}>
            {shown.value > 0 ? 'Show all' : 'One at a time'}
          </button>
        </div>
      </div>
      {errors.length > 0 && !value && <p class="empty">{errors[0]!.message}</p>}
      <p class="note">
        Keys: <kbd>n</kbd> next, <kbd>p</kbd> previous, <kbd>a</kbd> all. A factor lights where it stands again.
      </p>
      {value && <StepList view={value} last={last} />}
    </section>
  );
}

function StepList({ view, last }: { readonly view: Steps; readonly last: number }) {
  const { checks } = view;
  return (
    <>
      <ol class="steps" onPointerOver={light} onPointerLeave={light}>
        {view.steps.slice(0, last).map((step) => (
          <StepItem key={step.number} step={step} />
        ))}
      </ol>
      <p class={checks.failed > 0 ? 'certificate certificate-failed' : 'certificate certificate-verified'}>
        {checks.passed} of {view.steps.length} steps evaluated before and after at a random point, worst difference{' '}
        {checks.worst.toExponential(0)}
        {checks.open > 0 && `, ${checks.open} not checked`}
      </p>
    </>
  );
}

function StepItem({ step }: { readonly step: Step }) {
  const equation = (left: string, value: string): string => `${left} = ${value}`;
  const { before, after } = step;
  return (
    <li class="step" value={step.number}>
      <h3>
        {step.rule}
        <span
          class={`mark mark-${step.check.status.replace(' ', '-')}`}
          title={step.check.reason ?? `worst relative difference ${step.check.worst}`}
        >
          {step.check.status === 'passed' ? ' ✓' : ` ${step.check.status}`}
        </span>
      </h3>
      <details>
        <summary>Try first</summary>
        <p>{step.hint}</p>
      </details>
      <p>{step.why}</p>
      {step.definitions.map((d) => (
        <Formula key={d.left.latex} display latex={equation(d.left.latex, d.value.latex)} />
      ))}
      {before.value.latex !== after.value.latex && (
        <Formula display latex={equation(before.left.latex, before.factorsLatex)} />
      )}
      {step.link && <Formula display latex={equation(step.link.left.latex, step.link.factorsLatex)} />}
      <Formula display latex={equation(after.left.latex, after.factorsLatex)} />
      {after.index && <Formula display latex={after.index.latex} />}
    </li>
  );
}
