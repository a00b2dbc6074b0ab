import { createLibrary } from '../library.ts';
import { type Lines, layoutLines, paragraphs } from '../lines.ts';
import { nameFile } from '../naming.ts';
import type { Emitter } from '../request.ts';
import { checkLines } from './check.ts';
import { expansionFunctions } from './expand.ts';
import { functionLines } from './function.ts';
import { cHelpers, helperText } from './helpers.ts';
import { cDialect } from './language.ts';
import { cRules } from './reserved.ts';

/** A header of C99 with one static function over CBLAS and LAPACK; `-DWRT_SELF_CHECK` gives it a `main`. */
export const emitC: Emitter = (request) => {
  const library = createLibrary(cHelpers);
  const naming = nameFile(request, cRules(request), true);
  const d = cDialect(naming.fn, request.dtype, library);
  const functions = functionLines(request, naming, d);
  const expansions = expansionFunctions(request, naming, d);
  const check = checkLines(request, naming, d);
  const guard = `WRT_${naming.fn.toUpperCase()}_H`;
  const helpers: readonly Lines[] = library.texts().map((text) => helperText(text, d).split('\n'));
  return layoutLines(
    paragraphs(
      [`#ifndef ${guard}`, `#define ${guard}`],
      [
        '#include <cblas.h>',
        '#include <float.h>',
        '#include <limits.h>',
        '#include <math.h>',
        '#include <stddef.h>',
        '#include <stdlib.h>',
        '#include <string.h>',
      ],
      ...helpers,
      ...functions,
      ...expansions,
      ...check,
      ['#endif'],
    ),
    '  ',
  );
};
