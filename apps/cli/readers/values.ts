import { fromNested, type NdArray } from '../../../src/api/index.ts';
import { refuse } from '../refuse.ts';
import { isRecord } from './json.ts';

/** The array that JSON gives for a name: a number, nested lists row by row, or `{shape, value}`. */
export function readValue(value: unknown, name: string): NdArray {
  const wrapped = isRecord(value);
  const array = fromNested(wrapped ? value.value : value);
  if (!array) return refuse('usage/value', `the value of '${name}' is not a number or nested lists of one shape`);
  const shape = wrapped ? value.shape : undefined;
  if (shape === undefined) return array;
  if (
    !Array.isArray(shape) ||
    !shape.every((n) => Number.isSafeInteger(n) && n > 0) ||
    shape.reduce((a: number, b: number) => a * b, 1) !== array.data.length
  )
    refuse(
      'usage/value',
      `the value of '${name}' has ${array.data.length} entries, which do not fill the shape ${JSON.stringify(shape)}`,
    );
  return { shape: shape as number[], data: array.data };
}

/** A JSON object of values by name. A Map, since `__proto__` is a name like any other. */
export function readValues(object: unknown, field: string): Map<string, NdArray> {
  if (!isRecord(object)) return refuse('usage/field', `'${field}' must be an object of values by name`);
  return new Map(Object.entries(object).map(([name, value]) => [name, readValue(value, name)]));
}
