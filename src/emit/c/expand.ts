import type { CondensedOutput } from '../../plan/plan.ts';
import { coresOf, expansionPlan } from '../expansion.ts';
import type { Lines } from '../lines.ts';
import { expandLines } from '../loops/expand.ts';
import { type Naming, nameFile } from '../naming.ts';
import type { EmitRequest } from '../request.ts';
import { atom } from '../scalar.ts';
import { signature, symbolNames } from './function.ts';
import { type CDialect, cLoops } from './language.ts';
import { cRules } from './reserved.ts';

/** The functions that write condensed outputs out. */
export const expansionFunctions = (request: EmitRequest, naming: Naming, d: CDialect): readonly Lines[] =>
  request.plan.outputs.flatMap((output, k) =>
    output.form === 'condensed' ? [expansionLines(request, output, naming.outputs[k]!, d)] : [],
  );

function expansionLines(request: EmitRequest, output: CondensedOutput, name: string, d: CDialect): Lines {
  const plan = expansionPlan(output, request.plan);
  const naming = nameFile({ ...request, plan }, cRules({ ...request, plan }), true);
  const cores = naming.local('cores');
  const out = naming.outputs[0]!;
  const code = (id: number) => {
    const field = `${cores}->${plan.inputs[id]!.name}`;
    return atom(plan.inputs[id]!.shape.length === 0 ? `*${field}` : field);
  };
  return [
    `/* ${name} with all its zeros and repetitions. */`,
    ...signature(`static inline void ${d.prefix}_expand_${name}`, [
      ...symbolNames(naming).map((symbol) => `size_t ${symbol}`),
      `const ${d.prefix}_${name} *${cores}`,
      `${d.real} *restrict ${out}`,
    ]),
    '{',
    [
      ...(coresOf(output).length === 0 ? [`(void)${cores};`] : []),
      ...expandLines(output, out, { language: cLoops(d), naming, plan, code }),
    ],
    '}',
  ];
}
