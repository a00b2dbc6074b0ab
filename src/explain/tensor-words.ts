import { productText } from '../shape/size.ts';
import type { CondensedTerm } from '../simplify/condense.ts';
import { equalsFormula, type Formula, indexFormula, type Prose } from './entry-formula.ts';
import { lettersOf } from './entry-names.ts';
import type { Subject } from './subject.ts';

const letter = (s: Subject, axis: number): string => lettersOf(s)[axis]!;
const agreeing = (s: Subject, axes: readonly number[]): Formula =>
  equalsFormula(...axes.map((a) => indexFormula(letter(s, a))));

/** Groups of axes that must agree, of which no kept part has one: the same stands at each of their places. */
export const uncarried = (t: CondensedTerm): readonly (readonly number[])[] => {
  const carried = new Set(t.cores.flatMap((c) => c.axes));
  return t.deltas.filter((group) => !group.some((a) => carried.has(a)));
};

/** Which entries of a summand are zero, whatever the values. */
export const zeroWords = (s: Subject, t: CondensedTerm): readonly Prose[] => [
  ...t.deltas.map(
    (group): Prose => ['Every entry off the diagonal ', agreeing(s, group), ' is zero, so only the diagonal is kept.'],
  ),
  ...t.fixed.map(
    ({ axis, at }): Prose => [
      'Entries are zero unless ',
      equalsFormula(indexFormula(letter(s, axis)), indexFormula(at)),
      ', so that axis is dropped.',
    ],
  ),
];

/** Which entries only repeat others. */
export const repeatWords = (s: Subject, t: CondensedTerm): readonly Prose[] => [
  ...uncarried(t).map(
    (group): Prose => [
      t.deltas.length === 1 ? 'Along this diagonal' : 'Along the diagonal ',
      ...(t.deltas.length === 1 ? [] : [agreeing(s, group)]),
      ` the same part stands ${productText(s.axes[group[0]!]!.size)} times, so it is kept once.`,
    ],
  ),
  ...t.repeated.map(
    (axis): Prose => [
      'Along the axis of ',
      indexFormula(letter(s, axis)),
      ' the entries only repeat, so they are kept once.',
    ],
  ),
];

/** That entries are products, where they are. */
export const productWords = (s: Subject, t: CondensedTerm): readonly Prose[] =>
  t.cores.length < 2
    ? []
    : [
        [
          'Each entry is a product of ',
          ...t.cores.flatMap(
            (c, k): Prose => [
              k === 0 ? '' : k === t.cores.length - 1 ? ' and ' : ', ',
              c.axes.length === 0 ? 'a number' : 'a part in ',
              ...c.axes.flatMap((a, n): Prose => [n === 0 ? '' : ', ', indexFormula(letter(s, a))]),
            ],
          ),
          ', so the parts are kept instead of all their products.',
        ],
      ];
