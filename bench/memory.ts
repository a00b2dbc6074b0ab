import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { plan } from '../src/api/index.ts';
import type { Pool } from './contenders.ts';
import { writeFolder } from './folder.ts';
import type { Options } from './options.ts';
import type { MemoryResult } from './report/results.ts';
import { gradientOfTenLayers, memorySizes, weightsAndActivations } from './rows/networks.ts';
import type { Setting } from './setup.ts';

/** Plans and measures what the gradient of the ten layers takes, each contender in a process that has done nothing else. */
export async function measureMemory(
  options: Pick<Options, 'quick'>,
  setting: Setting,
  pool: Pool,
  scratch: string,
): Promise<MemoryResult | undefined> {
  // Resident sizes are read where Linux tells them.
  if (process.platform !== 'linux') return undefined;
  const row = gradientOfTenLayers;
  const sizes = memorySizes[options.quick ? 'quick' : 'full'];
  const { form = 'dense', ...request } = row.request;
  const planned = plan(row.program, request, { form, sizes, dtype: row.dtype });
  if (!planned.ok) throw new Error(planned.error.message);
  const data = join(scratch, 'memory');
  writeFolder(data, row.data(sizes));
  const measured: { label: string; bytes: number }[] = [];
  const take = async (label: string, library: 'ours' | 'torch', name: string): Promise<void> => {
    const peer = await pool.fresh(library, 1);
    try {
      measured.push({ label, bytes: await peer.memory(name, data) });
    } finally {
      await peer.close();
    }
  };
  for (const engine of ['wasm', 'blas']) await take(`wrt, ${engine}`, 'ours', `${row.id}/${engine}`);
  if (setting.torch) await take('PyTorch', 'torch', 'network');
  rmSync(data, { recursive: true });
  return { sizes, weightsAndActivations: weightsAndActivations(sizes), planned: planned.value.peak!, measured };
}
