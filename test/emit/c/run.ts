import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emitC } from '../../../src/emit/c/index.ts';
import { cRules } from '../../../src/emit/c/reserved.ts';
import { storageOf } from '../../../src/emit/c/storage.ts';
import { coreNames, coresOf, expansionPlan } from '../../../src/emit/expansion.ts';
import { nameFile } from '../../../src/emit/naming.ts';
import { sizeValue } from '../../../src/shape/size.ts';
import { digits, type Job } from '../jobs.ts';
import { wholeSizes } from '../whole.ts';

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** A function that calls a job's function and prints its outputs. */
function callText(job: Job): string {
  const { request, inputs, sizes, indices, wanted } = job;
  const { plan, dtype } = request;
  const real = dtype === 'float32' ? 'float' : 'double';
  const naming = nameFile(request, cRules(request), true);
  const before: string[] = [];
  const after: string[] = [];
  const list = (data: ArrayLike<number>): string => Array.from(data, (x) => digits(x, 'NAN', 'INFINITY')).join(', ');
  const numbers = [
    ...[...naming.sizes.keys()].map((s) => sizes.get(s)!),
    ...[...naming.indices.keys()].map((s) => indices.get(s)!),
  ];
  inputs.forEach(({ data }, k) => {
    before.push(`static const ${real} in${k}[] = { ${list(data)} };`);
  });
  const functions = plan.functions.flatMap((f) =>
    f.orders.map((o) => (f.elementwise ? `wave${o}` : `${request.name}_waves${o}`)),
  );
  const results = plan.outputs.map((output, k) => {
    before.push(`static ${real} out${k}[${Math.max(1, count(wanted[k]!.shape))}];`);
    after.push(`show("${request.name}", ${k}, ${count(wanted[k]!.shape)}, out${k});`);
    if (output.form === 'dense') return `out${k}`;
    const cores = coresOf(output).map((core, i) => {
      const entries = count(plan.steps[core]!.shape.map((s) => sizeValue(s, sizes)!));
      before.push(`static ${real} core${k}_${i}[${entries}];`);
      return `.${coreNames(output)[i]} = core${k}_${i}`;
    });
    before.push(`const ${naming.fn}_${naming.outputs[k]} parts${k} = { ${cores.join(', ') || '0'} };`);
    const own = expansionPlan(output, plan);
    const symbols = [...own.sizes.map((s) => sizes.get(s)), ...own.indices.map((s) => indices.get(s))];
    after.unshift(`${naming.fn}_expand_${naming.outputs[k]}(${[...symbols, `&parts${k}`, `out${k}`].join(', ')});`);
    return `&parts${k}`;
  });
  const args = [
    ...numbers,
    ...inputs.map(({ shape }, k) => `in${k}${shape.length === 0 ? '[0]' : ''}`),
    ...functions,
    ...(functions.length > 0 ? ['NULL'] : []),
    ...results,
  ];
  // Once with a workspace of the caller and once without.
  const room = storageOf(plan).slots.length > 0;
  if (room) before.push(`void *room = malloc(${naming.fn}_workspace(${numbers.join(', ') || ''}));`);
  const call = (...more: readonly string[]): string => `trouble = ${naming.fn}(${[...args, ...more].join(', ')});`;
  return [
    `static void run_${request.name}(void)`,
    '{',
    ...before,
    'const char *trouble;',
    call(...(room ? ['room'] : [])),
    ...(room ? ['free(room);', call('NULL')] : []),
    'if (trouble) puts(trouble);',
    ...after,
    '}',
  ].join('\n');
}

const support = (real: string): string => `
#include <stdio.h>
static void show(const char *job, int output, int n, const ${real} *x)
{
  printf("%s %d", job, output);
  for (int e = 0; e < n; e++) printf(" %.17g", (double)x[e]);
  puts("");
}
${[0, 1, 2, 3].map((order) => `static inline ${real} wave${order}(${real} x, void *context) { (void)context; return sin(x + ${order} * acos(0.0)); }`).join('\n')}
`;

/** The unknown function of a whole array of a job, and its derivatives. */
function wholeText(job: Job): string {
  const real = job.request.dtype === 'float32' ? 'float' : 'double';
  const { count: rows, n } = wholeSizes(job);
  const orders = job.request.plan.functions.flatMap((f) => (f.elementwise ? [] : f.orders));
  return orders
    .map(
      (order) => `static void ${job.request.name}_waves${order}(const ${real} *x, ${real} *y, void *context)
{
  (void)context;
  const int n = ${n}, block = ${n ** order};
  for (int e = 0; e < ${rows} * block; e++) {
    double z = ${order} * acos(0.0);
    const int i = e / block;
    for (int j = 0; j < n; j++) z += cos(1.0 + 7 * i + 3 * j) * x[j];
    double product = sin(z);
    for (int k = 0, rest = e % block; k < ${order}; k++, rest /= n) product *= cos(1.0 + 7 * i + 3 * (rest % n));
    y[e] = product;
  }
}`,
    )
    .join('\n');
}

/** Compiles one program over all jobs and runs it; what the compiler says is returned where it fails. */
export function runJobs(jobs: readonly Job[], folder: string): { readonly text: string; readonly errors: string } {
  for (const { request } of jobs) writeFileSync(join(folder, `${request.name}.h`), emitC(request));
  const real = jobs[0]!.request.dtype === 'float32' ? 'float' : 'double';
  const main = [
    ...jobs.map(({ request }) => `#include "${request.name}.h"`),
    support(real),
    ...jobs.map(wholeText),
    ...jobs.map(callText),
    'int main(void)',
    '{',
    ...jobs.map(({ request }) => `run_${request.name}();`),
    'return 0;',
    '}',
    '',
  ];
  writeFileSync(join(folder, 'main.c'), main.join('\n'));
  const errors = compile(folder, ['main.c'], 'main');
  return errors ? { text: '', errors } : { text: run(join(folder, 'main')).stdout, errors };
}

/** Strict C99 with every warning an error; answers what the compiler says. */
export const compile = (
  folder: string,
  sources: readonly string[],
  program: string,
  ...more: readonly string[]
): string =>
  spawnSync(
    'cc',
    [
      ...['-std=c99', '-Wall', '-Wextra', '-Werror', ...more],
      ...(program ? ['-o', program] : []),
      ...['-x', 'c', ...sources, '-x', 'none', '-lopenblas', '-lm'],
    ],
    { cwd: folder, encoding: 'utf8' },
  ).stderr;

export const run = (program: string) =>
  spawnSync(program, [], { encoding: 'utf8', env: { ...process.env, OPENBLAS_NUM_THREADS: '1' }, maxBuffer: 2 ** 28 });
