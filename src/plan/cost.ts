import { productText, type Size, sizeFactor, sizeProduct, sizeSymbols, sizeValue } from '../shape/size.ts';
import type { CallStep, Plan, ScalarOp, Step } from './plan.ts';
import { operandsOfStep } from './values.ts';

/** A sum of products of sizes: coefficient by product; the empty product is `1`. */
export type Polynomial = ReadonlyMap<Size, number>;

/** What a plan, or one of its steps, costs. */
export interface Cost {
  /** Additions and multiplications; an exponential or the like counts as ten. */
  readonly flops: Polynomial;
  /** Entries read and written; times the bytes of one entry it is the traffic. */
  readonly entries: Polynomial;
}

/** What evaluating an elementwise function counts as. */
const evaluation = 10;
const plain = new Set(['abs', 'sign', 'step', 'heaviside', 'relu', 'leakyrelu', 'max2', 'min2', 'sqrt', 'square']);

/** Sums polynomials. */
export function addPolynomials(...parts: readonly Polynomial[]): Polynomial {
  const sum = new Map<Size, number>();
  for (const part of parts) for (const [product, c] of part) sum.set(product, (sum.get(product) ?? 0) + c);
  return sum;
}

/** coefficient · Π sizes. */
export function monomial(coefficient: number, ...sizes: readonly Size[]): Polynomial {
  const product = sizeProduct(...sizes);
  const symbols = sizeSymbols(product);
  return new Map([[symbols.length === 0 ? 1 : symbols.join('*'), coefficient * sizeFactor(product)]]);
}

/** The value once all symbols have numbers; `undefined` while one has none. */
export function polynomialValue(p: Polynomial, sizes: ReadonlyMap<string, number>): number | undefined {
  let total = 0;
  for (const [product, c] of p) {
    const value = sizeValue(product, sizes);
    if (value === undefined) return undefined;
    total += c * value;
  }
  return total;
}

/** `2·m·n + m`, the largest degrees first. */
export function polynomialText(p: Polynomial): string {
  const parts = [...p].filter(([, c]) => c !== 0).sort(([a], [b]) => sizeSymbols(b).length - sizeSymbols(a).length);
  const text = (product: Size, c: number): string => {
    const rounded = Math.round(c * 100) / 100;
    if (product === 1) return String(rounded);
    return rounded === 1 ? productText(product) : `${rounded}·${productText(product)}`;
  };
  return parts.map(([product, c]) => text(product, c)).join(' + ') || '0';
}

/** `O(m·n²)`: the products that no other one outgrows. */
export function asymptotic(p: Polynomial): string {
  const products = [...p].filter(([, c]) => c !== 0).map(([product]) => product);
  const divides = (a: Size, b: Size): boolean => {
    const left = sizeSymbols(b);
    return sizeSymbols(a).every((symbol) => {
      const at = left.indexOf(symbol);
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
  };
  const top = products.filter((a) => !products.some((b) => b !== a && divides(a, b)));
  return `O(${top.map(productText).join(' + ') || '1'})`;
}

const arithmetic = (body: readonly ScalarOp[]): number =>
  body.reduce((n, op) => {
    switch (op.op) {
      case 'arg':
      case 'number':
      case 'size':
        return n;
      case 'apply':
        return n + (plain.has(op.fn) ? 1 : evaluation);
      case 'power':
        return n + (Number.isInteger(op.exponent) || op.exponent === 0.5 ? 1 : evaluation);
      default:
        return n + 1;
    }
  }, 0);

function callFlops(step: CallStep, plan: Plan): Polynomial {
  const shape = plan.steps[step.args[0]!]!.shape;
  const [m = 1, n = m] = shape;
  const size = sizeProduct(...shape);
  switch (step.fn) {
    case 'inv':
      return monomial(2, n, n, n);
    case 'adjugate':
      return addPolynomials(monomial(8 / 3, n, n, n));
    case 'det':
    case 'logdet':
      return monomial(2 / 3, n, n, n);
    case 'chol':
      return monomial(1 / 3, n, n, n);
    case 'solve':
    case 'solvetransposed': {
      const right = plan.steps[step.args[1]!]!.shape;
      return addPolynomials(monomial(2 / 3, n, n, n), monomial(2, n, ...right));
    }
    case 'pinv':
      // One-sided Jacobi: about ten sweeps over all pairs of columns.
      return monomial(60, m, n, n);
    case 'softmax':
    case 'logsumexp':
      return monomial(evaluation + 3, size);
    case 'max':
    case 'min':
    case 'maxmask':
    case 'minmask':
    case 'prod':
    case 'prodothers':
      return monomial(2, size);
  }
}

function flopsOf(step: Step, plan: Plan): Polynomial {
  switch (step.kind) {
    case 'input':
    case 'number':
    case 'structure':
    case 'reshape':
    case 'gather':
      return new Map();
    case 'scatter':
      return monomial(2, ...plan.steps[step.x]!.shape);
    case 'map':
      return monomial(arithmetic(step.body) + (step.summed > 0 ? 1 : 0), ...step.space);
    case 'matmul': {
      const a = plan.steps[step.a]!.shape;
      const right = step.shape.slice(step.axes.batch + step.axes.left);
      return monomial(2, ...a, ...right);
    }
    case 'gram': {
      // One triangle: half of 2·s·n².
      const x = plan.steps[step.x]!.shape;
      const own = step.rows ? x.slice(0, x.length - step.summed) : x.slice(step.summed);
      const weights = step.weight === undefined ? new Map<Size, number>() : monomial(1, ...x);
      return addPolynomials(monomial(1, ...x, ...own), weights);
    }
    case 'call':
      return callFlops(step, plan);
    case 'unknown':
      return monomial(evaluation, ...step.shape);
  }
}

/** What one step costs. Inputs are there already, and a reshape moves nothing. */
export function costOfStep(step: Step, plan: Plan): Cost {
  const still = step.kind === 'input' || step.kind === 'reshape' || step.kind === 'number';
  const moved = still ? [] : [step, ...operandsOfStep(step).map((value) => plan.steps[value]!)];
  return { flops: flopsOf(step, plan), entries: addPolynomials(...moved.map((s) => monomial(1, ...s.shape))) };
}

/** What the whole plan costs. */
export function costOfPlan(plan: Plan): Cost {
  const costs = plan.steps.map((step) => costOfStep(step, plan));
  return {
    flops: addPolynomials(...costs.map((c) => c.flops)),
    entries: addPolynomials(...costs.map((c) => c.entries)),
  };
}
