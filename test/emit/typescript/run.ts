import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameFile } from '../../../src/emit/naming.ts';
import { readSizes } from '../../../src/emit/sizes.ts';
import { emitTypescript } from '../../../src/emit/typescript/index.ts';
import { typescriptRules } from '../../../src/emit/typescript/reserved.ts';
import { digits, type Job } from '../jobs.ts';
import { wholeSizes } from '../whole.ts';

const list = (data: ArrayLike<number>): string =>
  Array.from(data, (x) => digits(x, 'Number.NaN', 'Number.POSITIVE_INFINITY')).join(', ');

/** The statement that calls a job's function and prints its outputs. */
function callText(job: Job): string {
  const { request, inputs, sizes, indices } = job;
  const { count } = wholeSizes(job);
  const { plan } = request;
  const naming = nameFile(request, typescriptRules, false);
  const array = request.dtype === 'float32' ? 'Float32Array' : 'Float64Array';
  const unread = new Set(readSizes(plan).parameters);
  const fields = [
    ...inputs.map(({ shape, data }, k) => {
      const entries = list(data);
      const value = shape.length === 0 ? entries : `{ shape: [${shape.join(', ')}], data: ${array}.of(${entries}) }`;
      return `${naming.inputs[k]}: ${value}`;
    }),
    ...plan.functions.flatMap((f) =>
      f.orders.map(
        (order) => `${naming.fnOf(f.name, order)}: ${f.elementwise ? `wave(${order})` : `waves(${order}, ${count})`}`,
      ),
    ),
    ...[...naming.sizes].filter(([s]) => unread.has(s)).map(([s, name]) => `${name}: ${sizes.get(s)}`),
    ...[...naming.indices].map(([s, name]) => `${name}: ${indices.get(s)}`),
  ];
  const outputs = plan.outputs.map((output, k) => {
    const field = `r.${naming.outputs[k]}`;
    const data =
      output.form === 'condensed'
        ? `${field}.expand().data`
        : output.shape.length === 0
          ? `[${field}]`
          : `${field}.data`;
    return `  show('${request.name}', ${k}, ${data});`;
  });
  return `{\n  const r = ${naming.fn}({ ${fields.join(', ')} });\n${outputs.join('\n')}\n}`;
}

const support = `
const show = (job: string, output: number, data: ArrayLike<number>): void => {
  console.log(job + ' ' + output + ' ' + Array.from(data, String).join(' '));
};
const wave = (order: number) => (x: number): number => Math.sin(x + (order * Math.PI) / 2);
const waves = (order: number, count: number) => (x: ArrayLike<number>): number[] => {
  const n = x.length;
  const block = n ** order;
  return Array.from({ length: count * block }, (_, e) => {
    const i = Math.floor(e / block);
    const p = (j: number): number => Math.cos(1 + 7 * i + 3 * j);
    let z = (order * Math.PI) / 2;
    for (let j = 0; j < n; j++) z += p(j) * x[j];
    let product = Math.sin(z);
    for (let k = 0, rest = e % block; k < order; k++, rest = Math.floor(rest / n)) product *= p(rest % n);
    return product;
  });
};
declare const console: { log(text: string): void };
`;

/** Writes a module per job and a main module that prints all outputs. */
export function writeJobs(jobs: readonly Job[], folder: string): readonly string[] {
  const files = jobs.map((job) => {
    const path = join(folder, `${job.request.name}.ts`);
    writeFileSync(path, emitTypescript(job.request));
    return path;
  });
  const imports = jobs.map(({ request }) => {
    const { fn } = nameFile(request, typescriptRules, false);
    return `import { ${fn} } from './${request.name}.ts';`;
  });
  const main = join(folder, 'main.ts');
  const text = [...imports, support, ...jobs.map(callText)].join('\n');
  writeFileSync(main, text);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return [...files, main];
}

export const node = (...args: readonly string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });
