import { change, derivative, follow, page } from '../state/store.ts';
import { Drawing } from '../widgets/drawing.tsx';

const approx = follow('approx', 'approx', () => ({
  ...derivative.value,
  point: { seed: page.value.seed, values: page.value.values },
}));

/** The predicted change beside the actual one, while the step shrinks. */
export function ApproxView() {
  return (
    <section class="view" aria-label="Linear approximation">
      <div class="controls">
        <button type="button" onClick={() => change({ seed: page.value.seed + 1 }, true)}>
          Another random point
        </button>
      </div>
      <Drawing of={approx} empty="Type a program first." />
    </section>
  );
}
