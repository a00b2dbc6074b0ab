/**
 * The public interface: programs in, derivatives out. Everything here returns plain data or a tagged result, takes a
 * budget, and runs in any JavaScript host.
 */
export { type Budget, type BudgetOptions, defaultLimits, type Limits } from '../base/budget.ts';
export type { Code, Diagnostic, Span } from '../base/diagnostic.ts';
export { fromNested, type NdArray, type Nested, ndarray, scalarArray, toNested } from '../base/ndarray.ts';
export { type Layout, layouts } from '../calculus/layout.ts';
export type { EmitTarget } from '../emit/request.ts';
export type { Engine, EngineName, NumberArray } from '../engines/engine.ts';
export type { FunctionRecord } from '../ops/record.ts';
export type { BoundPlan } from '../plan/bind.ts';
export type { Dtype, Plan, PlanOutput, Step as PlanStep } from '../plan/plan.ts';
export { type Size, shapeText } from '../shape/size.ts';
export type { Property, Type } from '../shape/type.ts';
export type { Analysis, NameInfo } from '../syntax/analysis.ts';
export type { Declaration, DeclaredShape, Expr, Program, Statement } from '../syntax/expr.ts';
export {
  type ApproxOptions,
  type ApproxTextOptions,
  type ApproxView,
  approxHtml,
  approximate,
  approxLatex,
  approxSvg,
  approxText,
  type Chart,
  errorChart,
} from './approx.ts';
export * from './approx-graph.ts';
export { certify } from './certify-request.ts';
export * from './chain.ts';
export * from './check.ts';
export { type CompileOptions, compile } from './compile.ts';
export type {
  Compiled,
  CompiledInput,
  CompiledInputs,
  CompiledOutput,
  CompiledOutputs,
  CondensedArray,
  DenseArray,
} from './compiled.ts';
export { derive } from './derive.ts';
export { type EmitOptions, type Emitted, emit } from './emit.ts';
export { type Evaluated, type EvaluateOptions, evaluate } from './evaluate.ts';
export { type Format, format, formats } from './format.ts';
export { highlight, type Piece, type PieceKind } from './highlight.ts';
export { type Operations, operations } from './operations.ts';
export { parse, parseDeclarations } from './parse.ts';
export { type Planned, type PlannedStep, plan, type Quantity } from './plan.ts';
export { randomValues } from './random.ts';
export { type Rewritten, type RewrittenStatement, replaceStatement, rewrite } from './rewrite.ts';
export {
  renderStepsHtml,
  renderStepsLatex,
  renderStepsText,
  type Step,
  type StepCheck,
  type StepFormula,
  type StepKind,
  type StepPicture,
  type StepsDepth,
  type StepsTextOptions,
  type StepsView,
  steps,
  stepsDepths,
} from './steps.ts';
export type * from './types.ts';
export {
  type CheckedViewOptions,
  type CollapseView,
  type CollapseViewOptions,
  type CondensedView,
  type ContractedView,
  checkSentence,
  collapseView,
  condensedView,
  contractedView,
  type EntryView,
  type EntryViewOptions,
  entryAt,
  entryView,
  formulaMathml,
  formulaText,
  type GridViewOptions,
  type LabelledView,
  type LawsView,
  labelledView,
  lawsView,
  lineLabel,
  type PageFormat,
  type PageView,
  proseHtml,
  proseText,
  renderView,
  type SlicesViewOptions,
  type StackView,
  slicesView,
  stackView,
  type UnfoldedView,
  type UnfoldedViewOptions,
  unfoldedView,
  type ViewOptions,
  viewFormulas,
} from './views.ts';
