import type { ColumnContext } from '../columns/context.ts';
import { col } from '../columns/language.ts';
import { position } from '../columns/move.ts';
import type { EntryPrinters } from '../columns/steps.ts';
import type { Library } from '../library.ts';

const factor = (text: string): string => (/^\w+$/.test(text) ? text : `(${text})`);
const sum = (terms: readonly string[]): string => terms.filter((t) => t !== '0').join(' + ') || '0';

/** Column-major strides as text: 1, m, m*n … */
const strides = (sizes: readonly string[]): readonly string[] =>
  sizes.map((_, k) => (k === 0 ? '1' : sizes.slice(0, k).map(factor).join('*')));

/** The linear index of an entry at fixed positions, the other axes at 1. */
function start(fixed: readonly { readonly at: number | string; readonly stride: string }[], c: ColumnContext): string {
  // Along the first axis the position is the index itself.
  const first = fixed.find(({ stride }) => stride === '1');
  const rest = fixed.flatMap(({ at, stride }) => {
    if (stride === '1' || at === 1) return [];
    return [typeof at === 'number' ? `${at - 1}*${stride}` : `(${position(c, at)} - 1)*${stride}`];
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
      const fixed = step.axes.flatMap((axis, k) =>
        typeof axis === 'number' ? [] : [{ at: axis.at, stride: own[k]! }],
      );
      const steps = step.shape.map((_, out) => sum(step.axes.map((axis, k) => (axis === out ? own[k]! : '0'))));
      return col(`${x}(${positions(start(fixed, c), steps, c.sizes(step.shape))})`, true);
    },
    scatter(step, id, c) {
      const { language: l } = c;
      const own = strides(c.sizes(step.shape));
      const from = start(
        step.fixed.map(({ axis, at }) => ({ at, stride: own[axis]! })),
        c,
      );
      const steps = step.axes.map((group) => sum(group.map((axis) => own[axis]!)));
      const lengths = c.sizes(c.shape(step.x));
      const base = step.base === undefined ? undefined : c.code(step.base).text;
      const source = c.code(step.x);
      const x = step.scale === 1 ? source : l.infix('multiply', l.number(step.scale), source);
      const out = c.naming.value(id);
      const zeros = l.structures.zeros(c.sizes(step.shape)).text;
      const at = lengths.length === 0 ? from : positions(from, steps, lengths);
      if (base === undefined) c.lines.push(`${out} = ${zeros};`, `${out}(${at}) = ${x.text};`);
      else {
        const where = lengths.length === 0 ? at : c.local(col(at, true), 'at').text;
        c.lines.push(`${out} = ${base};`, `${out}(${where}) = ${out}(${where}) + ${x.text};`);
      }
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
