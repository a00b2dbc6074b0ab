import { useEffect, useState } from 'preact/hooks';
import { Formula, OnDemand } from './formula.tsx';

/** A formula and the names it refers to, each on a line of its own. */
export function Equation({ latex, turning }: { readonly latex: string; readonly turning?: string }) {
  const [value, ...rest] = latex.split(' \\quad\\text{where}\\quad ');
  const where = rest.length === 0 ? [] : equations(rest.join(' '));
  return (
    <div class="equation">
      <OnDemand latex={latex}>
        <Turned by={turning ?? ''}>
          <Formula display latex={value!} />
        </Turned>
        {where.length > 0 && (
          <div class="where">
            <span>where</span>
            {where.map((line) => (
              <Formula key={line} display latex={line} />
            ))}
          </div>
        )}
      </OnDemand>
    </div>
  );
}

/** Equations of a list, cut at the commas that no bracket holds. */
function equations(text: string): string[] {
  const lines: string[] = [];
  let depth = 0;
  let from = 0;
  for (let k = 0; k < text.length; k++) {
    if (text[k] === '\\') depth += text.startsWith('\\begin{', k) ? 1 : text.startsWith('\\end{', k) ? -1 : 0;
    else if (text[k] === '{') depth++;
    else if (text[k] === '}') depth--;
    else if (depth === 0 && text.startsWith(',\\quad ', k)) {
      lines.push(text.slice(from, k));
      from = k + 7;
    }
  }
  return [...lines, text.slice(from)];
}

/** Turns its content over its diagonal whenever `by` changes: what a transposition does to a matrix. */
export function Turned({ by, children }: { readonly by: string; readonly children: preact.ComponentChildren }) {
  const [seen, setSeen] = useState({ by, turns: 0 });
  useEffect(() => {
    if (seen.by !== by) setSeen({ by, turns: seen.turns + 1 });
  }, [by, seen]);
  return (
    <div key={seen.turns} class={seen.turns > 0 ? 'turned' : ''}>
      {children}
    </div>
  );
}
