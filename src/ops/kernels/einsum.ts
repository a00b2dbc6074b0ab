import { type NdArray, ndarray, stridesOf } from '../../base/ndarray.ts';
import { noTick, type Tick } from './lu.ts';

/**
 * Σ over the letters not in `output` of the product of the operands, by the definition: one loop over all letters.
 * `inputs` has one letter per axis; every output letter stands in some operand.
 */
export function einsumArrays(
  inputs: readonly string[],
  output: string,
  operands: readonly NdArray[],
  tick: Tick = noTick,
): NdArray {
  const sizes = new Map<string, number>();
  inputs.forEach((letters, k) => {
    [...letters].forEach((letter, axis) => {
      sizes.set(letter, operands[k]!.shape[axis]!);
    });
  });
  const letters = [...output, ...[...sizes.keys()].filter((letter) => !output.includes(letter))];
  const out = ndarray([...output].map((letter) => sizes.get(letter)!));
  // How far one step along each letter moves in each operand, and in the result.
  const steps = [...inputs, output].map((spec, k) => {
    const strides = stridesOf(k < operands.length ? operands[k]!.shape : out.shape);
    return letters.map((letter) => [...spec].reduce((sum, l, axis) => sum + (l === letter ? strides[axis]! : 0), 0));
  });
  const limits = letters.map((letter) => sizes.get(letter)!);
  const total = limits.reduce((a, b) => a * b, 1);
  const index = letters.map(() => 0);
  const at = steps.map(() => 0);
  for (let step = 0; step < total; step++) {
    if ((step & 4095) === 0) tick();
    let product = 1;
    for (let k = 0; k < operands.length; k++) product *= operands[k]!.data[at[k]!]!;
    out.data[at[operands.length]!]! += product;
    for (let l = letters.length - 1; l >= 0; l--) {
      const wraps = ++index[l]! === limits[l]!;
      const move = wraps ? 1 - limits[l]! : 1;
      for (let k = 0; k < at.length; k++) at[k]! += move * steps[k]![l]!;
      if (!wraps) break;
      index[l] = 0;
    }
  }
  return out;
}
