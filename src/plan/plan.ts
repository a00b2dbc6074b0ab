import type { Layout } from '../calculus/layout.ts';
import type { Size } from '../shape/size.ts';
import type { Property } from '../shape/type.ts';

/**
 * A plan: what to compute, in which order, for a set of expressions together. Plain data, made from the tensor graph by
 * `createPlan`, run by an engine (`src/engines`) or printed as code (`src/emit`). Step k makes value k, and reads only
 * values before it. Every value is a dense array, row-major (the last axis runs fastest), with the axes that `shape`
 * lists; a scalar has none. Sizes are symbols until `bindPlan` has put numbers in their place.
 *
 * Rules that every plan satisfies are in `spec.ts`, as a program.
 */
export interface Plan {
  readonly inputs: readonly PlanInput[];
  /** Size symbols that stand in shapes; their values follow from the shapes of the inputs wherever that is possible. */
  readonly sizes: readonly string[];
  /** Symbols of positions (`x[i]`), which count from 1 and are given with the inputs. */
  readonly indices: readonly string[];
  /** Functions that the program leaves unknown; whoever runs the plan supplies them. */
  readonly functions: readonly PlanFunction[];
  readonly steps: readonly Step[];
  readonly outputs: readonly PlanOutput[];
}

/** Type of the entries of all arrays. */
export type Dtype = 'float64' | 'float32';

/** Position of a step, and the name of what it makes. */
export type ValueId = number;

export interface PlanInput {
  readonly name: string;
  readonly shape: readonly Size[];
  readonly properties: readonly Property[];
  /** True for a direction (of a JVP, VJP or HVP), which the program does not know. */
  readonly direction?: true;
}

export interface PlanFunction {
  readonly name: string;
  /** Applied entry by entry; otherwise a function of the whole array. */
  readonly elementwise: boolean;
  /** The orders of derivative that are called, rising; 0 is the function itself. */
  readonly orders: readonly number[];
}

interface Common {
  readonly shape: readonly Size[];
  /** The name that the program gave to this value, where it did. */
  readonly name?: string;
}

export type Step =
  | InputStep
  | NumberStep
  | StructureStep
  | GatherStep
  | ScatterStep
  | ReshapeStep
  | MapStep
  | MatmulStep
  | GramStep
  | CallStep
  | UnknownStep;

/** The array that the caller gives under this name. */
export interface InputStep extends Common {
  readonly kind: 'input';
  readonly input: string;
}

/** A scalar known beforehand. */
export interface NumberStep extends Common {
  readonly kind: 'number';
  readonly value: number;
}

/**
 * A constant array of 0 and 1 (levi: -1 too), as the nodes of the same names in `tensor/node.ts`: δ of any order (order
 * 1 is ones), e_k, a merge of axes (column-major), the lower triangle with its diagonal, ε[i,j,k].
 */
export interface StructureStep extends Common {
  readonly kind: 'structure';
  readonly structure: 'delta' | 'unit' | 'merge' | 'triangle' | 'levi';
  /** unit only: the position of the one, from 1, or an index symbol. */
  readonly at?: number | string;
}

/**
 * out[i₀, i₁, …] = x[…]: axis k of x is read at output index `axes[k]`, or at a fixed position. Permutes axes, takes
 * diagonals (an output axis named twice) and slices. Each output axis is named at least once.
 */
export interface GatherStep extends Common {
  readonly kind: 'gather';
  readonly x: ValueId;
  readonly axes: readonly (number | Position)[];
}

/** A fixed position along an axis, counted from 1, or an index symbol. */
export interface Position {
  readonly at: number | string;
}

/**
 * The inverse of a gather: axis k of x runs along all the output axes in `axes[k]` at once (several: a diagonal); the
 * axes in `fixed` stay at one position. Entries that are not reached are those of `base`, or zero without one; the
 * others become base + scale·x. Each output axis is named exactly once, in `axes` or in `fixed`.
 */
export interface ScatterStep extends Common {
  readonly kind: 'scatter';
  readonly x: ValueId;
  readonly axes: readonly (readonly number[])[];
  readonly fixed: readonly { readonly axis: number; readonly at: number | string }[];
  readonly scale: number;
  /** An array of the output's shape that is added to. */
  readonly base?: ValueId;
}

/** The same entries in the same row-major order, under another shape. */
export interface ReshapeStep extends Common {
  readonly kind: 'reshape';
  readonly x: ValueId;
}

/**
 * A loop over `space`, whose first axes are those of the output and whose last `summed` axes are summed over:
 * out[i…] = Σ_{s…} body(args at i…, s…). Axis k of an argument runs along loop axis `axes[k]` (all different); loop axes that
 * an argument does not name are broadcast. A body is a list of scalar operations; the last one is the result.
 */
export interface MapStep extends Common {
  readonly kind: 'map';
  readonly space: readonly Size[];
  readonly summed: number;
  readonly args: readonly MapArgument[];
  readonly body: readonly ScalarOp[];
}
export interface MapArgument {
  readonly value: ValueId;
  readonly axes: readonly number[];
}

/** One scalar operation of a fused loop; `a`, `b` and `args` are positions of earlier operations of the same body. */
export type ScalarOp =
  | { readonly op: 'arg'; readonly arg: number }
  | { readonly op: 'number'; readonly value: number }
  /** The size of an axis as a number. */
  | { readonly op: 'size'; readonly size: Size }
  | { readonly op: 'add' | 'subtract' | 'multiply' | 'divide'; readonly a: number; readonly b: number }
  | { readonly op: 'negate'; readonly a: number }
  /** a to a constant power, which is neither 0 nor 1; 1/2 is the square root (correctly rounded), -1 the reciprocal. */
  | { readonly op: 'power'; readonly a: number; readonly exponent: number }
  /** An elementwise function by its name in `elementwiseTable` (`exp`, `sigmoid`, `max2` …). */
  | { readonly op: 'apply'; readonly fn: string; readonly args: readonly number[] };

/** Numbers of axes of each kind, in the order in which they stand. */
export interface ProductAxes {
  /** Axes that both factors and the result share, first in all three. */
  readonly batch: number;
  /** Axes of a alone. */
  readonly left: number;
  /** Axes of b alone. */
  readonly right: number;
  /** Axes that are summed over: at least one. */
  readonly summed: number;
}

/**
 * out[batch…, left…, right…] = scale · Σ_summed a·b, a matrix product once the axes of each kind are read as one.
 * a is [batch…, left…, summed…], or [batch…, summed…, left…] when `transposeA`;
 * b is [batch…, summed…, right…], or [batch…, right…, summed…] when `transposeB`.
 * Without left or right axes it is a matrix-vector product; at least one of them has an axis.
 */
export interface MatmulStep extends Common {
  readonly kind: 'matmul';
  readonly a: ValueId;
  readonly b: ValueId;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly axes: ProductAxes;
  readonly scale: number;
}

/**
 * out[i…, j…] = scale · Σ_s x[s…, i…] w[s…] x[s…, j…], or with x[i…, s…] when `rows`. The result is symmetric in i and
 * j: one triangle is computed, and mirrored. `weight` has the summed axes; without one all weights are 1.
 */
export interface GramStep extends Common {
  readonly kind: 'gram';
  readonly x: ValueId;
  readonly weight?: ValueId;
  readonly rows: boolean;
  /** How many axes of x are summed over. */
  readonly summed: number;
  readonly scale: number;
}

/**
 * What cannot be written with the steps above. Besides the primitives of `ops/primitives.ts` (by the same names, along
 * `axes`; the reductions drop those axes):
 *   solve(A, B)            A⁻¹B, B a vector or an array whose first axis is A's
 *   solvetransposed(A, B)  A⁻ᵀB
 *   adjugate(X)            det(X)·X⁻¹, finite also where X is singular
 *   prodothers(x)          entry k: the product of all the other entries of x, along all axes
 */
export type CallName =
  | 'inv'
  | 'det'
  | 'logdet'
  | 'pinv'
  | 'chol'
  | 'softmax'
  | 'logsumexp'
  | 'max'
  | 'min'
  | 'maxmask'
  | 'minmask'
  | 'prod'
  | 'solve'
  | 'solvetransposed'
  | 'adjugate'
  | 'prodothers';

export interface CallStep extends Common {
  readonly kind: 'call';
  readonly fn: CallName;
  readonly args: readonly ValueId[];
  readonly axes: readonly number[];
}

/** The derivative of the given order of an unknown function at x; a function of the whole array adds axes of x, once per order. */
export interface UnknownStep extends Common {
  readonly kind: 'unknown';
  readonly fn: string;
  readonly elementwise: boolean;
  readonly order: number;
  readonly x: ValueId;
}

/** What an output is, in terms of the program: enough for a self-check to recompute it by differences. */
export type OutputRole =
  | { readonly of: 'value' }
  /** ∂…∂value/∂wrt[0]∂wrt[1]…; `axes` says of each axis whose it is: the value's, or that of wrt[k]. */
  | {
      readonly of: 'derivative';
      readonly wrt: readonly string[];
      readonly layout: Layout;
      readonly axes: readonly { readonly of: 'output' | number; readonly axis: number }[];
    }
  /** J·d, Jᵀ·d, H·d with the direction input of that name, or H⁻¹·gradient; in the shape of the value, or of the variable. */
  | { readonly of: 'jvp' | 'vjp' | 'hvp'; readonly wrt: string; readonly direction: string }
  | { readonly of: 'newton'; readonly wrt: string };

/** What the plan delivers: an array, or a derivative without its empty and repeated parts. */
export type PlanOutput = DenseOutput | CondensedOutput;

interface OutputCommon {
  /** Unique among the outputs, letters and digits: `value`, `dW`, `dxdx`, `jvp`. */
  readonly name: string;
  readonly shape: readonly Size[];
  readonly role: OutputRole;
  /** The closed form, in the language. */
  readonly formula?: string;
}
export interface DenseOutput extends OutputCommon {
  readonly form: 'dense';
  readonly value: ValueId;
}
/** Σ over terms of the outer product of cores, zero off the diagonals in `deltas` and off the positions in `fixed`. */
export interface CondensedOutput extends OutputCommon {
  readonly form: 'condensed';
  readonly terms: readonly PlanTerm[];
}
export interface PlanTerm {
  /** Axis k of a core is the output's axis `axes[k]`. */
  readonly cores: readonly { readonly value: ValueId; readonly axes: readonly number[] }[];
  /** Groups of output axes that must agree. Each group that no core carries is 1 on its diagonal. */
  readonly deltas: readonly (readonly number[])[];
  /** Output axes on which the term only repeats. */
  readonly repeated: readonly number[];
  readonly fixed: readonly { readonly axis: number; readonly at: number | string }[];
}
