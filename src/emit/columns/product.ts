import type { CallStep, GramStep, MatmulStep } from '../../plan/plan.ts';
import type { Size } from '../../shape/size.ts';
import { type ColumnContext, productText } from './context.ts';
import { type Col, col, isName } from './language.ts';
import { permuted } from './move.ts';

export const scaled = (scale: number, x: Col, { language: l }: ColumnContext): Col =>
  scale === 1 ? x : scale === -1 ? l.negate(x) : l.infix('multiply', l.number(scale), x);

/** An array with its axes read as two groups. */
function asMatrix(x: Col, first: readonly Size[], second: readonly Size[], c: ColumnContext): Col {
  if (first.length === 1 && second.length === 1) return x;
  return c.language.reshape(x, [productText(c, first), productText(c, second)]);
}
const asVector = (x: Col, sizes: readonly Size[], c: ColumnContext): Col =>
  sizes.length === 1 ? x : c.language.reshape(x, [productText(c, sizes)]);

/** A transpose that a product reads in place. */
const turned = (x: Col, yes: boolean, c: ColumnContext): Col => (yes ? permuted(x, [1, 0], c) : x);

export function matmulCode(step: MatmulStep, c: ColumnContext): Col {
  const { batch, left, summed } = step.axes;
  if (batch > 0) return batchCode(step, c);
  const { language: l } = c;
  const a = c.shape(step.a);
  const leftSizes = step.shape.slice(0, left);
  const rightSizes = step.shape.slice(left);
  const summedSizes = step.transposeA ? a.slice(0, summed) : a.slice(left);
  const [x, y] = [c.code(step.a), c.code(step.b)];
  const matrixA = (): Col =>
    turned(
      step.transposeA ? asMatrix(x, summedSizes, leftSizes, c) : asMatrix(x, leftSizes, summedSizes, c),
      step.transposeA,
      c,
    );
  const matrixB = (transposed: boolean): Col =>
    turned(
      step.transposeB ? asMatrix(y, rightSizes, summedSizes, c) : asMatrix(y, summedSizes, rightSizes, c),
      step.transposeB !== transposed,
      c,
    );
  if (rightSizes.length === 0)
    return shaped(scaled(step.scale, l.matmul(matrixA(), asVector(y, summedSizes, c)), c), leftSizes, 1, c);
  if (leftSizes.length === 0)
    return shaped(scaled(step.scale, l.matmul(matrixB(true), asVector(x, summedSizes, c)), c), rightSizes, 1, c);
  const product = scaled(step.scale, l.matmul(matrixA(), matrixB(false)), c);
  return leftSizes.length === 1 && rightSizes.length === 1 ? product : l.reshape(product, c.sizes(step.shape));
}

const shaped = (x: Col, sizes: readonly Size[], own: number, c: ColumnContext): Col =>
  sizes.length === own ? x : c.language.reshape(x, c.sizes(sizes));

/** One product for every entry of the batch axes. */
function batchCode(step: MatmulStep, c: ColumnContext): Col {
  const { batch, left, summed } = step.axes;
  const a = c.shape(step.a).slice(batch);
  const sizes = {
    batch: step.shape.slice(0, batch),
    left: step.shape.slice(batch, batch + left),
    right: step.shape.slice(batch + left),
    summed: step.transposeA ? a.slice(0, summed) : a.slice(left),
  };
  const three = (x: Col, first: readonly Size[], second: readonly Size[], swap: boolean): string => {
    const [p, q] = swap ? [second, first] : [first, second];
    const whole = [sizes.batch, p, q].every((group) => group.length === 1)
      ? x
      : c.language.reshape(
          x,
          [sizes.batch, p, q].map((group) => productText(c, group)),
        );
    return (swap ? permuted(whole, [0, 2, 1], c) : whole).text;
  };
  const product = c.language.helper('batchproduct', [
    three(c.code(step.a), sizes.left, sizes.summed, step.transposeA),
    three(c.code(step.b), sizes.summed, sizes.right, step.transposeB),
  ]);
  const plain = [sizes.batch, sizes.left, sizes.right].every((group) => group.length === 1);
  return scaled(step.scale, plain ? product : c.language.reshape(product, c.sizes(step.shape)), c);
}

/** X'·diag(w)·X as a person writes it: `X' * (w .* X)`. */
export function gramCode(step: GramStep, c: ColumnContext): Col {
  const { language: l } = c;
  const shape = c.shape(step.x);
  const kept = step.rows ? shape.slice(0, shape.length - step.summed) : shape.slice(step.summed);
  const summed = step.rows ? shape.slice(shape.length - step.summed) : shape.slice(0, step.summed);
  // X stands twice.
  const plain = kept.length === 1 && summed.length === 1;
  const matrix = step.rows
    ? asMatrix(col(c.name(step.x), true), kept, summed, c)
    : asMatrix(col(c.name(step.x), true), summed, kept, c);
  const x = plain || isName(matrix) ? matrix : c.local(matrix, 'X');
  const w = step.weight === undefined ? undefined : asVector(c.code(step.weight), summed, c);
  const weighted = w === undefined ? x : l.infix('multiply', step.rows ? l.transpose(w, 1) : w, x);
  const product = step.rows ? l.matmul(weighted, l.transpose(x, 2)) : l.matmul(l.transpose(x, 2), weighted);
  return shaped(scaled(step.scale, product, c), [...kept, ...kept], 2, c);
}

export function callCode(step: CallStep, c: ColumnContext): Col {
  const { language: l } = c;
  const x = c.code(step.args[0]!);
  const shape = c.shape(step.args[0]!);
  switch (step.fn) {
    case 'max':
    case 'min':
    case 'prod':
    case 'logsumexp':
      return l.reduce(step.fn, x, step.axes, shape.length, c.sizes(step.shape));
    case 'softmax':
    case 'maxmask':
    case 'minmask':
      return l.along(step.fn, x, step.axes, shape.length);
    case 'prodothers':
      return step.shape.length === 0 ? l.number(1) : l.helper('prodothers', [x.text]);
    case 'det':
    case 'logdet':
      return l.helper(step.fn, [x.text], false);
    case 'inv':
    case 'chol':
    case 'pinv':
    case 'adjugate':
      return l.helper(step.fn, [x.text]);
    case 'solve':
    case 'solvetransposed': {
      const matrix = step.fn === 'solve' ? x : turned(x, true, c);
      const right = c.code(step.args[1]!);
      const flat = step.shape.length <= 2 ? right : asMatrix(right, step.shape.slice(0, 1), step.shape.slice(1), c);
      const solved = l.helper('solve', [matrix.text, flat.text]);
      return step.shape.length <= 2 ? solved : l.reshape(solved, c.sizes(step.shape));
    }
  }
}
