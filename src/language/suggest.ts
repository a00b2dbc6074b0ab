/** The nearest of `candidates` to a name that is not known: the same in another case, or one edit away, two for a long name. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = name.length < 3 ? 1 : name.length === 3 ? 2 : 3;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const edits =
      candidate.toLowerCase() === name.toLowerCase() ? 0.5 : editDistance(name, candidate, Math.ceil(fewest));
    if (edits < fewest) [best, fewest] = [candidate, edits];
  }
  return best;
}

/**
 * The declared name that an undeclared one looks like a slip for: another case, or one letter of three or more, the
 * digits being the same. `W1` is no slip for `W2`, nor `y` for `x`.
 */
export function slipOf(name: string, declared: Iterable<string>): string | undefined {
  const letters = name.replace(/[\d_]/g, '');
  for (const candidate of declared) {
    if (candidate === name || Math.abs(candidate.length - name.length) > 1) continue;
    if (candidate.toLowerCase() === name.toLowerCase()) return candidate;
    const same = candidate.replace(/[\d_]/g, '');
    if (letters.length < 3 || same.length < 3 || candidate.replace(/\D/g, '') !== name.replace(/\D/g, '')) continue;
    if (editDistance(letters, same, 2) === 1) return candidate;
  }
  return undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`; at most `limit` is told apart. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, older[j - 2]! + 1);
      row.push(edits);
    }
    older = previous;
    previous = row;
  }
  return Math.min(previous[b.length]!, limit);
}
