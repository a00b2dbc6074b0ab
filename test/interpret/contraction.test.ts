import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { entryCount, type NdArray } from '../../src/base/ndarray.ts';
import { createRandom, type Random } from '../../src/base/random.ts';
import { contractEinsum } from '../../src/interpret/contraction.ts';
import { denseStructure, isStructure, positionOf } from '../../src/interpret/structure.ts';
import { real } from '../../src/interpret/tensor.ts';
import { einsumArrays } from '../../src/ops/kernels/einsum.ts';
import type { EinsumNode, Node, Operand } from '../../src/tensor/node.ts';

const budget = createBudget();
const sizes = new Map<string, number>();
const scope = { sizes };
let nextId = 0;

const variable = (shape: readonly number[]): Node => ({
  kind: 'variable',
  id: nextId++,
  shape,
  name: `v${nextId}`,
  properties: [],
});
const delta = (size: number, order: number): Node => ({ kind: 'delta', id: nextId++, shape: Array(order).fill(size) });
const unit = (size: number, at: number): Node => ({ kind: 'unit', id: nextId++, shape: [size], at });
const merge = (parts: readonly number[]): Node => ({
  kind: 'merge',
  id: nextId++,
  shape: [entryCount(parts), ...parts],
});

/** An einsum node as the builder would never leave it: nothing normalised. */
function einsum(operands: readonly Operand[], rank: number): EinsumNode {
  const labelSizes: number[] = [];
  for (const { node, labels } of operands)
    labels.forEach((label, axis) => {
      labelSizes[label] = node.shape[axis] as number;
    });
  return { kind: 'einsum', id: nextId++, shape: labelSizes.slice(0, rank), operands, sizes: labelSizes };
}

function valuesOf(node: EinsumNode, random: Random): Map<Node, NdArray> {
  const values = new Map<Node, NdArray>();
  for (const { node: operand } of node.operands) {
    const shape = operand.shape as readonly number[];
    if (!isStructure(operand) && !values.has(operand))
      values.set(operand, {
        shape,
        data: Float64Array.from({ length: entryCount(shape) }, () => random.between(-1, 1)),
      });
  }
  return values;
}

/** Both ways, one with every δ, unit vector and merge built densely. */
function compare(node: EinsumNode, random: Random): void {
  const values = valuesOf(node, random);
  const dense = (operand: Node): NdArray =>
    isStructure(operand) ? denseStructure(operand, scope, budget) : values.get(operand)!;
  const got = contractEinsum(node, {
    ring: real,
    budget,
    value: dense,
    size: (size) => size as number,
    position: (u) => positionOf(u, scope),
  });
  const letters = (labels: readonly number[]): string => labels.map((l) => String.fromCodePoint(97 + l)).join('');
  const want = einsumArrays(
    node.operands.map((o) => letters(o.labels)),
    letters(node.shape.map((_, axis) => axis)),
    node.operands.map((o) => dense(o.node)),
  );
  expect(got.shape).toEqual(want.shape);
  got.data.forEach((x, e) => {
    expect(x).toBeCloseTo(want.data[e]!, 11);
  });
}

test('products, traces, hyperedges, broadcasts and diagonals', () => {
  const random = createRandom('named');
  const A = variable([2, 3]);
  const B = variable([3, 5]);
  const S = variable([3, 3]);
  const x = variable([3]);
  const y = variable([3]);
  compare(
    einsum(
      [
        { node: A, labels: [0, 2] },
        { node: B, labels: [2, 1] },
      ],
      2,
    ),
    random,
  );
  compare(einsum([{ node: S, labels: [0, 0] }], 0), random);
  compare(einsum([{ node: S, labels: [0, 0] }], 1), random);
  compare(
    einsum(
      [
        { node: x, labels: [0] },
        { node: y, labels: [0] },
        { node: S, labels: [0, 0] },
      ],
      1,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: x, labels: [0] },
        { node: delta(7, 1), labels: [1] },
      ],
      2,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: x, labels: [0] },
        { node: delta(3, 2), labels: [0, 1] },
      ],
      2,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: x, labels: [1] },
        { node: y, labels: [0] },
      ],
      2,
    ),
    random,
  );
});

test('a summed label that only ones hold contributes its size', () => {
  const random = createRandom('ones');
  compare(
    einsum(
      [
        { node: variable([3]), labels: [0] },
        { node: delta(5, 1), labels: [1] },
      ],
      1,
    ),
    random,
  );
  compare(einsum([{ node: delta(5, 1), labels: [0] }], 0), random);
  compare(einsum([{ node: delta(5, 3), labels: [0, 1, 2] }], 0), random);
  compare(einsum([{ node: delta(5, 4), labels: [0, 1, 2, 3] }], 2), random);
});

test('unit vectors fix, place and contradict', () => {
  const random = createRandom('units');
  const A = variable([2, 3]);
  compare(
    einsum(
      [
        { node: A, labels: [0, 1] },
        { node: unit(3, 2), labels: [1] },
      ],
      1,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: A, labels: [0, 1] },
        { node: unit(3, 2), labels: [1] },
      ],
      2,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: unit(3, 2), labels: [0] },
        { node: unit(3, 1), labels: [0] },
      ],
      1,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: unit(3, 2), labels: [0] },
        { node: delta(3, 2), labels: [0, 1] },
      ],
      2,
    ),
    random,
  );
});

test('merged axes: split, joined, shared and nested', () => {
  const random = createRandom('merges');
  const X = variable([2, 3]);
  const v = variable([6]);
  const M = merge([2, 3]);
  compare(
    einsum(
      [
        { node: M, labels: [0, 1, 2] },
        { node: X, labels: [1, 2] },
      ],
      1,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: M, labels: [2, 0, 1] },
        { node: v, labels: [2] },
      ],
      2,
    ),
    random,
  );
  compare(einsum([{ node: M, labels: [0, 1, 2] }], 3), random);
  compare(
    einsum(
      [
        { node: M, labels: [4, 0, 1] },
        { node: M, labels: [4, 2, 3] },
      ],
      4,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: M, labels: [4, 0, 1] },
        { node: merge([3, 2]), labels: [4, 2, 3] },
      ],
      4,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: M, labels: [0, 1, 2] },
        { node: unit(6, 4), labels: [0] },
      ],
      3,
    ),
    random,
  );
  const nested = merge([6, 5]);
  compare(
    einsum(
      [
        { node: nested, labels: [0, 1, 2] },
        { node: M, labels: [1, 3, 4] },
        { node: X, labels: [3, 4] },
        { node: variable([5]), labels: [2] },
      ],
      1,
    ),
    random,
  );
  compare(
    einsum(
      [
        { node: merge([3, 1]), labels: [0, 0, 1] },
        { node: variable([3, 1]), labels: [0, 1] },
      ],
      1,
    ),
    random,
  );
});

test('random networks of factors agree with the definition', () => {
  for (let trial = 0; trial < 400; trial++) {
    const random = createRandom('network', trial);
    const count = 2 + random.integer(5);
    const labelSizes = Array.from({ length: count }, () => [2, 3, 2, 1][random.integer(4)]!);
    const operands: Operand[] = [];
    const pick = (size?: number): number => {
      const fitting = labelSizes.flatMap((s, l) => (size === undefined || s === size ? [l] : []));
      return fitting[random.integer(fitting.length)]!;
    };
    for (let k = 1 + random.integer(5); k > 0; k--) {
      const first = pick();
      const size = labelSizes[first]!;
      const kind = random.integer(6);
      if (kind === 0) {
        const labels = [first, ...Array.from({ length: random.integer(3) }, () => pick(size))];
        operands.push({ node: delta(size, labels.length), labels });
      } else if (kind === 1) operands.push({ node: unit(size, 1 + random.integer(size)), labels: [first] });
      else if (kind === 2) {
        const parts = [first, pick()];
        const product = parts.reduce((n, l) => n * labelSizes[l]!, 1);
        const known = labelSizes.flatMap((s, l) => (s === product ? [l] : []));
        const merged =
          known.length > 0 && random.next() < 0.7 ? known[random.integer(known.length)]! : labelSizes.push(product) - 1;
        operands.push({ node: merge(parts.map((l) => labelSizes[l]!)), labels: [merged, ...parts] });
      } else {
        const labels = Array.from({ length: random.integer(4) }, () => pick());
        operands.push({ node: variable(labels.map((l) => labelSizes[l]!)), labels });
      }
    }
    // Every label stands somewhere.
    const held = new Set(operands.flatMap((o) => o.labels));
    labelSizes.forEach((size, label) => {
      if (!held.has(label)) operands.push({ node: delta(size, 1), labels: [label] });
    });
    compare(einsum(operands, random.integer(Math.min(4, labelSizes.length) + 1)), random);
  }
});

test('a δ of order 6 is not built: 50⁶ entries would not fit', () => {
  const x = variable([50]);
  const node = einsum(
    [
      { node: delta(50, 6), labels: [0, 1, 2, 3, 4, 5] },
      { node: x, labels: [3] },
    ],
    1,
  );
  const value = { shape: [50], data: Float64Array.from({ length: 50 }, (_, i) => i) };
  const got = contractEinsum(node, {
    ring: real,
    budget,
    value: () => value,
    size: (size) => size as number,
    position: () => 0,
  });
  expect(got).toEqual(value);
});

test('a result over the limit is refused before it is allocated', () => {
  const node = einsum(
    [
      { node: variable([1e5]), labels: [0] },
      { node: variable([1e5]), labels: [1] },
    ],
    2,
  );
  const run = () =>
    contractEinsum(node, {
      ring: real,
      budget,
      value: () => ({ shape: [1e5], data: new Float64Array(1e5) }),
      size: (size) => size as number,
      position: () => 0,
    });
  expect(run).toThrow('would hold 1e10 entries; the limit is 20,000,000');
});
