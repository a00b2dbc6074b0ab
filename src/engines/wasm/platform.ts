// The parts of the WebAssembly interface that are used here. It is the same in browsers and in Node; no type library of
// either is needed for it.

export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  grow(pages: number): number;
}
export interface WasmModule {
  readonly brand?: 'WebAssembly.Module';
}
export type WasmExport = (...args: (number | bigint)[]) => number | bigint | undefined;
export interface WasmInstance {
  readonly exports: Readonly<Record<string, WasmExport | WasmMemory>>;
}
export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface WasmPlatform {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  compile(bytes: Uint8Array<ArrayBuffer>): Promise<WasmModule>;
  instantiate(module: WasmModule, imports?: WasmImports): Promise<WasmInstance>;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => WasmModule;
  readonly Instance: new (module: WasmModule, imports?: WasmImports) => WasmInstance;
  readonly Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => WasmMemory;
}

/** `undefined` where there is no WebAssembly. */
export const webAssembly = (globalThis as { readonly WebAssembly?: WasmPlatform }).WebAssembly;
