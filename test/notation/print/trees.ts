import fc from 'fast-check';
import { type BinaryOperator, binary, call, type Expr, name, neg, num, text } from '../../../src/syntax/expr.ts';

export const operatorNames: readonly BinaryOperator[] = ['+', '-', '*', '/', '\\', '.*', './', '^', '.^'];

const names = fc.constantFrom(
  'A',
  'x',
  'y',
  'W1',
  'x_1',
  'x1',
  'lambda',
  'loss',
  'theta_max',
  'y_hat',
  'λ',
  'I',
  'Größe',
  'n',
);
const functions = fc.constantFrom(
  ...(
    'f phi inv pinv norm1 norm2 normF norm abs sqrt sigmoid exp logdet asin eye ones zeros dot outer kron cross sum max diag tr ' +
    'einsum transpose softmax'
  ).split(' '),
);
const numbers = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.constantFrom(0.5, 1e-9, 1.25e30, 1e21, 0.1, 123456789012345, Number.MIN_VALUE, Number.MAX_VALUE),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((x) => x + 0),
);

/** Random trees over every kind and operator; numbers are not negative, as no parsed number is. */
export const trees: fc.Arbitrary<Expr> = fc.letrec<{ tree: Expr }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, depthSize: 'medium', withCrossShrink: true },
    fc.oneof(names.map(name), numbers.map(num)),
    fc.tuple(fc.constantFrom(...operatorNames), tie('tree'), tie('tree')).map(([op, l, r]) => binary(op, l, r)),
    fc.tuple(fc.constantFrom(...operatorNames), tie('tree'), tie('tree')).map(([op, l, r]) => binary(op, l, r)),
    tie('tree').map(neg),
    tie('tree').map((arg): Expr => ({ kind: 'unary', op: '+', arg })),
    tie('tree').map((arg): Expr => ({ kind: 'transpose', arg })),
    fc
      .tuple(functions, fc.nat(4), fc.array(tie('tree'), { minLength: 1, maxLength: 3 }))
      .map(([fn, order, args]): Expr => ({ kind: 'call', fn, order: order === 4 ? 4 : 0, args })),
    fc
      .tuple(fc.constantFrom('ij,jk->ik', 'i,i->', 'ij->ji', 'i,j->ij', 'bad', 'iij->j'), tie('tree'), tie('tree'))
      .map(([specification, a, b]) => call('einsum', text(specification), a, b)),
    fc
      .tuple(tie('tree'), fc.array(fc.option(tie('tree')), { minLength: 1, maxLength: 3 }))
      .map(([target, indices]): Expr => ({ kind: 'index', target, indices })),
  ),
})).tree;

/** Any text as a name, to see what the printers escape. */
export const hostileNames = fc.oneof(
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom(
    'a_b',
    '#1',
    '%',
    '{',
    '}',
    '\\input{x}',
    '$x$',
    '</mi><script>',
    '&amp;',
    '"',
    "'",
    '^',
    '~',
    '__proto__',
    '∂x',
    'Δx',
    '変数',
    'é',
    'ß2',
    '_',
    '1',
    '\u0000',
    '\ud800',
    '𝐱',
    'ﬁ',
    '٣',
  ),
);
