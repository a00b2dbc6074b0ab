import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** While an element has to be scrolled, the keyboard can reach it, and it has a name. */
export function keepReachable(element: HTMLElement, label: string): () => void {
  const look = (): void => {
    if (element.scrollWidth > element.clientWidth + 1) {
      element.tabIndex = 0;
      element.setAttribute('role', 'group');
      element.setAttribute('aria-label', label);
    } else for (const name of ['tabindex', 'role', 'aria-label']) element.removeAttribute(name);
  };
  const sizes = new ResizeObserver(look);
  const content = new MutationObserver(look);
  sizes.observe(element);
  content.observe(element, { childList: true, subtree: true });
  look();
  return () => {
    sizes.disconnect();
    content.disconnect();
  };
}

export function useReachable(place: RefObject<HTMLElement | null>, label: string): void {
  useEffect(() => (place.current ? keepReachable(place.current, label) : undefined), [place, label]);
}
