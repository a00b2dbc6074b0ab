import type { Builder } from '../tensor/api.ts';
import type { Node } from '../tensor/node.ts';
import { activeNodes, differentiate, type Mode } from './accumulate.ts';
import type { AxisOrigin } from './layout.ts';

/** A derivative in the engine's own order of axes: output, then each input. */
export interface RawDerivative {
  readonly node: Node;
  readonly origins: readonly AxisOrigin[];
  readonly mode: Mode;
}

/** Past this many nodes between variable and output only the cheaper direction is taken. */
const bothDirectionsUpTo = 80;

/**
 * Differentiates by each variable in turn. Where both directions are affordable both are returned: they are equal, and
 * whoever writes the result down takes the shorter.
 */
export function deriveAll(b: Builder, output: Node, variables: readonly Node[]): readonly RawDerivative[] {
  const origins: AxisOrigin[] = output.shape.map((size, axis) => ({ of: 'output', axis, size }));
  let results: { node: Node; mode: Mode }[] = [{ node: output, mode: 'reverse' }];
  variables.forEach((variable, k) => {
    for (const [axis, size] of variable.shape.entries()) origins.push({ of: k, axis, size });
    const next = new Map<Node, Mode>();
    for (const { node } of results.slice(0, 2))
      for (const mode of modesFor(node, variable)) {
        const d = differentiate(b, node, variable, mode);
        if (!next.has(d)) next.set(d, mode);
      }
    results = [...next].map(([node, mode]) => ({ node, mode }));
  });
  return results.map((r) => ({ ...r, origins }));
}

function modesFor(output: Node, variable: Node): readonly Mode[] {
  const reverseFirst = output.shape.length <= variable.shape.length;
  const first: Mode = reverseFirst ? 'reverse' : 'forward';
  if (output.shape.length === 0 && variable.shape.length > 0) return ['reverse'];
  if (activeNodes(output, variable).length > bothDirectionsUpTo) return [first];
  return [first, reverseFirst ? 'forward' : 'reverse'];
}
