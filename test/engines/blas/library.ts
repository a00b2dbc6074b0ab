import koffi from 'koffi';
import { type BlasEngine, createBlasEngine } from '../../../src/engines/blas/index.ts';
import type { BoundPlan } from '../../../src/plan/bind.ts';

const library = process.env.WRT_BLAS;
export const host = { koffi: async () => koffi, platform: process.platform, ...(library ? { library } : {}) };

/** The engine as it comes. */
export const blas = createBlasEngine(host);
/** The engine on whatever steps the library has code for, however small. */
export const eager: BlasEngine = createBlasEngine(host, (_plan: BoundPlan) => true);
/** Why the tests of this folder cannot run; they must, on a machine that checks changes. */
export const missing = await blas.unavailable();
