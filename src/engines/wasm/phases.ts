import type { FunctionBuilder, Local } from './assembler/index.ts';

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
