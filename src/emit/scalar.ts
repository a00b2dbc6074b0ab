import type { ScalarOp } from '../plan/plan.ts';
import { operandsOf } from '../plan/scalar.ts';
import type { Size } from '../shape/size.ts';

/**
 * The body of a fused loop (a list of scalar operations) as the text of expressions: names only for what is used more
 * than once, parentheses only where precedence asks for them. Every target brings a table of its own.
 */

/** How strongly the outermost operator of a text binds; a larger number binds more strongly. */
export const binding = { sum: 1, product: 2, sign: 3, power: 4, atom: 5 } as const;

/** A piece of code with what is needed to put it into a larger one. */
export interface Code {
  readonly text: string;
  readonly level: number;
  /** What the text is the negative of: a + (-b) is written a - b. */
  readonly negative?: Code;
  /** What the text is the reciprocal of: a * (1/b) is written a / b. */
  readonly reciprocal?: Code;
}

export const atom = (text: string): Code => ({ text, level: binding.atom });

/** The text, in parentheses where it binds less strongly than `level`. */
export const wrapped = (code: Code, level: number): string => (code.level >= level ? code.text : `(${code.text})`);

export type Infix = 'add' | 'subtract' | 'multiply' | 'divide';

/** The infix operators of a target, with the spaces around them. All targets have the same precedence for these four. */
export type InfixTable = Readonly<Record<Infix, string>>;

const infixLevel: Readonly<Record<Infix, number>> = {
  add: binding.sum,
  subtract: binding.sum,
  multiply: binding.product,
  divide: binding.product,
};

/** `a op b` with as few parentheses and signs as its meaning allows. */
export function infix(op: Infix, a: Code, b: Code, table: InfixTable): Code {
  if (b.negative && op === 'add') return infix('subtract', a, b.negative, table);
  if (b.negative && op === 'subtract') return infix('add', a, b.negative, table);
  if (b.reciprocal && op === 'multiply') return infix('divide', a, b.reciprocal, table);
  const level = infixLevel[op];
  // Sums are read in any order; products keep theirs, because it decides what is multiplied by a whole array.
  const right = op === 'add' ? level : level + 1;
  const text = wrapped(a, level) + table[op] + wrapped(b, b.level === binding.sign ? binding.atom : right);
  const reciprocal = op === 'divide' && /^1(?:\.0)?$/.test(a.text) ? { reciprocal: b } : {};
  return { text, level, ...reciprocal };
}

/** `-a`. */
export const negated = (a: Code, sign = '-'): Code =>
  a.negative ?? { text: sign + wrapped(a, binding.sign), level: binding.sign, negative: a };

/** A number; `text` is how the target writes its absolute value. */
export const literal = (value: number, text: (absolute: number) => string): Code =>
  value < 0 || Object.is(value, -0) ? negated(atom(text(-value))) : atom(text(value));

/** p/q with small whole p and q when that is exactly the value and its decimals are long: 0.3333333333333333. */
export function smallRatio(value: number): readonly [number, number] | undefined {
  if (!Number.isFinite(value) || String(value).length <= 8) return undefined;
  for (let q = 3; q <= 360; q++) {
    const p = Math.round(value * q);
    if (p !== 0 && Math.abs(p) <= 1000 && p / q === value) return [p, q];
  }
  return undefined;
}

/** The elementwise functions by their names in the graph. */
export type ElementwiseName =
  | 'exp'
  | 'log'
  | 'log1p'
  | 'expm1'
  | 'sqrt'
  | 'square'
  | 'abs'
  | 'sign'
  | 'step'
  | 'heaviside'
  | 'erf'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'relu'
  | 'leakyrelu'
  | 'gelu'
  | 'silu'
  | 'max2'
  | 'min2'
  | 'pow';

/** What a target writes for each scalar operation; `C` may carry more than text, such as the axes of an array. */
export interface ScalarTarget<C extends Code> {
  argument(position: number): C;
  number(value: number): C;
  size(size: Size): C;
  infix(op: Infix, a: C, b: C): C;
  negate(a: C): C;
  power(a: C, exponent: number): C;
  apply(fn: ElementwiseName, args: readonly C[]): C;
  /** Assigns the value to a new variable, at once, and returns its name. */
  bind(code: C, op: ScalarOp): C;
}

/** The arguments that the result of a body depends on. */
export function readsOf(body: readonly ScalarOp[]): ReadonlySet<number> {
  const reached = new Set([body.length - 1]);
  for (const k of reached) for (const a of operandsOf(body[k]!)) reached.add(a);
  return new Set([...reached].flatMap((k) => (body[k]!.op === 'arg' ? [(body[k] as { arg: number }).arg] : [])));
}

/**
 * The result of a body as one expression. What is used more than once is bound to a variable first, and so are the
 * longest parts of an expression that grows beyond `width` characters.
 */
export function printBody<C extends Code>(body: readonly ScalarOp[], target: ScalarTarget<C>, width: number): C {
  const uses = new Array<number>(body.length).fill(0);
  uses[body.length - 1] = 1;
  for (let k = body.length - 1; k >= 0; k--) if (uses[k]! > 0) for (const a of operandsOf(body[k]!)) uses[a]!++;

  const codes: C[] = [];
  body.forEach((op, k) => {
    if (uses[k] === 0) return;
    let parts = operandsOf(op).map((a) => codes[a]!);
    const shorten = (): void => {
      // Names, literals and short calls gain nothing from another name.
      const longest = parts.reduce((a, b) => (b.text.length > a.text.length ? b : a));
      const bound = target.bind(longest, op);
      operandsOf(op).forEach((a) => {
        if (codes[a] === longest) codes[a] = bound;
      });
      parts = operandsOf(op).map((a) => codes[a]!);
    };
    const total = (): number => parts.reduce((sum, p) => sum + p.text.length + 3, 0);
    while (total() > width && parts.some((p) => p.text.length > 12 && /[^\w.]/.test(p.text))) {
      const before = total();
      shorten();
      if (total() >= before) break;
    }
    const code = compose(op, parts, target);
    // An argument, a number and a size are names already.
    const named = op.op === 'arg' || op.op === 'number' || op.op === 'size';
    codes[k] = uses[k]! > 1 && !named ? target.bind(code, op) : code;
  });
  return codes[body.length - 1]!;
}

function compose<C extends Code>(op: ScalarOp, parts: readonly C[], target: ScalarTarget<C>): C {
  switch (op.op) {
    case 'arg':
      return target.argument(op.arg);
    case 'number':
      return target.number(op.value);
    case 'size':
      return target.size(op.size);
    case 'negate':
      return target.negate(parts[0]!);
    case 'power':
      return target.power(parts[0]!, op.exponent);
    case 'apply':
      return target.apply(op.fn as ElementwiseName, parts);
    default:
      return target.infix(op.op, parts[0]!, parts[1]!);
  }
}
