import { isOne } from '../base/rational.ts';
import type { Condensation } from '../simplify/condense.ts';
import type { Node } from '../tensor/node.ts';
import { notate } from './derivative.ts';
import { printProgramText } from './print/program.ts';
import type { Writer } from './write.ts';

interface NamedAxis {
  readonly name: string;
  readonly axis: number;
  readonly of: 'output' | number;
}

const letters = 'ijklmnpqrstuvwabcdefgh';

/** Index letters for the axes of a derivative that clash with nothing the program uses. */
export function axisLetters(axes: readonly NamedAxis[], taken: ReadonlySet<string>): readonly string[] {
  const free = [...letters].filter((l) => !taken.has(l));
  return axes.map((_, i) => free[i] ?? `i${i + 1}`);
}

/**
 * The general entry with its case split, read off the δ's: `∂Z[k]/∂W[i,j] = A[i] if j = k, 0 otherwise`. Sums of terms
 * with different conditions are written one condition each.
 */
export function entryRule(
  builder: Writer['builder'],
  condensation: Condensation,
  axes: readonly NamedAxis[],
  request: { readonly wrt: readonly string[]; readonly output: string },
  taken: ReadonlySet<string>,
): string {
  const names = axisLetters(axes, taken);
  const terms = condensation.terms.map((t) => {
    const value = t.cores
      .map((c) =>
        coreEntry(
          builder,
          c.node,
          c.axes.map((a) => names[a]!),
          taken,
        ),
      )
      .filter((s) => s !== '1');
    const conditions = [
      ...t.deltas.map((d) => d.map((a) => names[a]!).join(' = ')),
      ...t.fixed.map((f) => `${names[f.axis]!} = ${f.at}`),
    ];
    return { value: value.join('·') || '1', condition: conditions.join(' and ') };
  });
  const left = `∂${entryName(axes, names, request)}`;
  if (terms.length === 0) return `${left} = 0`;
  const always = terms.filter((t) => !t.condition).map((t) => t.value);
  const sometimes = terms.filter((t) => t.condition);
  if (sometimes.length === 0) return `${left} = ${always.join(' + ')}`;
  if (terms.length === 1) return `${left} = ${sometimes[0]!.value} if ${sometimes[0]!.condition}, 0 otherwise`;
  return `${left} = ${[...always, ...sometimes.map((t) => `(${t.value} if ${t.condition}, else 0)`)].join(' + ')}`;
}

function entryName(
  axes: readonly NamedAxis[],
  names: readonly string[],
  { wrt, output }: { readonly wrt: readonly string[]; readonly output: string },
): string {
  const group = (of: 'output' | number): string => {
    const list = axes.map((a, i) => ({ ...a, letter: names[i]! })).filter((a) => a.of === of);
    const sorted = [...list].sort((a, b) => a.axis - b.axis).map((a) => a.letter);
    return sorted.length > 0 ? `[${sorted.join(',')}]` : '';
  };
  const below = wrt.map((name, k) => `∂${name}${group(k)}`).join('');
  return `${output}${group('output')}/${below}`;
}

/** One entry of a core: `A[i]`, `(A*x)[i]`, `2*B[i,k]`. */
function coreEntry(
  builder: Writer['builder'],
  node: Node,
  indices: readonly string[],
  taken: ReadonlySet<string>,
): string {
  const written = notate(builder, node, taken, false);
  const text = printProgramText(written);
  if (indices.length === 0) return text;
  // An entry of a transpose is the mirrored entry.
  if (written.value.kind === 'transpose' && written.value.arg.kind === 'name' && indices.length === 2)
    return `${written.value.arg.name}[${indices[1]},${indices[0]}]`;
  if (node.kind === 'delta' && node.shape.length === 1) return '1';
  if (node.kind === 'sum' && node.terms.length === 1 && !isOne(node.terms[0]!.coefficient)) {
    const [{ coefficient, node: inner }] = node.terms as [(typeof node.terms)[0]];
    const c = coefficient.d === 1 ? String(coefficient.n) : `${coefficient.n}/${coefficient.d}`;
    const rest = coreEntry(builder, inner, indices, taken);
    return c === '-1' ? `-${rest}` : `${c}·${rest}`;
  }
  return `${/^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) ? text : `(${text})`}[${indices.join(',')}]`;
}
