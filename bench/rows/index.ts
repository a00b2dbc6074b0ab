import { factorisation } from './factorisation.ts';
import { gmm } from './gmm.ts';
import { hessians } from './hessians.ts';
import { logistic, logisticInBrowser } from './logistic.ts';
import { networks, networksInBrowser } from './networks.ts';
import type { Row } from './row.ts';
import { small } from './small.ts';

/** The table, in the order in which it is shown. */
export const rows: readonly Row[] = [
  ...hessians,
  ...logistic,
  ...factorisation,
  ...networks,
  ...gmm,
  ...small,
  ...networksInBrowser,
  ...logisticInBrowser,
];
