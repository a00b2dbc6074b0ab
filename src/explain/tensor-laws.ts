import { sizeProduct, sizeValue } from '../shape/size.ts';
import type { Formula } from './entry-formula.ts';
import { axesOfArray, type PrintedNames, printedNames, sizeText, wholePartial } from './entry-names.ts';
import type { Subject } from './subject.ts';

/** One array of a law, with what it contributes. */
export interface LawPart {
  readonly name: string;
  /** Entries (`m·n`) for the size law, axes for the axes law. */
  readonly count: string;
  readonly number?: number;
}

/** A law with its two sides: the product (sizes) or the sum (axes) of the parts is the derivative's own count. */
export interface Law {
  readonly parts: readonly LawPart[];
  readonly total: LawPart;
  /** Whether both sides agree; in numbers where all sizes are known, else as symbols. */
  readonly holds: boolean;
}

/** The size law and the axes law as data. */
export interface LawsView {
  readonly kind: 'laws';
  readonly names: PrintedNames;
  readonly partial: Formula;
  readonly size: Law;
  readonly axes: Law;
}

/** Size(∂y/∂x) = Size(y)·Size(x); Axes(∂y/∂x) = Axes(y) + Axes(x). Sizes in numbers where they are bound. */
export function lawsView(s: Subject, sizes: ReadonlyMap<string, number> = new Map()): LawsView {
  const arrays: readonly { name: string; shape: readonly (number | string)[]; own: number }[] = [
    { name: s.output, shape: s.analysis.output.type.axes, own: axesOfArray(s, 'output').length },
    ...s.wrt.map((name, k) => ({
      name,
      shape: s.analysis.names.get(name)?.type.axes ?? [],
      own: axesOfArray(s, k).length,
    })),
  ];
  const count = (shape: readonly (number | string)[]): Omit<LawPart, 'name'> => {
    const size = sizeProduct(...shape);
    const number = sizeValue(size, sizes);
    return { count: sizeText(size), ...(number === undefined ? {} : { number }) };
  };
  const total = { name: '', ...count(s.node.shape) };
  const product = sizeProduct(...arrays.flatMap((a) => a.shape));
  const parts = arrays.map((a) => ({ name: a.name, ...count(a.shape) }));
  const axes = arrays.map((a) => ({ name: a.name, count: String(a.shape.length), number: a.shape.length }));
  const sum = axes.reduce((n, a) => n + a.number, 0);
  return {
    kind: 'laws',
    names: printedNames(s),
    partial: wholePartial(s),
    size: {
      parts,
      total,
      holds:
        total.number !== undefined && parts.every((p) => p.number !== undefined)
          ? parts.reduce((n, p) => n * p.number!, 1) === total.number
          : product === sizeProduct(...s.node.shape),
    },
    axes: {
      parts: axes,
      total: { name: '', count: String(s.node.shape.length), number: s.node.shape.length },
      holds: sum === s.node.shape.length,
    },
  };
}
