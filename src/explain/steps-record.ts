import type { NdArray } from '../base/ndarray.ts';
import { type AccumulationStep, differentiate, type Mode } from '../calculus/accumulate.ts';
import type { Node } from '../tensor/node.ts';
import { plus, stepCheck } from './steps-check.ts';
import type { Teller } from './steps-formula.ts';

/** The accumulation of one derivative, told again by the engine itself: its nodes are the same ones. */
export function recordOf(
  { subject }: Teller,
  k: number,
): { readonly steps: readonly AccumulationStep[]; readonly result: Node } {
  const { builder, raw, variables } = subject;
  const steps: AccumulationStep[] = [];
  const result = differentiate(builder, raw.levels[k]!, variables[k]!, raw.modes[k]!, (s) => steps.push(s));
  return { steps, result };
}

/**
 * What the engine had at each node, evaluated when it is asked for: ∂output/∂node on the way back, ∂node/∂variable on
 * the way forward.
 */
export function engineTotals(
  t: Teller,
  { k }: { readonly k: number },
  mode: Mode,
): { get(node: Node): NdArray | undefined } {
  const byTarget = new Map<Node, AccumulationStep[]>();
  for (const s of recordOf(t, k).steps) {
    const target = mode === 'reverse' ? s.operand : s.node;
    byTarget.set(target, [...(byTarget.get(target) ?? []), s]);
  }
  return {
    get(node) {
      let total: NdArray | undefined;
      for (const s of byTarget.get(node) ?? []) {
        const value = t.checker.value(s.after, stepCheck());
        if (!value) return undefined;
        total = plus(total, value);
      }
      return total;
    },
  };
}
