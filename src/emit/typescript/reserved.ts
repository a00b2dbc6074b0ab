import type { NamingRules } from '../identifiers.ts';
import { checkHelpers } from './check-support.ts';
import { typescriptHelpers } from './helpers.ts';

const words = `
abstract any arguments as async await bigint boolean break case catch class const constructor continue debugger declare
default delete do else enum eval export extends false finally for from function get if implements import in infer
instanceof interface is keyof let module namespace never new null number object of package private protected public
readonly require return satisfies set static string super switch symbol this throw true try type typeof undefined unique
unknown using var void while with yield
Array Float32Array Float64Array Infinity Math NaN Number Object RangeError console globalThis process
Tensor Given Results Numbers given selfCheck evaluate finite found point pointOf random report reports tangents
`;

/** What no name in an emitted TypeScript file may be. */
export const typescriptRules: NamingRules = {
  reserved: new Set([
    ...words.trim().split(/\s+/),
    ...typescriptHelpers.keys(),
    ...checkHelpers.keys(),
    'transposedOf',
  ]),
};
