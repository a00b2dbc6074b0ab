import type { Plan, Step, ValueId } from '../../plan/plan.ts';
import { operandsOfStep, outputValues } from '../../plan/values.ts';
import { type Size, sizeProduct } from '../../shape/size.ts';
import type { Lines } from '../lines.ts';
import { liveValues } from '../live.ts';
import type { Naming } from '../naming.ts';
import { sizeText } from '../sizes.ts';
import { type Col, type ColumnLanguage, col, isName } from './language.ts';

/** The printing of one function: expressions of values, and the statements so far. */
export interface ColumnContext {
  readonly language: ColumnLanguage;
  readonly naming: Naming;
  readonly plan: Plan;
  readonly lines: (string | Lines)[];
  /** An expression: a name, or what nobody else reads, where it stands. */
  code(id: ValueId): Col;
  /** The name of a value, which is assigned to one now where it has none yet. */
  name(id: ValueId): string;
  /** What a value is written as from now on. */
  set(id: ValueId, value: Col): void;
  /** Assigns an expression to the name of its value. */
  bind(id: ValueId, value: Col): Col;
  /** Assigns an expression to a new name. */
  local(value: Col, wanted: string): Col;
  sizes(shape: readonly Size[]): readonly string[];
  shape(id: ValueId): readonly Size[];
}

/** Longest expression that is written into the one that reads it. */
const longestInline = 56;

export function columnContext(plan: Plan, naming: Naming, language: ColumnLanguage): ColumnContext {
  const lines: (string | Lines)[] = [];
  const codes = new Map<ValueId, Col>();
  const bind = (id: ValueId, value: Col): Col => {
    const name = naming.value(id);
    lines.push(language.assign(name, value.stored ?? value.text));
    const bound = col(name, value.array);
    codes.set(id, bound);
    return bound;
  };
  const code = (id: ValueId): Col => codes.get(id)!;
  return {
    language,
    naming,
    plan,
    lines,
    code,
    name: (id) => (isName(code(id)) ? code(id).text : bind(id, code(id)).text),
    local(value, wanted) {
      const name = naming.local(wanted);
      lines.push(language.assign(name, value.stored ?? value.text));
      return col(name, value.array);
    },
    sizes: (shape) => shape.map((s) => sizeText(s, naming.sizes)),
    shape: (id) => plan.steps[id]!.shape,
    set: (id, value) => {
      codes.set(id, value);
    },
    bind,
  };
}

/** Prints all steps; `expression` says what each of them is. */
export function printSteps(c: ColumnContext, expression: (step: Step, id: ValueId, c: ColumnContext) => Col): void {
  const { plan, naming } = c;
  const uses = new Map<ValueId, number>();
  for (const step of plan.steps) for (const x of operandsOfStep(step)) uses.set(x, (uses.get(x) ?? 0) + 1);
  const results = new Set(outputValues(plan));
  const live = liveValues(plan);
  plan.steps.forEach((step, id) => {
    if (!live.has(id)) return;
    if (step.kind === 'input') {
      c.set(id, col(naming.value(id), step.shape.length > 0));
      return;
    }
    const value = expression(step, id, c);
    c.set(id, value);
    if (step.kind === 'number' || isName(value)) return;
    const named = step.name !== undefined || results.has(id);
    if (named || (uses.get(id) ?? 0) > 1 || value.text.length > longestInline) c.bind(id, value);
  });
}

export const productText = (c: ColumnContext, sizes: readonly Size[]): string =>
  sizeText(sizeProduct(...sizes), c.naming.sizes);
