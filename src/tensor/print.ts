import { isOne, rationalText } from '../base/rational.ts';
import { shapeText } from '../shape/size.ts';
import type { Node } from './node.ts';

const letters = 'ijklmnpqrstuvwabcdefgh';
const letter = (label: number): string => letters[label] ?? `i${label}`;

/** The IR as text, one line: products as `A[i,j] x[j]`, for debugging, tests and the index view. */
export function printNode(node: Node, out: readonly string[] = node.shape.map((_, i) => letter(i)), depth = 0): string {
  const at = out.length > 0 ? `[${out.join(',')}]` : '';
  if (depth > 40) return '…';
  const inner = (n: Node, labels?: readonly string[]): string => printNode(n, labels, depth + 1);
  switch (node.kind) {
    case 'variable':
    case 'let':
      return node.name + at;
    case 'number':
      return rationalText(node.value);
    case 'size':
      return `size(${node.size})`;
    case 'delta':
      return out.length === 1 ? `1${at}` : `δ${at}`;
    case 'unit':
      return `e${node.at}${at}`;
    case 'merge':
      return `M${at}`;
    case 'triangle':
      return `L${at}`;
    case 'levi':
      return `ε${at}`;
    case 'einsum': {
      const names = node.sizes.map((_, l) => (l < out.length ? out[l]! : `${letter(l)}${"'".repeat(depth)}`));
      const summed = names.slice(out.length);
      const factors = node.operands.map((o) =>
        inner(
          o.node,
          o.labels.map((l) => names[l]!),
        ),
      );
      return `(${summed.length > 0 ? `Σ${summed.join(',')} ` : ''}${factors.join(' ')})`;
    }
    case 'sum':
      if (node.terms.length === 0) return `0{${shapeText(node.shape)}}`;
      return `(${node.terms.map((t) => (isOne(t.coefficient) ? '' : `${rationalText(t.coefficient)} `) + inner(t.node, out)).join(' + ')})`;
    case 'map':
      return `${node.fn}${'′'.repeat(node.order)}(${node.args.map((a) => inner(a, out)).join(', ')})`;
    case 'power':
      return `${inner(node.base, out)}^${rationalText(node.exponent)}`;
    case 'call':
      return `${node.fn}${'′'.repeat(node.order)}(${node.args.map((a) => inner(a)).join(', ')})${at}`;
  }
}
