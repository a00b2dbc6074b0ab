import { type Size, sizeProduct } from '../shape/size.ts';
import { type Property, properties } from '../shape/type.ts';
import type { Declaration, DeclaredShape } from '../syntax/expr.ts';
import { canonicalName, namePattern } from './characters.ts';
import type { Source } from './source.ts';

const blank = /\s*/y;
const anyName = new RegExp(namePattern, 'uy');
const colon = /[:：]/y;
const number = /\d+(?:\.\d+)?|\.\d+/y;
const sign = /[-−+]/y;
/** The letter x separates sizes: after a number always (`3x4`, `3xn`), after a symbol where no longer word starts with it. */
const times = /[×✕xX]/y;
const loneTimes = /[×✕]|[xX](?![\p{L}\p{M}_])/uy;
const factor = /[*·⋅]/y;
const arrow = /->|→/y;
const reals = /[Rℝ](?![\p{L}\p{M}\d_])/uy;
const power = /\^/y;
const comma = /,/y;
const word = /[\p{L}][\p{L}\d-]*/uy;
const openers = /[([{]/y;
const closers: Record<string, RegExp> = { '(': /\)/y, '[': /\]/y, '{': /\}/y };

/** Axes of an array, factors of a size: none of the operations has a use for more. */
const mostAxes = 32;

const usage = "write 'name: m x n', 'name: m', 'name: scalar', 'f: elementwise' or 'g: R^n -> R^m'";
const arrays = "write 'x: n' for a vector, 'A: m x n' for a matrix";
/** Words that are no sizes, with what to write instead. */
const unsized: ReadonlyMap<string, string> = new Map([
  ...['vector', 'matrix', 'tensor', 'row', 'column', 'array', 'square'].map((w): [string, string] => [w, arrays]),
  ...['number', 'real', 'integer'].map((w): [string, string] => [w, "write 's: scalar'"]),
  ['function', "write 'f: elementwise' or 'g: R^n -> R^m'"],
]);

/** Reads the declaration `name: shape [property …]` in `text[start, end)`; gives up with `declaration/…`. */
export function readDeclaration(source: Source, start: number, end: number): Declaration {
  const text = source.text.slice(start, end);
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    const from = nextStart();
    pattern.lastIndex = from;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return undefined;
    at = from + found.length;
    return found;
  };
  const sees = (pattern: RegExp): boolean => {
    const before = at;
    const found = take(pattern) !== undefined;
    at = before;
    return found;
  };
  const stop = (code: 'size' | 'shape' | 'property', message: string, from: number, hint?: string): never =>
    source.stop(
      `declaration/${code}`,
      message,
      start + from,
      start + Math.max(at, from + 1),
      hint ?? (code === 'shape' ? usage : undefined),
    );
  const nextStart = (): number => {
    blank.lastIndex = at;
    blank.exec(text);
    return blank.lastIndex;
  };
  const rest = (): string => text.slice(nextStart(), nextStart() + 40).trim();

  const name = canonicalName(take(anyName) ?? '');
  if (!name || !take(colon)) {
    const found = rest();
    stop('shape', found ? `expected 'name: shape', found '${text.trim().slice(0, 40)}'` : "expected 'name: shape'", 0);
  }

  const badSize = (from: number): never =>
    stop(
      'size',
      `size ${text.slice(from, at)} of '${name}' is not a positive integer`,
      from,
      'a size is a positive integer or a symbol',
    );

  /** `3`, `m`, `2*m`. */
  const readSize = (): Size => {
    const from = nextStart();
    const factors: Size[] = [];
    do {
      if (factors.length >= mostAxes) stop('shape', `a size of '${name}' has more than ${mostAxes} factors`, from);
      const signed = take(sign);
      const digits = take(number);
      if (digits !== undefined) {
        const value = Number(digits);
        if (signed || !Number.isSafeInteger(value) || value < 1) badSize(from);
        factors.push(value);
        continue;
      }
      const symbol = take(anyName);
      if (symbol === undefined)
        stop(
          'shape',
          rest() ? `expected a size of '${name}' before '${rest()}'` : `a size of '${name}' is missing`,
          nextStart(),
        );
      if (signed) badSize(from);
      factors.push(canonicalName(symbol!));
    } while (take(factor));
    const size = sizeProduct(...factors);
    const numeric = factors.reduce<number>((product, f) => (typeof f === 'number' ? product * f : product), 1);
    if (!Number.isSafeInteger(numeric)) badSize(from);
    return size;
  };
  /** `m x n`, `3x4xn`, or with commas between brackets. */
  const readSizes = (commas: boolean): Size[] => {
    const sizes = [readSize()];
    for (;;) {
      const separated = /\d/.test(text[at - 1]!) ? take(times) : take(loneTimes);
      if (separated === undefined && !(commas && take(comma))) return sizes;
      if (sizes.length >= mostAxes) stop('shape', `'${name}' has more than ${mostAxes} axes`, 0, 'no array has more');
      sizes.push(readSize());
    }
  };
  const readAxes = (): Size[] => {
    const from = nextStart();
    const opener = take(openers);
    if (opener === undefined) return readSizes(false);
    if (take(closers[opener]!)) return [];
    const sizes = readSizes(true);
    if (!take(closers[opener]!)) stop('shape', `the bracket '${opener}' in the shape of '${name}' is not closed`, from);
    return sizes;
  };
  /** `R`, `R^n`, `R^(m x n)`, and `scalar` for R. */
  const readSpace = (): Size[] => {
    if (take(/scalar(?![\p{L}\d_])/uy)) return [];
    if (!take(reals)) return readAxes();
    return take(power) ? readAxes() : [];
  };
  const readShape = (): DeclaredShape => {
    if (rest() === '') stop('shape', `the shape of '${name}' is missing`, at);
    const from = nextStart();
    if (take(/elementwise(?![\p{L}\d_])/uy)) {
      take(/function(?![\p{L}\d_])/uy);
      return { kind: 'elementwise' };
    }
    if (take(/index(?![\p{L}\d_])/uy)) return { kind: 'index' };
    const leading = /^[\p{L}-]+/u.exec(text.slice(from))?.[0] ?? '';
    const instead = unsized.get(leading);
    if (instead) stop('shape', `'${leading}' does not say the size of '${name}'`, from, instead);
    if (properties.some((p) => p.split(' ')[0] === leading))
      stop('shape', `the shape of '${name}' is missing before '${leading}'`, from, `write '${name}: n x n ${rest()}'`);
    const axes = readSpace();
    return take(arrow) ? { kind: 'function', from: axes, to: readSpace() } : { kind: 'array', axes };
  };

  const readProperties = (shape: DeclaredShape): Property[] => {
    const found: Property[] = [];
    for (;;) {
      take(comma);
      if (found.length > 0) take(/and(?![\p{L}\d_])/uy);
      if (rest() === '') return found;
      const from = nextStart();
      const first = take(word);
      if (first === undefined) {
        const what = sees(sign) ? `sizes are integers, symbols and products of them` : undefined;
        stop('shape', `unexpected '${rest()}' in the declaration of '${name}'`, from, what);
      }
      const second = first === 'positive' ? take(/[-\s]*definite(?![\p{L}\d_])/uy) : undefined;
      const property = properties.find((p) => p === (second ? 'positive definite' : first!.replace('-', ' ')));
      if (!property)
        stop('property', `unknown property '${first}' of '${name}'`, from, `known are ${properties.join(', ')}`);
      if (!suits(shape, property!)) {
        const needed = general.has(property!) ? 'belongs to an array' : 'needs a square matrix';
        stop('property', `the property '${property}' ${needed}, which '${name}' is not`, from);
      }
      if (!found.includes(property!)) found.push(property!);
    }
  };

  const shape = readShape();
  return { name, shape, properties: readProperties(shape), span: source.span(start, start + at) };
}

const general: ReadonlySet<Property> = new Set<Property>(['nonnegative', 'constant']);

/** Whether the property can hold; two different symbols may still turn out to be one size. */
function suits(shape: DeclaredShape, property: Property): boolean {
  if (shape.kind !== 'array') return false;
  if (general.has(property)) return true;
  const [m, n] = shape.axes;
  return shape.axes.length === 2 && (m === n || typeof m === 'string' || typeof n === 'string');
}
