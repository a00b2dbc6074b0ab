export { cholesky, choleskyScratch } from './cholesky.ts';
export { type Dialect, dialectOf, type Float, type Target } from './dialect.ts';
export { applyFunction, applyPower, elementwiseKernels } from './elementwise.ts';
export { triangleCuts } from './gram.ts';
export { hostFunctions } from './lanes.ts';
export { type LineFunction, type LineSizes, lines } from './lines.ts';
export {
  type GramSizes,
  gramScratch,
  type MatrixAt,
  type ProductSizes,
  productScratch,
  type ResultAt,
  writeGram,
  writeMirror,
  writeProduct,
} from './products.ts';
export { determinant, inverse, solve, solveScratch } from './solve.ts';
export { type Argument, createKit, type Kit, type Vectors } from './vectors.ts';
