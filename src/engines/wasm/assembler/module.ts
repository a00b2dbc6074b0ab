import { flatten, text, unsigned, vector } from './encode.ts';
import { createFunction, type FunctionBuilder } from './function.ts';
import { constant, valueTypeByte } from './operation.ts';
import type { Code, Func, Global, ValueType } from './value.ts';

export interface MemoryLimits {
  /** Pages of 64 KiB. */
  readonly initial: number;
  readonly maximum?: number;
  /** Shared between threads; needs a maximum. */
  readonly shared?: boolean;
}

/** Collects the parts of a module and writes it. */
export interface ModuleBuilder {
  importFunc<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    module: string,
    name: string,
    types: P,
    results: R,
  ): Func<P, R>;
  /** A function whose body is written with the builder that this returns. */
  func<const P extends readonly ValueType[], const R extends readonly ValueType[]>(
    name: string,
    types: P,
    results: R,
  ): FunctionBuilder<P, R>;
  /** The one memory: from outside, or its own. */
  importMemory(module: string, name: string, limits: MemoryLimits): void;
  memory(limits: MemoryLimits): void;
  global<T extends 'i32' | 'i64' | 'f32' | 'f64'>(type: T, value: T extends 'i64' ? bigint : number): Global<T>;
  exportFunc(name: string, func: Func): void;
  exportMemory(name: string): void;
  /** Bytes that stand in memory when the module starts. */
  data(address: number, bytes: ArrayLike<number>): void;
  /** What `make` returned when it was first called for this key: how functions are added only where they are used. */
  once<T>(key: string, make: () => T): T;
  bytes(): Uint8Array<ArrayBuffer>;
}

const limitsCode = ({ initial, maximum, shared }: MemoryLimits): Code =>
  maximum === undefined ? [0x00, unsigned(initial)] : [shared ? 0x03 : 0x01, unsigned(initial), unsigned(maximum)];

/** A section is left out when it lists nothing. */
const section = (id: number, entries: readonly Code[]): Code => {
  if (entries.length === 0) return [];
  const bytes = flatten(vector(entries));
  return [id, unsigned(bytes.length), bytes];
};

export function createModule(): ModuleBuilder {
  const signatures = new Map<string, { readonly index: number; readonly code: Code }>();
  const imports: Code[] = [];
  const memories: Code[] = [];
  const globals: Code[] = [];
  const exports: Code[] = [];
  const data: Code[] = [];
  const bodies: { readonly signature: number; readonly body: () => Code }[] = [];
  const made = new Map<string, unknown>();
  let importedFunctions = 0;

  const types = (list: readonly ValueType[]): Code => vector(list.map((t) => [valueTypeByte[t]]));
  const signature = (from: readonly ValueType[], to: readonly ValueType[]): number => {
    const key = `${from} → ${to}`;
    const known = signatures.get(key);
    if (known) return known.index;
    const index = signatures.size;
    signatures.set(key, { index, code: [0x60, types(from), types(to)] });
    return index;
  };

  return {
    importFunc(module, name, from, to) {
      const index = importedFunctions++;
      imports.push([text(module), text(name), 0x00, unsigned(signature(from, to))]);
      return { name, types: from, results: to, index: () => index };
    },
    func(name, from, to) {
      const position = bodies.length;
      const made = createFunction(name, from, to, () => importedFunctions + position);
      bodies.push({ signature: signature(from, to), body: made.body });
      return made.builder;
    },
    importMemory(module, name, limits) {
      imports.push([text(module), text(name), 0x02, limitsCode(limits)]);
    },
    memory(limits) {
      memories.push(limitsCode(limits));
    },
    global(type, value) {
      const global = globals.length;
      globals.push([valueTypeByte[type], 0x01, constant(type, value).code, 0x0b]);
      return { type, global, code: [0x23, unsigned(global)] };
    },
    exportFunc(name, func) {
      exports.push([text(name), 0x00, func]);
    },
    exportMemory(name) {
      exports.push([text(name), 0x02, 0x00]);
    },
    data(address, bytes) {
      data.push([0x00, constant('i32', address).code, 0x0b, unsigned(bytes.length), Array.from(bytes)]);
    },
    once<T>(key: string, make: () => T): T {
      if (!made.has(key)) made.set(key, make());
      return made.get(key) as T;
    },
    bytes() {
      const functions = bodies.map(({ body }): Code => {
        const bytes = flatten(body());
        return [unsigned(bytes.length), bytes];
      });
      const sections = [
        section(
          1,
          [...signatures.values()].map((s) => s.code),
        ),
        section(2, imports),
        section(
          3,
          bodies.map((b) => unsigned(b.signature)),
        ),
        section(5, memories),
        section(6, globals),
        section(7, exports),
        section(10, functions),
        section(11, data),
      ];
      return flatten([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, sections]);
    },
  };
}
