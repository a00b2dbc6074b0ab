import { stripVTControlCharacters } from 'node:util';
import type { Look } from '../engine/jobs.ts';

type Paint = (text: string) => string;
/** The few looks that output uses; each is the identity without colour. */
export interface Style {
  readonly columns: number;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly warn: Paint;
  readonly accent: Paint;
}

const paint =
  (on: boolean, open: number, close: number): Paint =>
  (text) =>
    on && text !== '' ? `\x1b[${open}m${text}\x1b[${close}m` : text;

export const createStyle = ({ colour, columns }: Look): Style => ({
  columns,
  bold: paint(colour, 1, 22),
  dim: paint(colour, 2, 22),
  good: paint(colour, 32, 39),
  bad: paint(colour, 31, 39),
  warn: paint(colour, 33, 39),
  accent: paint(colour, 36, 39),
});

/** Colour and width of a stream: NO_COLOR wins, FORCE_COLOR asks for colour where there is no terminal. */
export function lookOf(stream: NodeJS.WriteStream): Look {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const asked = FORCE_COLOR ? FORCE_COLOR !== '0' && FORCE_COLOR !== 'false' : undefined;
  const colour = NO_COLOR ? false : (asked ?? (stream.isTTY === true && TERM !== 'dumb'));
  return { colour, columns: stream.isTTY ? Math.min(Math.max(stream.columns || 80, 40), 120) : 100 };
}

/** Columns that a text takes in a terminal: colours and combining marks take none. */
export const widthOf = (text: string): number => [...stripVTControlCharacters(text).replace(/\p{M}/gu, '')].length;
export const padTo = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
export const plural = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
