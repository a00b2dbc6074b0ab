import { fail } from '../base/diagnostic.ts';
import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import { activeNodes, differentiate, type Mode } from './accumulate.ts';
import type { AxisOrigin } from './layout.ts';

/** A derivative in the engine's own order of axes: output, then each input. */
export interface RawDerivative {
  readonly node: Node;
  readonly origins: readonly AxisOrigin[];
  /** The output, its derivative by the first variable, and so on up to `node`: each is the derivative of the one before. */
  readonly levels: readonly Node[];
  /** How each level was accumulated; the level itself may be the accumulated node multiplied out. */
  readonly modes: readonly Mode[];
}

/** Letters for indices run out, and nobody reads such a tensor. */
const mostAxes = 24;

/** Past this many nodes between variable and output only the cheaper direction is taken. */
const bothDirectionsUpTo = 40;

/**
 * Differentiates by each variable in turn. Where both directions are affordable both are taken; they are equal, and
 * `rank` puts them, and what it makes of them, in the order of preference.
 */
export function deriveAll(
  b: Builder,
  output: Node,
  variables: readonly Node[],
  rank: (candidates: readonly Node[]) => readonly Node[],
): readonly RawDerivative[] {
  const origins: AxisOrigin[] = output.shape.map((size, axis) => ({ of: 'output', axis, size }));
  let results: { levels: readonly Node[]; modes: readonly Mode[] }[] = [{ levels: [output], modes: [] }];
  const axes = variables.reduce((n, v) => n + v.shape.length, output.shape.length);
  if (axes > mostAxes)
    fail(
      'limit/axes',
      `the derivative would have ${axes} axes, more than ${mostAxes}`,
      undefined,
      'differentiate less often',
    );
  variables.forEach((variable, k) => {
    for (const [axis, size] of variable.shape.entries()) origins.push({ of: k, axis, size });
    const next = new Map<Node, (typeof results)[0]>();
    // Only the best form of a lower derivative is differentiated again.
    for (const { levels, modes } of results.slice(0, 1)) {
      const node = levels[levels.length - 1]!;
      for (const mode of modesFor(node, variable)) {
        const d = differentiate(b, node, variable, mode);
        if (!next.has(d)) next.set(d, { levels: [...levels, d], modes: [...modes, mode] });
      }
    }
    const before = results[0]!;
    const [firstMade] = next.values();
    results = rank([...next.keys()]).map(
      (node) => next.get(node) ?? { levels: [...before.levels, node], modes: firstMade!.modes },
    );
  });
  return results.map((r) => ({ ...r, node: r.levels[r.levels.length - 1]!, origins }));
}

function modesFor(output: Node, variable: Node): readonly Mode[] {
  const reverseFirst = output.shape.length <= variable.shape.length;
  const first: Mode = reverseFirst ? 'reverse' : 'forward';
  if (output.shape.length === 0 && variable.shape.length > 0) return ['reverse'];
  if (activeNodes(output, variable).length > bothDirectionsUpTo) return [first];
  return [first, reverseFirst ? 'forward' : 'reverse'];
}
