import { effect, signal } from '@preact/signals';
import type { StepsView as Steps, StepsDepth } from '../../../../src/api/index.ts';
import { change, client, derivative, type Known, known, nothing, page } from '../state/store.ts';

const steps = signal<Known<Steps>>(nothing);

effect(() => {
  if (page.value.view !== 'steps') return;
  const asked = { ...derivative.value, depth: page.value.depth };
  void client.ask('steps', 'steps', asked).then((answer) => {
    if (answer) steps.value = known(steps.peek(), answer);
  });
});

const depths: readonly StepsDepth[] = ['outline', 'full', 'rewrites'];

export function StepsView() {
  const { value } = steps.value;
  return (
    <section class="view" aria-label="Steps">
      <fieldset class="layouts">
        <legend>depth</legend>
        {depths.map((depth) => (
          <label key={depth}>
            <input
              type="radio"
              name="depth"
              checked={page.value.depth === depth}
              onChange={() => change({ depth }, true)}
            />
            {depth}
          </label>
        ))}
      </fieldset>
      <pre>{JSON.stringify(value?.steps.length)}</pre>
    </section>
  );
}
