import { createLibrary } from '../library.ts';
import { type Lines, layoutLines, paragraphs } from '../lines.ts';
import { nameFile } from '../naming.ts';
import type { Emitter } from '../request.ts';
import { checkLines } from './check.ts';
import { expansionFunctions, functionLines } from './function.ts';
import { matlabHelpers } from './helpers.ts';
import { matlabRules } from './reserved.ts';

/** A function file for MATLAB and Octave, without toolboxes: implicit expansion over arrays, vectors as columns. */
export const emitMatlab: Emitter = (request) => {
  const library = createLibrary(matlabHelpers);
  const naming = nameFile(request, matlabRules, false);
  const main = functionLines(request, naming, library);
  const expansions = expansionFunctions(request, naming, library);
  const check = checkLines(request, naming);
  const helpers: readonly Lines[] = library.texts().map((text) => text.split('\n'));
  return layoutLines(
    paragraphs(main, ...expansions, ...helpers, ...check, [`%!test`, `%! ${naming.fn}('selfcheck');`]),
    '    ',
  );
};
