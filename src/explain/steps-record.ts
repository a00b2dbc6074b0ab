import type { NdArray } from '../base/ndarray.ts';
import { type AccumulationStep, differentiate, type Mode } from '../calculus/accumulate.ts';
import type { Node } from '../tensor/node.ts';
import { plus, stepCheck } from './steps-check.ts';
import type { Teller } from './steps-names.ts';

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

/** ∂node/∂operand as one array: the node's axes, then the operand's. */
export function localNode({ subject }: Teller, s: Pick<AccumulationStep, 'node' | 'operand' | 'partials'>): Node {
  const { builder: b } = subject;
  const shape = [...s.node.shape, ...s.operand.shape];
  return b.sum(
    s.partials.map((p) => {
      const base = 1 + Math.max(-1, ...p.x, ...p.y, ...p.factors.flatMap((f) => f.labels));
      const out = shape.map((_, i) => base + i);
      const ties = [...p.y, ...p.x].map((label, i) => ({ node: b.delta(shape[i]!), labels: [label, base + i] }));
      // Labels that only the derivative's own axes hold are tied to them by a δ.
      return { coefficient: p.coefficient, node: b.contract([...p.factors, ...ties], out) };
    }),
    shape,
  );
}
