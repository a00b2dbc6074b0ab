import { ndarray } from '../base/ndarray.ts';
import { matrixType, type Type, vectorType } from '../shape/type.ts';
import type { FunctionRecord, TypeContext, TypedArgument } from './record.ts';

// Arrays of given shape and constant entries.

const noChange = (fn: string): string => `d ${fn}(n) = 0`;

const eye: FunctionRecord = {
  name: 'eye',
  family: 'constant',
  arity: [1, 2],
  expects: ['size'],
  usage: ['eye(n): → n×n', 'eye(m, n): → m×n'],
  rule: noChange('eye'),
  doc: 'The unit matrix; sizes are positive integers or size symbols. eye(m, n) has ones where the two indices agree and need not be square.',
  type(args, context) {
    const m = context.size(args[0]!);
    return matrixType(m, args[1] ? context.size(args[1]) : m);
  },
  lower(_args, { builder: b, result }) {
    const [m, n] = result.axes as [Type['axes'][0], Type['axes'][0]];
    if (m === n) return b.delta(m);
    // E[i,j] = Σ M[p,i,a] N[p,j,c] e₁[a] e₁[c]: i and j agree as positions p in an array of m·n entries.
    return b.einsum('pia,a,pjc,c->ij', b.merge([m, n]), b.unit(n, 1), b.merge([n, m]), b.unit(m, 1));
  },
  evaluate(_args, { shape }) {
    const out = ndarray(shape);
    const [m, n] = shape as [number, number];
    for (let i = 0; i < Math.min(m, n); i++) out.data[i * n + i] = 1;
    return out;
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'eye(3)*x', declare: { x: [3] }, known: [{ at: { x: [2, 3, 5] }, value: [2, 3, 5] }] },
    { program: 'eye(2, 3)*x', declare: { x: [3] }, known: [{ at: { x: [2, 3, 5] }, value: [2, 3] }] },
    { program: 'eye(3, 2)*x', declare: { x: [2] }, known: [{ at: { x: [2, 3] }, value: [2, 3, 0] }] },
  ],
  wrong: [
    { program: 'eye(3)*x', declare: { x: [2] }, says: '3' },
    { program: 'eye(0)', declare: {}, says: 'positive' },
  ],
};

const sizes = (args: readonly TypedArgument[], context: TypeContext): Type => ({
  axes: args.map((a) => context.size(a)),
});

const filled = (name: 'ones' | 'zeros'): FunctionRecord => ({
  name,
  family: 'constant',
  arity: [1, 24],
  expects: ['size'],
  usage: [`${name}(n): → n, a vector`, `${name}(m, n): → m×n`, `${name}(a, b, c, …): → a×b×c×…`],
  rule: noChange(name),
  doc: `All entries ${name === 'ones' ? 1 : 0}. With one size it is a vector (where MATLAB would give a square matrix); sizes are positive integers or size symbols.`,
  type: sizes,
  lower: (_args, { builder: b, result }) => b[name](result.axes),
  evaluate: (_args, { shape }) => {
    const out = ndarray(shape);
    out.data.fill(name === 'ones' ? 1 : 0);
    return out;
  },
  // biome-ignore format: one call per line
  samples: [
    { program: `x + ${name}(3)`, declare: { x: [3] }, known: [{ at: { x: [2, 3, 5] }, value: name === 'ones' ? [3, 4, 6] : [2, 3, 5] }] },
    { program: `${name}(2, 3)*x`, declare: { x: [3] }, known: [{ at: { x: [2, 3, 5] }, value: name === 'ones' ? [10, 10] : [0, 0] }] },
    { program: `T.*${name}(2, 3, 5)`, declare: { T: [2, 3, 5] } },
  ],
  wrong: [
    { program: `x + ${name}(3)`, declare: { x: [2] }, says: '3' },
    { program: `${name}(-1)`, declare: {}, says: 'positive' },
  ],
});

/** An array of open sizes, all entries one scalar. */
const spread = (name: 'vector' | 'matrix', order: 1 | 2): FunctionRecord => ({
  name,
  family: 'constant',
  arity: [1, 1],
  expects: ['scalar'],
  usage: [`${name}(c): scalar → ${order === 1 ? 'n' : 'm×n'}, of the size that the surroundings need`],
  rule: `d ${name}(c) = ${name}(dc)`,
  doc: `A ${name} with all entries c, as on matrixcalculus.org. Its size is not given but follows from where it stands, as in x + ${name}(1).`,
  type(args, context) {
    const { type } = args[0]!;
    if (type.axes.length > 0) context.fail(`${name} needs a scalar, got ${context.show(type)}`);
    return order === 1 ? vectorType(context.fresh()) : matrixType(context.fresh(), context.fresh());
  },
  lower: (args, { builder: b, result }) => b.broadcast(args[0]!.node, result.axes, []),
  evaluate([c], { shape }) {
    const out = ndarray(shape);
    out.data.fill(c!.data[0]!);
    return out;
  },
  samples:
    order === 1
      ? [
          {
            program: 'x + vector(c)',
            declare: { x: [3], c: [] },
            known: [{ at: { x: [2, 3, 5], c: 2 }, value: [4, 5, 7] }],
          },
        ]
      : [
          {
            program: 'X.*matrix(c)',
            declare: { X: [2, 3], c: [] },
            known: [
              {
                at: {
                  X: [
                    [1, 2, 3],
                    [4, 5, 6],
                  ],
                  c: 2,
                },
                value: [
                  [2, 4, 6],
                  [8, 10, 12],
                ],
              },
            ],
          },
        ],
  wrong: [{ program: `${name}(x)`, declare: { x: [3] }, says: `${name} needs a scalar` }],
});

const levicivita: FunctionRecord = {
  name: 'levicivita',
  family: 'constant',
  arity: [0, 0],
  expects: ['any'],
  usage: ['levicivita(): → 3×3×3'],
  rule: noChange('levicivita'),
  doc: 'The Levi-Civita symbol ε: 1 for an even permutation of (1,2,3), -1 for an odd one, 0 where indices repeat. cross(a, b) is einsum("ijk,j,k->i", levicivita(), a, b), and derivatives of cross are written with it.',
  type: () => ({ axes: [3, 3, 3] }),
  lower: (_args, { builder: b }) => b.levi(),
  evaluate() {
    const out = ndarray([3, 3, 3]);
    for (const [i, j, k] of [
      [0, 1, 2],
      [1, 2, 0],
      [2, 0, 1],
    ] as const) {
      out.data[9 * i + 3 * j + k] = 1;
      out.data[9 * i + 3 * k + j] = -1;
    }
    return out;
  },
  // biome-ignore format: one call per line
  samples: [
    { program: 'einsum("ijk,ijk->", levicivita(), levicivita())*s', declare: { s: [] }, known: [{ at: { s: 2 }, value: 12 }] },
  ],
  wrong: [{ program: 'levicivita(x)', declare: { x: [3] }, says: 'levicivita' }],
};

export const constants: readonly FunctionRecord[] = [
  eye,
  levicivita,
  filled('ones'),
  filled('zeros'),
  spread('vector', 1),
  spread('matrix', 2),
];
