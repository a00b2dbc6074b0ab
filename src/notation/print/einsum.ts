import type { CallExpr, Expr } from '../../syntax/expr.ts';
import { atom, type Box, tight, transposeBox, wrap } from './boxes.ts';
import { fenced, type Layout, productSign, row, symbol, word } from './layout.ts';
import { type Setter, setTarget } from './setter.ts';

interface Specification {
  readonly inputs: readonly string[];
  readonly output: string;
}

function specificationOf(e: CallExpr): Specification | undefined {
  const [first, ...operands] = e.args;
  if (first?.kind !== 'text') return undefined;
  const match = /^([a-zA-Z,]*)->([a-zA-Z]*)$/.exec(first.text.replaceAll(/\s/g, ''));
  if (!match) return undefined;
  const inputs = match[1]!.split(',');
  const output = match[2]!;
  const known = new Set(match[1]!);
  const fits =
    inputs.length === operands.length &&
    new Set(output).size === output.length &&
    [...output].every((i) => known.has(i));
  return fits ? { inputs, output } : undefined;
}

/**
 * `einsum("ijk,k->ij", T, x)` as [∑ₖ T[i,j,k] x[k]]ᵢⱼ: the array whose entries are the sum, with its axes named in order.
 * Nothing where the specification cannot be read so.
 */
export function setEinsum(e: CallExpr, s: Setter): Box | undefined {
  const specification = specificationOf(e);
  if (!specification) return undefined;
  const { inputs, output } = specification;
  const scalars: Layout[] = [];
  const entries: Layout[] = [];
  for (let k = 0; k < inputs.length; k++) {
    const arg = e.args[k + 1]!;
    if (inputs[k] === '') scalars.push(wrap(s.set(arg), tight.script));
    else entries.push(entryOf(arg, inputs[k]!, s));
  }
  const product: Layout[] = [];
  for (const factor of [...scalars, ...entries]) {
    const last = product.at(-1);
    if (last) product.push(symbol(productSign(last, factor)));
    product.push(factor);
  }
  const summed = [...new Set(inputs.join(''))].filter((i) => !output.includes(i));
  if (summed.length > 0) product.unshift({ kind: 'script', base: symbol('sum'), sub: listOf(summed) });
  const body: Layout = { kind: 'row', items: product };
  if (output !== '')
    return atom({ kind: 'script', base: fenced('bracket', body), sub: listOf([...output]) }, output.length);
  return { layout: body, level: summed.length > 0 ? tight.open : tight.product, axes: 0 };
}

const listOf = (letters: readonly string[]): Layout => row(...letters.map((letter) => word(letter)));

function entryOf(arg: Expr, letters: string, s: Setter): Layout {
  const indices = [...letters].map((letter) => word(letter));
  // A transposed matrix is read with its indices exchanged; what may be a row is not.
  if (arg.kind === 'transpose' && indices.length === 2) {
    const box = s.set(arg.arg);
    return box.axes === 2
      ? { kind: 'entry', target: setTarget(box, s), indices: indices.toReversed() }
      : { kind: 'entry', target: setTarget(transposeBox(box), s), indices };
  }
  if (arg.kind === 'call' && arg.fn === 'eye' && arg.args.length === 1 && !s.names.shows('δ'))
    return { kind: 'entry', target: word('δ'), indices };
  return { kind: 'entry', target: setTarget(s.set(arg), s), indices };
}
