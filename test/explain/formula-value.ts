import { type Derivative, evaluate, type NdArray, type PointValues } from '../../src/api/index.ts';
import { stridesOf } from '../../src/base/ndarray.ts';
import type { Entry, Formula, Index } from '../../src/explain/entry-formula.ts';
import { printText } from '../../src/notation/print/text.ts';
import { sizeValue } from '../../src/shape/size.ts';
import { type Expr, num } from '../../src/syntax/expr.ts';

/** What the numbers of a formula are taken from: the program at a point, and the dense derivative there. */
export interface Numbers {
  readonly derivative: Derivative;
  readonly at: PointValues;
  readonly sizes: ReadonlyMap<string, number>;
  /** In the layout's order of axes. */
  readonly dense: NdArray;
}

/** Thrown where a formula holds the derivative of an intermediate, of which there is no number here. */
export class NoNumber extends Error {}

const arrays = new WeakMap<Numbers, Map<string, NdArray>>();

/** The program's own expression at the point, evaluated by the reference interpreter. */
function arrayOf(n: Numbers, target: Expr): NdArray {
  const known = arrays.get(n) ?? new Map<string, NdArray>();
  arrays.set(n, known);
  const text = printText(target);
  const found = known.get(text);
  if (found) return found;
  const { source, analysis } = n.derivative.program;
  const held = new Map([...n.at].filter(([name]) => analysis.names.get(name)?.role === 'assigned'));
  const inputs = new Map([...n.at].filter(([name]) => !held.has(name)));
  if (/^Size\(∂(.+?)\//.exec(n.derivative.laws.size)?.[1] === text && !analysis.names.has(text)) {
    const output = evaluate(source, inputs, { held });
    if (!output.ok) throw new Error(output.error.message);
    known.set(text, output.value.value);
    return output.value.value;
  }
  const result = evaluate(`${source}\n${text}`, inputs, { held });
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  known.set(text, result.value.value);
  return result.value.value;
}

const scalarOf = (text: string): number => {
  const result = evaluate(text, new Map());
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.value.value.data[0]!;
};

const place = (i: Index, letters: ReadonlyMap<string, number>, n: Numbers): number => {
  if (typeof i === 'number') return i;
  if (i.startsWith('·')) return sizeValue(i.slice(1), n.sizes)!;
  const at = letters.get(i) ?? n.at.get(i)?.data[0];
  if (at === undefined) throw new Error(`the place ${i} is not known`);
  return at;
};

function entryOf(a: NdArray, places: readonly number[]): number {
  // A vector may be given as a column or a row.
  const shape = a.shape.length === places.length ? a.shape : a.shape.filter((s) => s !== 1);
  const steps = stridesOf(shape);
  return a.data[places.reduce((offset, p, k) => offset + (p - 1) * steps[k]!, 0)]!;
}

/** The number that a formula stands for, computed as it reads. */
export function numberOf(f: Formula, letters: ReadonlyMap<string, number>, n: Numbers): number {
  const of = (g: Formula): number => numberOf(g, letters, n);
  const places = (list: readonly Index[]): number[] => list.map((i) => place(i, letters, n));
  switch (f.kind) {
    case 'number':
      return f.value.n / f.value.d;
    case 'value':
      return f.value;
    case 'index':
      return place(f.index, letters, n);
    case 'entry':
      return f.target.kind === 'name' && n.sizes.has(f.target.name) && !n.at.get(f.target.name)?.shape.length
        ? (n.at.get(f.target.name)?.data[0] ?? n.sizes.get(f.target.name)!)
        : entryOf(arrayOf(n, f.target), places(f.indices));
    case 'delta':
      return new Set(places(f.indices)).size === 1 ? 1 : 0;
    case 'bracket': {
      const right = f.relation === '≤' ? place(f.right, letters, n) : sumText(f.right, letters, n);
      const left = place(f.left, letters, n);
      return (f.relation === '≤' ? left <= right : left === right) ? 1 : 0;
    }
    case 'partial':
      return partialValue(f.of, f.by, letters, n);
    case 'over': {
      const [first, ...rest] = f.ranges;
      if (!first) return of(f.body);
      const inner: Formula = { ...f, ranges: rest };
      let total = 0;
      for (let i = 1; i <= sizeValue(first.size, n.sizes)!; i++)
        total += numberOf(inner, new Map([...letters, [first.letter, i]]), n);
      return total;
    }
    case 'product':
      return f.factors.reduce((p, g) => p * of(g), 1);
    case 'add':
      return f.terms.reduce((s, t) => s + (t.coefficient.n / t.coefficient.d) * of(t.formula), 0);
    case 'apply': {
      const call: Expr = { kind: 'call', fn: f.fn, order: f.order, args: f.args.map((a) => num(of(a))) };
      const known = n.derivative.program.analysis.names.get(f.fn)?.role === 'function';
      return scalarOf(`${known ? `${f.fn}: elementwise\n` : ''}${printText(call)}`);
    }
    case 'power':
      return of(f.base) ** (f.exponent.n / f.exponent.d);
    case 'equals':
      return of(f.sides.at(-1)!);
    case 'cases': {
      const match = f.cases.find((c) => c.conditions.every((list) => new Set(places(list)).size === 1));
      return match ? of(match.value) : 0;
    }
  }
}

/** `i + (j - 1)*2` with the letters filled in. */
function sumText(text: string, letters: ReadonlyMap<string, number>, n: Numbers): number {
  const filled = text.replace(/·?[a-z]\w*/gi, (name) =>
    String(letters.get(name) ?? n.sizes.get(name.replace('·', ''))),
  );
  return scalarOf(filled);
}

/** An entry of the derivative itself, or of the variable by itself. */
function partialValue(of: Entry, by: readonly Entry[], letters: ReadonlyMap<string, number>, n: Numbers): number {
  const d = n.derivative;
  const numbers = (e: Entry): number[] => e.indices.map((i) => place(i!, letters, n));
  if (by.length === 1 && of.name === by[0]!.name)
    return JSON.stringify(numbers(of)) === JSON.stringify(numbers(by[0]!)) ? 1 : 0;
  const output = d.axes.find((a) => a.of === 'output')?.name ?? of.name;
  if (by.length !== d.wrt.length || of.name !== output) throw new NoNumber();
  const places = d.axes.map((a) => (a.of === 'output' ? numbers(of) : numbers(by[a.of]!))[a.axis]!);
  return entryOf(n.dense, places);
}
