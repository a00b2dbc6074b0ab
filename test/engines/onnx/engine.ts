import { entryCount } from '../../../src/base/ndarray.ts';
import { createRandom } from '../../../src/base/random.ts';
import { writeOnnx } from '../../../src/emit/onnx/index.ts';
import { createOnnxEngine } from '../../../src/engines/onnx/index.ts';
import { extents } from '../../../src/plan/bind.ts';
import type { Step } from '../../../src/plan/plan.ts';
import { type PlanCase, randomPlan } from '../../plan/random-plan.ts';

export const onnx = createOnnxEngine({ write: writeOnnx, load: () => import('onnxruntime-node') });

/** A random plan whose unknown functions are inputs instead: the format has no place for them. */
export function randomOnnxPlan(seed: number, length = 14, large = false): PlanCase {
  const { plan, inputs } = randomPlan(seed, length, large);
  const random = createRandom('onnx', seed);
  const more = new Map<string, Float64Array>();
  const steps = plan.steps.map((step, k): Step => {
    if (step.kind !== 'unknown') return step;
    const shape = extents(step.shape);
    more.set(
      `u${k}`,
      Float64Array.from({ length: entryCount(shape) }, () => random.between(-1, 1)),
    );
    return { kind: 'input', input: `u${k}`, shape };
  });
  const given = [...more.keys()].map((name) => {
    const step = steps.find((s) => s.kind === 'input' && s.input === name)!;
    return { name, shape: step.shape, properties: [] };
  });
  return {
    plan: { ...plan, steps, functions: [], inputs: [...plan.inputs, ...given] },
    inputs: new Map([...inputs, ...more]),
  };
}
