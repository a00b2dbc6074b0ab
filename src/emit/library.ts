/** A piece of a target's run-time support: its text, and the pieces that it calls. */
export interface Helper {
  readonly text: string;
  readonly needs?: readonly string[];
}

/** Collects which helpers a file uses, so that no other is printed. */
export interface Library {
  /** Notes that a helper is used and returns its name. */
  use(name: string): string;
  readonly used: ReadonlySet<string>;
  /** The used helpers, in the order of the table. */
  texts(): readonly string[];
}

/** A library over a table; where the target needs it, helpers stand there after those that they call. */
export function createLibrary(table: ReadonlyMap<string, Helper>): Library {
  const used = new Set<string>();
  const use = (name: string): string => {
    if (!used.has(name)) {
      used.add(name);
      for (const needed of table.get(name)?.needs ?? []) use(needed);
    }
    return name;
  };
  return { use, used, texts: () => [...table].filter(([name]) => used.has(name)).map(([, helper]) => helper.text) };
}
