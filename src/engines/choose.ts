import type { BoundPlan } from '../plan/bind.ts';
import { bytesOf } from '../plan/buffers.ts';
import { costOfStep, type Polynomial, polynomialValue } from '../plan/cost.ts';
import type { Step } from '../plan/plan.ts';
import { libraryTakes } from './blas/share.ts';
import type { EngineName, EngineOptions } from './engine.ts';
import { type Rates, rates, threadedFrom } from './rates.ts';

/** An engine that could be chosen, and why it cannot be used here, if so (what `Engine.unavailable` answers). */
export interface Candidate {
  readonly name: EngineName;
  readonly unavailable?: string | undefined;
}

export interface RankedEngine {
  readonly engine: EngineName;
  /** Estimated time of one run; `undefined` where the engine cannot be used. */
  readonly seconds: number | undefined;
  /** One sentence. */
  readonly reason: string;
}

/** Sorts the engines by the time that they are expected to take for one run of the plan; those that cannot run come last. */
export function rankEngines(
  plan: BoundPlan,
  candidates: readonly Candidate[],
  { dtype, threads }: Pick<EngineOptions, 'dtype' | 'threads'>,
): readonly RankedEngine[] {
  const why = ({ name, unavailable }: Candidate): string | undefined =>
    unavailable ??
    (name === 'onnx' && plan.functions.length > 0
      ? 'a model cannot call a function that the program leaves unknown'
      : undefined);
  const names = candidates.filter((c) => why(c) === undefined).map((c) => c.name);
  const ranked = names
    .map((engine) => estimate(plan, engine, names, dtype, threads))
    .sort((a, b) => a.seconds! - b.seconds!);
  const rest = candidates
    .filter((c) => why(c) !== undefined)
    .map((c): RankedEngine => ({ engine: c.name, seconds: undefined, reason: `${c.name} cannot be used: ${why(c)}.` }));
  return [...ranked, ...rest];
}

type Part = 'products' | 'factorisations' | 'loops' | 'traffic' | 'overhead';

const partWords: Readonly<Record<Part, string>> = {
  products: 'products',
  factorisations: 'factorisations',
  loops: 'entrywise loops',
  traffic: 'moving data',
  overhead: 'starting its steps',
};

function estimate(
  plan: BoundPlan,
  engine: EngineName,
  usable: readonly EngineName[],
  dtype: EngineOptions['dtype'],
  threads: number,
): RankedEngine {
  // What the library does not compute is left to the best of the others.
  const others: EngineName = usable.includes('wasm') ? 'wasm' : 'js';
  const spent = new Map<Part, number>([['overhead', rates[engine].run]]);
  plan.steps.forEach((step, value) => {
    const runs = engine === 'blas' && !libraryTakes(plan, value) ? rates[others] : rates[engine];
    const [part, seconds] = stepTime(plan, step, runs, dtype, threads);
    spent.set('overhead', spent.get('overhead')! + (seconds > 0 ? runs.step : 0));
    spent.set(part, (spent.get(part) ?? 0) + seconds);
  });
  const total = [...spent.values()].reduce((sum, s) => sum + s, 0);
  const [most] = [...spent].reduce((a, b) => (b[1] > a[1] ? b : a));
  const promise = engine === 'onnx' ? ', and answers with a promise' : '';
  return {
    engine,
    seconds: total,
    reason: `${engine} takes about ${durationText(total)} a run, most of it for ${partWords[most]}${promise}.`,
  };
}

/** Bytes that stay in the second cache. */
const cache = 1 << 20;

/** What a step takes apart from being started, and for what: a step is limited by its arithmetic or by memory. */
function stepTime(
  plan: BoundPlan,
  step: Step,
  runs: Rates,
  dtype: EngineOptions['dtype'],
  threads: number,
): readonly [Part, number] {
  const number = (p: Polynomial): number => polynomialValue(p, new Map()) ?? 0;
  const cost = costOfStep(step, plan);
  const flops = number(cost.flops) * (step.kind === 'gram' && runs.wholeGram ? 2 : 1);
  const bytes = number(cost.entries) * bytesOf[dtype];
  const part = partOf(step);
  const rate = part === 'factorisations' ? runs.factorisations : runs[part][dtype];
  const speedup = part !== 'loops' && flops >= threadedFrom ? 1 + runs.thread * (threads - 1) : 1;
  const compute = flops / (rate * speedup);
  // What fits the cache moves several times as fast.
  const traffic = bytes / (bytes < cache ? 4 * runs.traffic : runs.traffic);
  return compute >= traffic ? [part, compute] : ['traffic', traffic];
}

/** Factorisations are what LAPACK does, or could do. */
function partOf(step: Step): 'products' | 'factorisations' | 'loops' {
  if (step.kind === 'matmul' || step.kind === 'gram') return 'products';
  if (step.kind !== 'call') return 'loops';
  switch (step.fn) {
    case 'inv':
    case 'det':
    case 'logdet':
    case 'chol':
    case 'solve':
    case 'solvetransposed':
    case 'adjugate':
    case 'pinv':
      return 'factorisations';
    case 'softmax':
    case 'logsumexp':
    case 'max':
    case 'min':
    case 'maxmask':
    case 'minmask':
    case 'prod':
    case 'prodothers':
      return 'loops';
  }
}

/** `340 ns`, `12 µs`, `1.3 s`: two digits. */
export function durationText(seconds: number): string {
  const [unit, name] =
    seconds < 1e-6 ? [1e-9, 'ns'] : seconds < 1e-3 ? [1e-6, 'µs'] : seconds < 1 ? [1e-3, 'ms'] : [1, 's'];
  const value = seconds / unit;
  return `${value < 10 ? value.toPrecision(2) : Math.round(value)} ${name}`;
}
