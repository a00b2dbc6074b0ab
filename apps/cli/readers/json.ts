import { refuse } from '../refuse.ts';

/** `JSON.parse` that refuses a key given twice in one object, where the first value would be lost without a word. */
export function readJson(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    refuse('usage/json', `${what} is not JSON: ${(error as Error).message}`);
  }
  const key = repeatedKey(text);
  if (key !== undefined) refuse('usage/duplicate', `the key '${key}' stands twice in one object of ${what}`);
  return value;
}

/** The first key that an object of this (valid) JSON text repeats. Keys are compared as they are written. */
function repeatedKey(text: string): string | undefined {
  const objects: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '{') objects.push(new Set());
    else if (char === '}') objects.pop();
    else if (char === '"') {
      const start = i + 1;
      for (i = start; text[i] !== '"'; i++) if (text[i] === '\\') i++;
      let after = i + 1;
      while (' \t\r\n'.includes(text[after] ?? '.')) after++;
      if (text[after] !== ':') continue;
      const key = text.slice(start, i);
      const seen = objects.at(-1)!;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
