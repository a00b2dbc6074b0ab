import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NdArray } from '../../../src/base/ndarray.ts';
import { emitMatlab } from '../../../src/emit/matlab/index.ts';
import { matlabRules } from '../../../src/emit/matlab/reserved.ts';
import { nameFile } from '../../../src/emit/naming.ts';
import { readSizes } from '../../../src/emit/sizes.ts';
import { digits, type Job } from '../jobs.ts';
import { wholeSizes } from '../whole.ts';

/** An array written row by row: read with its axes reversed, and turned. */
function arrayText({ shape, data }: NdArray): string {
  const entries = Array.from(data, (x) => digits(x, 'NaN', 'Inf')).join(', ');
  if (shape.length === 0) return entries;
  if (shape.length === 1) return `[${entries}]'`;
  const order = [...shape.keys()].map((k) => k + 1).reverse();
  return `permute(reshape([${entries}], ${[...shape].reverse().join(', ')}), [${order.join(', ')}])`;
}

/** The statements that call a job's function and print its outputs. */
function callText(job: Job): string {
  const { request, inputs, sizes, indices, wanted } = job;
  const { plan } = request;
  const naming = nameFile(request, matlabRules, false);
  const { count, n } = wholeSizes(job);
  const unread = new Set(readSizes(plan).parameters);
  const args = [
    ...inputs.map(arrayText),
    ...plan.functions.flatMap((f) =>
      f.orders.map((o) => (f.elementwise ? `@(x) sin(x + ${o} * pi / 2)` : `@(x) waves(x, ${o}, ${count}, ${n})`)),
    ),
    ...[...naming.sizes.keys()].filter((s) => unread.has(s)).map((s) => String(sizes.get(s))),
    ...[...naming.indices.keys()].map((s) => String(indices.get(s))),
  ];
  const shows = plan.outputs.map((output, k) => {
    const field = `r.${naming.outputs[k]}`;
    const dense = output.form === 'condensed' ? `${field}.expand()` : field;
    const { shape } = wanted[k]!;
    const columns = shape.length === 0 ? [1, 1] : shape.length === 1 ? [...shape, 1] : shape;
    return `show('${request.name}', ${k}, ${dense}, [${columns.join(', ')}], '${request.dtype}');`;
  });
  return [`r = ${naming.fn}(${args.join(', ')});`, ...shows].join('\n');
}

const support = `
1;
function show(job, output, x, shape, type)
  actual = [size(x), ones(1, numel(shape) - ndims(x))];
  if ~isequal(actual, [shape, ones(1, numel(actual) - numel(shape))])
    printf('%s %d has shape %s\\n', job, output, mat2str(size(x)));
    return
  end
  if ~isa(x, strrep(strrep(type, 'float64', 'double'), 'float32', 'single'))
    printf('%s %d is %s\\n', job, output, class(x));
    return
  end
  x = permute(x, numel(shape):-1:1);
  printf('%s %d%s\\n', job, output, sprintf(' %.17g', x));
end
function y = waves(x, order, count, n)
  p = cos(1 + 7 * (0:count - 1)' + 3 * (0:n - 1));
  y = sin(p * x + order * pi / 2);
  for k = 1:order
    y = y .* reshape(p, [count, ones(1, k - 1), n]);
  end
end
warning('off', 'all');
`;

/** Writes a file per job and runs one script over all of them. */
export function runJobs(jobs: readonly Job[], folder: string) {
  for (const { request } of jobs) {
    const { fn } = nameFile(request, matlabRules, false);
    writeFileSync(join(folder, `${fn}.m`), emitMatlab(request));
  }
  writeFileSync(join(folder, 'main_script.m'), `${support}\n${jobs.map(callText).join('\n')}\n`);
  return octave(folder, 'main_script.m');
}

export const octave = (folder: string, ...args: readonly string[]) =>
  spawnSync('octave-cli', ['--norc', '--no-history', '--quiet', ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
