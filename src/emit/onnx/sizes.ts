import { type Size, sizeFactor, sizeSymbols } from '../../shape/size.ts';
import type { EntryType, Graph, Ref } from './graph.ts';

/** Sizes of axes as values of the model: constants where they are known, otherwise read off the shapes of the inputs. */
export interface Sizes {
  /** One number, as a vector of one entry. */
  vector(size: Size): Ref;
  /** One number, as a scalar. */
  scalar(size: Size): Ref;
  /** The sizes of several axes. */
  list(shape: readonly Size[]): Ref;
  /** A size among the numbers that are computed with, a scalar. */
  number(size: Size, type: EntryType): Ref;
  /** The same entries under another shape. */
  reshape(value: Ref, from: readonly Size[], to: readonly Size[]): Ref;
}

/** `symbol` tells the value of a size symbol, as a vector of one entry. */
export function createSizes(g: Graph, symbol: (name: string) => Ref): Sizes {
  const vector = (size: Size): Ref => {
    if (typeof size === 'number') return g.integers([size]);
    return g.outermost(() => {
      const factor = sizeFactor(size);
      const factors = sizeSymbols(size).map(symbol);
      return [...(factor === 1 ? [] : [g.integers([factor])]), ...factors].reduce((a, b) => g.node('Mul', [a, b]));
    });
  };
  const list = (shape: readonly Size[]): Ref => {
    if (shape.every((size) => typeof size === 'number')) return g.integers(shape as readonly number[]);
    return g.outermost(() =>
      shape.length === 1 ? vector(shape[0]!) : g.node('Concat', shape.map(vector), { axis: 0 }),
    );
  };
  const scalar = (size: Size): Ref =>
    typeof size === 'number'
      ? g.number(size, 'int64')
      : g.outermost(() => g.node('Squeeze', [vector(size), g.integers([0])]));
  return {
    vector,
    list,
    scalar,
    number: (size, type) =>
      typeof size === 'number'
        ? g.number(size, type)
        : g.outermost(() => g.node('Cast', [scalar(size)], { to: { type } })),
    reshape(value, from, to) {
      if (from.length === to.length && from.every((size, k) => size === to[k])) return value;
      // An axis that keeps its place is copied (0), and one other may be left to follow from the rest (-1).
      const kept = to.map((size, k) => (typeof size === 'number' ? size : size === from[k] ? 0 : size));
      const open = kept.filter((size) => typeof size === 'string').length;
      const target = open === 1 ? g.integers(kept.map((size) => (typeof size === 'number' ? size : -1))) : list(to);
      return g.node('Reshape', [value, open === 0 ? g.integers(kept as number[]) : target]);
    },
  };
}
