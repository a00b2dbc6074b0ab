import type { Plan, ValueId } from '../plan/plan.ts';
import { createNames, type Names, type NamingRules } from './identifiers.ts';
import type { EmitRequest } from './request.ts';

/** The identifiers of one file, by what they stand for. */
export interface Naming {
  /** The supply from which they came, for everything that is still to be named. */
  readonly names: Names;
  readonly fn: string;
  /** In the order of the plan. */
  readonly inputs: readonly string[];
  readonly sizes: ReadonlyMap<string, string>;
  readonly indices: ReadonlyMap<string, string>;
  /** The name of the derivative of an unknown function, by function and order: `f`, `df`, `d2f`. */
  fnOf(name: string, order: number): string;
  readonly outputs: readonly string[];
  /** The name of a step's value: the program's, or that of an output, or `t1`, `t2` … */
  value(id: ValueId): string;
  /** The variable of the loop at this depth: i, j, k … */
  loop(depth: number): string;
  /** A new local name. */
  local(wanted: string): string;
  /** A name for what lives in a block: the same one whenever it is asked for. */
  scratch(wanted: string): string;
}

/**
 * Names everything of a request. `parameters`: whether outputs are parameters of the function, next to its locals;
 * otherwise they are fields of what it returns.
 */
export function nameFile(request: EmitRequest, rules: NamingRules, parameters: boolean): Naming {
  const { plan } = request;
  const names = createNames(rules);
  const fn = names.claim(request.name);
  const inputs = plan.inputs.map((input) => names.claim(input.name));
  const functions = new Map(
    plan.functions.flatMap((f) =>
      f.orders.map((order) => [`${order} ${f.name}`, names.claim(derivativeName(f.name, order))] as const),
    ),
  );
  const sizes = new Map(plan.sizes.map((symbol) => [symbol, names.claim(symbol)]));
  const indices = new Map(plan.indices.map((symbol) => [symbol, names.claim(symbol)]));
  const outside = createNames({ ...rules, reserved: new Set([...rules.reserved, fn]) });
  const outputs = plan.outputs.map((output) => (parameters ? names : outside).claim(output.name));
  const values = nameValues(plan, names, inputs, parameters ? outputs : undefined);
  const loops: string[] = [];
  const scratch = new Map<string, string>();
  return {
    names,
    fn,
    inputs,
    sizes,
    indices,
    outputs,
    fnOf: (name, order) => functions.get(`${order} ${name}`)!,
    value: (id) => values(id),
    loop(depth) {
      while (loops.length <= depth) {
        const k = loops.length;
        const letter = 'ijklpqrs'[k] ?? `i${k}`;
        loops.push(names.claim(letter));
      }
      return loops[depth]!;
    },
    local: (wanted) => names.claim(wanted),
    scratch(wanted) {
      const name = scratch.get(wanted) ?? names.claim(wanted);
      scratch.set(wanted, name);
      return name;
    },
  };
}

export const derivativeName = (fn: string, order: number): string =>
  order === 0 ? fn : order === 1 ? `d${fn}` : `d${order}${fn}`;

function nameValues(
  plan: Plan,
  names: Names,
  inputs: readonly string[],
  outputs: readonly string[] | undefined,
): (id: ValueId) => string {
  const known = new Map<ValueId, string>();
  plan.steps.forEach((step, id) => {
    if (step.kind === 'input')
      known.set(id, inputs[plan.inputs.findIndex((input) => input.name === step.input)] ?? 'input');
    else if (step.name !== undefined) known.set(id, names.claim(step.name));
  });
  plan.outputs.forEach((output, k) => {
    if (output.form === 'condensed' || known.has(output.value)) return;
    // A number is computed before it is stored through its parameter.
    if (outputs && output.shape.length === 0) return;
    known.set(output.value, outputs ? outputs[k]! : names.claim(output.name));
  });
  let count = 0;
  return (id) => {
    let name = known.get(id);
    if (name === undefined) {
      do name = `t${++count}`;
      while (!names.free(name));
      known.set(id, names.claim(name));
    }
    return name;
  };
}
