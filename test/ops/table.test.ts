import { describe, expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { WrtError } from '../../src/base/diagnostic.ts';
import { entryCount, fromNested, type NdArray, ndarray } from '../../src/base/ndarray.ts';
import { differentiate, type Mode } from '../../src/calculus/accumulate.ts';
import { randomPoint } from '../../src/interpret/points.ts';
import { evaluateProgram } from '../../src/interpret/program.ts';
import { evaluateNode } from '../../src/interpret/tensor.ts';
import { analyse } from '../../src/language/analyse.ts';
import { lower } from '../../src/language/lower.ts';
import { parseProgram } from '../../src/language/parse.ts';
import { elementwiseTable, functions, functionTable, lookupFunction, operatorTable } from '../../src/ops/index.ts';
import type { FunctionRecord, Sample } from '../../src/ops/record.ts';
import type { Size } from '../../src/shape/size.ts';
import type { Property } from '../../src/shape/type.ts';
import type { Analysis } from '../../src/syntax/analysis.ts';
import type { Declaration } from '../../src/syntax/expr.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import type { Node } from '../../src/tensor/node.ts';

// Every record is run through the whole pipeline on its own samples: nothing about a function is tested only by hand.

const budget = () => createBudget();

function understand(
  program: string,
  declare: Readonly<Record<string, readonly Size[]>>,
  properties: Readonly<Record<string, readonly Property[]>> = {},
): Analysis {
  const parsed = parseProgram(program, budget());
  if (parsed.diagnostics.length > 0) throw new WrtError(parsed.diagnostics);
  const declarations: Declaration[] = Object.entries(declare).map(([name, axes]) => ({
    name,
    shape: { kind: 'array', axes },
    properties: properties[name] ?? [],
  }));
  return analyse(parsed.program, { declare: declarations }, budget());
}

type Point = ReadonlyMap<string, NdArray>;

const value = (analysis: Analysis, point: Point): NdArray => evaluateProgram(analysis, point, {}, budget()).output;

/** The value of a node of the graph at a point. */
const nodeValue = (node: Node, point: Point, sizes: ReadonlyMap<string, number> = new Map()): NdArray =>
  evaluateNode(node, { variables: point, sizes, indices: new Map() }, budget());

const largest = (a: NdArray): number => a.data.reduce((top, x) => Math.max(top, Math.abs(x)), 0);

function expectClose(got: NdArray, want: NdArray, tolerance: number): void {
  expect(got.shape).toEqual(want.shape);
  const scale = Math.max(1, largest(want));
  const worst = want.data.reduce((w, x, i) => (x === got.data[i] ? w : Math.max(w, Math.abs(x - got.data[i]!))), 0);
  expect(worst / scale).toBeLessThan(tolerance);
}

/** ∂f/∂x by central differences with one step of Richardson extrapolation: axes of f, then axes of x. */
function differences(f: (point: Point) => NdArray, point: Point, name: string): NdArray {
  const x = point.get(name)!;
  const shifted = (i: number, h: number): NdArray =>
    f(new Map(point).set(name, { shape: x.shape, data: x.data.map((e, k) => (k === i ? e + h : e)) }));
  const columns = Array.from(x.data, (_, i) => {
    const slope = (h: number) => {
      const [up, down] = [shifted(i, h), shifted(i, -h)];
      return up.data.map((e, k) => (e - down.data[k]!) / (2 * h));
    };
    const [coarse, fine] = [slope(2e-3), slope(1e-3)];
    return fine.map((e, k) => (4 * e - coarse[k]!) / 3);
  });
  const outer = f(point).shape;
  const out = ndarray([...outer, ...x.shape]);
  const n = x.data.length;
  for (let k = 0; k < entryCount(outer); k++) for (let i = 0; i < n; i++) out.data[k * n + i] = columns[i]![k]!;
  return out;
}

const pointOf = (analysis: Analysis, sample: Sample): Point =>
  randomPoint(analysis, sample.program, sample.range ? { range: sample.range } : {}).values;

const cases = (pick: (record: FunctionRecord) => readonly Sample[]): [string, Sample][] =>
  [...functions, ...[...elementwiseTable.values()].filter((r) => r.internal)].flatMap((record) =>
    pick(record).map((sample) => [`${record.name}: ${sample.program}`, sample] as [string, Sample]),
  );

describe('known values', () => {
  const known = cases((r) => r.samples.filter((s) => s.known));
  test.each(known)('%s', (_, sample) => {
    const analysis = understand(sample.program, sample.declare);
    for (const { at, value: wanted } of sample.known!) {
      const point = new Map(Object.entries(at).map(([name, v]) => [name, fromNested(v)!]));
      const want = fromNested(wanted)!;
      const got = value(analysis, point);
      expect(got.shape).toEqual(want.shape);
      want.data.forEach((x, i) => {
        expect(Math.abs(got.data[i]! - x)).toBeLessThanOrEqual(1e-12 * Math.max(Math.abs(x), 1e-3));
      });
      // The lowering says the same, where it is not the definition itself.
      const b = createBuilder(budget());
      const { output } = lower(analysis, { independent: [...point.keys()] }, b);
      expectClose(nodeValue(output, point), want, 1e-11);
    }
  });
});

describe('samples: the graph has the value of the definition, and its derivatives are those of differences', () => {
  test.each(cases((r) => r.samples))('%s', (_, sample) => {
    const analysis = understand(sample.program, sample.declare, sample.properties);
    const point = pointOf(analysis, sample);
    const b = createBuilder(budget());
    const inputs = Object.keys(sample.declare);
    const { output, variables } = lower(analysis, { independent: inputs }, b);
    const direct = value(analysis, point);
    expect(direct.data.every(Number.isFinite)).toBe(true);
    expectClose(nodeValue(output, point), direct, 1e-12);
    for (const name of inputs) {
      const x = variables.get(name)!;
      const want = differences((p) => value(analysis, p), point, name);
      for (const mode of ['reverse', 'forward'] as Mode[]) {
        const d = differentiate(b, output, x, mode);
        expectClose(nodeValue(d, point), want, 1e-8);
        if (want.data.length * x.shape.reduce<number>((n, s) => n * Number(s), 1) > 2000) continue;
        // Second order: differences of the first derivative.
        const second = differentiate(b, d, x, mode);
        expectClose(
          nodeValue(second, point),
          differences((p) => nodeValue(d, p), point, name),
          1e-7,
        );
      }
    }
  });
});

/** The sample with a symbol for every size: 2 → n2. A size of 1 stays, and so do sizes that the program itself names. */
const symbol = (size: number): Size => (size === 1 ? 1 : `n${size}`);
const namesSizes = /\b(eye|ones|zeros|reshape|cross)\(/;

describe('samples with symbolic sizes', () => {
  test.each(cases((r) => r.samples.filter((s) => !namesSizes.test(s.program))))('%s', (_, sample) => {
    const declare = Object.fromEntries(Object.entries(sample.declare).map(([n, axes]) => [n, axes.map(symbol)]));
    const analysis = understand(sample.program, declare, sample.properties);
    const numeric = understand(sample.program, sample.declare, sample.properties);
    const point = pointOf(numeric, sample);
    const sizes = new Map(
      Object.values(sample.declare)
        .flat()
        .map((size) => [`n${size}`, size]),
    );
    const b = createBuilder(budget());
    const inputs = Object.keys(sample.declare);
    const { output, variables } = lower(analysis, { independent: inputs }, b);
    expectClose(nodeValue(output, point, sizes), value(numeric, point), 1e-12);
    for (const name of inputs) {
      const d = differentiate(b, output, variables.get(name)!, 'reverse');
      expectClose(
        nodeValue(d, point, sizes),
        differences((p) => value(numeric, p), point, name),
        1e-8,
      );
    }
  });
});

describe('calls that are refused', () => {
  const wrong = functions.flatMap((r) => r.wrong.map((w) => [`${w.program} ${JSON.stringify(w.declare)}`, w] as const));
  test.each(wrong)('%s', (_, { program, declare, says }) => {
    try {
      understand(program, declare);
    } catch (error) {
      expect(error).toBeInstanceOf(WrtError);
      expect((error as WrtError).message).toContain(says);
      return;
    }
    expect.unreachable('the call was accepted');
  });
});

describe('the table', () => {
  test('every function of the language is there', () => {
    const names =
      'exp log log1p expm1 sqrt abs sign sin cos tan asin acos atan sinh cosh tanh sigmoid softplus relu leakyrelu gelu silu erf step square max min sum mean var norm1 norm2 normF norm logsumexp prod softmax logsoftmax dot outer cross cumsum tr det logdet inv pinv adj diag vec kron transpose eye ones zeros vector matrix chol einsum reshape permute arcsin arccos arctan trace ln';
    for (const name of names.split(' ')) expect(lookupFunction(name), name).toBeDefined();
    for (const name of ['__proto__', 'constructor', 'toString', 'max2', 'pow', ''])
      expect(lookupFunction(name)).toBeUndefined();
  });

  test('names and aliases are distinct', () => {
    const names = functions.flatMap((r) => [r.name, ...(r.aliases ?? [])]);
    expect(new Set(names).size).toBe(names.length);
    expect(functionTable.size).toBe(names.length);
  });

  test.each(functions.map((r) => [r.name, r] as const))('%s is documented and tested', (name, r) => {
    expect(r.usage.length).toBeGreaterThan(0);
    for (const line of r.usage) expect(line.startsWith(`${name}(`)).toBe(true);
    expect(r.rule.length).toBeGreaterThan(3);
    expect(r.doc.length).toBeGreaterThan(20);
    expect(r.doc).toMatch(/\.$/);
    expect(r.samples.length).toBeGreaterThan(0);
    expect(r.wrong.length).toBeGreaterThan(0);
    expect(r.samples.some((s) => s.known)).toBe(true);
    expect(r.arity[0]).toBeLessThanOrEqual(r.arity[1]);
  });

  test('elementwise functions have one derivative per argument of their map', () => {
    for (const r of elementwiseTable.values()) expect(r.derivatives.length).toBe(r.internal ? 2 : 1);
  });

  test('every operator is documented', () => {
    expect(operatorTable.map((o) => o.symbol).sort()).toEqual(
      ["'", '*', '+', '-', '.*', './', '.^', '/', '\\', '^'].sort(),
    );
    for (const o of operatorTable) expect(o.shapes.length).toBeGreaterThan(0);
  });
});
