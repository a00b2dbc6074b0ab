/**
 * The part of `koffi` that is used. Written down here because nothing in src/ imports a package: whoever creates the
 * engine passes koffi in.
 */
export interface Koffi {
  load(path: string): ForeignLibrary;
}

export interface ForeignLibrary {
  func(name: string, result: string, parameters: string[]): ForeignFunction;
}

/** A pointer is passed as a typed array: the callee reads and writes its memory, nothing is copied. */
export type Pointer = Float64Array | Float32Array | Int32Array | Uint8Array;
export type ForeignFunction = (...values: readonly (number | Pointer)[]) => unknown;
