import type { Plan } from '../../plan/plan.ts';
import { type Size, sizeSymbols } from '../../shape/size.ts';
import type { Naming } from '../naming.ts';
import { placesOf } from '../places.ts';
import { binding, wrapped } from '../scalar.ts';
import { readSizes } from '../sizes.ts';
import { sizeCode } from './body.ts';
import { type Dialect, tuple } from './dialect.ts';
import { lineWidth } from './lines.ts';

/** A keyword parameter, and the symbol of the plan that it stands for; none for a function. */
export interface Keyword {
  readonly parameter: string;
  readonly of: 'size' | 'position' | 'function';
  readonly symbol: string;
}

/** The keyword parameters that go with the inputs, without the type of the arrays. */
export function keywordParameters(plan: Plan, naming: Naming): readonly Keyword[] {
  return [
    ...readSizes(plan).parameters.map((symbol) => ({
      parameter: naming.sizes.get(symbol)!,
      of: 'size' as const,
      symbol,
    })),
    ...plan.indices.map((symbol) => ({ parameter: naming.indices.get(symbol)!, of: 'position' as const, symbol })),
    ...plan.functions.flatMap((f) =>
      f.orders.map((order) => ({ parameter: naming.fnOf(f.name, order), of: 'function' as const, symbol: f.name })),
    ),
  ];
}

/** A statement, or the reading of a size off an axis, which is only printed where something uses it. */
type Item = string | Reading;
interface Reading {
  readonly size: string;
  readonly of: string;
  readonly rank: number;
  readonly axis: number;
  /** What the length of the axis is divided by. */
  readonly divisor?: string;
}
const isReading = (item: Item): item is Reading => typeof item !== 'string';

/** Reads the sizes that `body` uses off the inputs, and refuses shapes and positions that do not fit. */
export function shapeChecks(plan: Plan, naming: Naming, dialect: Dialect, body: readonly string[]): readonly string[] {
  const items = [...checkItems(plan, naming, dialect), ...positionChecks(plan, naming)];
  return withReadings(items, body);
}

/** The readings alone, for a function whose arguments are known to fit. */
export function sizeReadings(plan: Plan, naming: Naming, dialect: Dialect, body: readonly string[]): readonly string[] {
  return withReadings(checkItems(plan, naming, dialect).filter(isReading), body);
}

/** Drops the readings that nothing uses, and writes those of all axes of one input together. */
function withReadings(items: readonly Item[], body: readonly string[]): readonly string[] {
  // Of a message only what it computes counts.
  const text = [...items.filter((item) => !isReading(item)), ...body]
    .join('\n')
    .replace(/"[^"]*"/g, (message) => (message.match(/\{[^}]*\}/g) ?? []).join(' '));
  const used = new Set(text.match(/[A-Za-z_]\w*/g));
  const readings = items
    .filter(isReading)
    .reverse()
    .filter((r) => {
      if (!used.has(r.size)) return false;
      for (const name of r.divisor?.match(/[A-Za-z_]\w*/g) ?? []) used.add(name);
      return true;
    });
  return items.flatMap((item) => {
    if (!isReading(item)) return [item];
    if (!readings.includes(item)) return [];
    if (item.divisor !== undefined) return [`${item.size} = ${item.of}.shape[${item.axis}] // ${item.divisor}`];
    const group = readings.filter((r) => r.of === item.of && r.divisor === undefined).reverse();
    if (group.length < item.rank) return [`${item.size} = ${item.of}.shape[${item.axis}]`];
    const sizes = group.map((r) => r.size);
    return group[0] === item ? [`${sizes.length === 1 ? `(${sizes[0]},)` : sizes.join(', ')} = ${item.of}.shape`] : [];
  });
}

function checkItems(plan: Plan, naming: Naming, dialect: Dialect): readonly Item[] {
  const { readings, shows } = readSizes(plan);
  const lines: Item[] = [];
  const known = new Set(readSizes(plan).parameters);
  const expected = (shape: readonly Size[]): string => tuple(shape.map((size) => sizeCode(size, naming).text));
  const refuse = (condition: string, rule: string, name: string): void => {
    lines.push(`if ${condition}:`, ...raised(rule, `got {${dialect.shapeText(name)}}`).map((line) => `    ${line}`));
  };
  const waiting: number[] = [];
  const compare = (k: number): void => {
    const [name, shape] = [naming.inputs[k]!, expected(plan.inputs[k]!.shape)];
    const numbers = plan.inputs[k]!.shape.some((size) => typeof size === 'string') ? ` = {${shape}}` : '';
    refuse(`${name}.shape != ${shape}`, `${name} must have shape ${shape}${numbers}`, name);
  };

  plan.inputs.forEach(({ shape }, k) => {
    const name = naming.inputs[k]!;
    const shown = shape.map((_, axis) => shows(k, axis));
    const own = readings.filter((r) => r.input === k && r.divisor === 1 && shows(k, r.axis) === r.symbol);
    if (own.length > 0) {
      refuse(`${name}.ndim != ${shape.length}`, `${name} must have shape ${expected(shape)}`, name);
      for (const { symbol, axis } of own) {
        lines.push({ size: naming.sizes.get(symbol)!, of: name, rank: shape.length, axis });
        known.add(symbol);
      }
    }
    if (shown.every((symbol) => symbol !== undefined) && shape.length > 0) return;
    if (shape.every((size) => sizeSymbols(size).every((symbol) => known.has(symbol)))) compare(k);
    else waiting.push(k);
  });
  for (const r of readings) {
    if (known.has(r.symbol)) continue;
    known.add(r.symbol);
    const name = naming.inputs[r.input]!;
    const rank = plan.inputs[r.input]!.shape.length;
    refuse(`${name}.ndim != ${rank}`, `${name} must have ${rank} ${rank === 1 ? 'axis' : 'axes'}`, name);
    const divisor = wrapped(sizeCode(r.divisor, naming), binding.atom);
    lines.push({ size: naming.sizes.get(r.symbol)!, of: name, rank, axis: r.axis, divisor });
  }
  for (const k of waiting) compare(k);
  return lines;
}

/** `raise ValueError(f"…, …")`, over several lines where one is too short. */
function raised(rule: string, found: string): readonly string[] {
  const one = `raise ValueError(f"${rule}, ${found}")`;
  if (one.length + 8 <= lineWidth) return [one];
  const whole = `    f"${rule}, ${found}"`;
  const texts = whole.length + 8 <= lineWidth ? [whole] : [`    f"${rule}, "`, `    f"${found}"`];
  return ['raise ValueError(', ...texts, ')'];
}

/** Positions that are outside of their axis: `x[7]` of five entries. */
function positionChecks(plan: Plan, naming: Naming): readonly string[] {
  const lines: string[] = [];
  const said = new Set<string>();
  for (const { at, size } of placesOf(plan)) {
    if (typeof at === 'number' && typeof size === 'number') continue;
    const n = sizeCode(size, naming).text;
    const name = typeof at === 'string' ? naming.indices.get(at)! : String(at);
    const condition = typeof at === 'string' ? `not 1 <= ${name} <= ${n}` : `${n} < ${name}`;
    if (said.has(condition)) continue;
    said.add(condition);
    const position = typeof at === 'string' ? `position ${name} = {${name}}` : `position ${name}`;
    lines.push(`if ${condition}:`, `    raise IndexError(f"${position} is outside of 1 to {${n}}")`);
  }
  return lines;
}
