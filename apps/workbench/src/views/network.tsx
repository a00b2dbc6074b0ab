import { follow, page, program } from '../state/store.ts';
import { Drawing } from '../widgets/drawing.tsx';

const network = follow('network', 'network', () => ({ program: program.value, layout: page.value.layout }));

/** The layers of a network, its links, and what comes back through them. */
export function NetworkView() {
  return (
    <section class="view" aria-label="Network">
      <Drawing of={network} empty="Type a network first: layers that feed one another." />
    </section>
  );
}
