import { expect, test } from 'vitest';
import { createBudget } from '../../src/base/budget.ts';
import { randomPoint } from '../../src/interpret/points.ts';
import { evaluateProgram } from '../../src/interpret/program.ts';
import { evaluateNode } from '../../src/interpret/tensor.ts';
import { lower } from '../../src/language/lower.ts';
import { createBuilder } from '../../src/tensor/builder.ts';
import { randomProgram } from './random-program.ts';
import { read } from './read.ts';

test('random programs: the text and its tensor graph have the same value', () => {
  for (let seed = 0; seed < 400; seed++) {
    const text = randomProgram(seed);
    const analysis = read(text);
    const point = randomPoint(analysis, seed, {
      sizes: new Map([
        ['m', 2],
        ['n', 3],
        ['k', 5],
      ]),
    });
    const { output } = evaluateProgram(analysis, point.values, {}, createBudget());
    const { output: node } = lower(analysis, { independent: [] }, createBuilder(createBudget()));
    const got = evaluateNode(node, { variables: point.values, ...point }, createBudget());
    const scale = output.data.reduce((a, v) => Math.max(a, Math.abs(v)), 1);
    const worst = output.data.reduce((a, v, e) => Math.max(a, Math.abs(v - got.data[e]!)), 0);
    expect({ text, shape: got.shape, agrees: !Number.isFinite(scale) || worst <= 1e-9 * scale }).toEqual({
      text,
      shape: output.shape,
      agrees: true,
    });
  }
});
