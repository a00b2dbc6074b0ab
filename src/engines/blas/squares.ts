import type { NumberArray } from '../engine.ts';

/** Side of the tiles in which squares are read and written: a tile of each array stays in the first cache. */
const tile = 32;

/** Visits the tiles on and above the diagonal of an n×n array. */
function upperTiles(n: number, visit: (i0: number, i1: number, j0: number, j1: number) => void): void {
  for (let i = 0; i < n; i += tile)
    for (let j = i; j < n; j += tile) visit(i, Math.min(n, i + tile), j, Math.min(n, j + tile));
}

/** Copies the upper triangle of the row-major n×n `a` to the lower one. */
export function mirrorUpper(a: NumberArray, n: number): void {
  upperTiles(n, (i0, i1, j0, j1) => {
    for (let i = i0; i < i1; i++) for (let j = Math.max(j0, i + 1); j < j1; j++) a[j * n + i] = a[i * n + j]!;
  });
}

/** True when the n×n `a` equals its transpose entry by entry; false where an entry is NaN. */
export function isSymmetric(a: NumberArray, n: number): boolean {
  let symmetric = true;
  for (let i0 = 0; i0 < n && symmetric; i0 += tile)
    for (let j0 = i0; j0 < n && symmetric; j0 += tile) {
      const [i1, j1] = [Math.min(n, i0 + tile), Math.min(n, j0 + tile)];
      for (let i = i0; i < i1; i++)
        for (let j = Math.max(j0, i); j < j1; j++) if (a[i * n + j] !== a[j * n + i]) symmetric = false;
    }
  return symmetric;
}

/** `to`[j, i] = `from`[i, j] for a rows×columns `from`. */
export function transposeInto(to: NumberArray, from: NumberArray, rows: number, columns: number): void {
  for (let i0 = 0; i0 < rows; i0 += tile)
    for (let j0 = 0; j0 < columns; j0 += tile) {
      const [i1, j1] = [Math.min(rows, i0 + tile), Math.min(columns, j0 + tile)];
      for (let i = i0; i < i1; i++) for (let j = j0; j < j1; j++) to[j * rows + i] = from[i * columns + j]!;
    }
}

/** True when every entry is a finite number. */
export function allFinite(a: NumberArray): boolean {
  // A sum of zeros is NaN once a factor is infinite or NaN.
  let zeros = 0;
  for (let k = 0; k < a.length; k++) zeros += 0 * a[k]!;
  return zeros === 0;
}
