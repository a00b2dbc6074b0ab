import type { Expr } from '../../syntax/expr.ts';
import { type Box, tight, wrap } from './boxes.ts';
import { fenced, type Layout } from './layout.ts';
import type { Names } from './names.ts';

/** What a medium can do. */
export interface Dialect {
  /** A quotient may be a fraction with a bar. */
  readonly fractions: boolean;
  /** `X[i,j]` is set as X with subscripts. */
  readonly subscripts: boolean;
}

/** Turns trees to boxes; `inline` does so without fractions, for scripts. */
export interface Setter {
  readonly names: Names;
  readonly dialect: Dialect;
  set(e: Expr): Box;
  inline(e: Expr): Box;
}

/** What stands before the indices of an entry: one thing, without subscripts of its own where the indices are subscripts. */
export function setTarget(box: Box, { dialect, names }: Setter): Layout {
  if (!dialect.subscripts) return wrap(box, tight.script);
  const layout = wrap(box, tight.atom);
  if (layout.kind === 'script' || layout.kind === 'entry' || layout.kind === 'words') return fenced('paren', layout);
  if (layout.kind === 'identifier') {
    if (layout.sub) return fenced('paren', layout);
    if (names.subscripted(layout.name)) return fenced('bracket', layout);
  }
  return layout;
}
