import { existsSync, readFileSync } from 'node:fs';
import type { Declaration } from '../../src/syntax/expr.ts';

type Declared = Readonly<Record<string, { shape: number[]; symmetric?: boolean }>>;
export interface Case {
  readonly id: string;
  readonly declare: Declared | readonly (readonly [string, { shape: number[] }])[];
  readonly program: string;
  readonly output: string | null;
  readonly wrt: readonly string[];
  readonly at: Readonly<Record<string, unknown>>;
  readonly held?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly value: { readonly shape: number[]; readonly value: unknown };
  readonly stage?: string;
}

/** The shared cases, where they are present. */
export function readCases(file: string): Case[] {
  const path = `../shared/conformance/${file}`;
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Case);
}

export const declarationsOf = ({ declare }: Case): Declaration[] =>
  (Array.isArray(declare) ? (declare as [string, { shape: number[] }][]) : Object.entries(declare as Declared)).map(
    ([name, d]) => ({
      name,
      shape: { kind: 'array', axes: d.shape },
      properties: 'symmetric' in d && d.symmetric ? ['symmetric'] : [],
    }),
  );

export const optionsOf = (c: Case) => ({
  declare: declarationsOf(c),
  wrt: c.wrt,
  ...(c.output === null ? {} : { output: c.output }),
});
