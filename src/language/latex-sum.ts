import type { Span } from '../base/diagnostic.ts';
import type { Expr } from '../syntax/expr.ts';
import { childrenOf } from '../syntax/expr.ts';
import { entrywise } from './latex-functions.ts';
import type { Source } from './source.ts';

/** An array whose entries, at the letters of `axes`, are the values of an expression with indices. */
interface Lifted {
  readonly expr: Expr;
  /** One letter per axis; none for a value in which no bound letter stands. */
  readonly axes: string;
}

/**
 * `\sum_{i,j} body` as a call on whole arrays: `\sum_i (x_i - y_i)^2` is sum((x - y).^2), `\sum_{i,j} A_{ij} x_i y_j` is
 * einsum("ij,i,j->", A, x, y), and letters that stay free become indices: `\sum_j A_{ij} x_j` is
 * einsum("ij,j->i", A, x)[i]. Gives up with `syntax/latex` where the body is no product of entries.
 */
export function sumOver(source: Source, letters: readonly string[], body: Expr, sign: Span, span: Span): Expr {
  const refuse = (message: string, at: Span): never =>
    source.stop(
      'syntax/latex',
      message,
      at.start,
      at.end,
      'write the sum with whole arrays, such as x^\\top y or \\operatorname{sum}(X)',
    );
  const mentions = (e: Expr): boolean =>
    (e.kind === 'index' && e.indices.some((i) => i?.kind === 'name' && letters.includes(i.name))) ||
    (e.kind === 'name' && letters.includes(e.name)) ||
    childrenOf(e).some(mentions);
  const call = (fn: string, args: readonly Expr[]): Expr => ({ kind: 'call', fn, order: 0, args, fnSpan: sign, span });
  const einsum = (spec: string, args: readonly Expr[]): Expr =>
    call('einsum', [{ kind: 'text', text: spec, span: sign }, ...args]);
  const arrange = (a: Lifted, axes: string): Expr =>
    a.axes === axes ? a.expr : einsum(`${a.axes}->${axes}`, [a.expr]);
  const sameLetters = (a: string, b: string): boolean => [...a].sort().join() === [...b].sort().join();

  const factorsOf = (e: Expr): Expr[] =>
    e.kind === 'binary' && (e.op === '*' || e.op === '.*') ? [...factorsOf(e.left), ...factorsOf(e.right)] : [e];

  const lift = (e: Expr): Lifted => {
    if (!mentions(e)) return { expr: e, axes: '' };
    switch (e.kind) {
      case 'index': {
        const named = e.indices.map((i) => (i?.kind === 'name' && [...i.name].length === 1 ? i.name : undefined));
        if (mentions(e.target) || named.includes(undefined))
          refuse('the sum has an index that cannot be read', e.span!);
        return { expr: e.target, axes: named.join('') };
      }
      case 'unary': {
        const arg = lift(e.arg);
        return { expr: { ...e, arg: arg.expr }, axes: arg.axes };
      }
      case 'call': {
        if (!entrywise.has(e.fn) || e.args.length !== 1) refuse(`the sum goes through '${e.fn}'`, e.span!);
        const arg = lift(e.args[0]!);
        return { expr: { ...e, args: [arg.expr] }, axes: arg.axes };
      }
      case 'binary':
        return liftBinary(e);
      default:
        return refuse('the summed value cannot be read', e.span!);
    }
  };
  const liftBinary = (e: Expr & { kind: 'binary' }): Lifted => {
    const left = lift(e.left);
    const right = lift(e.right);
    const axes = left.axes || right.axes;
    const build = (op: typeof e.op, a: Expr, b: Expr): Lifted => ({ expr: { ...e, op, left: a, right: b }, axes });
    const scalarBeside = left.axes === '' || right.axes === '';
    switch (e.op) {
      case '^':
      case '.^':
        if (right.axes !== '') return refuse('the exponent depends on the index', e.right.span!);
        return build('.^', left.expr, right.expr);
      case '*':
      case '.*':
        if (scalarBeside) return build('*', left.expr, right.expr);
        if (!sameLetters(left.axes, right.axes))
          return product([left, right], [...new Set(left.axes + right.axes)].join(''));
        return build('.*', left.expr, arrange(right, axes));
      case '\\':
        return refuse('the summed value cannot be read', e.span!);
      default: {
        if (!scalarBeside && !sameLetters(left.axes, right.axes))
          return refuse(`the two sides of '${e.op}' have different indices`, e.span!);
        const op = e.op === '/' && right.axes !== '' ? './' : e.op;
        return build(op, left.expr, scalarBeside ? right.expr : arrange(right, axes));
      }
    }
  };
  const product = (parts: readonly Lifted[], axes: string): Lifted => ({
    expr: einsum(
      `${parts.map((p) => p.axes).join(',')}->${axes}`,
      parts.map((p) => p.expr),
    ),
    axes,
  });

  if (body.kind === 'unary' && body.op === '-')
    return { ...body, arg: sumOver(source, letters, body.arg, sign, span), span };
  if (body.kind === 'binary' && body.op === '/' && !mentions(body.right))
    return { ...body, left: sumOver(source, letters, body.left, sign, span), span };
  const lifted = factorsOf(body).map(lift);
  const scalars = lifted.filter((f) => f.axes === '');
  const arrays = lifted.filter((f) => f.axes !== '');
  const used = [...new Set(arrays.flatMap((f) => [...f.axes]))];
  const missing = letters.find((l) => !used.includes(l));
  if (missing !== undefined) refuse(`the index '${missing}' of the sum does not occur`, sign);
  const free = used.filter((l) => !letters.includes(l));
  const [only] = arrays;
  const plain = arrays.length === 1 && free.length === 0 && new Set(only!.axes).size === only!.axes.length;
  const total = plain ? call('sum', [only!.expr]) : product(arrays, free.join('')).expr;
  const entry: Expr =
    free.length === 0
      ? total
      : { kind: 'index', target: total, indices: free.map((l) => ({ kind: 'name', name: l, span: sign })), span };
  return scalars.reduceRight<Expr>((right, s) => ({ kind: 'binary', op: '*', left: s.expr, right, span }), entry);
}
