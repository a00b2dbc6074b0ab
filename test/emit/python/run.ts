import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NdArray } from '../../../src/base/ndarray.ts';
import type { Emitter } from '../../../src/emit/request.ts';
import { sizeValue } from '../../../src/shape/size.ts';
import { type EmitCase, type EmitPoint, pointFor, requestFor } from '../requests.ts';

const runner = fileURLToPath(new URL('run_cases.py', import.meta.url));

export type PythonLibrary = 'numpy' | 'torch' | 'jax' | 'dask';

export interface CaseResult {
  readonly point: EmitPoint;
  readonly code: string;
  /** What the emitted function returned, dense; or the end of its traceback. */
  readonly outputs?: readonly { readonly shape: readonly number[]; readonly data: readonly number[] }[];
  readonly error?: string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** `cluster`: Dask on two worker processes. */
  readonly flags?: readonly string[];
  /** Inputs of the cases, by name, in place of random ones. */
  readonly values?: readonly ReadonlyMap<string, NdArray>[];
}

/** A folder that is gone afterwards. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'emitted-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Emits all cases and runs them at a random point each, in one Python process. */
export const runCases = (
  cases: readonly EmitCase[],
  emit: Emitter,
  python: string,
  library: PythonLibrary,
  { environment = {}, flags = [], values = [] }: RunOptions = {},
): readonly CaseResult[] =>
  inFolder((folder) => {
    const prepared = cases.map((c, k) => {
      const request = requestFor({ ...c, name: 'emitted' });
      const point = pointFor(c, k, values[k]);
      const code = emit(request);
      const path = join(folder, `case_${k}.py`);
      writeFileSync(path, code);
      const functions = request.plan.functions.flatMap((f) =>
        f.orders.map((order) => {
          const step = request.plan.steps.find((s) => s.kind === 'unknown' && s.fn === f.name && s.order === order)!;
          const x = step.kind === 'unknown' ? request.plan.steps[step.x]!.shape.length : 0;
          const to = step.shape.slice(0, step.shape.length - order * x).map((size) => sizeValue(size, point.sizes));
          const name = order === 0 ? f.name : order === 1 ? `d${f.name}` : `d${order}${f.name}`;
          return [name, [f.elementwise ? null : to, order]] as const;
        }),
      );
      return {
        point,
        code,
        job: {
          path,
          fn: 'emitted',
          // JSON has no infinities.
          inputs: point.inputs.map(({ shape, data }) => ({ shape, data: [...data].map(String) })),
          keywords: Object.fromEntries([...point.sizes, ...point.indices]),
          functions: Object.fromEntries(functions),
        },
      };
    });
    const file = join(folder, 'cases.json');
    writeFileSync(file, JSON.stringify(prepared.map((p) => p.job)));
    const text = execFileSync(python, [runner, file, library, ...flags], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', ...environment },
    });
    const results = JSON.parse(text) as readonly {
      readonly error?: string;
      readonly outputs?: readonly { readonly shape: readonly number[]; readonly data: readonly (number | string)[] }[];
    }[];
    return results.map(({ error, outputs }, k) => ({
      point: prepared[k]!.point,
      code: prepared[k]!.code,
      ...(error === undefined ? {} : { error }),
      ...(outputs ? { outputs: outputs.map((o) => ({ shape: o.shape, data: o.data.map(numberOf) })) } : {}),
    }));
  });

const numberOf = (value: number | string): number =>
  typeof value === 'number'
    ? value
    : value === 'inf'
      ? Number.POSITIVE_INFINITY
      : value === '-inf'
        ? Number.NEGATIVE_INFINITY
        : Number.NaN;

/** The largest difference to the interpreter, relative to the largest entry; infinite where shapes or NaNs differ. */
export function worstError({ outputs, error, point }: CaseResult): number {
  if (error !== undefined || outputs?.length !== point.wanted.length) return Number.POSITIVE_INFINITY;
  return Math.max(
    0,
    ...point.wanted.map((wanted, k) => {
      const got = outputs[k]!;
      if (got.shape.join() !== wanted.shape.join()) return Number.POSITIVE_INFINITY;
      let scale = 1e-300;
      for (const v of wanted.data) if (Number.isFinite(v)) scale = Math.max(scale, Math.abs(v));
      let worst = 0;
      wanted.data.forEach((v, i) => {
        const w = got.data[i]!;
        if (Object.is(v, w) || v === w) return;
        const gap = Math.abs(v - w) / scale;
        worst = Math.max(worst, Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap);
      });
      return worst;
    }),
  );
}
