import type {
  ApproxView,
  Certificate,
  Chart,
  Code,
  CollapseView,
  CondensedView,
  ContractedView,
  Convention,
  Derivative,
  Diagnostic,
  Dial,
  EmitTarget,
  EntryView,
  Graph,
  Interval,
  LabelledView,
  Layout,
  LocalView,
  NetworkView,
  Rewritten,
  Size,
  StepsDepth,
  StepsView,
  Turn,
  UnfoldedView,
  Verdict,
} from '../../../../src/api/index.ts';

/**
 * What the page asks of the worker, and what comes back: plain data, the same that the command line prints. No
 * mathematics is done on this side.
 */
export interface ProgramInput {
  readonly source: string;
  /** Declarations of the table beside the program, in the language: `A: m x n symmetric; x: n`. */
  readonly declare: string;
  /** The name to take as the output; the last expression without one. */
  readonly output?: string;
}

export interface DerivativeInput {
  readonly program: ProgramInput;
  readonly wrt: readonly string[];
  readonly layout: Layout;
  readonly convention?: Convention;
}

/** Values by name, as nested lists, with sizes among them; a seeded random point without any. */
export interface PointInput {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly seed: number;
}

/** A derivative at a point. */
export interface AtPoint extends DerivativeInput {
  readonly point: PointInput;
}

/** A function near a point: by the derivative's variable, and where that is a number perhaps by another one too. */
export interface GraphInput extends AtPoint {
  readonly also?: string;
  /** One entry of an output that is an array, by its indices from 1. */
  readonly entry?: readonly number[];
}

/** Every question, with what it takes and what it answers. */
export interface Questions {
  functions: { readonly takes: Record<string, never>; readonly gives: readonly FunctionHelp[] };
  analyse: { readonly takes: { readonly program: ProgramInput }; readonly gives: Analysed };
  /** The statements of a program in the plain language and in LaTeX. */
  rewrite: { readonly takes: { readonly program: ProgramInput }; readonly gives: Rewritten };
  /** The program with LaTeX in the place of one of its statements. */
  enter: {
    readonly takes: { readonly program: ProgramInput; readonly statement: number; readonly latex: string };
    readonly gives: string;
  };
  derive: { readonly takes: DerivativeInput; readonly gives: DerivedView };
  steps: { readonly takes: DerivativeInput & { readonly depth: StepsDepth }; readonly gives: StepsView };
  /** Other ways to write the derivative: with the shape over each factor, and entry by entry. */
  forms: { readonly takes: DerivativeInput; readonly gives: OtherForms };
  /** The values of a point, to be shown and edited. */
  point: { readonly takes: AtPoint; readonly gives: readonly NamedValue[] };
  /** The labelled array as tables of text. */
  tables: {
    readonly takes: DerivativeInput & { readonly point?: PointInput };
    readonly gives: Tables;
  };
  /** What becomes of its entries, or of those of one summand, when it is condensed. */
  collapse: {
    readonly takes: DerivativeInput & { readonly point?: PointInput; readonly summand: number };
    readonly gives: Collapse;
  };
  /** All numbers of a derivative with one or two axes. */
  heat: { readonly takes: AtPoint; readonly gives: Heat };
  /** What one entry of it is. */
  place: { readonly takes: DerivativeInput & { readonly entry: readonly number[] }; readonly gives: TableEntry };
  /** What is known of the function at the point: what moves, and the tangent where that is one or two numbers. */
  local: { readonly takes: GraphInput & { readonly window?: readonly Interval[] }; readonly gives: LocalView };
  /** The curve or the surface over a window. */
  graph: { readonly takes: GraphInput & { readonly window: readonly Interval[] }; readonly gives: Graph };
  /** What a step of one length does in all directions of a plane through the gradient. */
  dial: {
    readonly takes: AtPoint & Pick<GraphInput, 'entry'> & Pick<Turn, 'towards'> & { readonly h?: number };
    readonly gives: Dial;
  };
  /** One of the ways to look at a derivative, drawn: an HTML fragment with MathML and SVG, and its data. */
  labelled: {
    readonly takes: DerivativeInput & { readonly most?: number; readonly point?: PointInput };
    readonly gives: Drawn<LabelledView>;
  };
  entry: {
    readonly takes: DerivativeInput & { readonly entry?: readonly number[]; readonly point?: PointInput };
    readonly gives: Drawn<EntryView>;
  };
  unfolded: {
    readonly takes: DerivativeInput & {
      readonly rows?: readonly string[];
      readonly columns?: readonly string[];
      readonly point?: PointInput;
    };
    readonly gives: Drawn<UnfoldedView>;
  };
  condensed: { readonly takes: DerivativeInput; readonly gives: Drawn<CondensedView> };
  contracted: { readonly takes: DerivativeInput; readonly gives: Drawn<ContractedView> };
  approx: {
    readonly takes: AtPoint & Pick<GraphInput, 'entry'> & { readonly direction?: Turn };
    readonly gives: Drawn<ApproxView> & { readonly chart?: Chart };
  };
  network: {
    readonly takes: { readonly program: ProgramInput; readonly layout: Layout; readonly point: PointInput };
    /** With the values of its inputs. */
    readonly gives: Drawn<NetworkView> & { readonly point: readonly NamedValue[] };
  };
  check: {
    readonly takes: DerivativeInput & { readonly answer: string; readonly strict: boolean };
    readonly gives: Verdict;
  };
  emit: {
    readonly takes: DerivativeInput & { readonly target: Exclude<EmitTarget, 'onnx'> };
    readonly gives: { readonly code: string; readonly fileName: string };
  };
}
export interface OtherForms {
  /** `∂L/∂x` */
  readonly left: string;
  readonly factors: string;
  readonly index?: string;
}

export interface NamedValue {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row by row. */
  readonly data: readonly number[];
}

/** A part of an array: `W[1,2]`, `W[1,:]`. */
export interface Part {
  readonly name: string;
  readonly indices: readonly (number | string | null)[];
}
export interface TableEntry {
  readonly kind: 'entry';
  readonly partial: string;
  readonly formula: string;
  /** MathML of the formula, written by the library. */
  readonly mathml: string;
  readonly zero: boolean;
  readonly value?: number;
  /** What changes, and what it changes with. */
  readonly of: Part;
  readonly by: readonly Part[];
  /** What becomes of it when the array is condensed, and the entries of the kept parts that it reads. */
  readonly fate?: 'zero' | 'open' | 'kept' | 'repeat';
  readonly reads?: readonly string[];
}
export type TableCell = TableEntry | { readonly kind: 'gap'; readonly dots: string };
export interface Table {
  readonly caption: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly TableCell[])[];
}
/** Tables that lie on a grid of their own; dots where some are left out. */
export type Stack = readonly (readonly (Table | undefined)[])[];
export interface Tables {
  readonly partial: string;
  /** The general entry, as MathML. */
  readonly rule: string;
  readonly where: readonly string[];
  readonly shape: readonly Size[];
  /** One table; several for three axes and more. */
  readonly stack: Stack;
}

/** One stage of a collapse: what has just gone, drawn and as text. */
export interface Stage {
  readonly kind: CollapseView['stages'][number]['kind'];
  readonly html: string;
  readonly text: string;
}
export interface Collapse {
  readonly summands: number;
  /** `summand 2 of ∂y/∂X` */
  readonly title: string;
  readonly stack: Stack;
  readonly stages: readonly Stage[];
  /** What is kept: drawn and as text, with its entries. */
  readonly parts: readonly { readonly html: string; readonly text: string; readonly stack: Stack }[];
  /** The rule that gives every entry back, as MathML. */
  readonly rule: string;
  readonly check?: { readonly passed: boolean; readonly text: string };
}

export interface Heat {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly data: readonly number[];
  /** Axes of the derivative that run down and along, from 0; what has one axis has one. */
  readonly down: number | undefined;
  readonly along: number | undefined;
}

/** A view as data, and as a fragment that the library has drawn and escaped. */
export interface Drawn<T> {
  readonly data: T;
  readonly html: string;
}
export type QuestionKind = keyof Questions;

/** A function of the language, for completion and the gallery of functions. */
export interface FunctionHelp {
  readonly name: string;
  readonly usage: string;
  readonly doc: string;
}

/** A name of the program as it was understood. */
export interface AnalysedName {
  readonly name: string;
  readonly role: string;
  /** Sizes of its axes, as text: `m`, `m×n`, `scalar`. */
  readonly shape: string;
  readonly axes: readonly Size[];
  readonly row: boolean;
  readonly properties: readonly string[];
  readonly inferred: boolean;
  readonly reason?: string;
  /** Where the name stands first, as offsets. */
  readonly start?: number;
  readonly end?: number;
}
export interface Analysed {
  readonly names: readonly AnalysedName[];
  readonly output?: string;
  /** Names that one can differentiate by, inputs first. */
  readonly variables: readonly string[];
  /** The program in the plain language, where some of it is LaTeX. */
  readonly plain?: string;
  readonly warnings: readonly Diagnostic[];
}

/** The derivative in all its forms. */
export interface DerivedView {
  readonly wrt: readonly string[];
  readonly layout: Layout;
  readonly output: string;
  /** `∂²L/∂x∂x` */
  readonly partial: string;
  readonly shape: readonly Size[];
  readonly axes: Derivative['axes'];
  readonly text: string;
  readonly unicode: string;
  readonly latex: string;
  readonly mathml: string;
  readonly matrixForm: boolean;
  readonly reason?: string;
  readonly convention?: Derivative['convention'];
  readonly kronecker?: { readonly text: string; readonly unicode: string; readonly latex: string };
  readonly laws: Derivative['laws'];
  readonly certificate: Certificate;
  readonly warnings: readonly Diagnostic[];
  readonly storage: { readonly kept: string; readonly full: string };
  readonly smaller: boolean;
  readonly rule: Derivative['condensed']['rule'];
}

export type Answer<K extends QuestionKind> =
  | { readonly ok: true; readonly value: Questions[K]['gives'] }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

export interface Asked<K extends QuestionKind = QuestionKind> {
  readonly id: number;
  readonly kind: K;
  readonly takes: Questions[K]['takes'];
}
export interface Answered {
  readonly id: number;
  readonly answer: Answer<QuestionKind>;
}

/** What the page says when the worker was stopped or broke down. */
export const brokenOff = (message: string, code: Code = 'cancelled/aborted'): { ok: false; errors: Diagnostic[] } => ({
  ok: false,
  errors: [{ code, message }],
});
