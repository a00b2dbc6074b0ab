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
  // Looked at once a frame, when its layout is wanted anyway.
  let frame = 0;
  const later = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      look();
    });
  };
  const sizes = new ResizeObserver(later);
  const content = new MutationObserver(later);
  sizes.observe(element);
  content.observe(element, { childList: true, subtree: true });
  return () => {
    cancelAnimationFrame(frame);
    sizes.disconnect();
    content.disconnect();
  };
}

export function useReachable(place: RefObject<HTMLElement | null>, label: string): void {
  useEffect(() => (place.current ? keepReachable(place.current, label) : undefined), [place, label]);
}
