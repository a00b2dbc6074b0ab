import { type Kind, matrix, scalar, vector } from './kinds.ts';

const greek = new Set(
  (
    'alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi omicron pi rho ' +
    'varrho sigma varsigma tau upsilon phi varphi chi psi omega'
  ).split(' '),
);

/** matrixcalculus.org's letters: a–g and Greek names scalars, h–z vectors, A–Z matrices; a transposed scalar is none. */
export function kindByLetter(name: string, transposed: boolean): { readonly kind: Kind; readonly reason: string } {
  const reason = 'by its letter';
  const letter = /\p{L}/u.exec(name)?.[0] ?? 'x';
  if (letter !== letter.toLowerCase()) return { kind: matrix, reason };
  const isGreek = greek.has(name.replace(/[\d_].*$/u, '')) || /[α-ωϑϕϱϵ]/u.test(letter);
  if (!isGreek && !(letter >= 'a' && letter <= 'g')) return { kind: vector, reason };
  return transposed ? { kind: vector, reason: 'transposed, so no scalar' } : { kind: scalar, reason };
}
