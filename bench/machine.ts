import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Vector instructions that matter to the figures. */
  readonly instructions: readonly string[];
  readonly memory: string;
  readonly system: string;
  readonly node: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** What the figures were taken on; nothing that names one machine among many. */
export function describeMachine(): Machine {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(read('/proc/cpuinfo'))?.[1]?.trim().split(' '));
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    instructions: ['avx2', 'fma', 'avx512f'].filter((flag) => flags.has(flag)),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: /^PRETTY_NAME="(.*)"$/m.exec(read('/etc/os-release'))?.[1] ?? `${type()} ${release()}`,
    node: process.versions.node,
  };
}
