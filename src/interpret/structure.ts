import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import type { NdArray } from '../base/ndarray.ts';
import { type Size, sizeValue } from '../shape/size.ts';
import type { DeltaNode, LeviNode, MergeNode, Node, SizeNode, TriangleNode, UnitNode } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import { allocate, sizesText } from './array.ts';
import { walk } from './strided.ts';

/** Nodes whose entries are known before any variable is. */
export type StructureNode = DeltaNode | UnitNode | MergeNode | TriangleNode | LeviNode | SizeNode;

export interface Positions {
  readonly sizes: ReadonlyMap<string, number>;
  /** Values of index symbols, from 1. */
  readonly indices?: ReadonlyMap<string, number>;
}

/** The size in numbers; `shape/unbound` when a symbol has no value. */
export const boundSize = (size: Size, { sizes }: Positions): number =>
  sizeValue(size, sizes) ?? fail('shape/unbound', `the size ${size} is not known at this point`);

/** Where the one of a unit vector stands, from 0; `shape/index` when it is outside the axis. */
export function positionOf(node: UnitNode, scope: Positions): number {
  const { at } = node;
  const index = typeof at === 'number' ? at : scope.indices?.get(at);
  if (index === undefined) return fail('name/unbound', `the index '${at}' has no value at this point`);
  const size = boundSize(node.shape[0]!, scope);
  if (!Number.isInteger(index) || index < 1 || index > size)
    fail('shape/index', `index ${index} is out of range: the axis has ${size} entries`);
  return index - 1;
}

/** The array itself, of 0, 1 and -1 (a size: the number). */
export function denseStructure(node: StructureNode, scope: Positions, budget: Budget): NdArray {
  const shape = node.shape.map((size) => boundSize(size, scope));
  const out = allocate(shape, budget, () => `a ${node.kind} of shape ${sizesText(shape)}`);
  const set = (value: (...index: number[]) => number): NdArray => {
    const index = shape.map(() => 0);
    for (let e = 0; e < out.data.length; e++) {
      if ((e & 1023) === 0) budget.tick();
      out.data[e] = value(...index);
      for (let k = shape.length - 1; k >= 0 && ++index[k]! === shape[k]!; k--) index[k] = 0;
    }
    return out;
  };
  switch (node.kind) {
    case 'size':
      out.data[0] = boundSize(node.size, scope);
      return out;
    case 'delta': {
      // Only the diagonal is visited: a δ of order 4 is nearly empty.
      const step = shape.reduce((sum, n) => sum * n + 1, 0);
      for (let i = 0; i < (shape[0] ?? 1); i++) out.data[i * step] = 1;
      return out;
    }
    case 'unit':
      out.data[positionOf(node, scope)] = 1;
      return out;
    case 'merge': {
      const parts = shape.slice(1).reverse();
      const columns = out.data.length / shape[0]!;
      // Row-major over (i_k … i_1) counts p itself; the stored axes run the other way round.
      const steps = shape.slice(1).map((_, k) => shape.slice(k + 2).reduce((a, b) => a * b, 1));
      walk(parts, [...steps].reverse(), 0, (p, offset) => {
        out.data[p * columns + offset] = 1;
      });
      return out;
    }
    case 'triangle':
      return set((i, j) => (j! <= i! ? 1 : 0));
    case 'levi':
      // (j-i)(k-i)(k-j)/2 is 1 on even, -1 on odd permutations of 0,1,2 and 0 elsewhere.
      return set((i, j, k) => ((j! - i!) * (k! - i!) * (k! - j!)) / 2);
  }
}

export const isStructure = (node: Node): node is StructureNode =>
  node.kind === 'delta' ||
  node.kind === 'unit' ||
  node.kind === 'merge' ||
  node.kind === 'triangle' ||
  node.kind === 'levi' ||
  node.kind === 'size';

/** The nodes whose values a node is computed from; structure inside a product is not built beforehand. */
export const operandsOf = (node: Node): readonly Node[] =>
  node.kind === 'einsum' ? operandNodes(node).filter((operand) => !isStructure(operand)) : operandNodes(node);
