import { constants } from './constants.ts';
import { elementwiseBasics } from './elementwise.ts';
import { elementwiseActivations } from './elementwise-activation.ts';
import { elementwisePairs } from './elementwise-pairs.ts';
import { elementwiseTrigonometric } from './elementwise-trigonometric.ts';
import { extremes } from './extremes.ts';
import { matrixFunctions } from './matrices.ts';
import { matrixStructure } from './matrix-structure.ts';
import { norms } from './norms.ts';
import type { ElementwiseRecord, FunctionRecord } from './record.ts';
import { reductions } from './reductions.ts';
import { tensors } from './tensors.ts';
import { vectors } from './vectors.ts';

export { powerTrouble } from './elementwise-pairs.ts';
export { type OperatorRecord, operatorTable } from './operators.ts';

const elementwise: readonly ElementwiseRecord[] = [
  ...elementwiseBasics,
  ...elementwiseTrigonometric,
  ...elementwiseActivations,
];

/** Every function of the language once, in the order of the documentation. */
export const functions: readonly FunctionRecord[] = [
  ...elementwise,
  ...reductions,
  ...extremes,
  ...norms,
  ...vectors,
  ...matrixFunctions,
  ...matrixStructure,
  ...constants,
  ...tensors,
];

/** The functions a program may call, by name and by alias. */
export const functionTable: ReadonlyMap<string, FunctionRecord> = new Map(
  functions.flatMap((record) => [record.name, ...(record.aliases ?? [])].map((name) => [name, record] as const)),
);

/** The elementwise functions by the name of their map, those of the graph alone (`max2`, `min2`, `pow`) included. */
export const elementwiseTable: ReadonlyMap<string, ElementwiseRecord> = new Map(
  [...elementwise, ...elementwisePairs].map((record) => [record.name, record]),
);

/** The function that a program means by this name; `undefined` for an unknown one. */
export const lookupFunction = (name: string): FunctionRecord | undefined => functionTable.get(name);
