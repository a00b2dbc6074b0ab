import { expect, test } from 'vitest';
import {
  type CollapseView,
  type CollapseViewOptions,
  collapseView,
  type Derivative,
  layouts,
  renderView,
  stackView,
} from '../../src/api/index.ts';
import type { Fate, GridCell, GridLine } from '../../src/explain/labelled-grid.ts';
import { formulaText, proseText } from '../../src/explain/render/formula.ts';
import { lineLabel } from '../../src/explain/render/page-text.ts';
import type { Sheet, Stack } from '../../src/explain/tensor-stack.ts';
import { cases, derived, must, numbersOf } from './setting.ts';

type EntryCell = Extract<GridCell, { kind: 'entry' }>;
const sheetsOf = (stack: Stack): Sheet[] => stack.sheets.flat().filter((sheet) => sheet !== undefined);

interface Placed extends EntryCell {
  /** The place on every axis. */
  readonly at: ReadonlyMap<number, number | string>;
}
function entriesOf(stack: Stack): Placed[] {
  const places = (line: GridLine) => (line.kind === 'line' ? [...line.places] : []);
  return stack.sheets.flatMap((row, r) =>
    row.flatMap((sheet, c) =>
      !sheet
        ? []
        : sheet.grid.cells.flatMap((cells, i) =>
            cells.flatMap((cell, j) =>
              cell.kind === 'gap'
                ? []
                : [
                    {
                      ...cell,
                      at: new Map([
                        ...places(stack.rows[r]!),
                        ...places(stack.columns[c]!),
                        ...places(sheet.grid.rows[i]!),
                        ...places(sheet.grid.columns[j]!),
                      ]),
                    },
                  ],
            ),
          ),
    ),
  );
}
const readsOf = (fate: Fate | undefined): readonly string[] | undefined =>
  fate && 'reads' in fate ? fate.reads : undefined;
const leftOf = (view: CollapseView, kind: string) => view.stages.find((stage) => stage.kind === kind)?.left;
const viewOf = (d: Derivative, options: CollapseViewOptions = {}): CollapseView => must(collapseView(d, options));

const all: readonly (readonly [program: string, wrt: string])[] = [
  ...cases,
  ["W: m x n\nA: m x p\nZ = W'*A", 'W'],
  ['W: m x n\nx: n\nW*x', 'W'],
  ['X: m x n\nsigmoid(X)', 'X'],
  ['x: n\nsigmoid(x)', 'x'],
  ['x: n\ndiag(x)', 'x'],
  ['X: n x n\ndiag(X)', 'X'],
  ['X: n x n\ntr(X)', 'X'],
  ['X: n x n\ntr(X)', 'X,X'],
  ["X: m x n\nX'*X", 'X'],
  ["a: m\nb: n\nX: m x n\na'*X*b", 'X'],
  ['X: m x n\nsum(X)', 'X'],
  ['X: m x n\nsum(X.^3)', 'X,X'],
  ['x: n\nA: m x n\nsum(x)*A', 'x'],
  ['A: b x i x j\nB: b x j x k\neinsum("bij,bjk->bik", A, B)', 'A'],
  ['A: m x n\nB: 2 x 3\nkron(A, B)', 'A'],
];

test('zeros are zero, and entries that read the same are equal to the product of what they read, in every layout', () => {
  for (const [program, wrt] of all)
    for (const layout of layouts) {
      const d = derived(program, wrt, layout);
      const { at, dense } = numbersOf(d);
      const name = `${program} by ${wrt}, ${layout}`;
      const first = viewOf(d, { at, most: 1000 });
      const sum = new Float64Array(dense.data.length);
      for (let summand = 1; summand <= first.summands; summand++) {
        const view = viewOf(d, { at, most: 1000, summand });
        const parts = new Map(
          view.parts.flatMap((part) => entriesOf(part.stack).map((e) => [readsOf(e.fate)![0]!, e.value!])),
        );
        const entries = entriesOf(view.stack);
        expect(entries.length, name).toBe(dense.data.length);
        const seen = new Set<string>();
        for (const { fate, value, at: place } of entries) {
          const offset = dense.shape.reduce((sum, size, k) => sum * size + (place.get(k) as number) - 1, 0);
          sum[offset]! += value!;
          const reads = readsOf(fate);
          if (!reads) {
            expect(fate, name).toEqual({ kind: 'zero' });
            expect(value, name).toBe(0);
            continue;
          }
          expect(fate!.kind, name).toBe(seen.has(reads.join()) ? 'repeat' : 'kept');
          seen.add(reads.join());
          expect(value, name).toBeCloseTo(
            reads.reduce((product, one) => product * parts.get(one)!, 1),
            9,
          );
        }
        // The counts of the stages are those of the entries.
        const alive = entries.filter((e) => e.fate!.kind !== 'zero').length;
        expect(Number(leftOf(view, 'full')), name).toBe(entries.length);
        expect(Number(leftOf(view, 'zeros') ?? entries.length), name).toBe(alive);
        expect(Number(leftOf(view, 'repeats') ?? alive), name).toBe(seen.size);
        expect(Number(leftOf(view, 'condensed') ?? parts.size), name).toBe(parts.size);
        expect(view.check, name).toMatchObject({ passed: true });
      }
      dense.data.forEach((value, k) => {
        expect(sum[k], name).toBeCloseTo(value, 9);
      });
    }
});

test("∂Z/∂W for Z = W'·A: slices lie on a grid, entries off the diagonal vanish, the others are A, again and again", () => {
  const view = viewOf(derived("W: 3 x 2\nA: 3 x 5\nZ = W'*A", 'W'));
  expect([view.stack.rows.length, view.stack.columns.length]).toEqual([2, 4]);
  expect(sheetsOf(view.stack).map((sheet) => formulaText(sheet.partial))).toEqual([
    '∂Z[1,1]/∂W',
    '∂Z[1,2]/∂W',
    '∂Z[1,5]/∂W',
    '∂Z[2,1]/∂W',
    '∂Z[2,2]/∂W',
    '∂Z[2,5]/∂W',
  ]);
  expect(view.stages.map((stage) => [stage.kind, stage.left])).toEqual([
    ['full', '60'],
    ['zeros', '30'],
    ['repeats', '15'],
    ['condensed', '15'],
  ]);
  expect(view.stages.flatMap((stage) => stage.words.map((prose) => proseText(prose, view.names)))).toEqual([
    'Written out it has 60 entries.',
    'Every entry off the diagonal j = l is zero, so only the diagonal is kept.',
    '30 of 60 entries are zero and vanish; 30 are left.',
    'Along this diagonal the same part stands 2 times, so it is kept once.',
    '15 of these 30 entries are equal to one that is kept; 15 are left.',
    'What is kept: A, 3×5.',
  ]);
  const [part] = view.parts;
  const grid = sheetsOf(part!.stack)[0]!.grid;
  expect([grid.rows.map(lineLabel), grid.columns.map(lineLabel)]).toEqual([
    ['W[1,:]', 'W[2,:]', 'W[3,:]'],
    ['Z[:,1]', 'Z[:,2]', '', 'Z[:,5]'],
  ]);
  const cell = grid.cells[1]![0] as EntryCell;
  expect([formulaText(cell.partial), formulaText(cell.formula)]).toEqual(['∂Z[j,1]/∂W[2,j]', 'A[2,1]']);
});

test('symbolic sizes: counts in symbols, places behind dots belong to nothing', () => {
  const view = viewOf(derived('W: m x n\nx: n\nW*x', 'W'));
  expect(view.stages.map((stage) => stage.left)).toEqual(['m²·n', 'm·n', 'n', 'n']);
  expect(view.stages[1]!.words.map((prose) => proseText(prose, view.names))).toEqual([
    'Every entry off the diagonal i = k is zero, so only the diagonal is kept.',
    'Of m²·n entries m·n are left; the others are zero and vanish.',
  ]);
  const kinds = sheetsOf(view.stack)[2]!.grid.cells.map((row) =>
    row.map((cell) => (cell.kind === 'gap' ? cell.dots : cell.fate!.kind)),
  );
  expect(kinds).toEqual([
    ['zero', 'zero', '⋯', 'zero'],
    ['zero', 'zero', '⋯', 'zero'],
    ['⋮', '⋮', '⋱', '⋮'],
    ['repeat', 'repeat', '⋯', 'repeat'],
  ]);
});

test('an elementwise function leaves a vector; an outer product leaves its factors', () => {
  const diagonal = viewOf(derived('x: 3\nsigmoid(x)', 'x'));
  expect(diagonal.stages.map((stage) => stage.kind)).toEqual(['full', 'zeros', 'condensed']);
  expect(sheetsOf(diagonal.parts[0]!.stack)[0]!.grid.rows.map(lineLabel)).toEqual([
    'x[1] y[1]',
    'x[2] y[2]',
    'x[3] y[3]',
  ]);
  const outer = viewOf(derived("a: m\nb: n\nX: m x n\na'*X*b", 'X'));
  expect(outer.stages.map((stage) => [stage.kind, stage.left])).toEqual([
    ['full', 'm·n'],
    ['condensed', 'm + n'],
  ]);
  expect(outer.parts.map((part) => formulaText(part.value))).toEqual(['a', 'b']);
});

test('a sum collapses summand by summand; one full summand keeps the whole', () => {
  const d = derived("X: m x n\nX'*X", 'X');
  const view = viewOf(d, { summand: 2 });
  expect(view.summands).toBe(2);
  expect(formulaText(view.rule)).toMatch(/^X\[.*\] if .*, 0 otherwise$/);
  expect(collapseView(d, { summand: 3 })).toMatchObject({ ok: false, error: { code: 'usage/summand' } });
  const full = viewOf(derived("x: n\nx'*A*x", 'x,x'));
  expect(full.stages.map((stage) => stage.kind)).toEqual(['full']);
  expect(proseText(full.stages[0]!.words[0]!, full.names)).toMatch(/one summand fills .* nothing collapses/);
  const nothing = viewOf(derived('x: 3\ny: 2\n0*sum(x)*y', 'x'));
  expect(nothing.stages.map((stage) => stage.left)).toEqual(['6', '0']);
});

test('a place that is an index: open without a number, decided with one', () => {
  const d = derived('x: 3\ni: index\nx[i]', 'x');
  const kinds = (options: CollapseViewOptions) => entriesOf(viewOf(d, options).stack).map((e) => e.fate!.kind);
  expect(kinds({})).toEqual(['open', 'open', 'open']);
  const at = new Map([
    ['x', { shape: [3], data: new Float64Array(3) }],
    ['i', { shape: [], data: Float64Array.of(2) }],
  ]);
  expect(kinds({ at })).toEqual(['zero', 'kept', 'zero']);
});

test('a stack of any number of axes', () => {
  const shape = (program: string, wrt: string): number[] => {
    const { stack } = must(stackView(derived(program, wrt)));
    return [stack.rows.length, stack.columns.length, sheetsOf(stack).length];
  };
  expect(shape('s: scalar\ns^2', 's')).toEqual([1, 1, 1]);
  expect(shape('x: n\nsum(x)', 'x')).toEqual([1, 1, 1]);
  expect(shape('W: m x n\nx: n\nW*x', 'W')).toEqual([1, 4, 3]);
  expect(shape('X: m x n\nX.^2', 'X')).toEqual([4, 4, 9]);
  expect(shape('A: 2 x 3 x 2\nx: 2\neinsum("ijk,k->ij", A, x)', 'A')).toEqual([2, 4, 6]);
});

test('it is drawn in every medium', () => {
  for (const [program, wrt] of all) {
    const view = viewOf(derived(program, wrt));
    for (const format of ['text', 'latex', 'html'] as const)
      expect(renderView(view, format), `${program} by ${wrt}`).not.toMatch(/undefined|NaN|\[object/);
  }
  expect(renderView(viewOf(derived('W: 2 x 2\nx: 2\nW*x', 'W')))).toMatch(
    /4 of 8 entries are zero and vanish; 4 are left/,
  );
});
