import katex from 'katex';
import { expect, test } from 'vitest';
import {
  entryView,
  labelledView,
  layouts,
  renderView,
  slicesView,
  unfoldedView,
  viewFormulas,
} from '../../src/api/index.ts';
import type { Grid, GridCell } from '../../src/explain/labelled-grid.ts';
import { formulaText } from '../../src/explain/render/formula.ts';
import { lineLabel } from '../../src/explain/render/page-text.ts';
import { numberOf } from './formula-value.ts';
import { cases, derived, must, numbersOf } from './setting.ts';

const cellText = (c: GridCell): string => (c.kind === 'gap' ? c.dots : formulaText(c.formula));
const table = (grid: Grid): string[][] => grid.cells.map((row) => row.map(cellText));
const labels = (grid: Grid): [string[], string[]] => [grid.rows.map(lineLabel), grid.columns.map(lineLabel)];

test('symbolic sizes: first two, dots, last; rows belong to the input, columns to the output', () => {
  const grid = must(labelledView(derived("A: m\nZ = W'*A", 'A'))).grid!;
  expect(labels(grid)).toEqual([
    ['A[1]', 'A[2]', '', 'A[m]'],
    ['Z[1]', 'Z[2]', '', 'Z[n]'],
  ]);
  expect(table(grid)).toEqual([
    ['W[1,1]', 'W[1,2]', '⋯', 'W[1,n]'],
    ['W[2,1]', 'W[2,2]', '⋯', 'W[2,n]'],
    ['⋮', '⋮', '⋱', '⋮'],
    ['W[m,1]', 'W[m,2]', '⋯', 'W[m,n]'],
  ]);
});

test('the activation: f′ on the diagonal, zeros off it', () => {
  const grid = must(labelledView(derived('f: elementwise\nz: 3\na = f(z)', 'z'))).grid!;
  expect(table(grid)).toEqual([
    ['f′(z[1])', '0', '0'],
    ['0', 'f′(z[2])', '0'],
    ['0', '0', 'f′(z[3])'],
  ]);
});

test('the layout turns rows into columns', () => {
  const of = (layout: (typeof layouts)[number]) =>
    labels(must(labelledView(derived("A: 2\nW: 2 x 3\nZ = W'*A", 'A', layout))).grid!);
  expect(of('denominator')).toEqual([
    ['A[1]', 'A[2]'],
    ['Z[1]', 'Z[2]', 'Z[3]'],
  ]);
  expect(of('numerator')).toEqual([
    ['Z[1]', 'Z[2]', 'Z[3]'],
    ['A[1]', 'A[2]'],
  ]);
  expect(of('jacobian')).toEqual([
    ['Z[1]', 'Z[2]', 'Z[3]'],
    ['A[1]', 'A[2]'],
  ]);
});

test('one axis: a gradient stands, a vector by a scalar lies, and the other way round in numerator layout', () => {
  const shape = (program: string, wrt: string, layout: (typeof layouts)[number]): string => {
    const { cells } = must(labelledView(derived(program, wrt, layout))).grid!;
    return `${cells.length}×${cells[0]!.length}`;
  };
  const gradient = ['x: 3\nsum(x.^2)', 'x'] as const;
  const byScalar = ['s: scalar\nv: 3\nsin(s)*v', 's'] as const;
  expect(layouts.map((l) => shape(...gradient, l))).toEqual(['3×1', '1×3', '3×1']);
  expect(layouts.map((l) => shape(...byScalar, l))).toEqual(['1×3', '3×1', '3×1']);
  expect(shape('s: scalar\ns^2', 's', 'denominator')).toBe('1×1');
});

test('every cell that is shown has the right formula, value and name, in every layout', () => {
  for (const [program, wrt] of cases)
    for (const layout of layouts) {
      const d = derived(program, wrt, layout);
      const n = numbersOf(d);
      const views = [
        must(labelledView(d, { at: n.at })),
        must(labelledView(d, { at: n.at, most: 3 })),
        must(slicesView(d, { at: n.at })),
      ];
      const grids = [
        ...views.flatMap((v) => [...(v.grid ? [v.grid] : []), ...(v.slices ?? []).flatMap((s) => (s ? [s.grid] : []))]),
        must(unfoldedView(d, { at: n.at })).grid,
      ];
      for (const cell of grids.flatMap((g) => g.cells.flat())) {
        if (cell.kind === 'gap') continue;
        const expected = numberOf(cell.partial, new Map(), n);
        const near = (x: number): void =>
          expect(Math.abs(x - expected), `${program} by ${wrt}, ${layout}, ${formulaText(cell.partial)}`).toBeLessThan(
            1e-9 * (1 + Math.abs(expected)),
          );
        near(cell.value!);
        near(numberOf(cell.formula, new Map(), n));
        if (cell.zero) expect(cell.value).toBe(0);
      }
    }
});

test('a row of columns and a column of rows', () => {
  const { compressed } = must(labelledView(derived("A: m\nZ = W'*A", 'A')));
  const of = (direction: 'row' | 'column') =>
    compressed
      .find((c) => c.direction === direction)!
      .parts.map((p) => (p ? `${formulaText(p.partial)} = ${formulaText(p.value)}` : '…'));
  expect(of('row')).toEqual(['∂Z[1]/∂A = W[:,1]', '∂Z[2]/∂A = W[:,2]', '…', '∂Z[n]/∂A = W[:,n]']);
  expect(of('column')).toEqual(['∂Z/∂A[1] = W[1,:]', '∂Z/∂A[2] = W[2,:]', '…', '∂Z/∂A[m] = W[m,:]']);
});

test('the block picture of ∂Z/∂W: A on the diagonal, a zero column off it', () => {
  const { blocks } = must(labelledView(derived("A: m\nZ = W'*A", 'W')));
  expect(blocks!.diagonal).toBe(true);
  expect(formulaText(blocks!.repeated!)).toBe('A');
  expect(blocks!.rows.map(lineLabel)).toEqual(['W[:,1]', 'W[:,2]', '', 'W[:,n]']);
  expect(
    blocks!.cells.map((row) => row.map((c) => (c.kind === 'gap' ? c.dots : c.zero ? '0' : formulaText(c.value)))),
  ).toEqual([
    ['A', '0', '⋯', '0'],
    ['0', 'A', '⋯', '0'],
    ['⋮', '⋮', '⋱', '⋮'],
    ['0', '0', '⋯', 'A'],
  ]);
});

test('blocks are the parts of the dense derivative', () => {
  for (const [program, wrt] of cases) {
    const d = derived(program, wrt);
    const n = numbersOf(d);
    const { blocks } = must(labelledView(d, { at: n.at }));
    if (blocks?.blockShape.length !== 1) continue;
    const held = new Set(blocks.pairs.flat());
    const rest = d.axes.findIndex((_, k) => !held.has(k));
    const letters = must(entryView(d)).axes.map((a) => a.letter);
    for (const cell of blocks.cells.flat()) {
      if (cell.kind === 'gap' || cell.value.kind !== 'entry' || cell.partial.kind !== 'partial') continue;
      const of = (i: number): number => {
        const fill = (e: { name: string; indices: readonly (number | string | null)[] }, which: 'output' | number) => ({
          name: e.name,
          indices: d.axes.some((a) => a.of === which)
            ? d.axes
                .filter((a) => a.of === which)
                .sort((a, b) => a.axis - b.axis)
                .map((a) => e.indices[a.axis] ?? i)
            : [],
        });
        const p = cell.partial as typeof cell.partial & { kind: 'partial' };
        return numberOf({ ...p, of: fill(p.of, 'output'), by: p.by.map((b, k) => fill(b, k)) }, new Map(), n);
      };
      const size = n.dense.shape[rest]!;
      for (let i = 1; i <= size; i++) {
        const value = cell.value as typeof cell.value & { kind: 'entry' };
        expect(numberOf({ ...value, indices: [i] }, new Map(), n), `${program} ${letters[rest]} = ${i}`).toBeCloseTo(
          of(i),
          9,
        );
      }
    }
  }
});

test('the user chooses which axes become rows and columns', () => {
  const d = derived('X: 2 x 3\nX.^2', 'X');
  const view = must(unfoldedView(d, { rows: ['i', 'k'] }));
  expect([view.rows, view.columns]).toEqual([
    ['i', 'k'],
    ['j', 'l'],
  ]);
  expect(view.shape).toEqual([6, 6]);
  const numbered = must(unfoldedView(d, { columns: ['2', '4'], rows: ['1', '3'] }));
  expect(numbered.grid.cells).toEqual(view.grid.cells);
  const flat = must(unfoldedView(d, { rows: [], columns: ['1', '2', '3', '4'] }));
  expect(flat.shape).toEqual([1, 36]);
});

test('axes that are not there, or stand twice, are refused', () => {
  const d = derived('X: 2 x 3\nX.^2', 'X');
  const message = (rows: string[], columns?: string[]): string => {
    const result = unfoldedView(d, { rows, ...(columns ? { columns } : {}) });
    return result.ok ? 'ok' : `${result.error.code}: ${result.error.message}`;
  };
  expect(message(['q'])).toBe("usage/axes: this derivative has no axis 'q'");
  expect(message(['5'])).toContain("no axis '5'");
  expect(message(['1', 'i'])).toContain('stands twice');
  expect(message(['i'], ['j'])).toContain('neither a row nor a column');
});

test('the standard unfolding comes with its Kronecker form', () => {
  const view = must(unfoldedView(derived('A*X*B', 'X')));
  expect(formulaText(view.kronecker!)).toBe('∂vec(y)/∂vec(X) = B ⊗ Aᵀ');
  expect(must(unfoldedView(derived('A*X*B', 'X'), { rows: ['i', 'k'] })).kronecker).toBeUndefined();
});

test('KaTeX reads every formula, HTML is escaped and refers to nothing outside', () => {
  for (const [program, wrt] of cases) {
    const d = derived(program, wrt);
    for (const view of [must(labelledView(d)), must(unfoldedView(d)), must(entryView(d))]) {
      for (const f of viewFormulas(view)) katex.renderToString(f, { throwOnError: true, strict: 'error' });
      const html = renderView(view, 'html');
      expect(html).not.toMatch(/<script|\bon\w+=|\bsrc=|href=|url\(/);
      expect(html.replaceAll(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
    }
  }
  const page = renderView(must(labelledView(derived("A: 2\nW: 2 x 3\nZ = W'*A", 'A'))), 'html');
  expect(page).toContain('title="∂Z[2]/∂A[1] = W[1,2]"');
});

test('the block picture is an SVG in the colours of the text around it', () => {
  const html = renderView(must(labelledView(derived("A: m\nZ = W'*A", 'W'))), 'html');
  expect(html).toContain('<svg');
  expect(html).toContain('<title>∂Z[1]/∂W[:,1] = A</title>');
  expect(html).not.toMatch(/(?:fill|stroke)="#/);
});

test('large sizes are shown with dots and never built', () => {
  const d = derived('X: 100000 x 100000\ny: 100000\nX*y', 'X');
  const page = renderView(must(labelledView(d)), 'text');
  expect(page).toContain('y[100000]');
  expect(page.length).toBeLessThan(10_000);
});
