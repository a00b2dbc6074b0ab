import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Declaration, DeriveOptions } from '../src/api/index.ts';

/** One derivation to time. */
export interface BenchCase {
  readonly id: string;
  readonly program: string;
  readonly wrt: readonly string[];
  readonly options: DeriveOptions;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The public conformance cases where they are present, else the derivatives of `corpus/`. */
export function benchCases(): { readonly source: string; readonly cases: readonly BenchCase[] } {
  const shared = here('../../shared/conformance/public.jsonl');
  return existsSync(shared)
    ? { source: 'public conformance cases', cases: publicCases(readFileSync(shared, 'utf8')) }
    : { source: 'corpus/derivatives', cases: corpusCases(here('../corpus/derivatives/')) };
}

interface PublicCase {
  readonly id: string;
  readonly declare: Readonly<Record<string, { readonly shape: readonly number[]; readonly symmetric?: true }>>;
  readonly program: string;
  readonly output: string | null;
  readonly wrt: readonly string[];
}

const publicCases = (text: string): BenchCase[] =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const { id, declare, program, output, wrt } = JSON.parse(line) as PublicCase;
      const declarations = Object.entries(declare).map(
        ([name, { shape, symmetric }]): Declaration => ({
          name,
          shape: { kind: 'array', axes: shape },
          properties: symmetric ? ['symmetric'] : [],
        }),
      );
      return { id, program, wrt, options: { declare: declarations, ...(output === null ? {} : { output }) } };
    });

/** See corpus/derivatives/README.md: blank lines between cases, the name first, then the program and `by …`. */
const corpusCases = (folder: string): BenchCase[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .flatMap((file) => readFileSync(folder + file, 'utf8').split(/\n\s*\n/))
    .flatMap((block) => {
      const [id, ...lines] = block.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
      const field = (name: string): string | undefined =>
        lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
      const wrt = field('by')?.split(/ *, */);
      const output = field('output');
      if (id === undefined || wrt === undefined) return [];
      const program = lines.filter((line) => !/^(by|output|range|longer:|=) /.test(line)).join('\n');
      return [{ id, program, wrt, options: output === undefined ? {} : { output } }];
    });

/** A network of the given depth, columns as examples: Zₖ = Wₖ'Aₖ₋₁ + bₖ, Aₖ = tanh(Zₖ), squared loss. */
export function network(layers: number): BenchCase {
  const range = Array.from({ length: layers }, (_, i) => i + 1);
  const program = [
    'A0: n',
    'y: n',
    ...range.map((k) => `W${k}: n x n; b${k}: n`),
    ...range.map((k) => `Z${k} = W${k}'*A${k - 1} + b${k}; A${k} = tanh(Z${k})`),
    `L = sum((A${layers} - y).^2)`,
  ].join('\n');
  return { id: `${layers} layers`, program, wrt: ['W1'], options: {} };
}
