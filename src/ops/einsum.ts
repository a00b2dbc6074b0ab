import { isRow, type Type } from '../shape/type.ts';
import { einsumArrays } from './kernels/einsum.ts';
import type { FunctionRecord, TypeContext } from './record.ts';

/** A specification taken apart: the letters of each operand's axes, and those of the result. */
export interface EinsumSpec {
  readonly inputs: readonly string[];
  readonly output: string;
}

/** A specification as messages quote it. */
const quoted = (text: string): string => `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`;

/**
 * Reads `ij,jk->ik`, blanks allowed. Without an arrow the result has the letters that stand once, in alphabetical order,
 * as in NumPy. Returns the fault in words where there is one.
 */
export function readEinsum(text: string): EinsumSpec | string {
  const spec = text.replace(/\s+/g, '');
  if (spec.includes('.')) return 'einsum does not read an ellipsis: give every axis a letter';
  const [left, right, more] = spec.split('->') as [string, string | undefined, string | undefined];
  if (more !== undefined) return `the specification ${quoted(text)} has more than one arrow`;
  const stray = /[^A-Za-z]/u.exec(left.replaceAll(',', '') + (right ?? ''));
  if (stray) return `the specification of an einsum holds letters, commas and one ->, got '${stray[0]}'`;
  const inputs = left.split(',');
  const letters = inputs.join('');
  const once = [...new Set(letters)].filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  const output = right ?? once.sort().join('');
  for (const [i, letter] of [...output].entries()) {
    if (!letters.includes(letter)) return `the output letter '${letter}' of ${quoted(text)} stands in no operand`;
    if (output.indexOf(letter) !== i) return `the output letter '${letter}' of ${quoted(text)} is repeated`;
  }
  return { inputs, output };
}

function specOf(text: string, context: Pick<TypeContext, 'fail'>): EinsumSpec {
  const spec = readEinsum(text);
  return typeof spec === 'string' ? context.fail(spec) : spec;
}

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

function checkAxes(position: number, letters: string, type: Type, context: TypeContext): void {
  if (letters.length === type.axes.length) return;
  const axes = type.axes.length === 1 ? 'axis' : 'axes';
  context.fail(
    `operand ${position} of the einsum is ${context.show(type)} with ${type.axes.length} ${axes}, but ${quoted(letters)} names ${letters.length}`,
    isRow(type) && letters.length === 1 ? 'a row has two axes, 1×n: leave out the transpose' : undefined,
  );
}

export const einsum: FunctionRecord = {
  name: 'einsum',
  family: 'tensor',
  arity: [2, 64],
  expects: ['text', 'any'],
  usage: [
    'einsum("ij,jk->ik", A, B): one letter per axis; letters not in the result are summed',
    'einsum("ii->i", A): a letter that stands twice takes the diagonal',
    'einsum("ij,jk", A, B): without an arrow the result has the letters that stand once, in alphabetical order',
  ],
  rule: 'linear in every operand',
  doc: 'Sums of products over named indices, with the rules of NumPy: every axis of every operand has a letter, axes with one letter run together, and what the result does not name is summed over. The result has one axis for each of its letters; a row operand has two axes, 1×n, and no result is a row.',
  type(args, context) {
    const { inputs, output } = specOf(context.text(args[0]!), context);
    const operands = args.slice(1);
    if (inputs.length !== operands.length)
      context.fail(`the specification names ${plural(inputs.length, 'operand')}, got ${operands.length}`);
    const holder = new Map<string, { size: Type['axes'][0]; position: number }>();
    for (const [k, letters] of inputs.entries()) {
      const { type } = operands[k]!;
      checkAxes(k + 1, letters, type, context);
      for (const [axis, letter] of [...letters].entries()) {
        const size = type.axes[axis]!;
        const known = holder.get(letter);
        if (!known) holder.set(letter, { size, position: k + 1 });
        else
          context.unify(
            known.size,
            size,
            () =>
              `the letter '${letter}' of the einsum has size ${context.resolve(known.size)} in operand ${known.position} and ${context.resolve(size)} in operand ${k + 1}`,
          );
      }
    }
    return { axes: [...output].map((letter) => holder.get(letter)!.size) };
  },
  lower(args, context) {
    const { inputs, output } = readEinsum(context.text(args[0]!)) as EinsumSpec;
    return context.builder.einsum(`${inputs.join(',')}->${output}`, ...args.slice(1).map((a) => a.node));
  },
  evaluate(args, context) {
    const { inputs, output } = readEinsum(String(context.literals[0])) as EinsumSpec;
    // The text has no array of its own, whether or not the caller keeps a place for it.
    return einsumArrays(inputs, output, args.slice(args.length - inputs.length), context.tick);
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'einsum("ij,jk->ik", A, B)', declare: { A: [2, 3], B: [3, 5] } },
    { program: 'einsum("ijk,k->ij", T, x)', declare: { T: [2, 3, 2], x: [2] }, known: [{ at: { T: [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]], x: [1, 10] }, value: [[21, 43, 65], [87, 109, 131]] }] },
    { program: 'einsum("ii->i", A)', declare: { A: [3, 3] }, known: [{ at: { A: [[1, 2, 3], [4, 5, 6], [7, 8, 9]] }, value: [1, 5, 9] }] },
    { program: 'einsum("ba", A)', declare: { A: [2, 3] }, known: [{ at: { A: [[1, 2, 3], [4, 5, 6]] }, value: [[1, 4], [2, 5], [3, 6]] }] },
    { program: 'einsum("ij, ij ->", A, B)', declare: { A: [2, 3], B: [2, 3] }, known: [{ at: { A: [[1, 2, 3], [4, 5, 6]], B: [[1, 1, 1], [1, 1, 2]] }, value: 27 }] },
    { program: 'einsum(",i->i", s, x)', declare: { s: [], x: [3] } },
    { program: 'einsum("zi,i->", x\', y)', declare: { x: [3], y: [3] }, known: [{ at: { x: [1, 2, 3], y: [4, 5, 6] }, value: 32 }] },
    { program: 'einsum("i,i,i->", x, x, x)', declare: { x: [3] }, known: [{ at: { x: [1, 2, 3] }, value: 36 }] },
  ],
  wrong: [
    { program: 'einsum("ij,jk->ik", A)', declare: { A: [2, 3] }, says: 'the specification names 2 operands, got 1' },
    {
      program: 'einsum("ij,jk->ik", A, A)',
      declare: { A: [2, 3] },
      says: "the letter 'j' of the einsum has size 3 in operand 1 and 2 in operand 2",
    },
    { program: 'einsum("ij->i", x)', declare: { x: [3] }, says: 'operand 1 of the einsum' },
    { program: 'einsum("ij->ii", A)', declare: { A: [2, 3] }, says: "the output letter 'i'" },
    { program: 'einsum("ij->ik", A)', declare: { A: [2, 3] }, says: "the output letter 'k'" },
    { program: 'einsum("...i->i", A)', declare: { A: [2, 3] }, says: 'ellipsis' },
    { program: 'einsum("i1->i", A)', declare: { A: [2, 3] }, says: "got '1'" },
    { program: 'einsum("i->", x\')', declare: { x: [3] }, says: 'operand 1 of the einsum' },
  ],
};
