import type { ScalarOp } from './plan.ts';
import { type BodyWriter, createBody } from './writer.ts';

/** Positions of the operations that a scalar operation reads. */
export function operandsOf(op: ScalarOp): readonly number[] {
  switch (op.op) {
    case 'arg':
    case 'number':
    case 'size':
      return [];
    case 'negate':
    case 'power':
      return [op.a];
    case 'apply':
      return op.args;
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
      return [op.a, op.b];
  }
}

/** The operation with the positions that it reads replaced. */
export function withOperands(op: ScalarOp, of: (position: number) => number): ScalarOp {
  switch (op.op) {
    case 'arg':
    case 'number':
    case 'size':
      return op;
    case 'negate':
    case 'power':
      return { ...op, a: of(op.a) };
    case 'apply':
      return { ...op, args: op.args.map(of) };
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
      return { ...op, a: of(op.a), b: of(op.b) };
  }
}

/** Copies a body into another; argument k has been read there at position `read[k]`. The position of the result. */
export function copyBody(ops: readonly ScalarOp[], body: BodyWriter, read: readonly number[]): number {
  const at: number[] = [];
  for (const op of ops)
    at.push(
      op.op === 'arg'
        ? read[op.arg]!
        : body.write(
            rewritten(
              withOperands(op, (a) => at[a]!),
              body,
            ),
          ),
    );
  return at[at.length - 1]!;
}

/** a·b⁻¹ as a quotient, and a - (-b) as a sum. */
function rewritten(op: ScalarOp, { ops }: BodyWriter): ScalarOp {
  const reciprocal = (k: number): number | undefined => {
    const of = ops[k]!;
    return of.op === 'power' && of.exponent === -1 ? of.a : undefined;
  };
  if (op.op === 'multiply') {
    const [p, q] = [reciprocal(op.a), reciprocal(op.b)];
    if (q !== undefined) return { op: 'divide', a: op.a, b: q };
    if (p !== undefined) return { op: 'divide', a: op.b, b: p };
  }
  if (op.op === 'add' || op.op === 'subtract') {
    const minus = ops[op.b]!;
    if (minus.op === 'negate') return { op: op.op === 'add' ? 'subtract' : 'add', a: op.a, b: minus.a };
  }
  return op;
}

/** The operations that the result needs, which then stands last. */
export function pruned(ops: readonly ScalarOp[], result: number): readonly ScalarOp[] {
  const live = new Set([result]);
  for (let k = result; k >= 0; k--) if (live.has(k)) for (const a of operandsOf(ops[k]!)) live.add(a);
  const out = createBody();
  const at: number[] = [];
  for (const [k, op] of ops.slice(0, result + 1).entries())
    at.push(live.has(k) ? out.write(withOperands(op, (x) => at[x]!)) : -1);
  const last = at[result]!;
  if (last !== out.ops.length - 1) out.ops.push(out.ops[last]!);
  return out.ops;
}
