import { fail, spanAt } from '../base/diagnostic.ts';
import { namePattern } from '../language/characters.ts';
import type { Analysis } from '../syntax/analysis.ts';

/** δ_{ij} and [ … ]_{ijk} would be read as names and entries, and a right answer called wrong. */
export function refuseIndexNotation(text: string, analysis: Analysis): void {
  const found = /\\right\s*\]\s*_\{?[a-z]|[\])]\s*_\{?[a-z]{2,}|\\delta\s*_|δ[_[]|[\])][ᵢⱼₖₗₘₙₚ]{2,}/u.exec(text);
  if (!found || analysis.names.has('delta') || analysis.names.has('δ')) return;
  fail(
    'syntax/latex',
    'the answer cannot be read: it is in index notation',
    spanAt(text, found.index, found.index + found[0].length),
    'write it as an einsum, such as einsum("ij,kl->ijkl", A, B)',
  );
}

/** Left sides such as `dL/dx =` become spaces; a `where` between expression and names becomes the end of a statement. */
export function tidy(text: string, taken: ReadonlySet<string>): { tidied: string; trailing: boolean } {
  const blank = (part: string): string => part.replace(/[^\n]/g, ' ');
  // A^T is a transpose to everybody, unless T is a name.
  let tidied = taken.has('T') ? text : text.replace(/\^T(?![\w(])/g, "' ");
  let trailing = false;
  if (!taken.has('where')) {
    const found =
      /(?:\\q?quad|\\[,;]|\s)*\\text\s*\{\s*where\s*\}(?:\\q?quad|\\[,;]|\s)*|(?<![\w.])where(?![\w(])/.exec(tidied);
    if (found && tidied.slice(0, found.index).trim() !== '') {
      const before = tidied.slice(0, found.index);
      const after = tidied
        .slice(found.index + found[0].length)
        .replace(/,(?:\s|\\q?quad)+(?=[^,=]*=)/g, (s) => `;${blank(s.slice(1))}`);
      trailing = true;
      tidied = `${before};${blank(found[0].slice(1))}${after}`;
    }
  }
  // M_{1} = … defines the name that M_{1} is read as.
  tidied = tidied.replace(
    /(^|[;\n])(\s*)([A-Za-z])_(\{?)(\d+)(\}?)(?=\s*=)/g,
    (all, start: string, space: string, letter: string, open: string, digits: string, close: string) =>
      open.length === close.length ? `${start}${space}${letter}${digits} ${blank(open + close)}` : all,
  );
  const side = /(^|[;\n])(\s*(?:[d∂∇]|\\(?:d?frac|nabla|partial|mathrm))[^=;\n]*=)(?!=)/gu;
  tidied = tidied.replace(side, (all, start: string, left: string) => {
    const name = left.slice(0, -1).trim();
    const isName = new RegExp(`^${namePattern}$`, 'u').test(name);
    const isDerivative = /^(?:[d∂]\S*\s*\/\s*\(?[d∂]|∇|\\nabla|\\d?frac|\\partial)/u.test(name);
    return isDerivative && !(isName && !name.startsWith('∇')) ? start + blank(left) : all;
  });
  return { tidied, trailing };
}
