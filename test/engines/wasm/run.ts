import {
  createModule,
  type Func,
  type MemoryLimits,
  type ModuleBuilder,
  type Value,
} from '../../../src/engines/wasm/assembler/index.ts';
import { webAssembly } from '../../../src/engines/wasm/platform.ts';

export const wasm = webAssembly!;

export type Exports = Readonly<Record<string, (...args: (number | bigint)[]) => number>>;

/** A module as its writer left it, with its functions exported by name and its memory as `buffer`. */
export function instantiate(
  write: (m: ModuleBuilder) => readonly Func[],
  limits: MemoryLimits = { initial: 1 },
  imports: Record<string, Record<string, unknown>> = {},
) {
  const m = createModule();
  const functions = write(m);
  m.memory(limits);
  m.exportMemory('memory');
  for (const f of functions) m.exportFunc(f.name, f);
  const instance = new wasm.Instance(new wasm.Module(m.bytes()), imports);
  const { memory } = instance.exports as unknown as { readonly memory: { readonly buffer: ArrayBuffer } };
  return { exports: instance.exports as unknown as Exports, buffer: memory.buffer };
}

/** The value of an expression without arguments. */
export function evaluate(value: Value): number | bigint {
  const { exports } = instantiate((m) => {
    const f = m.func('f', [], [value.type]);
    f.return(value);
    return [f];
  });
  return exports.f!();
}
