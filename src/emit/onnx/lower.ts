import { fail } from '../../base/diagnostic.ts';
import type { CallName, CallStep, Step } from '../../plan/plan.ts';
import { lowerAdjugate, lowerCholesky } from './factors.ts';
import type { Ref } from './graph.ts';
import { lowerMap } from './map.ts';
import { lowerGather, lowerReshape, lowerScatter, lowerStructure } from './moves.ts';
import { lowerPseudoInverse } from './pinv.ts';
import { lowerGram, lowerMatmul } from './products.ts';
import {
  lowerExtreme,
  lowerLogSumExp,
  lowerMask,
  lowerProduct,
  lowerProductOfOthers,
  lowerSoftmax,
} from './reductions.ts';
import type { Scope } from './scope.ts';
import { lowerDeterminant, lowerInverse, lowerLogDeterminant, lowerSolve } from './solvers.ts';

type Lowerings = {
  readonly [K in Step['kind']]: (step: Extract<Step, { kind: K }>, scope: Scope) => Ref;
};

const calls: Readonly<Record<CallName, (step: CallStep, scope: Scope) => Ref>> = {
  inv: lowerInverse,
  det: lowerDeterminant,
  logdet: lowerLogDeterminant,
  pinv: lowerPseudoInverse,
  chol: lowerCholesky,
  softmax: lowerSoftmax,
  logsumexp: lowerLogSumExp,
  max: (step, scope) => lowerExtreme(step, scope, 'ReduceMax'),
  min: (step, scope) => lowerExtreme(step, scope, 'ReduceMin'),
  maxmask: (step, scope) => lowerMask(step, scope, 'ReduceMax'),
  minmask: (step, scope) => lowerMask(step, scope, 'ReduceMin'),
  prod: lowerProduct,
  solve: (step, scope) => lowerSolve(step, scope, false),
  solvetransposed: (step, scope) => lowerSolve(step, scope, true),
  adjugate: lowerAdjugate,
  prodothers: lowerProductOfOthers,
};

const lowerings: Lowerings = {
  input: (step, scope) => scope.input(step.input),
  number: (step, { m }) => m.number(step.value),
  structure: lowerStructure,
  gather: lowerGather,
  scatter: lowerScatter,
  reshape: lowerReshape,
  map: lowerMap,
  matmul: lowerMatmul,
  gram: lowerGram,
  call: (step, scope) => calls[step.fn](step, scope),
  unknown: ({ fn }) =>
    fail(
      'usage/target',
      `ONNX has no place for the function '${fn}', which the program leaves unknown`,
      undefined,
      `define ${fn} in the program, or choose a target whose code can call it`,
    ),
};

/** The value of a step as an array of the model. */
export const lowerStep = (step: Step, scope: Scope): Ref =>
  (lowerings[step.kind] as (step: Step, scope: Scope) => Ref)(step, scope);
