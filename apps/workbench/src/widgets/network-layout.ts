import type { NetworkView as Network } from '../../../../src/api/index.ts';

export interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly kind: 'data' | 'value' | 'weight';
}
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

/** Of a box, and from one box to the next. */
export const [wide, high] = [104, 72];
const across = 162;
export const rise = 138;

/** Where everything stands: the chain from left to right, weights and biases above and below it. */
export function arrange(view: Network): { readonly boxes: readonly Box[]; readonly arrows: readonly Arrow[] } {
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  let x = 0;
  const put = (name: string, kind: Box['kind'], dx = 0, dy = 0): void => {
    if (!boxes.some((box) => box.name === name)) boxes.push({ name, kind, x: x + dx, y: dy });
  };
  const { rows, output } = view;
  put(rows[0]!.layer.before, 'data');
  for (const { layer } of rows) {
    const { preactivation: z, activation: a, weight, bias, before, kind } = layer;
    x += across;
    put(z, 'value');
    put(weight, 'weight', 0, -rise);
    arrows.push({ from: before, to: z }, { from: weight, to: z });
    if (bias !== undefined) {
      put(bias, 'weight', 0, rise);
      arrows.push({ from: bias, to: z });
    }
    if (a !== undefined && a !== z) {
      x += across;
      put(a, 'value');
      arrows.push({ from: z, to: a, label: kind });
    }
  }
  if (!boxes.some((box) => box.name === output)) {
    x += across;
    put(output, 'value');
    arrows.push({ from: view.last, to: output, label: view.lossGiven ? 'loss' : 'some loss' });
  }
  return { boxes, arrows };
}
