import { notate } from '../notation/derivative.ts';
import { expand } from '../simplify/expand.ts';
import { overCommonDenominator } from '../simplify/quotients.ts';
import type { Analysis } from '../syntax/analysis.ts';
import type { Node } from '../tensor/node.ts';
import type { Kit } from '../tensor/store.ts';
import { operandNodes } from '../tensor/substitute.ts';

/** Products are left as the program has them unless multiplying out saves at least this many tokens. */
const worthExpanding = 2;

/** Graphs with more nodes than this are written as they come: comparing their forms would cost more than it saves. */
const largestCompared = 250;

/** Nodes of a graph, counted up to the limit. */
function size(root: Node): number {
  const seen = new Set<Node>([root]);
  for (const node of seen) {
    if (seen.size > largestCompared) break;
    for (const operand of operandNodes(node)) seen.add(operand);
  }
  return seen.size;
}

/** The ways to write a derivative, the shortest first: both directions of accumulation, as they stand and multiplied out. */
export function byLength(builder: Kit, found: readonly Node[], taken: ReadonlySet<string>): readonly Node[] {
  const handicaps = new Map<Node, number>();
  for (const node of found) handicaps.set(node, 0);
  if (found.some((node) => size(node) > largestCompared)) return found;
  for (const node of found) {
    const spread = expand(builder, node);
    if (!handicaps.has(spread)) handicaps.set(spread, worthExpanding);
    const quotient = overCommonDenominator(builder, node);
    if (!handicaps.has(quotient)) handicaps.set(quotient, 1);
  }
  if (handicaps.size === 1) return found;
  const lengths = new Map<Node, number>();
  for (const [node, handicap] of handicaps) lengths.set(node, notate(builder, node, taken).tokens + handicap);
  return [...handicaps.keys()].sort((a, b) => lengths.get(a)! - lengths.get(b)!);
}

/** Size symbols of a program: where-clauses must not take their letters. */
export function sizeNames(analysis: Analysis): Set<string> {
  const names = new Set<string>();
  for (const info of analysis.names.values())
    for (const size of info.type.axes)
      if (typeof size === 'string') for (const part of size.split('*')) names.add(part);
  return names;
}
