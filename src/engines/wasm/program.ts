import { fail } from '../../base/diagnostic.ts';
import { elementwiseTable } from '../../ops/index.ts';
import type { BoundPlan } from '../../plan/bind.ts';
import { layoutBuffers } from '../../plan/buffers.ts';
import type { ValueId } from '../../plan/plan.ts';
import { outputValues } from '../../plan/values.ts';
import type { EngineOptions, NumberArray } from '../engine.ts';
import { stepRunner } from '../js/steps.ts';
import type { SteppedProgram } from '../stepped.ts';
import { type PhaseFunction, type PlanModule, scratchOf, stepModule, writePlanModule } from './codegen.ts';
import { hostModule } from './codegen-body.ts';
import { detectFeatures } from './features.ts';
import { hostFunctions } from './kernels/index.ts';
import { checkValues, memoryLimits, viewsOf } from './memory.ts';
import { type WasmPlatform, webAssembly } from './platform.ts';
import { createTeam, type Spawn, type Team } from './threads.ts';
import { control } from './threads-protocol.ts';

/** Values lie behind the control block. */
const base = control.bytes;

type Exported = Readonly<Record<string, (...args: number[]) => void>>;

/** Compiles a plan; the steps in `skipped` get an array and no code. */
export async function compilePlan(
  plan: BoundPlan,
  options: EngineOptions,
  skipped: ReadonlySet<ValueId>,
  spawn: Spawn | undefined,
): Promise<SteppedProgram> {
  const wasm = webAssembly;
  if (!wasm) return fail('usage/engine', 'there is no WebAssembly here');
  checkValues(plan, options.budget);
  const parts = Math.max(1, Math.floor(options.threads));
  if (spawn && parts > 1 && detectFeatures().threads) {
    const program = await compileFor(wasm, plan, options, skipped, { spawn, parts });
    if (program) return program;
  }
  return (await compileFor(wasm, plan, options, skipped, undefined))!;
}

/** `undefined` where threads were asked for, and none of the steps is worth it, or they do not start. */
async function compileFor(
  wasm: WasmPlatform,
  plan: BoundPlan,
  { dtype, functions, budget }: EngineOptions,
  skipped: ReadonlySet<ValueId>,
  threads: { readonly spawn: Spawn; readonly parts: number } | undefined,
): Promise<SteppedProgram | undefined> {
  const parts = threads?.parts ?? 1;
  const relaxed = detectFeatures().relaxedSimd;
  const buffers = layoutBuffers(plan, dtype, (step, value) =>
    skipped.has(value) ? 0 : scratchOf(step, plan, parts, { dtype, relaxed }),
  );
  const limits = memoryLimits(base + buffers.total, threads !== undefined);
  const code = writePlanModule(plan, { dtype, buffers, base, memory: limits, skipped, parts, relaxed });
  const cuts = [...code.phases.values()].flat().filter((phase) => phase.cut);
  if (threads && cuts.length === 0) return undefined;

  const memory = new wasm.Memory(limits);
  const views = viewsOf(plan, dtype, buffers, base, memory);
  const array = (value: ValueId): NumberArray => views[value]!;
  const scope = { plan, view: array, budget, ...(functions ? { functions } : {}) };
  // Constants are written here, once; the other runners are for the steps that have no code of their own.
  const steps: [string, () => void][] = [];
  plan.steps.forEach((step, value) => {
    if (step.kind !== 'number' && step.kind !== 'structure' && !code.hosted.includes(value)) return;
    const run = stepRunner(value, scope);
    if (run) steps.push([String(value), run]);
  });
  const module = await wasm.compile(code.bytes);
  const instance = await wasm.instantiate(module, {
    host: { memory },
    math: hostFunctions,
    [stepModule]: importObject(steps),
    [hostModule]: importObject([...code.imported].map((name) => [name, elementwiseTable.get(name)!.value])),
  });
  const exported = instance.exports as Exported;
  let team: Team | undefined;
  if (threads) {
    const names = cuts.map((phase) => phase.name);
    const unused = [
      ...code.hosted.map((value) => [stepModule, String(value)] as const),
      ...[...code.imported].map((name) => [hostModule, name] as const),
    ];
    const own = names.map((name) => exported[name]!);
    team = await createTeam(threads.spawn, threads.parts, { module, memory, functions: names, unused }, own);
    if (!team) return undefined;
  }
  const runners = phaseRunners(code, exported, cuts, team);
  const all = plan.steps.flatMap((_, value) => runners.get(value) ?? []);
  return {
    engine: 'wasm',
    inputs: new Map(plan.steps.flatMap((step, value) => (step.kind === 'input' ? [[step.input, array(value)]] : []))),
    values: new Map(outputValues(plan).map((value) => [value, array(value)])),
    array,
    run: team
      ? () => {
          for (let k = 0; k < all.length; k++) all[k]!();
        }
      : exported.run!,
    runSteps(from, to) {
      for (let k = from; k < to; k++) for (const run of runners.get(k) ?? []) run();
    },
    dispose: () => team?.dispose(),
  };
}

/** The phases of each step, run by the team where they are cut and there is one. */
function phaseRunners(
  { phases }: PlanModule,
  exported: Exported,
  cuts: readonly PhaseFunction[],
  team: Team | undefined,
): ReadonlyMap<ValueId, readonly (() => void)[]> {
  const runner = (phase: PhaseFunction): (() => void) => {
    const run = exported[phase.name]!;
    if (!team || !phase.cut) return () => run();
    const at = cuts.indexOf(phase);
    return () => team.run(at);
  };
  return new Map([...phases].map(([value, list]) => [value, list.map(runner)]));
}

/** The imports of one module, by name; nothing is inherited. */
function importObject(entries: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) object[name] = value;
  return object;
}
