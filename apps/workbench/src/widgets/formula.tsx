import 'katex/dist/katex.min.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useReachable } from './reachable.ts';

type Katex = typeof import('katex');
let loading: Promise<Katex['default']> | undefined;
const katex = (): Promise<Katex['default']> => {
  loading ??= import('katex').then((module) => module.default);
  return loading;
};

/** Characters of LaTeX that are set without asking: more of them would keep the page from answering for seconds. */
const most = 6000;

interface FormulaProps {
  readonly latex: string;
  readonly display?: boolean;
}

/** Shows a very long formula as its source until the user wants it set. */
export function OnDemand({ latex, children }: { readonly latex: string; readonly children: ComponentChildren }) {
  const [wanted, setWanted] = useState('');
  if (latex.length <= most || wanted === latex) return <>{children}</>;
  return (
    <span class="formula formula-long">
      <code>{latex.slice(0, 240)} …</code>
      <button type="button" onClick={() => setWanted(latex)}>
        Typeset all {latex.length} characters
      </button>
    </span>
  );
}

export function Formula({ latex, display = false }: FormulaProps) {
  return (
    <OnDemand latex={latex}>
      <Typeset latex={latex} display={display} />
    </OnDemand>
  );
}

/** KaTeX, with MathML beside it for screen readers. Nothing in it can run: `trust` is off, sizes are limited. */
function Typeset({ latex, display }: Required<FormulaProps>) {
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
