import { derive } from './derive.ts';
import { request, unwrap } from './result.ts';
import type { Certificate, Derivative, DeriveOptions, Result } from './types.ts';

/**
 * Certifies a derivative again, at other random points: the same checks with another seed.
 * Errors: those of `derive`.
 */
export const certify = (derivative: Derivative, seed: number, options: DeriveOptions = {}): Result<Certificate> =>
  request(options, () => {
    const { program, wrt, layout } = derivative;
    return unwrap(derive(program.source, wrt, { ...options, layout, seed, certify: true })).certificate;
  });
