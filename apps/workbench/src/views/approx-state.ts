import { computed, type Signal } from '@preact/signals';
import type { Interval, LocalView, Tangent, Turn } from '../../../../src/api/index.ts';
import type { AtPoint, GraphInput } from '../engine/protocol.ts';
import { analysis, change, derivative, follow, type Known, page, setting } from '../state/store.ts';
import { nested } from '../widgets/nested.ts';

export const also = setting('also');
export const entry = setting('entry');
export const towards = setting('towards');
export const degrees = setting('angle');
export const halving = setting('halving');

/** Names of numbers that could move beside the variable, where that is a number itself. */
export const companions = computed<readonly string[]>(() => {
  const { wrt } = page.value;
  const numbers = (analysis.value.value?.names ?? []).filter((n) => n.role === 'input' && n.axes.length === 0);
  if (wrt.length !== 1 || !numbers.some((n) => n.name === wrt[0])) return [];
  return numbers.map((n) => n.name).filter((name) => name !== wrt[0]);
});
/** The one that moves: the only one suggests itself. */
export const companion = computed<string | undefined>(() => {
  const names = companions.value;
  const wanted = also.value ?? (names.length === 1 ? names[0] : undefined);
  return wanted !== undefined && names.includes(wanted) ? wanted : undefined;
});

const atPoint = computed<AtPoint>(() => ({
  ...derivative.value,
  point: { seed: page.value.seed, values: page.value.values },
}));
const graphInput = computed<GraphInput>(() => ({
  ...atPoint.value,
  ...(companion.value === undefined ? {} : { also: companion.value }),
  ...(entry.value ? { entry: entry.value } : {}),
}));

/** Its window is asked for again, so that it stays while the point moves within it. */
export const local: Signal<Known<LocalView>> = follow('local', 'approx', () => {
  const kept: readonly Interval[] | undefined = local?.peek().value?.tangent?.window;
  return { ...graphInput.value, ...(kept ? { window: kept } : {}) };
});

/** Values of the variables that move, at other places. */
function moved({ inputs }: LocalView, at: readonly number[]): Readonly<Record<string, unknown>> {
  let from = 0;
  return Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const count = shape.reduce((a, b) => a * b, 1);
      const part = at.slice(from, from + count);
      from += count;
      return [name, nested(shape, part)] as const;
    }),
  );
}

/** Where the point was put last; what is known of it there may still be on its way. */
let wanted: readonly number[] = [];

/** Puts the point elsewhere, within the window. */
export function moveTo(at: readonly number[]): void {
  const known = local.value.value;
  if (!known?.tangent) return;
  const { window } = known.tangent;
  wanted = at.map((v, k) => Math.max(window[k]![0], Math.min(window[k]![1], Number(v.toFixed(3)))));
  change({ values: { ...page.value.values, ...moved(known, wanted) } });
}

/** Moves the point on from where it was put last, by parts of the window. */
export function nudge(by: readonly number[]): void {
  const tangent = local.value.value?.tangent;
  if (!tangent) return;
  const from = local.value.pending ? wanted : tangent.coordinates.map((c) => c.at);
  moveTo(from.map((v, k) => v + by[k]! * (tangent.window[k]![1] - tangent.window[k]![0])));
}

/** The same picture wherever the point is in it: it is asked for at the middle of the window. */
export const graph = follow('graph', 'approx', () => {
  const known = local.value.value;
  if (local.value.pending || !known?.tangent) return undefined;
  const { window } = known.tangent;
  const { seed, values } = page.value;
  const middle = window.map(([low, high]) => (low + high) / 2);
  return { ...graphInput.value, point: { seed, values: { ...values, ...moved(known, middle) } }, window };
});

/** The entry that the answers are about, also where none was chosen. */
const looked = computed(() => {
  const found = entry.value ?? local.value.value?.entries[0]?.entry;
  return found ? { entry: found } : {};
});
const direction = computed<Turn>(() => ({
  degrees: degrees.value,
  ...(towards.value ? { towards: towards.value } : {}),
}));

export const approx = follow('approx', 'approx', () => {
  const known = local.value.value;
  if (local.value.pending || !known) return undefined;
  return { ...atPoint.value, ...looked.value, ...(known.turns ? { direction: direction.value } : {}) };
});

/** The steps at which the function has a value. */
export const steps = computed(() => approx.value.value?.data.steps.filter((step) => step.finite) ?? []);
export const step = computed(() => steps.value[Math.min(halving.value, steps.value.length - 1)]);

export const dial = follow('dial', 'approx', () => {
  const { pending, value } = local.value;
  if (pending || !value?.turns || !step.value) return undefined;
  const { towards: to } = direction.value;
  return { ...atPoint.value, ...looked.value, ...(to ? { towards: to } : {}), h: step.value.h };
});

/** Where the chosen step ends, in the coordinates of the graph. */
export function endOf({ coordinates }: Tangent): readonly number[] | undefined {
  const data = approx.value.value?.data;
  const h = step.value?.h;
  if (!data || h === undefined) return undefined;
  // A second variable stays where it is.
  return coordinates.map(({ at }, k) => at + h * (data.direction.value.data[k] ?? 0));
}
