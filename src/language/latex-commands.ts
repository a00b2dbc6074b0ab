/** What a LaTeX command means to the reader. */
export type Meaning =
  /** A letter, by its spelled name. */
  | { readonly kind: 'letter'; readonly name: string }
  | { readonly kind: 'function'; readonly fn: string }
  | { readonly kind: 'operator'; readonly op: '*' | '/' | '.*' | './' | '⊗' | '+' | '-' }
  | { readonly kind: 'transpose' | 'frac' | 'sqrt' | 'sum' | 'left' | 'right' | 'pinv' | 'infinity' }
  /** Brackets; `|` and `‖` may open or close. */
  | { readonly kind: 'open' | 'close' | 'bar'; readonly text: string }
  /** Fonts, which change nothing, and words in upright letters, which are one name. */
  | { readonly kind: 'font' | 'word' }
  /** `\hat{y}` is the name yhat. */
  | { readonly kind: 'accent'; readonly suffix: string }
  | { readonly kind: 'skip' }
  | { readonly kind: 'refused'; readonly hint: string };

const table = new Map<string, Meaning>();
const words = (text: string): string[] => text.split(' ');
const set = (names: string, meaning: Meaning) => {
  for (const name of words(names)) table.set(name, meaning);
};

for (const name of words(
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega ' +
    'Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega',
))
  set(name, { kind: 'letter', name });
for (const name of words('epsilon theta phi rho sigma kappa pi')) set(`var${name}`, { kind: 'letter', name });
set('ell', { kind: 'letter', name: 'l' });

for (const fn of words('exp log sin cos tan sinh cosh tanh arcsin arccos arctan det max min erf diag vec sign'))
  set(fn, { kind: 'function', fn });
set('ln', { kind: 'function', fn: 'log' });
set('tr Tr trace', { kind: 'function', fn: 'tr' });
set('sgn', { kind: 'function', fn: 'sign' });

set('cdot times ast', { kind: 'operator', op: '*' });
set('odot circ', { kind: 'operator', op: '.*' });
set('oslash', { kind: 'operator', op: './' });
set('div', { kind: 'operator', op: '/' });
set('otimes', { kind: 'operator', op: '⊗' });

set('top intercal', { kind: 'transpose' });
set('prime', { kind: 'transpose' });
set('dagger', { kind: 'pinv' });
set('frac dfrac tfrac cfrac', { kind: 'frac' });
set('sqrt', { kind: 'sqrt' });
set('sum', { kind: 'sum' });
set('infty', { kind: 'infinity' });
set('left bigl Bigl biggl Biggl', { kind: 'left' });
set('right bigr Bigr biggr Biggr', { kind: 'right' });
set('big Big bigg Bigg middle', { kind: 'skip' });
set('lVert', { kind: 'open', text: '‖' });
set('rVert', { kind: 'close', text: '‖' });
set('lvert', { kind: 'open', text: '|' });
set('rvert', { kind: 'close', text: '|' });
set('| Vert', { kind: 'bar', text: '‖' });
set('vert', { kind: 'bar', text: '|' });
set('langle', { kind: 'open', text: '⟨' });
set('rangle', { kind: 'close', text: '⟨' });
set('{ lbrace', { kind: 'open', text: '\\{' });
set('} rbrace', { kind: 'close', text: '\\{' });
set('lbrack', { kind: 'open', text: '[' });
set('rbrack', { kind: 'close', text: '[' });

set('mathbf boldsymbol bm mathcal mathbb mathfrak mathscr pmb symbf underline mathnormal', { kind: 'font' });
set('mathrm mathit mathsf mathtt operatorname text textrm textbf textit textsf texttt', { kind: 'word' });
set('vec', { kind: 'accent', suffix: '' });
set('hat widehat', { kind: 'accent', suffix: 'hat' });
set('tilde widetilde', { kind: 'accent', suffix: 'tilde' });
set('bar overline', { kind: 'accent', suffix: 'bar' });
set('dot', { kind: 'accent', suffix: 'dot' });
set('ddot', { kind: 'accent', suffix: 'ddot' });
set('check', { kind: 'accent', suffix: 'check' });

set(', ; : ! quad qquad limits nolimits displaystyle textstyle nonumber notag', { kind: 'skip' });
for (const name of ['(', ')', '[', ']']) table.set(name, { kind: 'skip' });

set('begin end', { kind: 'refused', hint: 'this environment is not read; write one formula a line' });
set('partial nabla', {
  kind: 'refused',
  hint: 'write the function alone and say separately what to differentiate by',
});
set('prod int oint lim sup inf arg argmin argmax iint', {
  kind: 'refused',
  hint: 'it has no counterpart in the language',
});
set('ldots dots cdots vdots ddots', { kind: 'refused', hint: 'write all the terms out' });
set('le leq ge geq ne neq in to mapsto approx equiv sim', {
  kind: 'refused',
  hint: 'comparisons and conditions are not part of the language',
});

export const commands: ReadonlyMap<string, Meaning> = table;
