import { expect, test } from 'vitest';
import type { BoundPlan } from '../../src/plan/bind.ts';
import type { Step } from '../../src/plan/plan.ts';
import { brokenPlanRules } from '../../src/plan/spec.ts';
import { planOf, randomPlan } from './random-plan.ts';

test('random plans keep every rule', () => {
  for (let seed = 0; seed < 200; seed++) expect(brokenPlanRules(randomPlan(seed).plan), `seed ${seed}`).toEqual([]);
});

const A: Step = { kind: 'input', input: 'A', shape: [2, 3] };
const x: Step = { kind: 'input', input: 'x', shape: [3] };
const product: Step = {
  kind: 'matmul',
  a: 0,
  b: 1,
  transposeA: false,
  transposeB: false,
  axes: { batch: 0, left: 1, right: 0, summed: 1 },
  scale: 1,
  shape: [2],
};
const map: Step = {
  kind: 'map',
  shape: [2],
  space: [2, 3],
  summed: 1,
  args: [
    { value: 0, axes: [0, 1] },
    { value: 1, axes: [1] },
  ],
  body: [
    { op: 'arg', arg: 0 },
    { op: 'arg', arg: 1 },
    { op: 'multiply', a: 0, b: 1 },
  ],
};
const brokenBy = (...steps: readonly Step[]): string => brokenPlanRules(planOf([A, x, ...steps], [])).join('\n');

test('each kind of step is checked', () => {
  expect(brokenBy(product, map)).toBe('');
  const wrong: readonly (readonly [Step, string])[] = [
    [{ ...product, transposeA: true }, 'the summed axes'],
    [{ ...product, shape: [3] }, 'the batch, left and right axes'],
    [{ ...product, axes: { batch: 0, left: 0, right: 0, summed: 1 } }, 'an axis of its own'],
    [{ ...product, a: 2 }, 'reads value 2, which is not made before'],
    [{ ...product, b: -1 }, 'reads value -1'],
    [{ ...map, space: [3, 2] }, 'the first loops'],
    [{ ...map, summed: 0 }, 'loops over'],
    [
      {
        ...map,
        args: [
          { value: 0, axes: [0, 0] },
          { value: 1, axes: [1] },
        ],
      },
      'different loops',
    ],
    [
      {
        ...map,
        args: [
          { value: 0, axes: [1, 0] },
          { value: 1, axes: [1] },
        ],
      },
      'keep their sizes',
    ],
    [{ ...map, body: [] }, 'a body has an operation'],
    [{ ...map, body: [{ op: 'arg', arg: 2 }] }, 'reads an argument that there is'],
    [{ ...map, body: [{ op: 'negate', a: 0 }] }, 'reads an operation before it'],
    [
      {
        ...map,
        body: [
          { op: 'arg', arg: 0 },
          { op: 'power', a: 0, exponent: 1 },
        ],
      },
      'neither 0 nor 1',
    ],
    [
      {
        ...map,
        body: [
          { op: 'arg', arg: 0 },
          { op: 'apply', fn: 'sinn', args: [0] },
        ],
      },
      "no elementwise function 'sinn'",
    ],
    [
      {
        ...map,
        body: [
          { op: 'arg', arg: 0 },
          { op: 'apply', fn: 'max2', args: [0] },
        ],
      },
      "'max2' gets its arguments",
    ],
    [{ kind: 'number', value: 2, shape: [1] }, 'a number has no axes'],
    [{ kind: 'structure', structure: 'delta', shape: [2, 3] }, 'the axes of a δ are equal'],
    [{ kind: 'structure', structure: 'unit', shape: [2], at: 3 }, 'e_k has its one on its axis'],
    [{ kind: 'structure', structure: 'merge', shape: [5, 2, 3] }, 'as many entries as its parts'],
    [{ kind: 'structure', structure: 'triangle', shape: [2, 3] }, 'a triangle is square'],
    [{ kind: 'structure', structure: 'levi', shape: [3, 3] }, 'three axes of size 3'],
    [{ kind: 'gather', x: 0, axes: [0, 0], shape: [2] }, 'axes keep their sizes'],
    [{ kind: 'gather', x: 0, axes: [0, { at: 4 }], shape: [2] }, 'positions are on their axis'],
    [{ kind: 'gather', x: 1, axes: [0], shape: [3, 2] }, 'names each output axis'],
    [{ kind: 'gather', x: 1, axes: [0], shape: [] }, 'names axes that the output has'],
    [{ kind: 'scatter', x: 1, axes: [[0]], fixed: [], scale: 1, shape: [3, 3] }, 'exactly once'],
    [{ kind: 'scatter', x: 1, axes: [[0, 1]], fixed: [], scale: 1, shape: [3, 2] }, 'axes keep their sizes'],
    [{ kind: 'scatter', x: 1, axes: [[0, 1]], fixed: [], scale: 1, shape: [3, 3], base: 0 }, 'the base'],
    [{ kind: 'scatter', x: 1, axes: [[0]], fixed: [{ axis: 1, at: 0 }], scale: 1, shape: [3, 2] }, 'positions are'],
    [{ kind: 'reshape', x: 0, shape: [5] }, 'keeps the number of entries'],
    [{ kind: 'gram', x: 0, rows: false, summed: 1, scale: 1, shape: [2, 2] }, 'the kept axes twice'],
    [{ kind: 'gram', x: 0, rows: false, summed: 2, scale: 1, shape: [] }, 'keeps some'],
    [{ kind: 'gram', x: 0, weight: 1, rows: false, summed: 1, scale: 1, shape: [3, 3] }, 'the summed axes'],
    [{ kind: 'call', fn: 'inv', args: [0], axes: [], shape: [2, 3] }, "do not fit 'inv'"],
    [{ kind: 'call', fn: 'pinv', args: [0], axes: [], shape: [2, 3] }, "do not fit 'pinv'"],
    [{ kind: 'call', fn: 'solve', args: [0], axes: [], shape: [] }, "'solve' takes 2 arguments"],
    [{ kind: 'call', fn: 'max', args: [0], axes: [1], shape: [3] }, "do not fit 'max'"],
    [{ kind: 'call', fn: 'softmax', args: [0], axes: [2], shape: [2, 3] }, 'axes that its argument has'],
    [{ kind: 'unknown', fn: 'f', elementwise: true, order: 1, x: 1, shape: [3] }, 'the function is listed'],
  ];
  for (const [step, says] of wrong) expect(brokenBy(step), JSON.stringify(step)).toContain(says);
});

test('outputs and lists of names are checked', () => {
  const plan = planOf([A, x, product], [2]);
  expect(brokenPlanRules(plan)).toEqual([]);
  const [output] = plan.outputs as [BoundPlan['outputs'][0] & { form: 'dense' }];
  const says = (changed: Partial<BoundPlan>): string => brokenPlanRules({ ...plan, ...changed }).join('\n');
  expect(says({ outputs: [output, output] })).toContain('two outputs have one name');
  expect(says({ outputs: [{ ...output, name: 'd x' }] })).toContain('letters and digits');
  expect(says({ outputs: [{ ...output, value: 1 }] })).toContain('the shape of its value');
  expect(says({ outputs: [{ ...output, value: 7 }] })).toContain('no such value');
  expect(says({ outputs: [{ ...output, shape: ['n'] }] })).toContain('a size symbol is not listed');
  expect(says({ inputs: [...plan.inputs, plan.inputs[0]!] })).toContain('two inputs have one name');
  expect(says({ inputs: [] })).toContain("no input 'A'");
  expect(says({ steps: [{ ...A, shape: [3, 2] }, x] })).toContain('the shape of its input');
  expect(says({ steps: [A, x, A] })).toContain('an input is read by two steps');
  expect(says({ steps: [{ ...A, name: 'y' }, x, { ...product, name: 'y' }] })).toContain('two steps have one name');
  const condensed = (term: object): string =>
    says({
      outputs: [
        {
          ...output,
          form: 'condensed',
          shape: [3, 2, 3],
          terms: [{ cores: [], deltas: [], repeated: [], fixed: [], ...term }],
        } as BoundPlan['outputs'][0],
      ],
    });
  expect(condensed({ cores: [{ value: 2, axes: [1] }], deltas: [[0, 2]] })).toBe('');
  expect(condensed({ cores: [{ value: 2, axes: [1] }], repeated: [0] })).toContain('something of each output axis');
  expect(condensed({ cores: [{ value: 2, axes: [0] }], deltas: [[1, 2]] })).toContain('a diagonal has one size');
  expect(condensed({ cores: [{ value: 2, axes: [1] }], fixed: [{ axis: 1, at: 1 }], deltas: [[0, 2]] })).toContain(
    'once',
  );
});
