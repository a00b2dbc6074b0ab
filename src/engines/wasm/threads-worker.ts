import { hostFunctions } from './kernels/lanes.ts';
import { type WasmModule, webAssembly } from './platform.ts';
import { awaitChange, control, stop, type ThreadSetup } from './threads-protocol.ts';

/** Works on orders until it is told to stop. `ready` is called when the first order may come. */
export function serve(setup: ThreadSetup, ready: () => void): void {
  const { module, memory, index, functions, unused } = setup;
  const imports: Record<string, Record<string, unknown>> = { host: { memory }, math: hostFunctions };
  for (const [from, name] of unused) {
    imports[from] ??= Object.create(null) as Record<string, unknown>;
    imports[from][name] = () => Number.NaN;
  }
  const instance = new webAssembly!.Instance(module as WasmModule, imports);
  const exported = instance.exports as Readonly<Record<string, (part: number) => void>>;
  const work = functions.map((name) => exported[name]!);
  const words = new Int32Array(memory.buffer as SharedArrayBuffer, 0, control.bytes / 4);
  let order = Atomics.load(words, control.order);
  ready();
  for (;;) {
    order = awaitChange(words, control.order, order, true);
    const at = Atomics.load(words, control.work);
    // Whatever happens, the others must not wait for ever.
    try {
      if (at !== stop) work[at]!(index);
    } catch {
      Atomics.store(words, control.failed, 1);
    }
    if (Atomics.sub(words, control.pending, 1) === 1) Atomics.notify(words, control.pending);
    if (at === stop) return;
  }
}
