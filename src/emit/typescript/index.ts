import { createLibrary } from '../library.ts';
import { type Lines, layoutLines, paragraphs } from '../lines.ts';
import { nameFile } from '../naming.ts';
import type { Emitter } from '../request.ts';
import { checkLines } from './check.ts';
import { expansionFunctions, functionLines, interfaceLines, type TypescriptFile } from './function.ts';
import { typescriptHelpers } from './helpers.ts';
import { typescriptRules } from './reserved.ts';

/** A module of strict TypeScript without dependencies: plain loops over typed arrays, row-major. */
export const emitTypescript: Emitter = (request) => {
  const file: TypescriptFile = {
    library: createLibrary(typescriptHelpers),
    array: request.dtype === 'float32' ? 'Float32Array' : 'Float64Array',
  };
  const naming = nameFile(request, typescriptRules, false);
  // The functions first, for they say which helpers are used.
  const main = functionLines(request, naming, file);
  const expansions = expansionFunctions(request, naming, file);
  const check = checkLines(request, naming, file);
  const helpers: readonly Lines[] = file.library.texts().map((text) => text.split('\n'));
  return layoutLines(
    paragraphs(
      interfaceLines(request, naming, file),
      main,
      ...expansions,
      ...(helpers.length > 0 ? [[`type Numbers = ${file.array};`], ...helpers] : [[`type Numbers = ${file.array};`]]),
      check,
    ),
    '  ',
  );
};
