import { functionTable } from '../ops/index.ts';

/** Functions by the name that stands in upright letters, or as a word before a bracket. */
export const namedFunctions: ReadonlyMap<string, string> = new Map([
  ...[...functionTable.keys()].map((name): [string, string] => [name, name]),
  ['ln', 'log'],
  ['Tr', 'tr'],
  ['trace', 'tr'],
  ['Diag', 'diag'],
  ['sgn', 'sign'],
  ['ReLU', 'relu'],
  ['Softmax', 'softmax'],
]);

/** Functions applied entry by entry, through which a sum over an index may look. */
export const entrywise: ReadonlySet<string> = new Set(
  [...functionTable].filter(([, record]) => record.family === 'elementwise').map(([name]) => name),
);
