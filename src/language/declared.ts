import type { Code, Span } from '../base/diagnostic.ts';
import { type Size, sizeProduct, sizeSymbols } from '../shape/size.ts';
import type { Declaration, DeclaredShape, Program } from '../syntax/expr.ts';
import { childrenOf } from '../syntax/expr.ts';
import { place } from './describe.ts';
import { evaluationOrder } from './walk.ts';

export type Report = (code: Code, message: string, span?: Span, hint?: string) => void;

export interface Declared {
  readonly declared: ReadonlyMap<string, Declaration>;
  /** Symbols that stand for sizes. */
  readonly sizes: ReadonlySet<string>;
  /** Those that only unknown functions have: the n of g: R^n -> R is whatever g is given. */
  readonly flexible: ReadonlySet<string>;
}

/** Enough for every program seen, and few enough that a set of kinds fits in 32 bits. */
const mostAxes = 24;

/**
 * The declarations of the text and those given with the request, which win. Where the text says `x: n` and the request
 * `x: 3`, n is 3 in the other declarations of the text too.
 */
export function resolveDeclarations(program: Program, given: readonly Declaration[], report: Report): Declared {
  const own = collect(program.declarations, report);
  const declared = collect(given, report);
  const mentioned = namesIn(program);
  const known = new Map<string, Size>();
  for (const [name, { shape }] of declared) {
    const before = own.get(name)?.shape;
    if (before?.kind !== 'array' || shape.kind !== 'array' || before.axes.length !== shape.axes.length) continue;
    before.axes.forEach((size, k) => {
      // a symbol that is used as a value stays one
      if (typeof size === 'string' && !mentioned.has(size)) known.set(size, shape.axes[k]!);
    });
  }
  const merged = new Map<string, Declaration>();
  for (const [name, d] of own) merged.set(name, declared.get(name) ?? { ...d, shape: substitute(d.shape, known) });
  for (const [name, d] of declared) merged.set(name, d);
  for (const d of merged.values()) check(d, report);

  const sizes = new Set<string>();
  const fixed = new Set<string>();
  for (const { shape } of merged.values())
    for (const size of shapeSizes(shape))
      for (const symbol of sizeSymbols(size)) {
        if (symbol.startsWith('?')) continue;
        sizes.add(symbol);
        if (shape.kind === 'array') fixed.add(symbol);
      }
  const flexible = new Set([...sizes].filter((symbol) => !fixed.has(symbol) && !mentioned.has(symbol)));
  return { declared: merged, sizes, flexible };
}

function collect(declarations: readonly Declaration[], report: Report): Map<string, Declaration> {
  const collected = new Map<string, Declaration>();
  for (const d of declarations) {
    if (collected.has(d.name)) report('declaration/twice', `'${d.name}' is declared twice${place(d.span)}`, d.span);
    collected.set(d.name, d);
  }
  return collected;
}

function check({ name, shape, properties, span }: Declaration, report: Report): void {
  const sizes = shapeSizes(shape);
  for (const size of sizes)
    if (typeof size === 'number' && !(Number.isSafeInteger(size) && size > 0))
      report('declaration/size', `dimension ${size} of '${name}' is not a positive integer${place(span)}`, span);
  if (sizes.length > mostAxes)
    report('declaration/axes', `'${name}' has ${sizes.length} axes; at most ${mostAxes} can be handled`, span);
  for (const property of properties) {
    if (property === 'nonnegative' || property === 'constant') {
      if (shape.kind !== 'array')
        report('declaration/property', `'${name}' is not an array and cannot be ${property}`, span);
    } else if (shape.kind !== 'array' || sizes.length !== 2)
      report('declaration/property', `'${name}' cannot be ${property}: only a square matrix can`, span);
  }
}

const shapeSizes = (shape: DeclaredShape): readonly Size[] =>
  shape.kind === 'array' ? shape.axes : shape.kind === 'function' ? [...shape.from, ...shape.to] : [];

function substitute(shape: DeclaredShape, known: ReadonlyMap<string, Size>): DeclaredShape {
  if (known.size === 0) return shape;
  const all = (sizes: readonly Size[]) => sizes.map((size) => replaceSymbols(size, known));
  if (shape.kind === 'array') return { kind: 'array', axes: all(shape.axes) };
  return shape.kind === 'function' ? { kind: 'function', from: all(shape.from), to: all(shape.to) } : shape;
}

/** A size with other sizes in the place of some of its symbols. */
export function replaceSymbols(size: Size, known: ReadonlyMap<string, Size>): Size {
  if (typeof size === 'number' || !size.split('*').some((part) => known.has(part))) return size;
  return sizeProduct(...size.split('*').map((part) => known.get(part) ?? (/^\d+$/.test(part) ? Number(part) : part)));
}

/** Every name that stands somewhere in an expression. */
function namesIn({ statements }: Program): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { value } of statements)
    for (const expr of evaluationOrder(value, childrenOf)) if (expr.kind === 'name') names.add(expr.name);
  return names;
}
