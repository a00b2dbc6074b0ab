export { type Dialect, dialectOf, type Float, type Target } from './dialect.ts';
export { applyFunction, applyPower, elementwiseKernels } from './elementwise.ts';
export { hostFunctions } from './lanes.ts';
export { type Argument, createKit, type Kit, type Vectors } from './vectors.ts';
