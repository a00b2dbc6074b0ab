import { writeFileSync } from 'node:fs';
import { emit } from '../../../src/api/index.ts';
import { exitCodes } from '../exit.ts';
import { readLayout } from '../readers/request.ts';
import { refuse } from '../refuse.ts';
import { schema } from '../render/error-json.ts';
import { createStyle } from '../render/style.ts';
import { computeRequest, readSizes } from './compute.ts';
import type { EmitJob, Reply } from './jobs.ts';
import { readOptions } from './options.ts';
import { failed, guarded } from './reply.ts';

/** `wrt emit`. */
export const runEmit = (job: EmitJob, signal: AbortSignal): Promise<Reply> =>
  guarded(job, async () => {
    const { source, options } = readOptions(job, signal);
    const request = computeRequest(job);
    const settings = {
      ...options,
      layout: readLayout(job.layout),
      form: job.form,
      sizes: readSizes(job.sizes),
      dtype: job.dtype,
      ...(job.name === undefined ? {} : { name: job.name }),
    };
    const made =
      job.target === 'onnx'
        ? (await import('../../../src/api/node.ts')).emitOnnx(source, request, settings)
        : emit(source, request, job.target, settings);
    if (!made.ok) return failed(made.errors, source, job);
    const { content, fileName } = made.value;
    if (typeof content !== 'string' && job.file === undefined)
      refuse('usage/file', 'an ONNX model is no text', `name a file for it with --file ${fileName}`);
    if (job.file !== undefined) {
      save(job.file, content);
      const style = createStyle(job.errorLook);
      const said = `${style.dim('written')}  ${job.file}  ${style.dim(`${content.length} ${typeof content === 'string' ? 'characters' : 'bytes'}`)}\n`;
      const body = { schema, ok: true, target: job.target, file: job.file, size: content.length };
      return { out: job.json ? `${JSON.stringify(body)}\n` : '', err: job.json ? '' : said, code: exitCodes.ok };
    }
    const text = content as string;
    const body = { schema, ok: true, target: job.target, fileName, code: text };
    return { out: job.json ? `${JSON.stringify(body)}\n` : text, err: '', code: exitCodes.ok };
  });

function save(file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    refuse('usage/file', `cannot write '${file}': ${(error as NodeJS.ErrnoException).code}`);
  }
}
