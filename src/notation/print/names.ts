import type { Expr } from '../../syntax/expr.ts';
import type { Identifier } from './layout.ts';
import { nodesOf } from './spine.ts';

/** What a printer may know about the names of an expression, to set vectors bold and to tell `B/A` from `B/s`. */
export interface PrintContext {
  readonly names?: ReadonlyMap<string, { readonly axes: number; readonly row?: boolean }>;
}

/** Greek letters by the names they are spelled with. */
export const greek: ReadonlyMap<string, string> = new Map(
  Object.entries({
    alpha: 'α',
    beta: 'β',
    gamma: 'γ',
    delta: 'δ',
    epsilon: 'ε',
    varepsilon: 'ε',
    zeta: 'ζ',
    eta: 'η',
    theta: 'θ',
    vartheta: 'ϑ',
    iota: 'ι',
    kappa: 'κ',
    lambda: 'λ',
    mu: 'μ',
    nu: 'ν',
    xi: 'ξ',
    omicron: 'ο',
    pi: 'π',
    rho: 'ρ',
    varrho: 'ϱ',
    sigma: 'σ',
    varsigma: 'ς',
    tau: 'τ',
    upsilon: 'υ',
    phi: 'φ',
    varphi: 'φ',
    chi: 'χ',
    psi: 'ψ',
    omega: 'ω',
    Gamma: 'Γ',
    Delta: 'Δ',
    Theta: 'Θ',
    Lambda: 'Λ',
    Xi: 'Ξ',
    Pi: 'Π',
    Sigma: 'Σ',
    Upsilon: 'Υ',
    Phi: 'Φ',
    Psi: 'Ψ',
    Omega: 'Ω',
  }),
);

interface Parts {
  readonly letters: string;
  readonly sub?: string;
  readonly hat?: boolean;
}

// `W1`, `W_1`, `theta_max`, `y_hat`; a name that begins with an underscore stays as it is.
function split(name: string): Parts {
  const [head, ...tail] = name.split('_') as [string, ...string[]];
  if (head === '' || tail.includes('')) return { letters: name };
  const [, base, digits] = /^(.*?)(\d*)$/su.exec(head) as unknown as [string, string, string];
  const hat = tail[0] === 'hat';
  const sub = [digits, ...(hat ? tail.slice(1) : tail)]
    .filter((part) => part !== '')
    .map((part) => greek.get(part) ?? part)
    .join(',');
  const letters = greek.get(base) ?? base;
  // A hat needs one letter to sit on.
  if (base === '' || (hat && [...letters].length > 1)) return { letters: name };
  return { letters, ...(sub ? { sub } : {}), ...(hat ? { hat } : {}) };
}

export interface Names {
  identify(name: string): Identifier;
  /** The name of a function: one letter is set like a variable, anything else as it is. */
  identifyFunction(name: string, primes: number): Identifier;
  /** Whether one of the user's names is shown as this letter, so that it cannot stand for something else. */
  shows(letter: string): boolean;
  /** Whether `x` also occurs with a subscript of its own, as in `x1`: then `x[1]` must look different. */
  subscripted(name: string): boolean;
  axes(name: string): number | 'row' | undefined;
}

const keyOf = (parts: Parts): string => `${parts.letters}|${parts.sub ?? ''}|${parts.hat ? 1 : 0}`;

/** Decides how each name of the expressions looks. Two names that would look the same (`x1`, `x_1`) are left as they are. */
export function createNames(context: PrintContext, ...expressions: readonly Expr[]): Names {
  const spelled = new Set<string>();
  for (const e of nodesOf(...expressions)) {
    if (e.kind === 'name') spelled.add(e.name);
    else if (e.kind === 'call' && isLetter(e.fn)) spelled.add(e.fn);
  }
  const byKey = new Map<string, string[]>();
  for (const name of spelled) {
    const key = keyOf(split(name));
    byKey.set(key, [...(byKey.get(key) ?? []), name]);
  }
  const partsOf = (name: string): Parts => {
    const parts = split(name);
    return (byKey.get(keyOf(parts))?.length ?? 0) > 1 ? { letters: name } : parts;
  };
  const shown = [...spelled].map(partsOf);
  const letters = new Set(shown.map((parts) => parts.letters));
  const withSubscript = new Set(shown.filter((parts) => parts.sub).map((parts) => parts.letters));
  const axes = (name: string): number | 'row' | undefined => {
    const known = context.names?.get(name);
    return known?.row || (known && known.axes === 1) ? (known.row ? 'row' : 1) : known?.axes;
  };
  return {
    identify(name) {
      const known = axes(name);
      return { kind: 'identifier', name, ...partsOf(name), style: known === 1 || known === 'row' ? 'vector' : 'plain' };
    },
    identifyFunction: (name, primes) => ({
      kind: 'identifier',
      name,
      ...(isLetter(name) ? { ...partsOf(name), style: 'plain' } : { letters: name, style: 'function' }),
      primes,
    }),
    shows: (letter) => letters.has(letter),
    subscripted: (name) => withSubscript.has(partsOf(name).letters),
    axes,
  };
}

const isLetter = (name: string): boolean => [...split(name).letters].length === 1;
