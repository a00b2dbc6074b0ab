import type { ScatterStep } from '../../plan/plan.ts';
import type { ColumnContext } from '../columns/context.ts';
import { col, isName } from '../columns/language.ts';
import { position } from '../columns/move.ts';
import { scaled } from '../columns/product.ts';
import type { EntryPrinters } from '../columns/steps.ts';

/** Loops over axes, written so that the first axis runs fastest, as arrays lie in memory. */
const ranges = (variables: readonly string[], sizes: readonly string[]): string =>
  [...variables.keys()]
    .reverse()
    .map((k) => `${variables[k]} in 1:${sizes[k]}`)
    .join(', ');

/** Entries at positions that depend on one another, by comprehensions and loops. */
export const juliaEntries = (type: string): EntryPrinters => ({
  gather(step, c) {
    const sizes = c.sizes(step.shape);
    const variables = sizes.map((_, k) => c.naming.loop(k));
    const index = step.axes.map((axis) => (typeof axis === 'number' ? variables[axis]! : position(c, axis.at)));
    const loops = variables.map((variable, k) => `${variable} in 1:${sizes[k]}`).join(', ');
    return col(`[${c.name(step.x)}[${index.join(', ')}] for ${loops}]`, true);
  },
  scatter(step, id, c) {
    const out = c.naming.value(id);
    const zeros = c.language.structures.zeros(c.sizes(step.shape)).text;
    // Named before the loops, so that nothing is computed inside them.
    const x = step.axes.length > 0 ? c.name(step.x) : c.code(step.x).text;
    const base = step.base === undefined ? undefined : c.code(step.base);
    // An expression makes an array of its own, but for a transpose, which is a view.
    const start = base === undefined ? zeros : (base.stored ?? (isName(base) ? `copy(${base.text})` : base.text));
    c.lines.push(c.language.assign(out, start));
    const sizes = c.sizes(c.shape(step.x));
    const variables = sizes.map((_, k) => c.naming.loop(k));
    const source = sizes.length === 0 ? x : `${x}[${variables.join(', ')}]`;
    const entry = scaled(step.scale, col(source, false), c).text;
    const write = `${out}[${indexOf(step, variables, c)}] ${step.base === undefined ? '=' : '+='} ${entry}`;
    if (sizes.length === 0) c.lines.push(write);
    else c.lines.push(`for ${ranges(variables, sizes)}`, [write], 'end');
    return col(out, true);
  },
  delta(step, _id, c) {
    const [n] = c.sizes(step.shape);
    const variables = step.shape.map((_, k) => c.naming.loop(k));
    return col(`[${type}(${variables.join(' == ')}) for ${variables.map((v) => `${v} in 1:${n}`).join(', ')}]`, true);
  },
});

const indexOf = (step: ScatterStep, variables: readonly string[], c: ColumnContext): string =>
  step.shape
    .map((_, axis) => {
      const fixed = step.fixed.find((f) => f.axis === axis);
      return fixed ? position(c, fixed.at) : variables[step.axes.findIndex((group) => group.includes(axis))]!;
    })
    .join(', ');
