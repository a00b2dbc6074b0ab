import { type FunctionBuilder, i32, type Local } from './assembler/index.ts';

/** The part of the work that a thread does. */
export interface Part {
  readonly index: Local<'i32'>;
  readonly parts: number;
}

/** A piece of a step that is done before the next one begins. */
export interface Phase {
  /** Whether threads share it: `write` then gets the part. */
  readonly cut: boolean;
  write(f: FunctionBuilder, part?: Part): void;
}

/** A length in `parts` ranges that begin at multiples of `unit`. */
export function even(length: number, parts: number, unit: number): readonly (readonly [number, number])[] {
  const cut = (part: number): number =>
    part === parts ? length : Math.min(length, Math.round((length * part) / parts / unit) * unit);
  return Array.from({ length: parts }, (_, part) => [cut(part), cut(part + 1)] as const);
}

/** Writes what each part does; one part without a choice. */
export function each(f: FunctionBuilder, part: Part | undefined, count: number, write: (k: number) => void): void {
  for (let k = 0; k < count; k++)
    if (part) f.if(i32.eq(part.index, k), () => f.scope(() => write(k)));
    else f.scope(() => write(k));
}
