/**
 * What a person has to add to a row: why an aim is missed and what would close the gap, or how a figure is to be read.
 * By row, in Markdown; the figures themselves come from the measurement.
 */
export const notes: ReadonlyMap<string, string> = new Map([
  [
    'factorisation',
    'Nobody needs the 10,000 × 10,000 array: the Hessian is one k × k core, repeated along the rows of U, and that is all that is computed. PyTorch makes the array row by row.',
  ],
  [
    'factorisation-newton',
    'PyTorch’s time is that of its Hessian above, the gradient, and `linalg.solve` with 10,000 unknowns; ours solves with the k × k core. NumPy by hand knows that formula.',
  ],
  [
    'logistic-2048x256',
    'A vectorised PyTorch Hessian is itself little more than one matrix product here, so that five times its speed asks for more than the peak of the machine leaves: one triangle, two matrix-vector products and the scaling of X all count. What is left to gain is the scaling of X by √w, which the blas engine does in a loop of its own before `syrk`, and on two threads the small size of the product.',
  ],
  [
    'ten-layers',
    'Both sides spend nearly all of the time in the same matrix products; what differs is what stands between them.',
  ],
  [
    'contraction',
    'In this run the environment held OpenBLAS to its Haswell kernels (`OPENBLAS_CORETYPE`), for the peers, the limit and our blas engine alike. Its AVX-512 kernels are faster, so that wasm would stand lower beside them, here and in the other rows where products decide.',
  ],
  ['tiny', 'Calls in a loop, with the arrays in place; what is measured is the cost of a call.'],
]);
