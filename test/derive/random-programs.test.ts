import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Derivative, derive, evaluate, layouts, type NdArray, type PointValues } from '../../src/api/index.ts';
import { randomPoint } from '../../src/interpret/points.ts';
import { differences, distance, finite, must, toJacobian, valueAt } from './numeric.ts';
import { choicesFrom, type RandomProgram, randomProgram, sizesOfProgram } from './program-generator.ts';

interface Request {
  readonly program: RandomProgram;
  readonly wrt: readonly string[];
  readonly layout: (typeof layouts)[number];
}

/** A program with what to differentiate by: a variable or an intermediate, once or twice. */
const requests: fc.Arbitrary<Request> = fc
  .record({
    list: fc.array(fc.nat(9_999), { minLength: 3, maxLength: 120 }),
    first: fc.nat(99),
    second: fc.option(fc.nat(99)),
    layout: fc.constantFrom(...layouts),
  })
  .map(({ list, first, second, layout }) => {
    const program = randomProgram(choicesFrom(list));
    const name = (k: number): string => program.variables[k % program.variables.length]!;
    // A second variable that is an intermediate would change what the first derivative means.
    const inputs = program.variables.filter((v) => !program.assigned.includes(v));
    const later = second === null || inputs.length === 0 ? [] : [inputs[second % inputs.length]!];
    return { program, wrt: program.variables.length > 0 ? [name(first), ...later] : [], layout };
  })
  .filter((r) => r.wrt.length > 0);

const property = / (symmetric|diagonal|orthogonal|positive definite)$/gm;

/** ∂ by differences: of the program for one variable, of the first derivative by independent entries for two. */
function byDifferences({ program, wrt }: Request, point: PointValues): NdArray {
  const last = wrt[wrt.length - 1]!;
  const before =
    wrt.length === 1
      ? (at: PointValues) => valueAt(program.source, at, wrt)
      : derivativeAt(
          must(derive(program.source.replace(property, ''), wrt.slice(0, -1), { layout: 'jacobian', certify: false })),
        );
  return differences((x) => before(new Map([...point, [last, x]])), point.get(last)!);
}

const derivativeAt =
  (d: Derivative) =>
  (at: PointValues): NdArray =>
    must(d.evaluate(at)).value;

/** The point of a request at which everything is finite and no kink is near, if one is found. */
function comparison(request: Request, d: Derivative): readonly { got: NdArray; want: NdArray; point: PointValues }[] {
  const held = request.wrt.filter((name) => request.program.assigned.includes(name));
  return [1, 2, 3].flatMap((seed) => {
    const range = seed === 3 ? ([0.3, 1.7] as const) : ([-1.3, 1.5] as const);
    const point = randomPoint(d.program.analysis, seed, { held, sizes: sizesOfProgram, range }).values;
    const value = d.evaluate(point);
    if (!value.ok || !finite(value.value.value)) return [];
    const want = byDifferences(request, point);
    return finite(want) ? [{ got: value.value.value, want, point }] : [];
  });
}

const told = ({ program, wrt, layout }: Request, d?: Derivative): string =>
  `${program.source}\n  by ${wrt} in ${layout}\n  ${d?.text ?? ''}`;

test('random programs: derived, certified, readable again, and equal to central differences', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const { program, wrt, layout } = request;
      const result = derive(program.source, wrt, { layout });
      expect(result.ok ? 'ok' : result.error, told(request)).toBe('ok');
      const d = must(result);
      expect(d.certificate.status, told(request, d)).not.toBe('failed');
      const compared = comparison(request, d);
      for (const { got, point } of compared.slice(0, 1)) {
        const held = new Map([...point].filter(([name]) => wrt.includes(name) && program.assigned.includes(name)));
        const again = must(evaluate(`${program.source}\n${d.text}`, point, { held })).value;
        expect(distance(again, got), told(request, d)).toBeLessThan(1e-8);
      }
      // Differences are wrong near a kink or a pole, not at every point.
      const errors = compared.map(({ got, want }) => distance(toJacobian(d, got), want));
      if (errors.length > 0) expect(Math.min(...errors), told(request, d)).toBeLessThan(1e-5);
    }),
    { seed: 20_250_611, numRuns: 300 },
  );
});
