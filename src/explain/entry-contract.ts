import { hidesDelta } from './entry-cases.ts';
import { addFormula, type Formula, type Index, overFormula, productFormula, type Summand } from './entry-formula.ts';
import { deltaFormula } from './entry-write.ts';

/** Every sum over a letter that a δ pins down replaced by its one surviving term. */
export function contractDeltas(f: Formula): Formula {
  switch (f.kind) {
    case 'over': {
      let body = contractDeltas(f.body);
      const spread = distribute(body);
      if (spread)
        return addFormula(spread.map((t) => ({ ...t, formula: contractDeltas(overFormula(f.ranges, t.formula)) })));
      let ranges = f.ranges;
      for (const { letter } of f.ranges) {
        const to = pinned(body, letter);
        if (to === undefined) continue;
        body = substituteIndex(body, letter, to);
        ranges = ranges.filter((r) => r.letter !== letter);
      }
      return overFormula(ranges, body);
    }
    case 'product':
      return productFormula(f.factors.map(contractDeltas));
    case 'add':
      return addFormula(f.terms.map((t) => ({ ...t, formula: contractDeltas(t.formula) })));
    default:
      return f;
  }
}

/** A product with a sum in it that holds δ's, multiplied out; a sum as it is. */
function distribute(f: Formula): readonly Summand[] | undefined {
  if (f.kind === 'add') return f.terms.length > 1 ? f.terms : undefined;
  if (f.kind !== 'product') return undefined;
  const at = f.factors.findIndex((x) => x.kind === 'add' && hidesDelta(x, true));
  const sum = f.factors[at];
  if (sum?.kind !== 'add') return undefined;
  const rest = f.factors.filter((_, k) => k !== at);
  return sum.terms.map((t) => ({ coefficient: t.coefficient, formula: productFormula([t.formula, ...rest]) }));
}

/** What a δ among the factors says that the letter is. */
function pinned(f: Formula, letter: string): Index | undefined {
  const factors = f.kind === 'product' ? f.factors : [f];
  for (const x of factors)
    if (x.kind === 'delta' && x.indices.includes(letter)) return x.indices.find((i) => i !== letter);
  return undefined;
}

/** The formula with one letter replaced. */
export function substituteIndex(f: Formula, from: string, to: Index): Formula {
  const put = (i: Index): Index => (i === from ? to : i);
  const inner = (g: Formula): Formula => substituteIndex(g, from, to);
  switch (f.kind) {
    case 'index':
      return { ...f, index: put(f.index) };
    case 'entry':
      return { ...f, indices: f.indices.map(put) };
    case 'delta':
      return deltaFormula(f.indices.map(put));
    case 'bracket':
      return { ...f, left: put(f.left), right: f.right === from ? String(to) : f.right };
    case 'partial': {
      const entry = (e: typeof f.of): typeof f.of => ({
        ...e,
        indices: e.indices.map((i) => (i === null ? i : put(i))),
      });
      return { ...f, of: entry(f.of), by: f.by.map(entry) };
    }
    case 'over':
      return f.ranges.some((r) => r.letter === from) ? f : overFormula(f.ranges, inner(f.body));
    case 'product':
      return productFormula(f.factors.map(inner));
    case 'add':
      return addFormula(f.terms.map((t) => ({ ...t, formula: inner(t.formula) })));
    case 'apply':
      return { ...f, args: f.args.map(inner) };
    case 'power':
      return { ...f, base: inner(f.base) };
    case 'equals':
      return { ...f, sides: f.sides.map(inner) };
    default:
      return f;
  }
}
