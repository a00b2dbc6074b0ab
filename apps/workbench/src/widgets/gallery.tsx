import { useRef } from 'preact/hooks';
import { type Example, gallery } from '../state/gallery.ts';
import { type Page, pageToHash } from '../state/page.ts';
import { forget, recent } from '../state/recent.ts';

interface GalleryProps {
  readonly onOpen: (example: Example) => void;
  /** Goes back to a page of before, as it was. */
  readonly onReturn: (page: Page) => void;
}

/** What was looked at lately, and examples in groups; one click opens one. */
export function Gallery({ onOpen, onReturn }: GalleryProps) {
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
        <div class="gallery-head">
          <h2 id="gallery-title">Examples</h2>
          <form method="dialog">
            <button type="submit">Close</button>
          </form>
        </div>
        {recent.value.length > 0 && (
          <section class="recent">
            <h3>
              Recent{' '}
              <button type="button" class="quiet" onClick={forget}>
                Clear
              </button>
            </h3>
            <ul>
              {recent.value.map((kept) => (
                <li key={pageToHash(kept)}>
                  <button
                    type="button"
                    onClick={() => {
                      dialog.current?.close();
                      onReturn(kept);
                    }}
                  >
                    <code>{kept.source.split('\n').at(-1)}</code>
                    <span>by {kept.wrt.join(', ')}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
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
