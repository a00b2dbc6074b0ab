import 'katex/dist/katex.min.css';
import { useEffect, useRef } from 'preact/hooks';

type Katex = typeof import('katex');
let loading: Promise<Katex['default']> | undefined;
const katex = (): Promise<Katex['default']> => {
  loading ??= import('katex').then((module) => module.default);
  return loading;
};

/** Sets LaTeX, with MathML beside it for screen readers. Nothing in it can run: `trust` is off, sizes are limited. */
export function Formula({ latex, display = false }: { readonly latex: string; readonly display?: boolean }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let current = true;
    const reachable = (): void => {
      const { current: element } = place;
      if (!element || !display) return;
      // What has to be scrolled can be reached by the keyboard.
      if (element.scrollWidth > element.clientWidth + 1) {
        element.tabIndex = 0;
        element.setAttribute('role', 'group');
        element.setAttribute('aria-label', 'formula');
      } else for (const name of ['tabindex', 'role', 'aria-label']) element.removeAttribute(name);
    };
    const sized = new ResizeObserver(reachable);
    void katex().then((k) => {
      if (!current || !place.current) return;
      k.render(latex, place.current, {
        displayMode: display,
        throwOnError: false,
        trust: false,
        strict: false,
        maxSize: 20,
        maxExpand: 2000,
      });
      sized.observe(place.current);
      reachable();
    });
    return () => {
      current = false;
      sized.disconnect();
    };
  }, [latex, display]);
  return <span class={display ? 'formula formula-display' : 'formula'} ref={place} />;
}
