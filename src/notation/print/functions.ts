import { elementwiseTable } from '../../ops/index.ts';
import type { CallExpr, Expr } from '../../syntax/expr.ts';
import {
  type Axes,
  atom,
  type Box,
  inverseBox,
  productBox,
  scriptBox,
  tensorBox,
  tight,
  transposeBox,
} from './boxes.ts';
import { setEinsum } from './einsum.ts';
import { fenced, type Layout, row, symbol, word } from './layout.ts';
import type { Setter } from './setter.ts';
import { nodesOf } from './spine.ts';

/** The notation of a function that is not written `f(x)`; nothing where these arguments have no such form. */
type Notation = (args: readonly Expr[], s: Setter, e: CallExpr) => Box | undefined;

const unary =
  (make: (arg: Box, s: Setter) => Box): Notation =>
  (args, s) =>
    args.length === 1 ? make(s.set(args[0]!), s) : undefined;
const pair =
  (make: (a: Box, b: Box, s: Setter) => Box): Notation =>
  (args, s) =>
    args.length === 2 ? make(s.set(args[0]!), s.set(args[1]!), s) : undefined;

const normWith = (sub: Layout | undefined, arg: Box): Box => {
  const base = fenced('norm', arg.layout);
  return atom(sub ? { kind: 'script', base, sub } : base, 0);
};
const norm = (sub: Layout): Notation => unary((arg) => normWith(sub, arg));
const namesMatrix = (e: Expr): boolean => {
  for (const node of nodesOf(e)) if (node.kind === 'name' && /^\p{Lu}/u.test(node.name)) return true;
  return false;
};
const number = (n: string): Layout => ({ kind: 'number', digits: n });

/** A letter with its sizes below, 1ₙ or 1ₘₓₙ, unless a name of the user's looks the same. */
const sized =
  (letter: string, style: 'plain' | 'vector', most: 1 | 2, axes: (count: number) => Axes): Notation =>
  (args, s) => {
    if (args.length === 0 || args.length > most || s.names.shows(letter)) return undefined;
    const sizes = args.map((arg) => s.inline(arg).layout);
    const sub = sizes.length === 1 ? sizes[0]! : row(sizes[0]!, symbol('by'), sizes[1]!);
    return atom({ kind: 'script', base: word(letter, style), sub }, axes(args.length));
  };

const notations: ReadonlyMap<string, Notation> = new Map<string, Notation>([
  ['inv', unary(inverseBox)],
  ['pinv', unary((arg) => scriptBox(arg, symbol('pseudo'), 2))],
  ['transpose', unary(transposeBox)],
  ['norm1', norm(number('1'))],
  ['norm2', norm(number('2'))],
  ['normF', norm(word('F'))],
  [
    'norm',
    (args, s) =>
      args.length === 1 || args.length === 2
        ? normWith(args[1] && s.inline(args[1]).layout, s.set(args[0]!))
        : undefined,
  ],
  // Bars around what may be a matrix would read as a determinant.
  [
    'abs',
    (args, s) => {
      if (args.length !== 1 || namesMatrix(args[0]!)) return undefined;
      const arg = s.set(args[0]!);
      return atom(fenced('abs', arg.layout), arg.axes);
    },
  ],
  ['sqrt', unary((arg) => ({ layout: { kind: 'root', body: arg.layout }, level: tight.script, axes: arg.axes }))],
  ['sigmoid', (args, s) => (s.names.shows('σ') ? undefined : plain('σ', args, s))],
  ['logdet', (args, s) => atom({ kind: 'apply', fn: upright('log'), args: [plain('det', args, s).layout] }, 0)],
  ['asin', (args, s) => plain('arcsin', args, s)],
  ['acos', (args, s) => plain('arccos', args, s)],
  ['atan', (args, s) => plain('arctan', args, s)],
  ['eye', sized('I', 'plain', 1, () => 2)],
  ['ones', sized('1', 'vector', 2, (count) => count)],
  ['zeros', sized('0', 'vector', 2, (count) => count)],
  ['dot', pair((a, b) => atom(fenced('angle', row(a.layout, symbol('separator'), b.layout)), 0))],
  ['outer', pair((a, b) => productBox(a, transposeBox(b)))],
  ['kron', pair((a, b) => tensorBox('kronecker', a, b, a.axes === 1 && b.axes === 1 ? 1 : 2))],
  ['cross', pair((a, b) => tensorBox('cross', a, b, 1))],
  ['einsum', (_, s, e) => setEinsum(e, s)],
]);

function setAll(args: readonly Expr[], s: Setter): Box[] {
  const boxes: Box[] = [];
  for (const arg of args) boxes.push(s.set(arg));
  return boxes;
}

const upright = (letters: string): Layout => word(letters, [...letters].length > 1 ? 'function' : 'plain');

const plain = (letters: string, args: readonly Expr[], s: Setter): Box => {
  const boxes = setAll(args, s);
  return atom(
    { kind: 'apply', fn: upright(letters), args: boxes.map((box) => box.layout) },
    boxes.length === 1 ? boxes[0]!.axes : undefined,
  );
};

const scalarValued = new Set('sum mean var prod max min tr det logdet norm norm1 norm2 normF logsumexp dot'.split(' '));
const matrixValued = new Set('inv pinv adj chol kron eye'.split(' '));
const likeArgument = new Set([...elementwiseTable.keys(), 'softmax', 'logsoftmax', 'cumsum']);

function axesOf(fn: string, args: readonly Box[]): Axes {
  const first = args[0]?.axes;
  if (args.length === 1 && scalarValued.has(fn)) return 0;
  if (matrixValued.has(fn)) return 2;
  if (args.length === 1 && likeArgument.has(fn)) return first;
  if (fn === 'vec') return 1;
  if (fn === 'diag') return first === 1 ? 2 : first === 2 ? 1 : undefined;
  return undefined;
}

export function setCall(e: CallExpr, s: Setter): Box {
  const special = e.order === 0 ? notations.get(e.fn)?.(e.args, s, e) : undefined;
  if (special) return special;
  const args = setAll(e.args, s);
  return atom(
    { kind: 'apply', fn: s.names.identifyFunction(e.fn, e.order), args: args.map((arg) => arg.layout) },
    axesOf(e.fn, args),
  );
}
