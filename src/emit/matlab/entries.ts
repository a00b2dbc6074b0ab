import type { ColumnContext } from '../columns/context.ts';
import { col } from '../columns/language.ts';
import { position } from '../columns/move.ts';
import { scaled } from '../columns/product.ts';
import type { EntryPrinters } from '../columns/steps.ts';
import type { Library } from '../library.ts';

const factor = (text: string): string => (/^\w+$/.test(text) ? text : `(${text})`);
const sum = (terms: readonly string[]): string => terms.filter((t) => t !== '0').join(' + ') || '0';

/** Column-major strides as text: 1, m, m*n … */
const strides = (sizes: readonly string[]): readonly string[] =>
  sizes.map((_, k) => {
    const before = sizes.slice(0, k).filter((size) => size !== '1');
    return before.length === 0 ? '1' : before.map(factor).join('*');
  });

interface Fixed {
  readonly axis: number;
  readonly at: number | string;
}

/** The linear index of an entry at fixed positions, the other axes at 1. */
function start(fixed: readonly Fixed[], own: readonly string[], c: ColumnContext): string {
  // Along the first axis the position is the index itself.
  const first = fixed.find(({ axis }) => axis === 0);
  const rest = fixed.flatMap(({ axis, at }) => {
    if (axis === 0 || at === 1) return [];
    const steps = typeof at === 'number' ? String(at - 1) : `(${position(c, at)} - 1)`;
    return [own[axis] === '1' ? steps : `${steps}*${own[axis]}`];
  });
  return sum([first ? position(c, first.at) : '1', ...rest]);
}

/** Entries at positions that depend on one another, by linear indices. */
export const matlabEntries = (library: Library): EntryPrinters => {
  const positions = (from: string, steps: readonly string[], lengths: readonly string[]): string =>
    `${library.use('positions')}(${from}, [${steps.map((s) => s.replaceAll(' ', '')).join(', ')}], [${lengths.join(', ')}])`;
  return {
    gather(step, c) {
      const x = c.name(step.x);
      const own = strides(c.sizes(c.shape(step.x)));
      const fixed = step.axes.flatMap((axis, k) => (typeof axis === 'number' ? [] : [{ axis: k, at: axis.at }]));
      const steps = step.shape.map((_, out) => sum(step.axes.map((axis, k) => (axis === out ? own[k]! : '0'))));
      const sizes = c.sizes(step.shape);
      const entries = col(`${x}(${positions(start(fixed, own, c), steps, sizes)})`, true);
      // Indexed by a vector, a row stays a row: the shape is said again.
      return c.language.reshape(entries, sizes);
    },
    scatter(step, id, c) {
      const { language: l } = c;
      const own = strides(c.sizes(step.shape));
      const from = start(step.fixed, own, c);
      const steps = step.axes.map((group) => sum(group.map((axis) => own[axis]!)));
      const lengths = c.sizes(c.shape(step.x));
      const x = scaled(step.scale, c.code(step.x), c);
      const out = c.naming.value(id);
      const at = lengths.length === 0 ? from : positions(from, steps, lengths);
      c.lines.push(`${out} = ${l.structures.zeros(c.sizes(step.shape)).text};`, `${out}(${at}) = ${x.text};`);
      // Added as a whole: out(at) has the orientation of out where it is a row or a column.
      if (step.base !== undefined) c.lines.push(`${out} = ${l.infix('add', c.code(step.base), col(out, true)).text};`);
      return col(out, true);
    },
    delta(step, id, c) {
      const sizes = c.sizes(step.shape);
      const out = c.naming.value(id);
      c.lines.push(
        `${out} = ${c.language.structures.zeros(sizes).text};`,
        `${out}(${positions('1', [sum(strides(sizes))], [sizes[0]!])}) = 1;`,
      );
      return col(out, true);
    },
  };
};
