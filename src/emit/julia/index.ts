import { createLibrary } from '../library.ts';
import { type Lines, layoutLines, paragraphs } from '../lines.ts';
import { nameFile } from '../naming.ts';
import type { Emitter } from '../request.ts';
import { checkLines } from './check.ts';
import { expansionFunctions, functionLines } from './function.ts';
import { juliaHelpers } from './helpers.ts';
import { juliaRules } from './reserved.ts';

/** A Julia file that needs LinearAlgebra alone: broadcasting over whole arrays. */
export const emitJulia: Emitter = (request) => {
  const library = createLibrary(juliaHelpers);
  const naming = nameFile(request, juliaRules, false);
  const main = functionLines(request, naming, library);
  const expansions = expansionFunctions(request, naming, library);
  const check = checkLines(request, naming);
  const helpers: readonly Lines[] = library.texts().map((text) => text.split('\n'));
  return layoutLines(paragraphs(['using LinearAlgebra'], main, ...expansions, ...helpers, ...check), '    ');
};
