import { useRef } from 'preact/hooks';
import { type Example, gallery } from '../state/gallery.ts';

/** Examples in groups; one click opens one. */
export function Gallery({ onOpen }: { readonly onOpen: (example: Example) => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const pick = (example: Example): void => {
    dialog.current?.close();
    onOpen(example);
  };
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        Examples
      </button>
      <dialog class="gallery" ref={dialog} aria-labelledby="gallery-title">
        <header>
          <h2 id="gallery-title">Examples</h2>
          <form method="dialog">
            <button type="submit">Close</button>
          </form>
        </header>
        {gallery.map(({ title, examples }) => (
          <section key={title}>
            <h3>{title}</h3>
            <ul>
              {examples.map((example) => (
                <li key={example.title}>
                  <button type="button" onClick={() => pick(example)}>
                    <span>{example.title}</span>
                    <code>{example.source.split('\n').at(-1)}</code>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </dialog>
    </>
  );
}
