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
  ['tiny', 'Calls in a loop, with the arrays in place; what is measured is the cost of a call.'],
]);
