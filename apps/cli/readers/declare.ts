import { type Declaration, parseDeclarations } from '../../../src/api/index.ts';
import { Refused, refuse } from '../refuse.ts';
import { isRecord } from './json.ts';

/**
 * The `declare` of a batch line: an object of shapes by name, or a list of `[name, shape]` pairs. A shape is
 * `{"shape": [3, "n"], "symmetric": true}`, a list of sizes, or text as a program writes it: `"m x n symmetric"`,
 * `"elementwise"`, `"R^n -> R"`.
 */
export function readDeclare(declare: unknown): Declaration[] {
  if (declare === undefined || declare === null) return [];
  const pairs = Array.isArray(declare) ? declare : isRecord(declare) ? Object.entries(declare) : undefined;
  if (!pairs)
    return refuse('usage/field', "'declare' must be an object of shapes by name, or a list of [name, shape] pairs");
  const seen = new Set<string>();
  return pairs.map((pair: unknown, k) => {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string')
      return refuse('usage/field', `entry ${k + 1} of 'declare' is not a pair [name, shape]`);
    const declaration = readOne(pair[0], pair[1] as unknown);
    if (seen.has(declaration.name)) refuse('declaration/duplicate', `'${declaration.name}' is declared twice`);
    seen.add(declaration.name);
    return declaration;
  });
}

function readOne(given: string, what: unknown): Declaration {
  const name = readName(given);
  if (typeof what === 'string') return declared(`${name}: ${what}`, name);
  if (Array.isArray(what)) return array(name, what, []);
  if (!isRecord(what)) return refuse('declaration/shape', `the shape of '${name}' must be a list of sizes`);
  const shape = what.shape;
  if (typeof shape === 'string') return declared(`${name}: ${[shape, ...propertiesOf(what, name)].join(' ')}`, name);
  if (!Array.isArray(shape)) return refuse('declaration/shape', `the shape of '${name}' must be a list of sizes`);
  return array(name, shape, propertiesOf(what, name));
}

function readName(given: string): string {
  const shown = given.length > 40 ? `${given.slice(0, 40)}…` : given;
  const read = /[:;,\n#%]/.test(given) ? undefined : parseDeclarations(`${given}: scalar`);
  const name = read?.ok && read.value.length === 1 ? read.value[0]!.name : undefined;
  return (
    name ??
    refuse('declaration/name', `'${shown}' is not a name`, 'a name is letters, digits and _, and begins with a letter')
  );
}

/** Says sizes as JSON holds them, which text could not: -2, 1.5, null. */
function array(name: string, sizes: readonly unknown[], properties: readonly string[]): Declaration {
  const texts = sizes.map((size) => {
    if (typeof size === 'number' && Number.isSafeInteger(size) && size > 0) return String(size);
    if (typeof size === 'string' && /^[^\s:;,()[\]{}]+$/.test(size)) return size;
    return refuse(
      'declaration/size',
      `size ${JSON.stringify(size)} of '${name}' is not a positive integer`,
      'a size is a positive integer or a symbol',
    );
  });
  const declaration = declared(`${name}: (${texts.join(', ')}) ${properties.join(' ')}`, name);
  const { shape } = declaration;
  if (shape.kind !== 'array' || shape.axes.length !== sizes.length)
    return refuse('declaration/shape', `the shape of '${name}' must be a list of sizes`);
  return declaration;
}

/** One declaration from its text. Its span is dropped: it would point into text that the user never wrote. */
function declared(text: string, name: string): Declaration {
  const read = parseDeclarations(text);
  if (!read.ok) throw new Refused(read.errors.map(({ span: _, ...rest }) => rest));
  const [declaration, ...more] = read.value;
  if (!declaration || more.length > 0 || declaration.name !== name)
    return refuse('declaration/shape', `the declaration of '${name}' holds more than one shape`);
  const { span: _, ...rest } = declaration;
  return rest;
}

function propertiesOf(what: Readonly<Record<string, unknown>>, name: string): string[] {
  const listed = what.properties;
  if (listed !== undefined && (!Array.isArray(listed) || listed.some((p) => typeof p !== 'string')))
    refuse('declaration/property', `the properties of '${name}' must be a list of words`);
  const found = ((listed ?? []) as string[]).slice();
  for (const [key, value] of Object.entries(what)) {
    if (key === 'shape' || key === 'properties') continue;
    if (typeof value !== 'boolean') refuse('declaration/property', `'${key}' of '${name}' must be true or false`);
    if (value)
      found.push(
        key
          .replace(/[_-]/g, ' ')
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .toLowerCase(),
      );
  }
  return found;
}
