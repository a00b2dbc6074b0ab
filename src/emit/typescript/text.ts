import { quoted } from '../comments.ts';

/** A text in single quotes, without anything that could end them. */
export const textOf = (text: string): string => `'${quoted(text).slice(1, -1)}'`;
