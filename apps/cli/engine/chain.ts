import {
  type ChainView,
  chain,
  chainHtml,
  chainLatex,
  chainText,
  type NetworkView,
  network,
  networkHtml,
  networkLatex,
  networkText,
} from '../../../src/api/index.ts';
import { exitCodes } from '../exit.ts';
import { readPoint } from '../readers/point.ts';
import { readLayout } from '../readers/request.ts';
import { refuse } from '../refuse.ts';
import { chainJson, networkJson } from '../render/chain.ts';
import { schema } from '../render/error-json.ts';
import { createStyle } from '../render/style.ts';
import type { ChainJob, Reply } from './jobs.ts';
import { readOptions } from './options.ts';
import { failed, guarded } from './reply.ts';

/** `wrt chain`. */
export const runChain = (job: ChainJob, signal: AbortSignal): Promise<Reply> =>
  guarded(job, async () => {
    const { source, options, entries } = readOptions(job, signal);
    const common = {
      ...options,
      layout: readLayout(job.layout),
      numbers: job.numbers,
      ...(job.at.length > 0 ? { at: await readPoint(job.at, job.stdin, entries) } : {}),
    };
    const { output, wrt } = endsOf(job);
    if (job.table) {
      if (job.onlyThrough !== undefined || job.step !== undefined)
        refuse('usage/arguments', '--only-through and --step belong to one chain, not to --table');
      const result = network(source, { ...common, ...(output === undefined ? {} : { output }) });
      return result.ok ? reply(job, networkWriters, result.value) : failed(result.errors, source, job);
    }
    const step = job.step === undefined ? undefined : await readPoint([`step=${job.step}`], undefined, entries);
    const { output: _, ...rest } = common;
    const result = chain(source, output, wrt!, {
      ...rest,
      ...(job.onlyThrough === undefined ? {} : { onlyThrough: job.onlyThrough }),
      ...(step ? { step: step.values().next().value! } : {}),
    });
    return result.ok ? reply(job, chainWriters, result.value) : failed(result.errors, source, job);
  });

/** `[output] wrt`; for a table no variable. */
function endsOf({ names, table, output: option }: ChainJob): { output: string | undefined; wrt: string | undefined } {
  const most = table ? 1 : 2;
  if (names.length > most)
    refuse(
      'usage/arguments',
      `too many names: ${names.join(', ')}`,
      table ? 'give the output alone' : 'give the output and the name to differentiate by',
    );
  if (!table && names.length === 0)
    refuse('usage/arguments', 'no name to differentiate by was given', 'name one, or ask for --table');
  const output = table || names.length === 2 ? names[0] : undefined;
  if (output !== undefined && option !== undefined && output !== option)
    refuse('usage/arguments', `the output is given twice, as ${output} and as ${option}`);
  return { output: output ?? option, wrt: table ? undefined : names.at(-1) };
}

interface Writers<V> {
  text(view: V, look: Parameters<typeof chainText>[1]): string;
  latex(view: V): string;
  html(view: V): string;
  json(view: V): object;
}
const chainWriters: Writers<ChainView> = { text: chainText, latex: chainLatex, html: chainHtml, json: chainJson };
const networkWriters: Writers<NetworkView> = {
  text: networkText,
  latex: networkLatex,
  html: networkHtml,
  json: networkJson,
};

function reply<V extends { readonly tally: ChainView['tally'] }>(job: ChainJob, writers: Writers<V>, view: V): Reply {
  const code = view.tally.failed > 0 ? exitCodes.no : exitCodes.ok;
  const { columns, bold, dim } = createStyle(job.look);
  const json = (): string => `${JSON.stringify({ schema, ok: true, ...writers.json(view) }, null, 2)}\n`;
  switch (job.json ? 'json' : job.format) {
    case 'json':
      return { out: json(), err: '', code };
    case 'latex':
      return { out: writers.latex(view), err: '', code };
    case 'html':
      return { out: writers.html(view), err: '', code };
    default:
      return { out: writers.text(view, { columns: columns - 2, bold, dim }), err: '', code };
  }
}
