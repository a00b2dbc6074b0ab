import { type Layout, layoutOrder } from '../calculus/layout.ts';
import { notate } from '../notation/derivative.ts';
import { printLatex } from '../notation/print/latex.ts';
import type { PrintContext } from '../notation/print/names.ts';
import { printProgramLatex, printProgramText, printProgramUnicode } from '../notation/print/program.ts';
import { printUnicode } from '../notation/print/unicode.ts';
import type { Size } from '../shape/size.ts';
import { binary, type Expr, name as nameExpr } from '../syntax/expr.ts';
import type { Node } from '../tensor/node.ts';
import type { ChainGraph } from './chain-graph.ts';

/** One formula, written in three ways. */
export interface Formula {
  /** In the language: ∂L/∂Z3 is the name `dL_dZ3`, so that the lines of a backward pass are a program. */
  readonly text: string;
  /** ∂L/∂Z₃ is written as such. */
  readonly unicode: string;
  readonly latex: string;
  /** Why there is no matrix notation for it. */
  readonly reason?: string;
}

/** A derivative by its name, `∂Z₂/∂A₁`. */
export interface DerivativeSign {
  readonly unicode: string;
  readonly latex: string;
}

/** What writes formulas for one graph: names of the running derivatives, and how they are shown. */
export interface Pen {
  readonly graph: ChainGraph;
  readonly layout: Layout;
  /** The name that stands for ∂output/∂name in formulas. */
  adjoint(name: string): string;
  /** ∂output/∂name as an independent array, its axes in the layout's order. */
  adjointVariable(name: string): Node;
  /** Order of the axes output…, name… in the layout. */
  order(of: readonly Size[], by: readonly Size[]): readonly number[];
  /** `∂Z₂/∂A₁`, plainly and in LaTeX. */
  symbol(of: string, by: string): DerivativeSign;
  /**
   * The derivative over all ways from one name to another: written with d, as the notes do, where ∂ would be taken for the
   * direct link alone.
   */
  total(of: string, by: string): DerivativeSign;
  name(name: string): { readonly unicode: string; readonly latex: string };
  write(node: Node): Formula;
}

export function createPen(graph: ChainGraph, layout: Layout): Pen {
  const { builder, output } = graph;
  const adjoints = new Map<string, string>();
  const used = new Set(graph.taken);
  for (const name of graph.active) {
    let chosen = `d${output}_d${name}`;
    while (used.has(chosen)) chosen += '_';
    used.add(chosen);
    adjoints.set(name, chosen);
  }
  const order = (of: readonly Size[], by: readonly Size[]): readonly number[] =>
    layoutOrder(
      [
        ...of.map((size, axis) => ({ of: 'output' as const, axis, size })),
        ...by.map((size, axis) => ({ of: 0, axis, size })),
      ],
      layout,
    );
  const names = new Map<string, { axes: number; row?: boolean }>();
  for (const info of graph.analysis.names.values())
    if (info.role === 'input' || info.role === 'assigned')
      names.set(info.name, { axes: info.type.axes.length, ...(info.type.row ? { row: true } : {}) });
  if (!names.has(output)) names.set(output, { axes: graph.shape(output).length });
  for (const [name, adjoint] of adjoints)
    names.set(adjoint, { axes: graph.shape(output).length + graph.shape(name).length });
  const context: PrintContext = { names };
  const owners = new Map([...adjoints].map(([name, adjoint]) => [adjoint, name] as const));
  const shown = (name: string) => ({
    unicode: printUnicode(nameExpr(name), context),
    latex: printLatex(nameExpr(name), context),
  });
  const quotient = (d: DerivativeSign, of: string, by: string): DerivativeSign => {
    const [y, x] = [shown(of), shown(by)];
    return {
      unicode: `${d.unicode}${y.unicode}/${d.unicode}${x.unicode}`,
      latex: `\\frac{${d.latex} ${y.latex}}{${d.latex} ${x.latex}}`,
    };
  };
  const symbol = (of: string, by: string): DerivativeSign => quotient({ unicode: '∂', latex: '\\partial' }, of, by);
  const total = (of: string, by: string): DerivativeSign => {
    const direct = graph.parents.get(of)?.includes(by);
    const others = of === output ? graph.children.get(by)!.length : graph.parents.get(of)!.length;
    return direct && others > 1 ? quotient({ unicode: 'd', latex: '\\mathrm{d}' }, of, by) : symbol(of, by);
  };
  return {
    graph,
    layout,
    order,
    symbol,
    total,
    name: shown,
    adjoint: (name) => adjoints.get(name)!,
    adjointVariable(name) {
      const raw = [...graph.shape(output), ...graph.shape(name)];
      return builder.variable(
        adjoints.get(name)!,
        order(graph.shape(output), graph.shape(name)).map((k) => raw[k]!),
      );
    },
    write(node) {
      const notation = notate(builder, node, used);
      const found = new Set<string>();
      const arrange = (e: Expr): Expr => factorsFirst(e, (n) => owners.has(n), found);
      const program = {
        assignments: notation.assignments.map(([n, e]) => [n, arrange(e)] as const),
        value: arrange(notation.value),
      };
      let unicode = printProgramUnicode(program, context);
      let latex = printProgramLatex(program, context);
      for (const adjoint of found) {
        const as = total(output, owners.get(adjoint)!);
        unicode = replaceName(unicode, adjoint, as.unicode, ['(', ')'], /^[ᵀ⁻⁺²³^[/]/u);
        latex = replaceName(latex, printLatex(nameExpr(adjoint), context), as.latex, ['\\left(', '\\right)'], /^[_^]/u);
      }
      const reason = notation.reason ? { reason: notation.reason } : {};
      return { text: printProgramText(program), unicode, latex, ...reason };
    },
  };
}

/**
 * In an elementwise product what comes down the chain stands last, as the notes write it: f′(Z) ⊙ (W ∂L/∂Z). Collects the
 * running derivatives on the way. Formulas of one link are short; a deep one is left as it is.
 */
function factorsFirst(e: Expr, isAdjoint: (name: string) => boolean, found: Set<string>): Expr {
  const walk = (x: Expr, depth: number): { expr: Expr; holds: boolean } => {
    if (depth > 200) {
      for (const name of allNames(x)) if (isAdjoint(name)) found.add(name);
      return { expr: x, holds: true };
    }
    switch (x.kind) {
      case 'name': {
        const holds = isAdjoint(x.name);
        if (holds) found.add(x.name);
        return { expr: x, holds };
      }
      case 'unary':
      case 'transpose': {
        const arg = walk(x.arg, depth + 1);
        return { expr: { ...x, arg: arg.expr }, holds: arg.holds };
      }
      case 'binary': {
        const [left, right] = [walk(x.left, depth + 1), walk(x.right, depth + 1)];
        const holds = left.holds || right.holds;
        if (x.op === '.*' && left.holds && !right.holds) return { expr: binary('.*', right.expr, left.expr), holds };
        return { expr: binary(x.op, left.expr, right.expr), holds };
      }
      case 'call': {
        const args = x.args.map((a) => walk(a, depth + 1));
        return { expr: { ...x, args: args.map((a) => a.expr) }, holds: args.some((a) => a.holds) };
      }
      case 'index': {
        const target = walk(x.target, depth + 1);
        return { expr: { ...x, target: target.expr }, holds: target.holds };
      }
      default:
        return { expr: x, holds: false };
    }
  };
  return walk(e, 0).expr;
}

function allNames(root: Expr): readonly string[] {
  const names: string[] = [];
  const stack: Expr[] = [root];
  for (let e = stack.pop(); e; e = stack.pop()) {
    if (e.kind === 'name') names.push(e.name);
    else if (e.kind === 'unary' || e.kind === 'transpose') stack.push(e.arg);
    else if (e.kind === 'binary') stack.push(e.left, e.right);
    else if (e.kind === 'call') stack.push(...e.args);
    else if (e.kind === 'index') stack.push(e.target);
  }
  return names;
}

/** Puts `by` where the name stands whole; in brackets where a script or a stroke would bind to a part of it. */
function replaceName(
  text: string,
  name: string,
  by: string,
  [open, close]: readonly [string, string],
  binds: RegExp,
): string {
  // A raised T is a letter too, but no part of a name.
  const word = /[\p{Lu}\p{Ll}\p{Lo}\p{Nd}_]/u;
  let result = '';
  let from = 0;
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, from)) {
    const end = at + name.length;
    const whole = !word.test(text[at - 1] ?? ' ') && !(word.test(name.at(-1)!) && word.test(text[end] ?? ' '));
    const bracket = whole && (binds.test(text.slice(end)) || text[at - 1] === '/');
    result += text.slice(from, at) + (whole ? (bracket ? open + by + close : by) : name);
    from = end;
  }
  return result + text.slice(from);
}
