import { defaultLimits, type Limits } from '../../../src/api/index.ts';
import { refuse } from '../refuse.ts';

/** `--limit name=value`, given any number of times. */
export function readLimits(specs: readonly string[]): Partial<Limits> {
  const limits = new Map<string, number>();
  for (const spec of specs) {
    const [, name, value] = /^\s*(\w+)\s*=\s*(\d[\d_]*(?:e\d+)?)\s*$/.exec(spec) ?? [];
    const known = Object.keys(defaultLimits);
    if (name === undefined || !known.includes(name) || !(Number(value!.replaceAll('_', '')) > 0))
      refuse('usage/limit', `'${spec}' is not a limit`, `write name=value; the names are ${known.join(', ')}`);
    limits.set(name!, Number(value!.replaceAll('_', '')));
  }
  return Object.fromEntries(limits);
}
