import 'katex/dist/katex.min.css';
import { useEffect, useRef } from 'preact/hooks';
import { useReachable } from './reachable.ts';

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
    });
    return () => {
      current = false;
    };
  }, [latex, display]);
  useReachable(place, 'formula');
  return <span class={display ? 'formula formula-display' : 'formula'} ref={place} />;
}
