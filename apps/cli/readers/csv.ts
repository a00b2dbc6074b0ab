import { parse } from 'csv-parse/sync';
import type { NdArray } from '../../../src/api/index.ts';
import { refuse } from '../refuse.ts';

const blankOrNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const special: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);
const toNumber = (cell: string): number | undefined =>
  blankOrNumber.test(cell) ? Number(cell) : special.get(cell.toLowerCase());

/**
 * A table of numbers, cells separated by `,` `;` or tabs, `#` for comments; a first line without a number is a heading.
 * One column is a vector.
 */
export function readCsv(text: string, file: string): NdArray {
  let rows: string[][];
  try {
    rows = parse(text, {
      bom: true,
      comment: '#',
      delimiter: [',', ';', '\t'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    return refuse('usage/csv', `${file} is not a readable CSV file: ${(error as Error).message}`);
  }
  if (rows[0]?.every((cell) => toNumber(cell) === undefined)) rows.shift();
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) refuse('usage/csv', `${file} holds no numbers`);
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (row.length !== columns)
      refuse('usage/csv', `row ${i + 1} of ${file} has ${row.length} cells, the first has ${columns}`);
    row.forEach((cell, j) => {
      data[i * columns + j] =
        toNumber(cell) ?? refuse('usage/csv', `'${cell}' in row ${i + 1}, column ${j + 1} of ${file} is not a number`);
    });
  });
  return { shape: columns === 1 ? [rows.length] : [rows.length, columns], data };
}
