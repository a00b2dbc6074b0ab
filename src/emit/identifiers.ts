/**
 * Legal, unique and readable identifiers from any text. Programs may name things in all of Unicode, and after words of
 * the target language (`λ`, `x̂`, `if`, `__proto__`); every target takes plain ASCII. What stands in a file besides the
 * user's names (keywords, built-in functions, helpers) is reserved first, so that no name can take its place.
 */
export interface NamingRules {
  /** Keywords, built-in names, and names that the target's file uses itself. */
  readonly reserved: ReadonlySet<string>;
  /** Whether `X` and `x` are one name there. */
  readonly foldsCase?: boolean;
}

export interface Names {
  /** An identifier that was not handed out before, as close to `wanted` as the rules allow. */
  claim(wanted: string): string;
  /** Whether the identifier is free as it stands. */
  free(identifier: string): boolean;
}

/** Longest identifier that is handed out; MATLAB reads 63 characters and C compilers promise 63. */
const longest = 48;

const greek: ReadonlyMap<string, string> = new Map(
  [
    ...'αalpha βbeta γgamma δdelta εepsilon ζzeta ηeta θtheta ιiota κkappa λlambda μmu νnu ξxi οomicron πpi ρrho'.split(
      ' ',
    ),
    ...'σsigma ςsigma τtau υupsilon φphi χchi ψpsi ωomega ϑtheta ϕphi ϵepsilon ϱrho ϖpi ϰkappa'.split(' '),
  ].flatMap((entry) => {
    const letter = entry[0]!;
    const name = entry.slice(1);
    const capital = letter.toUpperCase();
    const lower: [string, string] = [letter, name];
    return capital === letter || /[ςϑϕϵϱϖϰ]/.test(letter)
      ? [lower]
      : [lower, [capital, name[0]!.toUpperCase() + name.slice(1)] as [string, string]];
  }),
);

/** Marks on a letter that mathematicians read aloud; other accents are dropped. */
const marks: ReadonlyMap<string, string> = new Map([
  ['\u0302', 'hat'],
  ['\u0303', 'tilde'],
  ['\u0304', 'bar'],
  ['\u0305', 'bar'],
  ['\u0307', 'dot'],
  ['\u0308', 'ddot'],
  ['\u20d7', 'vec'],
  ["'", 'prime'],
  ['′', 'prime'],
  ['″', 'prime_prime'],
]);

const symbols: ReadonlyMap<string, string> = new Map([
  ['∂', 'd'],
  ['∇', 'grad'],
  ['ℓ', 'l'],
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['ø', 'o'],
  ['ł', 'l'],
]);

/** Letters, digits and single underscores, starting with a letter: `σ̂₁'` becomes `sigma_hat1_prime`. */
export function plainName(text: string): string {
  const words: string[] = [];
  let word = '';
  const part = (name: string): void => {
    if (word) words.push(word);
    words.push(name);
    word = '';
  };
  // An accent that has a letter of its own (é) is an accent; a mark on anything else is a hat, a bar, a dot.
  for (const c of text.slice(0, 200).normalize('NFD')) {
    if (/[A-Za-z0-9]/.test(c)) word += c;
    else if (greek.has(c)) {
      // Two names that follow one another need a line between them: λμ is lambda_mu.
      if (/[A-Za-z]$/.test(word)) part(greek.get(c)!);
      else word += greek.get(c)!;
    } else if (marks.has(c)) part(marks.get(c)!);
    else if (symbols.has(c)) word += symbols.get(c)!;
    else if (/[₀-₉]/.test(c)) word += String(c.charCodeAt(0) - 0x2080);
    else if (/\p{Mn}/u.test(c)) continue;
    else if (/[\p{L}\p{N}]/u.test(c)) part(`u${c.codePointAt(0)!.toString(16)}`);
    else if (word) {
      words.push(word);
      word = '';
    }
  }
  if (word) words.push(word);
  const name = words.join('_').slice(0, longest).replace(/_$/, '');
  return name === '' ? 'x' : /^[0-9]/.test(name) ? `x${name}` : name;
}

/** A supply of identifiers for one scope of one file. */
export function createNames(rules: NamingRules): Names {
  const fold = (name: string): string => (rules.foldsCase ? name.toLowerCase() : name);
  const taken = new Set([...rules.reserved].map(fold));
  const free = (identifier: string): boolean => !taken.has(fold(identifier));
  return {
    free,
    claim(wanted) {
      const plain = plainName(wanted);
      // `lambda_` is the custom for a name that is a keyword; a number tells apart what escaping made equal.
      let name = free(plain) ? plain : `${plain}_`;
      for (let k = 2; !free(name); k++) name = `${plain}_${k}`;
      taken.add(fold(name));
      return name;
    },
  };
}
