import { effect, signal } from '@preact/signals';
import { type Page, pageFromHash, pageToHash } from './page.ts';
import { page, result } from './store.ts';

const key = 'wrt-recent';
const most = 12;
/** How long a program stands before it counts as one that was meant. */
const pause = 2500;

/** Programs that were differentiated lately, the newest first. They stay in this browser. */
export const recent = signal<readonly Page[]>(read());

/** What is kept is checked like any link; a browser that keeps nothing has an empty list. */
function read(): readonly Page[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    if (!Array.isArray(kept)) return [];
    return kept
      .slice(0, most)
      .flatMap((hash) => (typeof hash === 'string' ? [pageFromHash(hash)] : []))
      .filter((found) => found !== undefined);
  } catch {
    return [];
  }
}

function keep(pages: readonly Page[]): void {
  recent.value = pages;
  try {
    if (pages.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(pages.map(pageToHash)));
  } catch {
    // Private windows and full disks keep nothing; the list lasts as long as the page.
  }
}

export const forget = (): void => keep([]);

const same = (a: Page, b: Page): boolean =>
  a.source === b.source && a.declare === b.declare && a.wrt.join() === b.wrt.join();

/** Remembers what has a derivative, once it has stood for a while. */
export function followRecent(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const { pending, errors, value } = result.value;
    const now = page.value;
    clearTimeout(timer);
    if (pending || errors.length > 0 || !value) return;
    timer = setTimeout(() => keep([now, ...recent.peek().filter((other) => !same(other, now))].slice(0, most)), pause);
  });
}
