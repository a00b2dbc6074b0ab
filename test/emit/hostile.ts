import { type EmitCase, requestFor } from './requests.ts';

/** Texts that would do something, were they not a comment. Each tries to leave a file named `pwned` behind. */
export const hostileTexts: readonly string[] = [
  '*/ int pwned = system("touch pwned"); /*',
  'x // \\\nsystem("touch pwned");',
  'x ??/\nsystem("touch pwned");',
  '"""\nrun(`touch pwned`)\n"""',
  '$(run(`touch pwned`)) $(write("pwned", "1"))',
  '=# run(`touch pwned`) #=',
  "%}\nsystem('touch pwned');\n%{",
  "'); system('touch pwned'); ('",
  '"); system("touch pwned"); ("',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as JavaScript would read it.
  "*/ import('node:fs').then((f) => f.writeFileSync('pwned', '')); /* ${process.exit(3)} `",
  'x\u2028system("touch pwned");\u2029y\rsystem("touch pwned")',
  '\u202e)"denwp hcuot"(metsys\u202c',
  'end\nsystem("touch pwned")\nfunction f()',
  '#endif\n#include "/dev/random"\n#if 0',
  '%!test system("touch pwned");\n%!demo',
  '...\nsystem("touch pwned")',
];

/** Names of functions that are code, keywords, or already taken. */
export const hostileNames: readonly string[] = [
  'f(); system("touch pwned"); function g',
  '../../pwned',
  '__proto__',
  'constructor',
  'end',
  'for',
  'main',
  'exp',
  'selfcheck',
  'selfCheck',
  '',
  '1; system("touch pwned")',
  'λ̂′',
];

/** A program whose names are keywords and built-in functions of the targets. */
export const hostileProgram: EmitCase = {
  name: 'hostile',
  source: [
    'double: static x end; end_: end; exp: static; __proto__: static; constructor: scalar; λ: end; sum_: scalar; given: end',
    'size_ = double*(end_ + λ.*given)',
    "return = tanh(size_ + exp)'*__proto__*constructor",
    'return*sum_',
  ].join('\n'),
  wanted: { value: true, derivatives: ['end_', '__proto__', 'constructor', ['end_', 'exp'], 'double', 'given'] },
};

/** The hostile program with hostile texts and names in place of its own. */
export const hostileRequests = () => {
  const request = requestFor(hostileProgram);
  return hostileTexts.map((source, k) => ({ ...request, source, name: hostileNames[k % hostileNames.length]! }));
};
