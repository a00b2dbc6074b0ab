import '../styles/check.css';
import { signal } from '@preact/signals';
import { change, derivative, follow, nothing, page, setting } from '../state/store.ts';
import { Verdict } from '../widgets/verdict.tsx';

/** What was submitted; a link that holds an answer has it checked at once. */
const asked = signal(page.peek().answer);
addEventListener('popstate', () => {
  asked.value = page.value.answer;
});
const strict = setting('strict');
const verdict = follow('check', 'check', () =>
  asked.value.trim() === '' ? undefined : { ...derivative.value, answer: asked.value, strict: strict.value },
);

/** The user's own derivative, and whether it is right. */
export function CheckView() {
  // What is shown of an answer goes with it.
  const { value, errors, pending } = asked.value.trim() === '' ? nothing : verdict.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    asked.value = page.value.answer;
  };
  const use = (answer: string): void => {
    change({ answer }, true);
    asked.value = answer;
  };
  return (
    <section class="view" aria-label="Check my answer" aria-busy={pending}>
      <form onSubmit={submit} class="check">
        <label for="answer">Your derivative, in the same language or in LaTeX, in any layout</label>
        <textarea
          id="answer"
          rows={3}
          spellcheck={false}
          value={page.value.answer}
          onInput={(event) => change({ answer: event.currentTarget.value })}
        />
        <div class="controls">
          <button type="submit">Check</button>
          <label>
            <input
              type="checkbox"
              checked={strict.value}
              onChange={(event) => {
                strict.value = event.currentTarget.checked;
              }}
            />
            only the chosen layout counts
          </label>
        </div>
      </form>
      <div role="status" class={asked.value === page.value.answer && !pending ? '' : 'stale'}>
        {errors.length > 0 && !pending && (
          <p class="verdict verdict-error">
            {errors[0]!.message}
            {errors[0]!.hint && <span class="hint">{errors[0]!.hint}</span>}
          </p>
        )}
        {value && errors.length === 0 ? (
          <Verdict of={value} onUse={use} />
        ) : (
          errors.length === 0 && (
            <p class="empty">
              {pending
                ? 'One moment …'
                : 'Right, right in another layout, or wrong: then what is wrong with it, and the smallest example.'}
            </p>
          )
        )}
      </div>
    </section>
  );
}
