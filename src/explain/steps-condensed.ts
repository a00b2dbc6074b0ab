import { one } from '../base/rational.ts';
import type { Condensation } from '../simplify/condense.ts';
import type { Operand } from '../tensor/node.ts';
import { type StepCheck, stepCheck } from './steps-check.ts';
import type { Left, Teller } from './steps-names.ts';
import type { Formula, Printed } from './steps-types.ts';
import type { Subject } from './subject.ts';

/** The axis of a derivative in words: `axis 1 of W`. */
export const axisWords = ({ axes }: Subject, axis: number): string => {
  const a = axes[axis]!;
  const alone = axes.filter((other) => other.of === a.of).length === 1;
  return alone ? a.name : `axis ${a.axis + 1} of ${a.name}`;
};

export interface Closing {
  readonly t: Teller;
  readonly left: Left;
  readonly condensation: Condensation;
  /** The letter of each axis of the derivative, in its layout. */
  readonly letters: readonly string[];
  readonly result: Formula;
}

export const both = (unicode: string, latex: string): Printed => ({ text: unicode, unicode, latex });

export const rule = (name: string, statement: string) => ({ rule: name, rules: [{ name, statement }] });

/** The condensed terms put together again, compared with the derivative itself. */
export function rebuilt({ t, condensation }: Closing): StepCheck {
  const { builder: b, node } = t.subject;
  const check = stepCheck();
  const all = condensation.shape.map((_, i) => i);
  const terms = condensation.terms.map((term) => {
    const operands: Operand[] = [
      ...term.cores.map((c) => ({ node: c.node, labels: c.axes })),
      ...term.deltas.map((d) => ({ node: b.delta(condensation.shape[d[0]!]!, d.length), labels: d })),
      ...term.repeated.map((a) => ({ node: b.delta(condensation.shape[a]!, 1), labels: [a] })),
      ...term.fixed.map((f) => ({ node: b.unit(condensation.shape[f.axis]!, f.at), labels: [f.axis] })),
    ];
    return { coefficient: one, node: b.contract(operands, all) };
  });
  const [a, d] = [t.checker.value(b.sum(terms, condensation.shape), check), t.checker.value(node, check)];
  t.checker.compare('put together again', a, d, check);
  return check;
}

/** The index equation of a condensed derivative would have axes that the derivative does not: left out. */
export const strip = ({ index: _, ...rest }: Formula): Formula => rest;
