import { type Layout, layouts, type StepsDepth } from '../../../../src/api/index.ts';
import { type Settings, settingsFromParts, settingsToParts } from './settings.ts';

/** The views of a derivative, in the order of their tabs. */
export const views = ['result', 'steps', 'matrix', 'approx', 'network', 'check'] as const;
export type View = (typeof views)[number];

/** Everything that a link carries: what is typed, and what is looked at. Plain data. */
export interface Page {
  readonly source: string;
  /** Declarations of the table: `A: m x n symmetric; x: n`. */
  readonly declare: string;
  /** The name taken as the output; empty for the last expression. */
  readonly output: string;
  readonly wrt: readonly string[];
  readonly layout: Layout;
  readonly view: View;
  readonly depth: StepsDepth;
  /** Seed of the random point; values that were edited take the place of random ones. */
  readonly seed: number;
  readonly values: Readonly<Record<string, unknown>>;
  /** The user's own derivative. */
  readonly answer: string;
  /** What the views are set to. */
  readonly settings: Settings;
}

export const firstPage: Page = {
  source: "x'*A*x",
  declare: '',
  output: '',
  wrt: ['x'],
  layout: 'denominator',
  view: 'result',
  depth: 'full',
  seed: 1,
  values: {},
  answer: '',
  settings: {},
};

const version = '1';
const depths: readonly StepsDepth[] = ['outline', 'full', 'rewrites'];

/** Longest text that a link may carry; what is longer is ignored, like everything that is not understood. */
const longest = 20_000;

/** `#v=1&p=x'*A*x&by=x,x&layout=jacobian`: only what differs from the first page. */
export function pageToHash(page: Page): string {
  const parts: [string, string][] = [['v', version]];
  const add = (key: string, value: string, usual: string): void => {
    if (value !== usual) parts.push([key, value]);
  };
  parts.push(['p', page.source], ['by', page.wrt.join(',')]);
  add('declare', page.declare, '');
  add('output', page.output, '');
  add('layout', page.layout, firstPage.layout);
  add('view', page.view, firstPage.view);
  add('depth', page.depth, firstPage.depth);
  add('seed', String(page.seed), String(firstPage.seed));
  add('at', JSON.stringify(page.values), '{}');
  add('answer', page.answer, '');
  for (const [key, text] of settingsToParts(page.settings)) parts.push([key, text]);
  return `#${parts.map(([key, value]) => `${key}=${readable(value)}`).join('&')}`;
}

/** Escapes what a link cannot hold and leaves the rest legible. */
const readable = (text: string): string =>
  encodeURIComponent(text).replace(/%(?:20|2C|3A|3D|28|29|27|2F|3B|5B|5D|7B|7D)/g, (code) =>
    code === '%20' ? '+' : code === '%3D' ? '=' : decodeURIComponent(code),
  );

/** The page of a link; `undefined` where the link holds none. Nothing in it is trusted. */
export function pageFromHash(hash: string): Page | undefined {
  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  if (text === '' || text.length > 4 * longest) return undefined;
  const given = new URLSearchParams(text);
  const source = given.get('p');
  if (given.get('v') !== version || source === null || source.length > longest) return undefined;
  const short = (key: string): string => (given.get(key) ?? '').slice(0, longest);
  const oneOf = <T extends string>(key: string, allowed: readonly T[], usual: T): T =>
    allowed.find((value) => value === given.get(key)) ?? usual;
  const seed = Number(given.get('seed') ?? firstPage.seed);
  return {
    source,
    declare: short('declare'),
    output: short('output'),
    wrt: short('by')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .slice(0, 6),
    layout: oneOf('layout', layouts, firstPage.layout),
    view: oneOf('view', views, firstPage.view),
    depth: oneOf('depth', depths, firstPage.depth),
    seed: Number.isSafeInteger(seed) && seed > 0 ? seed : firstPage.seed,
    values: valuesOf(short('at')),
    answer: short('answer'),
    settings: settingsFromParts(given),
  };
}

/** Values by name; nested lists of numbers, checked where they are read. */
function valuesOf(text: string): Page['values'] {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Page['values']) : {};
  } catch {
    return {};
  }
}
