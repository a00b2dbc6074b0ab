import { type Size, sizeProduct } from '../../shape/size.ts';
import { factor, type LoopContext, position, size } from './context.ts';

/** What an axis of an array follows: a loop, or a fixed position. */
export type Follows = number | { readonly at: number | string };

/** A loop of the printed code: one or more axes that every array runs through without a gap. */
export interface Loop {
  readonly variable: string;
  readonly limit: string;
  /** The loops of the step that this one stands for. */
  readonly axes: readonly number[];
}

export interface Nest {
  readonly loops: readonly Loop[];
  /** The position of an entry of an array whose axes follow these loops. */
  index(follows: readonly Follows[], shape: readonly Size[]): string;
}

/**
 * Loops over axes of these sizes, neighbours joined where every array allows it and `apart` does not keep them apart.
 * Loops of one turn are left out.
 */
export function nest(
  sizes: readonly Size[],
  arrays: readonly (readonly Follows[])[],
  c: LoopContext,
  apart: (axis: number) => unknown = () => 0,
): Nest {
  const joined = (axis: number): boolean =>
    apart(axis) === apart(axis + 1) &&
    arrays.every((follows) =>
      follows.every(
        (f, k) => (f !== axis || follows[k + 1] === axis + 1) && (f !== axis + 1 || follows[k - 1] === axis),
      ),
    );
  const groups: number[][] = [];
  sizes.forEach((_, axis) => {
    if (axis > 0 && joined(axis - 1)) groups.at(-1)!.push(axis);
    else groups.push([axis]);
  });
  const loops: Loop[] = [];
  const term = new Map<number, string>();
  for (const axes of groups) {
    const total = sizeProduct(...axes.map((axis) => sizes[axis]!));
    const variable = total === 1 ? '0' : c.naming.loop(loops.length);
    if (total !== 1) loops.push({ variable, limit: size(c, total), axes });
    term.set(axes[0]!, variable);
  }
  return {
    loops,
    index(follows, shape) {
      // Axes that are joined are read as one: the variable stands at the first, the sizes of all are multiplied.
      const terms: { text: string; size: Size }[] = [];
      follows.forEach((f, k) => {
        if (typeof f !== 'number') terms.push({ text: position(c, f.at), size: shape[k]! });
        else if (term.has(f)) terms.push({ text: term.get(f)!, size: shape[k]! });
        else {
          const last = terms.at(-1)!;
          last.size = sizeProduct(last.size, shape[k]!);
        }
      });
      return horner(terms.map((t) => ({ text: t.text, size: size(c, t.size) })));
    },
  };
}

/** `(i * n + j) * p + k`. */
export function horner(terms: readonly { readonly text: string; readonly size: string }[]): string {
  return terms.reduce((sum, t, k) => {
    if (k === 0 || sum === '0') return t.text;
    const scaled = t.size === '1' ? sum : `${factor(sum)} * ${factor(t.size)}`;
    return t.text === '0' ? scaled : `${scaled} + ${t.text}`;
  }, '0');
}
