import type { Expr } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import { operandNodes } from '../tensor/substitute.ts';
import { countTokens } from './print/tokens.ts';
import { namer, renumber, type Shared, shareCommon } from './share.ts';
import { termExpr, textOf } from './term.ts';
import { type Writer, write } from './write.ts';

/** A tensor in the user's language. */
export interface Notation extends Shared {
  /** True when the value is written without index notation. */
  readonly matrixForm: boolean;
  /** Why there is no matrix form. */
  readonly reason?: string;
  /** Length of the whole text in tokens. */
  readonly tokens: number;
}

/** Nodes longer than this get a name when they are used twice, and at the second limit in any case: text stays linear. */
const namedWhenShared = 40;
const namedAlways = 400;

/** Writes a node, with names for what it repeats. `taken` are the names that the user's program uses. */
export function notate(
  builder: Writer['builder'],
  node: Node,
  taken: ReadonlySet<string>,
  shareRepeats = true,
): Notation {
  const { uses, named } = survey(node);
  const free = namer(taken);
  const assignments: (readonly [string, Expr])[] = [];
  const assign = (value: Expr): string => {
    const chosen = free(value);
    assignments.push([chosen, value]);
    return chosen;
  };
  const writer: Writer = {
    builder,
    reasons: new Set(),
    written: new Map(),
    shared: new Map(),
    shareName(inner, value) {
      if (inner === node) return undefined;
      const tokens = countTokens(textOf(value));
      if (tokens < namedWhenShared || ((uses.get(inner) ?? 0) < 2 && tokens < namedAlways)) return undefined;
      return assign(value);
    },
    nameFor: (_node, value) => assign(value),
  };
  // Engine-made names from the bottom up: a chain of a thousand of them must not be a thousand calls deep.
  for (const inner of named) if (inner !== node) write(writer, inner);
  const value = termExpr(write(writer, node));
  const found = shareRepeats ? shareCommon({ assignments, value }, free) : { assignments, value };
  const shared = renumber(found, taken);
  const reason = node.shape.length > 2 ? tooManyAxes(node) : [...writer.reasons].join('; ');
  return { ...shared, matrixForm: reason === '', ...(reason ? { reason } : {}), tokens: lengthOf(shared) };
}

const lengthOf = ({ assignments, value }: Shared): number =>
  assignments.reduce((n, [, e]) => n + countTokens(textOf(e)) + 3, 0) + countTokens(textOf(value));

const tooManyAxes = (node: Node): string =>
  `the derivative has ${node.shape.length} axes and a matrix has two; it is written as a product over named axes`;

/** How often each node is used, and the names that the engine gave, operands first. */
function survey(root: Node): { uses: ReadonlyMap<Node, number>; named: readonly Node[] } {
  const uses = new Map<Node, number>();
  const named: Node[] = [];
  const stack: Node[] = [root];
  while (stack.length > 0) {
    const node = stack.pop()!;
    const seen = uses.get(node) ?? 0;
    uses.set(node, seen + 1);
    if (seen > 0) continue;
    const byEngine = node.kind === 'let' && node.name.startsWith('·');
    if (byEngine) named.push(node);
    if (byEngine || node.kind !== 'let') stack.push(...operandNodes(node));
  }
  return { uses, named: named.sort((a, b) => a.id - b.id) };
}
