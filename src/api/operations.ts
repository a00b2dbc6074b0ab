import { functionTable, operatorTable } from '../ops/index.ts';
import type { FunctionRecord } from '../ops/record.ts';

/** The language's operators and functions, as documented by the table that implements them. */
export interface Operations {
  readonly operators: typeof operatorTable;
  readonly functions: readonly FunctionRecord[];
}

/** Every operator and function once; functions that only the engine uses are left out. */
export const operations = (): Operations => ({
  operators: operatorTable,
  functions: [...new Set(functionTable.values())],
});
