import type { Budget } from '../base/budget.ts';
import { WrtError } from '../base/diagnostic.ts';
import { entryCount, type NdArray, ndarray, permuteAxes, scalarArray } from '../base/ndarray.ts';
import { type Point, randomPoint } from '../interpret/points.ts';
import { evaluateProgram } from '../interpret/program.ts';
import { evaluateNode } from '../interpret/tensor.ts';
import { sizeProduct, sizeValue } from '../shape/size.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import { differenceError, direction, largest } from './chain-check.ts';
import type { Check } from './steps-types.ts';
import type { Subject } from './subject.ts';

type Part = Check['parts'][number];

/** Two ways to the same numbers must agree to this, finite differences with a derivative to the second. */
const exact = 1e-8;
const byDifferences = 1e-5;
/** Nothing with more entries than this is made dense for a check. */
const densest = 200_000;

/** Collects what was compared in one step. */
export interface StepCheck {
  readonly parts: Part[];
  readonly reasons: string[];
}
export const stepCheck = (): StepCheck => ({ parts: [], reasons: [] });

export function verdict({ parts, reasons }: StepCheck): Check {
  const worst = parts.reduce((w, p) => (p.error > w || Number.isNaN(p.error) ? p.error : w), 0);
  if (parts.some((p) => !p.passed)) return { status: 'failed', worst, parts };
  if (parts.length === 0) return { status: 'not checked', worst: 0, parts, reason: reasons[0] ?? 'nothing to compare' };
  return { status: 'passed', worst, parts };
}

/** One seeded random point at which the steps of a derivation are evaluated. */
export interface Checker {
  readonly point: Point | undefined;
  readonly sizes: ReadonlyMap<string, number>;
  /** Why nothing can be evaluated. */
  readonly reason?: string;
  /** Gives a value to a name that only the derivation uses. */
  bind(name: string, value: NdArray): void;
  /** The value of a node; `undefined`, with the reason noted, when it cannot be had. */
  value(node: Node, into: StepCheck): NdArray | undefined;
  /** The value of a formula as the program interpreter reads it. */
  formula(analysis: Analysis, into: StepCheck): NdArray | undefined;
  /** Notes how far two arrays are apart. */
  compare(name: string, a: NdArray | undefined, b: NdArray | undefined, into: StepCheck): void;
  /** The local derivative (axes of f, then of x) against central differences of f along a random direction. */
  differences(f: Node, x: string, local: NdArray, into: StepCheck): void;
}

export function createChecker(subject: Subject, seed: number, budget: Budget): Checker {
  const found = findPoint(subject, seed, budget);
  const point = typeof found === 'string' ? undefined : found;
  const reason = typeof found === 'string' ? found : undefined;
  const sizes = point?.sizes ?? new Map<string, number>();
  const extra = new Map<string, NdArray>();
  const memo = new Map<Node, NdArray>();
  const entries = (node: Node): number => sizeValue(sizeProduct(...node.shape), sizes) ?? Number.POSITIVE_INFINITY;
  const scope = () => ({
    sizes,
    indices: point?.indices ?? new Map<string, number>(),
    variables: new Map([...(point?.values ?? []), ...extra]),
  });
  /** Runs what may meet a singular matrix or a limit; the reason is noted. */
  const guarded = <T>(into: StepCheck, run: () => T): T | undefined => {
    if (!point) {
      into.reasons.push(reason!);
      return undefined;
    }
    try {
      return run();
    } catch (error) {
      if (!(error instanceof WrtError) || /^(cancelled|internal)\//.test(error.diagnostics[0]?.code ?? '')) throw error;
      into.reasons.push(error.message);
      return undefined;
    }
  };
  return {
    point,
    sizes,
    ...(reason ? { reason } : {}),
    bind: (name, value) => {
      extra.set(name, value);
    },
    value: (node, into) =>
      guarded(into, () => {
        if (entries(node) > densest) {
          into.reasons.push(`it has ${entries(node)} entries at the point, too many for a numeric check`);
          return undefined;
        }
        return evaluateNode(node, scope(), budget, memo);
      }),
    formula: (analysis, into) =>
      guarded(into, () => {
        const values = new Map<string, NdArray>();
        for (const [symbol, size] of sizes) if (!analysis.names.has(symbol)) values.set(symbol, scalarArray(size));
        const known = scope().variables;
        for (const name of analysis.names.keys()) {
          const value = known.get(name) ?? known.get(name.replace(rowMark, ''));
          if (value && !analysis.assigned.has(name)) values.set(name, name.endsWith(rowMark) ? flat(value) : value);
        }
        return evaluateProgram(analysis, values, {}, budget).output;
      }),
    compare: (name, a, b, into) => {
      if (!a || !b) return;
      const error = relativeError(a.data, b.data);
      if (error === undefined) into.reasons.push('it is not finite at the point');
      else into.parts.push({ name, error, passed: error <= exact });
    },
    differences: (f, x, local, into) => {
      guarded(into, () => {
        const at = scope().variables.get(x);
        if (!at) return;
        // In proportion to the entries: a small positive one must stay positive under a logarithm.
        const bound = largest(at.data) || 1;
        const v = scaledBy(direction(at.shape, 'steps', seed, x), (i) => Math.abs(at.data[i]!) || bound);
        const pushed = multiply(local, v, at.shape.length);
        const around = dependents(f, x);
        const run = (value: NdArray): ArrayLike<number> => {
          const fresh = new Map([...memo].filter(([n]) => !around.has(n)));
          return evaluateNode(f, { ...scope(), variables: new Map([...scope().variables, [x, value]]) }, budget, fresh)
            .data;
        };
        if (!pushed.data.every(Number.isFinite)) into.reasons.push('it is not finite at the point');
        else {
          // Rounding of a large value spoils the difference of two of them.
          const scale = Math.max(largest(run(at)) * 1e-3, 1e-12);
          const error = differenceError(run, at, v, pushed.data, scale);
          into.parts.push({ name: 'central differences', error, passed: error <= byDifferences });
        }
      });
    },
  };
}

/** A row's name in a formula's own program: the vector that it is the transpose of. */
export const rowMark = '\u{E200}';
const flat = (a: NdArray): NdArray => ({ shape: [a.data.length], data: a.data });

const scaledBy = (a: NdArray, factor: (i: number) => number): NdArray => ({
  shape: a.shape,
  data: a.data.map((x, i) => x * factor(i)),
});

/** The nodes of a graph that hold the variable, and so change with it. */
function dependents(root: Node, name: string): ReadonlySet<Node> {
  const reached = new Map<Node, boolean>();
  const stack: Node[] = [root];
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    const operands = operandNodes(node);
    const open = reached.has(node) ? [] : operands.filter((o) => !reached.has(o));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    stack.pop();
    if (!reached.has(node))
      reached.set(node, (node.kind === 'variable' && node.name === name) || operands.some((o) => reached.get(o)));
  }
  return new Set([...reached].filter(([, yes]) => yes).map(([node]) => node));
}

/** The largest difference, relative to the largest entry; `undefined` where something is not finite. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let error = 0;
  let size = 1e-300;
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i]!) || !Number.isFinite(b[i]!)) return undefined;
    error = Math.max(error, Math.abs(a[i]! - b[i]!));
    size = Math.max(size, Math.abs(a[i]!), Math.abs(b[i]!));
  }
  return error < 1e-12 ? error : error / size;
}

/** A times B, summed over the last `over` axes of A and the first of B. */
export function multiply(a: NdArray, b: NdArray, over: number): NdArray {
  const left = a.shape.slice(0, a.shape.length - over);
  const right = b.shape.slice(over);
  const inner = entryCount(b.shape.slice(0, over));
  const [rows, columns] = [entryCount(left), entryCount(right)];
  const out = ndarray([...left, ...right]);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++) {
      const x = a.data[i * inner + k]!;
      if (x === 0) continue;
      for (let j = 0; j < columns; j++) out.data[i * columns + j]! += x * b.data[k * columns + j]!;
    }
  return out;
}

export const plus = (a: NdArray | undefined, b: NdArray): NdArray =>
  a ? { shape: a.shape, data: a.data.map((x, i) => x + b.data[i]!) } : b;

export const permuted = (a: NdArray | undefined, order: readonly number[]): NdArray | undefined =>
  a && (order.every((axis, i) => axis === i) ? a : permuteAxes(a, order));

const ranges: readonly (readonly [number, number])[] = [
  [0.3, 1.7],
  [0.1, 0.9],
  [-1, 1],
  [1.1, 3],
  [-0.9, -0.1],
  [2, 6],
];

/** A random point at which the output and every derivative of the derivation are finite, or why there is none. */
function findPoint({ analysis, raw, wrt }: Subject, seed: number, budget: Budget): Point | string {
  for (const { name, type } of analysis.names.values()) {
    const count = type.axes.reduce<number>((n, s) => n * (typeof s === 'number' ? s : 7), 1);
    if (count > densest) return `${name} has ${count} entries, too many for a numeric check`;
  }
  const held = wrt.filter((name) => analysis.names.get(name)?.role === 'assigned');
  let spare: Point | undefined;
  let why = 'the program and its derivative are finite at none of the random points that were tried';
  for (let round = 0; round < 3; round++)
    for (const range of ranges) {
      budget.tick();
      const point = randomPoint(analysis, round === 0 ? seed : `${seed}+${round}`, { held, range });
      const scope = { sizes: point.sizes, indices: point.indices, variables: point.values };
      const last = raw.node;
      const count = sizeValue(sizeProduct(...last.shape), point.sizes) ?? Number.POSITIVE_INFINITY;
      try {
        const nodes = count > densest ? raw.levels.slice(0, 1) : [...raw.levels, last];
        const values = nodes.map((node) => evaluateNode(node, scope, budget));
        if (!values.every((v) => v.data.every(Number.isFinite))) continue;
        if (values.at(-1)!.data.some((v) => Math.abs(v) > 1e-9)) return point;
        spare ??= point;
      } catch (error) {
        if (!(error instanceof WrtError)) throw error;
        const code = error.diagnostics[0]?.code ?? '';
        if (!/^(math|shape|limit\/entries)/.test(code)) throw error;
        why = error.message;
      }
    }
  return spare ?? why;
}
