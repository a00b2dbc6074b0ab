import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printMathml } from '../../../src/notation/print/mathml.ts';
import { binary, call, type Expr, name, num, text, transposed } from '../../../src/syntax/expr.ts';
import { hostileNames, trees } from './trees.ts';

/** The number of children that an element must have. */
const childrenOf: ReadonlyMap<string, number> = new Map([
  ['msup', 2],
  ['msub', 2],
  ['munder', 2],
  ['mover', 2],
  ['mfrac', 2],
  ['msubsup', 3],
]);
const leaves = new Set(['mi', 'mn', 'mo', 'mtext', 'mspace']);
const known = new Set(['math', 'mrow', 'msqrt', ...childrenOf.keys(), ...leaves]);

/** Fails unless the text is well-formed and every element has the children that MathML asks for. */
function check(xml: string): void {
  const open: { tag: string; children: number }[] = [{ tag: '', children: 0 }];
  const token = /<(\/?)([a-z]+)((?: [a-z]+="[^"<&]*")*)>|([^<>&]|&(?:amp|lt|gt|quot|#39);)+/gy;
  let at = 0;
  for (let match = token.exec(xml); match; match = token.exec(xml)) {
    at = token.lastIndex;
    const [, slash, tag] = match;
    if (tag === undefined) {
      expect(leaves).toContain(open.at(-1)!.tag);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids
      expect(match[0]).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u);
    } else if (slash) {
      const element = open.pop()!;
      expect(element.tag).toBe(tag);
      const wanted = childrenOf.get(tag);
      if (wanted !== undefined) expect(element.children).toBe(wanted);
    } else {
      expect(known).toContain(tag);
      open.at(-1)!.children++;
      open.push({ tag, children: 0 });
    }
  }
  expect(at).toBe(xml.length);
  expect(open).toEqual([{ tag: '', children: 1 }]);
}

const inside = (e: Expr, context = {}): string => printMathml(e, context).replace(/^<math[^>]*>|<\/math>$/g, '');
const [A, x, y] = ['A', 'x', 'y'].map(name) as [Expr, Expr, Expr];

test.each<[Expr, string]>([
  [transposed(A), '<msup><mi>A</mi><mo>⊤</mo></msup>'],
  [binary('*', A, x), '<mrow><mi>A</mi><mo>\u2062</mo><mi>x</mi></mrow>'],
  [binary('/', x, num(2)), '<mfrac><mi>x</mi><mn>2</mn></mfrac>'],
  [binary('.^', x, num(2)), '<msup><mi>x</mi><mrow><mo>⊙</mo><mn>2</mn></mrow></msup>'],
  [binary('^', name('x1'), num(2)), '<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>'],
  [call('sqrt', y), '<msqrt><mi>y</mi></msqrt>'],
  [call('eye', name('n')), '<msub><mi>I</mi><mi>n</mi></msub>'],
  [name('a<b&"c'), '<mi>a&lt;b&amp;&quot;c</mi>'],
])('%#: %j', (e, expected) => expect(inside(e)).toBe(expected));

test('vectors are bold letters', () => {
  const names = new Map([
    ['x', { axes: 1 }],
    ['mu', { axes: 1 }],
  ]);
  expect(inside(binary('+', x, name('mu')), { names })).toBe('<mrow><mi>𝐱</mi><mo>+</mo><mi>𝛍</mi></mrow>');
});

test('whatever the tree, it is well-formed', () => {
  fc.assert(
    fc.property(trees, (e) => check(printMathml(e))),
    { numRuns: 500 },
  );
});

test('whatever the name, it is escaped', () => {
  fc.assert(
    fc.property(hostileNames, (n) => {
      check(printMathml({ kind: 'call', fn: n, order: 1, args: [name(n), text(n)] }));
      check(printMathml(binary('^', name(n), name(n)), { names: new Map([[n, { axes: 1 }]]) }));
    }),
    { numRuns: 1000 },
  );
});
