/**
 * How fast the WebAssembly kernels are, beside OpenBLAS on one thread and beside plain JavaScript, all in one run, taking
 * turns, medians. `node bench/kernels.ts [words]`: only the rows whose names have one of the words. Where the environment
 * names a processor for OpenBLAS (OPENBLAS_CORETYPE), all is measured a second time without that.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import koffi from 'koffi';
import {
  createModule,
  type FunctionBuilder,
  i32,
  type ModuleBuilder,
  v128,
} from '../src/engines/wasm/assembler/index.ts';
import { detectFeatures } from '../src/engines/wasm/features.ts';
import {
  applyFunction,
  cholesky,
  choleskyScratch,
  createKit,
  type Dialect,
  dialectOf,
  gramScratch,
  hostFunctions,
  inverse,
  lines,
  type MatrixAt,
  productScratch,
  solve,
  solveScratch,
  writeGram,
  writeMirror,
  writeProduct,
} from '../src/engines/wasm/kernels/index.ts';
import { webAssembly } from '../src/engines/wasm/platform.ts';
import { elementwiseTable } from '../src/ops/index.ts';

type Numbers = Float64Array | Float32Array;
type Dtype = 'float64' | 'float32';

interface Row {
  readonly name: string;
  readonly dtype: Dtype;
  /** Entries of the arrays; the first ones are filled, the last is the result. */
  readonly arrays: readonly number[];
  readonly scratch?: (d: Dialect) => number;
  /** Operations, where they are what counts; else bytes. */
  readonly flops?: number;
  readonly bytes?: number;
  readonly fill?: (arrays: readonly Numbers[]) => void;
  /** Writes the kernel; `at` are the addresses of the arrays, then that of the scratch memory. */
  readonly kernel: (m: ModuleBuilder, f: FunctionBuilder, d: Dialect, at: readonly number[]) => void;
  readonly blas?: (arrays: readonly Numbers[]) => () => void;
  readonly script?: (arrays: readonly Numbers[]) => () => void;
}

const library = (() => {
  try {
    return koffi.load('libopenblas.so.0');
  } catch {
    return undefined;
  }
})();
const foreign = (signature: string) => library?.func(signature) as ((...args: unknown[]) => unknown) | undefined;
foreign('void openblas_set_num_threads(int)')?.(1);
const coreName = foreign('const char *openblas_get_corename()')?.() as string | undefined;

const gemm = {
  float64: foreign('void cblas_dgemm(int,int,int,int,int,int,double,void*,int,void*,int,double,void*,int)'),
  float32: foreign('void cblas_sgemm(int,int,int,int,int,int,float,void*,int,void*,int,float,void*,int)'),
};
const gemv = {
  float64: foreign('void cblas_dgemv(int,int,int,int,double,void*,int,void*,int,double,void*,int)'),
  float32: foreign('void cblas_sgemv(int,int,int,int,float,void*,int,void*,int,float,void*,int)'),
};
const syrk = foreign('void cblas_dsyrk(int,int,int,int,int,double,void*,int,double,void*,int)');
const gesv = foreign('void dgesv_(int*,int*,void*,int*,void*,void*,int*,void*)');
const getri = foreign('void dgetri_(int*,void*,int*,void*,void*,int*,void*)');
const getrf = foreign('void dgetrf_(int*,int*,void*,int*,void*,void*)');
const potrf = foreign('void dpotrf_(str,int*,void*,int*,void*)');

const [rowMajor, plain, transposed, upper] = [101, 111, 112, 121];

function products(): Row[] {
  const rows: Row[] = [];
  const add = (dtype: Dtype, m: number, k: number, n: number, ta: boolean, tb: boolean): void => {
    const a = ta ? { row: 1, column: m } : { row: k, column: 1 };
    const b = tb ? { row: 1, column: k } : { row: n, column: 1 };
    const places = (at: readonly number[]): readonly [MatrixAt, MatrixAt, { at: number; row: number }] => [
      { ...a, at: at[0]! },
      { ...b, at: at[1]! },
      { row: n, at: at[2]! },
    ];
    const sizes = { rows: m, depth: k, columns: n };
    const blas = gemm[dtype];
    rows.push({
      name: `product ${m}×${k}·${k}×${n}${ta || tb ? ` ${ta ? 't' : 'n'}${tb ? 't' : 'n'}` : ''}`,
      dtype,
      arrays: [m * k, k * n, m * n],
      flops: 2 * m * n * k,
      scratch: (d) => productScratch(d, sizes, ...places([0, 0, 0])),
      kernel: (module, f, d, at) => writeProduct({ m: module, f, d }, sizes, 1, ...places(at), false, at[3]!),
      ...(blas
        ? {
            blas: ([x, y, z]) => {
              const [ga, gb] = [ta ? transposed : plain, tb ? transposed : plain];
              return () => blas(rowMajor, ga, gb, m, n, k, 1, x, ta ? m : k, y, tb ? k : n, 0, z, n);
            },
          }
        : {}),
      ...(m * n * k > 2e7
        ? {}
        : {
            script:
              ([x, y, z]) =>
              () => {
                z!.fill(0);
                for (let i = 0; i < m; i++)
                  for (let p = 0; p < k; p++) {
                    const factor = x![i * a.row + p * a.column]!;
                    for (let j = 0; j < n; j++) z![i * n + j]! += factor * y![p * b.row + j * b.column]!;
                  }
              },
          }),
    });
  };
  for (const dtype of ['float64', 'float32'] as const) {
    for (const n of [4, 8, 16, 32, 64, 128, 256, 512, 1024]) add(dtype, n, n, n, false, false);
    for (const [ta, tb] of [
      [false, true],
      [true, false],
      [true, true],
    ] as const)
      add(dtype, 500, 500, 500, ta, tb);
    add(dtype, 128, 784, 256, false, true);
    add(dtype, 256, 128, 784, true, false);
    for (const t of [false, true]) {
      add(dtype, t ? 1000 : 2000, t ? 2000 : 1000, 1, t, false);
      add(dtype, 200, 300, 1, t, false);
      add(dtype, t ? 10 : 2000, t ? 2000 : 10, 1, t, false);
    }
  }
  // A vector is the same to BLAS as a matrix of one column, but gemv is the fair one.
  return rows.map((row) => {
    const found = /product (\d+)×(\d+)·\d+×1( tn)?$/.exec(row.name);
    const blas = gemv[row.dtype];
    if (!found || !blas) return row;
    const [m, k] = [Number(found[1]), Number(found[2])];
    return {
      ...row,
      bytes: m * k * (row.dtype === 'float64' ? 8 : 4),
      blas: ([x, y, z]: readonly Numbers[]) =>
        found[3]
          ? () => blas(rowMajor, transposed, k, m, 1, x, m, y, 1, 0, z, 1)
          : () => blas(rowMajor, plain, m, k, 1, x, k, y, 1, 0, z, 1),
    };
  });
}

function grams(): Row[] {
  return [
    [500, 2000],
    [256, 2048],
    [10, 2000],
  ].map(([n, k]) => {
    const sizes = { order: n!, depth: k! };
    return {
      name: `gram X'·diag(w)·X ${k}×${n}`,
      dtype: 'float64' as const,
      arrays: [n! * k!, k!, n! * n!],
      flops: n! * n! * k!,
      scratch: (d: Dialect) => gramScratch(d, sizes),
      kernel: (m: ModuleBuilder, f: FunctionBuilder, d: Dialect, at: readonly number[]) => {
        const c = { at: at[2]!, row: n! };
        writeGram({ m, f, d }, sizes, 1, { at: at[0]!, row: 1, column: n! }, at[1]!, c, false, at[3]!);
        writeMirror({ m, f, d }, sizes, c);
      },
      ...(syrk
        ? {
            blas: ([x, w, c]: readonly Numbers[]) => {
              const scaled = new Float64Array(x!.length);
              return () => {
                for (let p = 0; p < k!; p++) {
                  const root = Math.sqrt(w![p]!);
                  for (let i = 0; i < n!; i++) scaled[p * n! + i] = root * x![p * n! + i]!;
                }
                syrk(rowMajor, upper, transposed, n, k, 1, scaled, n, 0, c, n);
                for (let i = 0; i < n!; i++) for (let j = 0; j < i; j++) c![i * n! + j] = c![j * n! + i]!;
              };
            },
          }
        : {}),
    };
  });
}

function elementwise(): Row[] {
  const count = 1_000_000;
  const names = ['exp', 'log', 'tanh', 'sigmoid', 'softplus', 'log1p', 'expm1', 'erf', 'gelu', 'sin', 'atan'];
  return (['float64', 'float32'] as const).flatMap((dtype) =>
    names.map((name) => ({
      name: `${name} of 10⁶ entries`,
      dtype,
      arrays: [count, count],
      fill: ([x]: readonly Numbers[]) => {
        for (let i = 0; i < count; i++)
          x![i] = name === 'log' ? 10 * Math.random() : 8 * Math.random() - (name === 'log1p' ? 0.9 : 4);
      },
      kernel: (m: ModuleBuilder, f: FunctionBuilder, d: Dialect, at: readonly number[]) => {
        const k = createKit(m, f, d);
        const i = f.local('i32');
        f.hoist(() =>
          f.for(i, 0, count * d.bytes, 64, () => {
            const x = [0, 1, 2, 3].map((u) => f.let(v128.load(i32.add(i, at[0]!), 16 * u)));
            applyFunction(k, name, [x]).forEach((y, u) => {
              f.do(v128.store(i32.add(i, at[1]!), y, 16 * u));
            });
          }),
        );
      },
      script: ([x, y]: readonly Numbers[]) => {
        const value = elementwiseTable.get(name)!.value!;
        return () => {
          for (let i = 0; i < count; i++) y![i] = value(x![i]!);
        };
      },
    })),
  );
}

function systems(): Row[] {
  const diagonal = (x: Numbers, n: number): void => {
    for (let i = 0; i < n; i++) x[i * n + i]! += n;
  };
  const int = (value: number) => new Int32Array([value]);
  const info = int(0);
  return [8, 64, 256, 1000].flatMap((n): Row[] => [
    {
      name: `solve ${n}×${n}, one right-hand side`,
      dtype: 'float64',
      arrays: [n * n, n, n],
      flops: (2 / 3) * n ** 3,
      fill: ([x]) => diagonal(x!, n),
      scratch: (d) => solveScratch(d, n, 1),
      kernel: (m, f, d, at) => f.call(solve(m, d, false), [at[0]!, n, at[1]!, 1, at[2]!, at[3]!]),
      ...(gesv
        ? {
            blas: ([a, b, x]) => {
              const [copy, pivots] = [new Float64Array(n * n), new Int32Array(n)];
              return () => {
                copy.set(a!);
                x!.set(b!);
                gesv(int(n), int(1), copy, int(n), pivots, x, int(n), info);
              };
            },
          }
        : {}),
    },
    {
      name: `inverse ${n}×${n}`,
      dtype: 'float64',
      arrays: [n * n, n * n],
      flops: 2 * n ** 3,
      fill: ([x]) => diagonal(x!, n),
      scratch: (d) => solveScratch(d, n, n),
      kernel: (m, f, d, at) => f.call(inverse(m, d), [at[0]!, n, at[1]!, at[2]!]),
      ...(getri && getrf
        ? {
            blas: ([a, x]) => {
              const [pivots, work] = [new Int32Array(n), new Float64Array(64 * n)];
              return () => {
                x!.set(a!);
                getrf(int(n), int(n), x, int(n), pivots, info);
                getri(int(n), x, int(n), pivots, work, int(64 * n), info);
              };
            },
          }
        : {}),
    },
    {
      name: `Cholesky ${n}×${n}`,
      dtype: 'float64',
      arrays: [n * n, n * n],
      flops: n ** 3 / 3,
      fill: ([x]) => diagonal(x!, n),
      scratch: (d) => choleskyScratch(d, n),
      kernel: (m, f, d, at) => f.call(cholesky(m, d), [at[0]!, n, at[1]!, at[2]!]),
      ...(potrf
        ? {
            blas:
              ([a, x]) =>
              () => {
                x!.set(a!);
                potrf('L', int(n), x, int(n), info);
              },
          }
        : {}),
    },
  ]);
}

function reductions(): Row[] {
  return (['softmax', 'logsumexp', 'max'] as const).flatMap((fn) =>
    [
      [1000, 1000, 1],
      [100, 100, 100],
      [128, 10, 1],
    ].map(([outer, length, inner]): Row => {
      const count = outer! * length! * inner!;
      return {
        name: `${fn} ${outer}×[${length}]×${inner}`,
        dtype: 'float64',
        arrays: [count, fn === 'softmax' ? count : outer! * inner!],
        kernel: (m, f, d, at) => f.call(lines(m, d, fn, { length: length!, inner: inner! }), [at[0]!, at[1]!, outer!]),
        script:
          ([x, y]) =>
          () => {
            for (let o = 0; o < outer!; o++)
              for (let i = 0; i < inner!; i++) {
                const start = o * length! * inner! + i;
                const end = start + length! * inner!;
                let top = Number.NEGATIVE_INFINITY;
                for (let p = start; p < end; p += inner!) top = Math.max(top, x![p]!);
                let sum = 0;
                if (fn !== 'max') for (let p = start; p < end; p += inner!) sum += Math.exp(x![p]! - top);
                if (fn === 'softmax') for (let p = start; p < end; p += inner!) y![p] = Math.exp(x![p]! - top) / sum;
                else y![o * inner! + i] = fn === 'max' ? top : top + Math.log(sum);
              }
          },
      };
    }),
  );
}

/** The kernel of a row in a module of its own: a function to call, and its arrays. */
function instantiate(row: Row, relaxed: boolean): { readonly run: () => void; readonly arrays: readonly Numbers[] } {
  const d = dialectOf({ dtype: row.dtype, relaxed });
  const at = [0];
  for (const entries of row.arrays) at.push(Math.ceil((at.at(-1)! + entries * d.bytes + 64) / 64) * 64);
  const m = createModule();
  const f = m.func('run', [], []);
  row.kernel(m, f, d, at);
  m.exportFunc('run', f);
  m.memory({ initial: Math.ceil((at.at(-1)! + (row.scratch?.(d) ?? 0)) / 65_536) });
  m.exportMemory('memory');
  const { Instance, Module } = webAssembly!;
  const { exports } = new Instance(new Module(m.bytes()), { math: hostFunctions });
  const { buffer } = exports.memory as unknown as { readonly buffer: ArrayBuffer };
  const List = row.dtype === 'float64' ? Float64Array : Float32Array;
  const arrays = row.arrays.map((entries, i) => new List(buffer, at[i]!, entries));
  return { run: exports.run as () => void, arrays };
}

/** Milliseconds. */
const slot = 32;

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;

/**
 * Milliseconds that this thread has computed, which others on a busy machine do not disturb; else those of the clock.
 * Some systems count in steps of 4 ms, so that only long stretches are measured.
 */
const now = (): number => {
  const used = process.threadCpuUsage?.();
  return used ? (used.user + used.system) / 1000 : performance.now();
};

/** Medians in milliseconds, in turns. Short ones are repeated until they last long enough to be measured. */
function race(contenders: readonly (() => void)[], rounds: number): number[] {
  const counts = contenders.map((run) => {
    for (let i = 0; i < 3; i++) run();
    let count = 1;
    for (;;) {
      const start = now();
      for (let i = 0; i < count; i++) run();
      const spent = now() - start;
      if (spent >= slot || count > 1e8) return count;
      count = spent < slot / 10 ? count * 8 : Math.ceil((count * slot * 1.2) / spent);
    }
  });
  const times = contenders.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    contenders.forEach((run, i) => {
      const start = now();
      for (let k = 0; k < counts[i]!; k++) run();
      times[i]!.push((now() - start) / counts[i]!);
    });
  return times.map(median);
}

function measure(row: Row): string {
  const List = row.dtype === 'float64' ? Float64Array : Float32Array;
  const data = row.arrays.map((entries) => new List(entries).map(() => Math.random()));
  row.fill?.(data);
  const kernels = (detectFeatures().relaxedSimd ? [true, false] : [false]).map((relaxed) => {
    const made = instantiate(row, relaxed);
    made.arrays.forEach((x, i) => {
      x.set(data[i]!);
    });
    return { ...made, label: relaxed ? 'relaxed' : 'plain' };
  });
  const others = [
    { label: 'OpenBLAS', run: row.blas?.(data) },
    { label: 'JavaScript', run: row.script?.(data) },
  ].filter((o) => o.run !== undefined);
  const found = race([...kernels.map((k) => k.run), ...others.map((o) => o.run!)], 7);
  const pace = (ms: number): string => {
    if (row.bytes) return `, ${(row.bytes / ms / 1e6).toFixed(1)} GB/s`;
    return row.flops ? `, ${(row.flops / ms / 1e6).toFixed(1)} Gflop/s` : '';
  };
  const cells = kernels.map(({ label }, i) => {
    const ratios = others.map((o, j) => `${(found[kernels.length + j]! / found[i]!).toFixed(2)} of ${o.label}`);
    return `${label} ${found[i]!.toPrecision(3)} ms${pace(found[i]!)} = ${ratios.join(', ')}`;
  });
  return `${row.dtype} ${row.name}: ${cells.join(' | ')}`;
}

const words = process.argv.slice(2);
const rows = [...products(), ...grams(), ...elementwise(), ...reductions(), ...systems()];
console.log(
  `OpenBLAS: ${coreName ?? 'not found'}, one thread. The factor after = is that of speed: above 1 ours is faster.`,
);
for (const row of rows) {
  const name = `${row.dtype} ${row.name}`;
  if (words.length === 0 || words.some((word) => name.includes(word))) console.log(measure(row));
}
if (process.env.OPENBLAS_CORETYPE && library) {
  const { OPENBLAS_CORETYPE, ...env } = process.env;
  const script = fileURLToPath(import.meta.url);
  spawnSync(process.execPath, [script, ...words], { stdio: 'inherit', env });
}
