import type { Plan, ScalarOp, Step, ValueId } from '../../plan/plan.ts';
import { operandsOf } from '../../plan/scalar.ts';
import { operandsOfStep, outputValues } from '../../plan/values.ts';
import { type Size, sizeFactor, sizeSymbols } from '../../shape/size.ts';
import type { Library } from '../library.ts';
import type { Naming } from '../naming.ts';
import { atom, binding, type Code } from '../scalar.ts';
import { sizeText } from '../sizes.ts';
import type { Dialect, Value } from './dialect.ts';
import { assignment } from './lines.ts';
import type { StepWriter } from './map.ts';
import { type StepPrinters, stepPrinters } from './steps.ts';

/** The statements of a function's body, and the values of its outputs. */
export interface Body {
  readonly lines: readonly string[];
  readonly value: (id: ValueId) => string;
}

/** A value that is read once is written where it is read, unless its text is longer than this. */
const longestInline = 40;

/** Prints the steps of a plan: shared and named values as assignments, all others inside of what reads them. */
export function printBody(plan: Plan, naming: Naming, dialect: Dialect, library: Library): Body {
  const lines: string[] = [];
  const values = new Map<ValueId, Value>();
  const reads = countReads(plan);
  const delivered = new Map(
    plan.outputs.flatMap((o) => (o.form === 'dense' ? [[o.value, o.name] as const] : [])).reverse(),
  );
  const cores = new Set(outputValues(plan));
  const placed = new Set(plan.steps.flatMap((step) => (step.kind === 'scatter' ? [step.x] : [])));
  const assign = (name: string, code: Code): Value => {
    lines.push(...assignment(name, code.text, 4));
    return atom(name);
  };
  /** s1, v1, M1, T1: what has no better name is called by its axes. */
  const numbered = (letter: string): string => {
    let k = 1;
    while (!naming.names.free(`${letter}${k}`)) k++;
    return `${letter}${k}`;
  };
  const made = new Map<string, readonly string[]>();
  let name = (): string => '';
  const w: StepWriter = {
    dialect,
    helper: (name) => library.use(name),
    line: (text) => lines.push(text),
    index: () => naming.names.claim([...'ijklpqrstuvw'].find(naming.names.free) ?? 'i'),
    once(key, make) {
      const names = made.get(key) ?? make();
      made.set(key, names);
      return names;
    },
    start: (code) => assign(name(), code),
    bind: (code, wanted) => ({
      ...assign(naming.names.claim(wanted), code),
      ...(code.constant ? { constant: true } : {}),
    }),
    input: (given) => atom(naming.inputs[plan.inputs.findIndex((input) => input.name === given)]!),
    position: (at) => (typeof at === 'number' ? String(at - 1) : `${naming.indices.get(at)!} - 1`),
    value: (id) => values.get(id)!,
    shapeOf: (id) => plan.steps[id]!.shape,
    size: (size) => sizeCode(size, naming),
    functionOf: (name, order) => naming.fnOf(name, order),
  };

  plan.steps.forEach((step, id) => {
    if ((reads.get(id) ?? 0) === 0 && !cores.has(id)) return;
    const named = step.name !== undefined || delivered.has(id);
    let own: string | undefined;
    name = () => {
      own ??= named ? naming.value(id) : naming.names.claim(hintOf(step, w) ?? numbered(letterOf(step)));
      return own;
    };
    const code = print(step, w);
    values.set(id, code);
    // What has a name already, or is as short as one, needs no other.
    const short = /^-?[\w.]+$/.test(code.text);
    if (short || isFree(step)) return;
    // What is spread over an array anyway is never made on its own.
    const spread = code.spread !== undefined && placed.has(id);
    if (!named && reads.get(id) === 1 && (spread || code.text.length <= longestInline)) return;
    values.set(id, { ...assign(name(), code), ...(code.constant ? { constant: true } : {}) });
  });
  const value = (id: ValueId): string => {
    const code = values.get(id)!;
    return code.constant ? dialect.full('()', code) : code.text;
  };
  return { lines, value };
}

const print = (step: Step, w: StepWriter): Value =>
  (stepPrinters[step.kind] as StepPrinters[typeof step.kind] as (s: Step, w: StepWriter) => Value)(step, w);

/** Another view of a matrix, which costs nothing wherever it stands. */
const isFree = (step: Step): boolean =>
  step.kind === 'number' ||
  (step.kind === 'gather' && step.name === undefined && step.axes.length === 2 && step.axes.join() === '1,0');

/** How often each value would be written, were it written where it is read. */
function countReads(plan: Plan): ReadonlyMap<ValueId, number> {
  const reads = new Map<ValueId, number>();
  const add = (id: ValueId, times = 1): void => void reads.set(id, (reads.get(id) ?? 0) + times);
  for (const step of plan.steps) {
    if (step.kind === 'map') for (const [k, arg] of step.args.entries()) add(arg.value, readsInBody(step.body, k));
    else if (step.kind === 'gram') {
      add(step.x, 2);
      if (step.weight !== undefined) add(step.weight);
    } else for (const id of operandsOfStep(step)) add(id);
  }
  for (const output of plan.outputs) {
    if (output.form === 'dense') add(output.value);
    else for (const term of output.terms) for (const core of term.cores) add(core.value);
  }
  return reads;
}

function readsInBody(body: readonly ScalarOp[], arg: number): number {
  const positions = new Set(body.flatMap((op, k) => (op.op === 'arg' && op.arg === arg ? [k] : [])));
  const operands = body.flatMap(operandsOf);
  const last = body.at(-1);
  return operands.filter((k) => positions.has(k)).length + (last?.op === 'arg' && last.arg === arg ? 1 : 0);
}

/** A size as code: a product of the names of its symbols. */
export function sizeCode(size: Size, naming: Naming): Value {
  const factors = sizeSymbols(size).length + (sizeFactor(size) === 1 && typeof size !== 'number' ? 0 : 1);
  const level = factors > 1 ? binding.product : binding.atom;
  return { text: sizeText(size, naming.sizes), level, constant: true };
}

/** A readable name for a value that the program did not name: Ax for A @ x, inv_A for inv(A); not always. */
function hintOf(step: Step, w: StepWriter): string | undefined {
  const short = (id: ValueId): string | undefined => {
    const { text } = w.value(id);
    return /^[A-Za-z]\w{0,2}(?:\.T)?$/.test(text) ? text.replace('.T', 't') : undefined;
  };
  switch (step.kind) {
    case 'matmul': {
      const [a, b] = [short(step.a), short(step.b)];
      if (a && b) return a + (step.transposeA && step.axes.left > 0 ? 't' : '') + b;
      break;
    }
    case 'call': {
      const a = short(step.args[0]!);
      const { fn } = step;
      return a && step.args.length === 1 ? `${fn}_${a}` : undefined;
    }
    case 'gram':
      return short(step.x) ? `${short(step.x)}_gram` : 'gram';
    case 'unknown':
      return step.order === 0 ? `${step.fn}_x` : `d${step.order === 1 ? '' : step.order}${step.fn}_x`;
    case 'map': {
      const [top] = step.body.slice(-1);
      const only = step.args.length === 1 ? short(step.args[0]!.value) : undefined;
      if (top?.op === 'apply' && only && step.body.length <= 2) return `${top.fn}_${only}`;
      break;
    }
    default:
      break;
  }
  return undefined;
}

/** Of a scalar, a vector, a matrix or a tensor. */
const letterOf = (step: Step): string => ['s', 'v', 'M', 'T'][Math.min(step.shape.length, 3)]!;
