import type { ComputeRequest, Dtype } from '../../../src/api/index.ts';
import { splitNames } from '../readers/request.ts';
import { refuse } from '../refuse.ts';
import type { ComputeFlags } from './jobs.ts';

/** What is to be computed together, from the command line: `w w,w` is the gradient and the Hessian by w. */
export function computeRequest(flags: ComputeFlags): ComputeRequest {
  const list = (names: readonly string[] | undefined): readonly string[] => (names ?? []).flatMap(splitNames);
  const derivatives = flags.wrt.map(splitNames);
  const { jvp, vjp, hvp, newton } = flags;
  return {
    value: flags.value,
    derivatives,
    jvp: list(jvp),
    vjp: list(vjp),
    hvp: list(hvp),
    newton: list(newton),
  };
}

/** `m=2000,n=500`. */
export function readSizes(specs: readonly string[]): Readonly<Record<string, number>> {
  const sizes = new Map<string, number>();
  for (const spec of specs.flatMap((s) => s.split(','))) {
    const [, symbol, text] = /^\s*([^=\s]+)\s*=\s*([\d_]+)\s*$/.exec(spec) ?? [];
    if (symbol === undefined) refuse('usage/sizes', `'${spec}' gives no size`, 'write sizes as m=2000,n=500');
    sizes.set(symbol!, Number(text!.replaceAll('_', '')));
  }
  // A null prototype: size symbols are the user's.
  return Object.assign(Object.create(null), Object.fromEntries([...sizes] as const));
}

export const readDtype = (text: string): Dtype =>
  text === 'float32' || text === 'f32'
    ? 'float32'
    : text === 'float64' || text === 'f64'
      ? 'float64'
      : refuse('usage/arguments', `'${text}' is no type of entries`, 'float64 and float32 are');
