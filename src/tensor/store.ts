import type { Budget } from '../base/budget.ts';
import { fail } from '../base/diagnostic.ts';
import type { Rational } from '../base/rational.ts';
import type { Size } from '../shape/size.ts';
import type { Builder } from './api.ts';
import type { EinsumNode, LetNode, Node } from './node.ts';

/** A `let` whose body is a product, so that the product can be recognised and named again. */
export interface NamedProduct {
  readonly name: LetNode;
  readonly body: EinsumNode;
}

/** Everything one builder remembers. Interning is by a structural key, so equal nodes are identical. */
export interface Store {
  /** The budget of the request that is being served; see `renew`. */
  readonly budget: Budget;
  /** A graph outlives the request that made it: who goes on with it later brings a budget of their own. */
  renew(budget: Budget): void;
  readonly nodes: Map<string, Node>;
  /** Body id → the `let` that names it: whatever is built equal to a named body becomes the name. */
  readonly names: Map<number, Node>;
  /** Base id → a `let` that names a power of that base, so that other powers of it use the name too. */
  readonly namedPowers: Map<number, { readonly name: Node; readonly exponent: Rational }>;
  /** First operand's node id → named products that start with it. */
  readonly namedProducts: Map<number, NamedProduct[]>;
  readonly transposes: Map<number, Node>;
  /** Sum id → its common factor and what is left (see `splitContent`). */
  readonly contents: Map<number, readonly [Rational, Node]>;
  intern(key: string, make: (id: number) => Node): Node;
}

export function createStore(first: Budget): Store {
  let budget = first;
  const nodes = new Map<string, Node>();
  const names = new Map<number, Node>();
  let nextId = 0;
  return {
    get budget() {
      return budget;
    },
    renew(next) {
      budget = next;
    },
    nodes,
    names,
    namedPowers: new Map(),
    namedProducts: new Map(),
    transposes: new Map(),
    contents: new Map(),
    intern(key, make) {
      const known = nodes.get(key);
      if (known) return names.get(known.id) ?? known;
      budget.tick();
      if (nextId >= budget.limits.nodes)
        fail(
          'limit/nodes',
          `the derivative needs more than ${budget.limits.nodes} nodes`,
          undefined,
          'raise `nodes` in the limits',
        );
      const node = Object.freeze(make(nextId++));
      nodes.set(key, node);
      return node;
    },
  };
}

/** What the constructors share: the store, and each other. */
export interface Kit extends Builder {
  readonly store: Store;
  /** The node with its two axes swapped, remembered. */
  transposeOf(a: Node): Node;
  isSymmetric(a: Node): boolean;
}

export const sameShape = (a: readonly Size[], b: readonly Size[]): boolean =>
  a.length === b.length && a.every((s, i) => s === b[i]);
