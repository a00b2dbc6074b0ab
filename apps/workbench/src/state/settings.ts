import type { Stage } from '../engine/protocol.ts';

/** How the value of a setting stands in a link. What does not read as one is as if it were not there. */
interface Kind<T> {
  readonly usual: T;
  read(text: string): T | undefined;
  write(value: T): string;
  /** Holds for one derivative only: another program or variable begins anew. */
  readonly once?: true;
}

const oneOf = <const T extends string>(values: readonly T[]): Kind<T> => ({
  usual: values[0]!,
  read: (text) => values.find((value) => value === text),
  write: (value) => value,
});
const flag: Kind<boolean> = {
  usual: false,
  read: (text) => (text === 'yes' ? true : text === 'no' ? false : undefined),
  write: (value) => (value ? 'yes' : 'no'),
};
const count = (usual: number, most: number): Kind<number> => ({
  usual,
  read: (text) => (/^\d{1,6}$/.test(text) && Number(text) <= most ? Number(text) : undefined),
  write: String,
});
/** A name, or nothing. */
const name: Kind<string | undefined> = {
  usual: undefined,
  read: (text) => text.slice(0, 100),
  write: (value) => value ?? '',
};
/** Indices of an entry from 1, or nothing. */
const indices: Kind<readonly number[] | undefined> = {
  usual: undefined,
  read: (text) => (/^\d{1,6}(?:,\d{1,6}){0,7}$/.test(text) ? text.split(',').map(Number) : undefined),
  write: (value) => (value ?? []).join(','),
};
const once = <T>(kind: Kind<T>): Kind<T> => ({ ...kind, once: true });

/** The ways to write a derivative. */
export const writings = ['matrix', 'shapes', 'condensed', 'Kronecker', 'index', 'unfolded'] as const;
export type Writing = (typeof writings)[number];
/** The ways to look at a derivative as an array. */
export const forms = ['table', 'heat map', 'labelled', 'entry', 'unfolded', 'condensed', 'contracted'] as const;
export type Form = (typeof forms)[number];
/** The stages of a collapse, in their order. */
export const stages: readonly StageKind[] = ['full', 'zeros', 'repeats', 'condensed'];
export type StageKind = Stage['kind'];

/** Most steps, links or halvings that are counted. */
const most = 100_000;

/** What the views are set to, by its name in a link. */
export const settings = {
  written: oneOf(writings),
  /** Steps that are shown; all of them at 0. */
  steps: count(0, most),
  form: oneOf(forms),
  numbers: flag,
  fan: flag,
  stage: once(oneOf(stages)),
  /** The summand that is collapsed, from 1; the whole derivative at 0. */
  summand: once(count(0, most)),
  /** Another number that moves too; empty for none, nothing for the one that suggests itself. */
  also: once(name),
  /** The entry of the output that is looked at. */
  entry: once(indices),
  /** What the direction turns towards. */
  towards: once(indices),
  /** How far the direction is turned away from the gradient, in degrees. */
  angle: count(0, 360),
  /** Which of the steps h, h/2, h/4 … is looked at. */
  halving: count(1, most),
  /** How far the backward pass has come; 0 before it begins. */
  passed: count(0, most),
  /** Whether only the chosen layout counts. */
  strict: flag,
} as const satisfies Readonly<Record<string, Kind<unknown>>>;

export type SettingName = keyof typeof settings;
type ValueOf<K> = K extends Kind<infer T> ? T : never;
export type Settings = { readonly [K in SettingName]?: ValueOf<(typeof settings)[K]> };
export type SettingValue<K extends SettingName> = ValueOf<(typeof settings)[K]>;

const names = Object.keys(settings) as SettingName[];
const kindOf = (setting: SettingName): Kind<unknown> => settings[setting] as Kind<unknown>;

/** What is set otherwise than usual, as parts of a link. */
export const settingsToParts = (set: Settings): readonly (readonly [name: string, text: string])[] =>
  names
    .filter((key) => set[key] !== undefined && set[key] !== kindOf(key).usual)
    .map((key) => [key, kindOf(key).write(set[key])]);

export function settingsFromParts(given: URLSearchParams): Settings {
  const found = names.flatMap((key) => {
    const text = given.get(key);
    const value = text === null ? undefined : kindOf(key).read(text);
    return value === undefined || value === kindOf(key).usual ? [] : [[key, value] as const];
  });
  return Object.fromEntries(found);
}

/** The settings that hold for another derivative too. */
export const lasting = (set: Settings): Settings =>
  Object.fromEntries(Object.entries(set).filter(([key]) => !kindOf(key as SettingName).once));
