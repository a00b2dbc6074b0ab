import { oneMinus } from './elementwise-record.ts';
import { expandNode, expandTypes, zipArrays } from './expansion.ts';
import type { ElementwiseRecord } from './record.ts';

// Maps of two arguments. They have no function names of their own: `max(X, Y)` and `X.^Y` are lowered to them.

type Pair = Pick<ElementwiseRecord, 'name' | 'rule' | 'doc' | 'derivatives' | 'samples'> & {
  readonly value: (x: number, y: number) => number;
  readonly trouble?: (x: number, y: number) => string | undefined;
};

const pair = ({ value, trouble, ...spec }: Pair): ElementwiseRecord => ({
  ...spec,
  internal: true,
  family: 'elementwise',
  arity: [2, 2],
  expects: ['any'],
  usage: [],
  type: (args, context) => expandTypes(spec.name, args[0]!.type, args[1]!.type, context),
  lower: (args, { builder: b, result }) => b.map(spec.name, ...args.map((a) => expandNode(a.node, result.axes, b))),
  evaluate: (args, context) =>
    zipArrays(args[0]!, args[1]!, context.shape, (x, y, entry) => {
      const z = value(x, y);
      if (!Number.isFinite(z) && Number.isFinite(x) && Number.isFinite(y))
        context.warn(trouble?.(x, y) ?? `${spec.name} overflows`, entry);
      return z;
    }),
  value: (...x) => value(x[0]!, x[1]!),
  ...(trouble ? { trouble: (...x: number[]) => trouble(x[0]!, x[1]!) } : {}),
  wrong: [],
});

const max2 = pair({
  name: 'max2',
  value: Math.max,
  // ∂/∂x = H(x - y), ∂/∂y = H(y - x), H(0) = 1/2
  derivatives: [
    ([x, y], _z, b) => b.map('heaviside', b.subtract(x!, y!)),
    ([x, y], _z, b) => b.map('heaviside', b.subtract(y!, x!)),
  ],
  rule: 'd max(x, y) = heaviside(x - y) .* dx + heaviside(y - x) .* dy',
  doc: 'The larger of two entries. At a tie each argument gets half of the derivative, as in PyTorch.',
  samples: [{ program: 'max(x, y)', declare: { x: [5], y: [5] } }],
});

const min2 = pair({
  name: 'min2',
  value: Math.min,
  // ∂/∂x = H(y - x), ∂/∂y = H(x - y)
  derivatives: [
    ([x, y], _z, b) => b.map('heaviside', b.subtract(y!, x!)),
    ([x, y], _z, b) => b.map('heaviside', b.subtract(x!, y!)),
  ],
  rule: 'd min(x, y) = heaviside(y - x) .* dx + heaviside(x - y) .* dy',
  doc: 'The smaller of two entries. At a tie each argument gets half of the derivative, as in PyTorch.',
  samples: [{ program: 'min(x, y)', declare: { x: [5], y: [5] } }],
});

/** Why x.^y is not finite, for constant and for variable exponents alike. */
export function powerTrouble(x: number, y: number): string | undefined {
  if (x === 0 && y < 0) return 'division by zero';
  if (x < 0 && y === 0.5) return 'square root of a negative number';
  if (x < 0 && !Number.isInteger(y)) return 'a negative number to a power that is not an integer';
  return undefined;
}

const pow = pair({
  name: 'pow',
  value: (x, y) => (y === 0.5 ? Math.sqrt(x) : x ** y),
  trouble: powerTrouble,
  // ∂/∂x = y x^(y-1), ∂/∂y = x^y log x
  derivatives: [
    ([x, y], _z, b) => b.times(y!, b.map('pow', x!, b.negate(oneMinus(y!, b)))),
    ([x], z, b) => b.times(z, b.map('log', x!)),
  ],
  rule: 'd x.^y = y.*x.^(y - 1) .* dx + x.^y.*log(x) .* dy',
  doc: 'x.^y with an exponent that varies; a constant exponent needs no logarithm and is a node of its own.',
  samples: [{ program: 'x.^y', declare: { x: [5], y: [5] } }],
});

export const elementwisePairs: readonly ElementwiseRecord[] = [max2, min2, pow];
