import { compact, unsigned } from './encode.ts';
import type { Statement } from './memory.ts';
import { toValue, valueTypeByte } from './operation.ts';
import { i32 } from './scalar.ts';
import type { Code, Func, Global, Local, Locals, Operand, Operands, Value, ValueType } from './value.ts';

/** A place to jump to: the end of a block, or the start of a loop. */
export interface Label {
  readonly depth: number;
}

/** Writes the body of a function, statement by statement. */
export interface FunctionBuilder<
  P extends readonly ValueType[] = readonly ValueType[],
  R extends readonly ValueType[] = readonly ValueType[],
> extends Func<P, R> {
  readonly params: Locals<P>;
  /** A new local; what it holds is not defined before it is set. */
  local<T extends ValueType>(type: T): Local<T>;
  /** A new local that holds the value. */
  let<T extends ValueType>(value: Value<T>): Local<T>;
  set<T extends ValueType>(target: Local<T> | Global<T>, value: Operand<T>): void;
  /** Sets the target and leaves the value. */
  tee<T extends ValueType>(target: Local<T>, value: Operand<T>): Value<T>;
  /** A store or another effect. */
  do(statement: Statement): void;
  /** Calls a function for its effect; its results go into the targets, or nowhere. */
  call<Q extends readonly ValueType[], S extends readonly ValueType[]>(
    func: Func<Q, S>,
    args: Operands<Q>,
    targets?: Locals<S>,
  ): void;
  /** `exit` jumps behind the block. */
  block(body: (exit: Label) => void): void;
  /** Runs once; `again` jumps to the start. */
  loop(body: (again: Label) => void): void;
  if(condition: Operand<'i32'>, then: () => void, otherwise?: () => void): void;
  while(condition: Operand<'i32'>, body: () => void): void;
  /** for (i = from; i < to; i += step) body(), signed, step > 0. `to` is evaluated once. */
  for(
    i: Local<'i32'>,
    from: Operand<'i32'>,
    to: Operand<'i32'>,
    step: Operand<'i32'>,
    body: (i: Local<'i32'>) => void,
  ): void;
  br(label: Label): void;
  brIf(label: Label, condition: Operand<'i32'>): void;
  return(...values: { readonly [K in keyof R]: Operand<R[K]> }): void;
  /** Stops the program. */
  trap(): void;
  /** Locals made in the body are free for others afterwards. */
  scope<X>(body: () => X): X;
  /** What `constant` gives inside is computed once, before the body: put a loop in it. Is a scope, too. */
  hoist<X>(body: () => X): X;
  /** Says that the body is complete: it then takes less memory until the module is written. */
  finish(): void;
  /** A local that holds a constant, computed at the start of the innermost `hoist`, or of the function. */
  constant<T extends ValueType>(value: Value<T>): Local<T>;
}

interface Scope {
  readonly locals: Local[];
  /** Only where constants are put: the code in front, and the locals by their code. */
  readonly constants?: { readonly code: Code[]; readonly known: Map<string, Local> };
}

/** The function, and its body: locals and code. */
export function createFunction<P extends readonly ValueType[], R extends readonly ValueType[]>(
  name: string,
  types: P,
  results: R,
  index: () => number,
): { readonly builder: FunctionBuilder<P, R>; readonly body: () => Code } {
  const declared: ValueType[] = [];
  const front: Code[] = [];
  const code: (number | Code | Func)[] = [front];
  const free = new Map<ValueType, Local[]>();
  const scopes: Scope[] = [{ locals: [], constants: { code: front, known: new Map() } }];
  let depth = 0;

  const makeLocal = <T extends ValueType>(type: T, local: number): Local<T> => ({
    type,
    local,
    code: [0x20, unsigned(local)],
  });
  const params = types.map((type, i) => makeLocal(type, i));
  const newLocal = <T extends ValueType>(type: T): Local<T> => makeLocal(type, types.length + declared.push(type) - 1);
  const emit = (...parts: (number | Code | Func)[]): void => {
    code.push(...parts);
  };
  const setCode = (target: Local | Global, value: Code): Code =>
    'local' in target ? [value, 0x21, unsigned(target.local)] : [value, 0x24, unsigned(target.global)];
  const inside = (opcode: number, body: (label: Label) => void): void => {
    emit(opcode, 0x40);
    depth++;
    body({ depth });
    depth--;
    emit(0x0b);
  };
  const jump = (label: Label): Code => unsigned(depth - label.depth);
  const within = <X>(scope: Scope, body: () => X): X => {
    scopes.push(scope);
    const result = body();
    scopes.pop();
    for (const local of scope.locals) {
      const list = free.get(local.type);
      if (list) list.push(local);
      else free.set(local.type, [local]);
    }
    return result;
  };

  const builder: FunctionBuilder<P, R> = {
    name,
    types,
    results,
    index,
    params: params as unknown as Locals<P>,
    local<T extends ValueType>(type: T) {
      const local = (free.get(type)?.pop() as Local<T> | undefined) ?? newLocal(type);
      scopes.at(-1)!.locals.push(local);
      return local;
    },
    let(value) {
      const local = builder.local(value.type);
      emit(setCode(local, value.code));
      return local;
    },
    set(target, value) {
      emit(setCode(target, toValue(target.type, value).code));
    },
    tee: (target, value) => ({
      type: target.type,
      code: [toValue(target.type, value).code, 0x22, unsigned(target.local)],
    }),
    do(statement) {
      emit(statement.effect);
    },
    call(func, args, targets) {
      emit(
        args.map((a, i) => toValue(func.types[i]!, a as Operand<ValueType>).code),
        0x10,
        func,
      );
      for (let i = func.results.length - 1; i >= 0; i--) {
        const target = targets?.[i] as Local | undefined;
        if (target) emit(0x21, unsigned(target.local));
        else emit(0x1a);
      }
    },
    block: (body) => inside(0x02, body),
    loop: (body) => inside(0x03, body),
    if(condition, then, otherwise) {
      emit(toValue('i32', condition).code, 0x04, 0x40);
      depth++;
      then();
      if (otherwise) {
        emit(0x05);
        otherwise();
      }
      depth--;
      emit(0x0b);
    },
    while(condition, body) {
      // The test stands at the end, so that each round jumps once.
      builder.if(condition, () =>
        builder.loop((again) => {
          body();
          builder.brIf(again, condition);
        }),
      );
    },
    for(i, from, to, step, body) {
      const end = typeof to === 'number' || 'local' in to || to.literal !== undefined ? to : builder.let(to);
      builder.set(i, from);
      const round = (): void =>
        builder.loop((again) => {
          body(i);
          builder.set(i, i32.add(i, step));
          builder.brIf(again, i32.lt(i, end));
        });
      const [start, stop] = [toValue('i32', from).literal, toValue('i32', end).literal];
      if (start !== undefined && stop !== undefined) {
        if (start < stop) round();
      } else builder.if(i32.lt(i, end), round);
    },
    br(label) {
      emit(0x0c, jump(label));
    },
    brIf(label, condition) {
      emit(toValue('i32', condition).code, 0x0d, jump(label));
    },
    return(...values) {
      emit(
        values.map((v, i) => toValue(results[i]!, v as Operand<ValueType>).code),
        0x0f,
      );
    },
    trap() {
      emit(0x00);
    },
    scope: (body) => within({ locals: [] }, body),
    hoist(body) {
      const constants: Code[] = [];
      emit(constants);
      return within({ locals: [], constants: { code: constants, known: new Map() } }, body);
    },
    finish() {
      code.splice(0, code.length, compact(code));
    },
    constant<T extends ValueType>(value: Value<T>) {
      const key = JSON.stringify(value.code);
      const homes = scopes.filter((s) => s.constants);
      const known = homes.map((s) => s.constants!.known.get(key)).find((l) => l !== undefined);
      if (known) return known as Local<T>;
      const home = homes.at(-1)!;
      // A fresh local: one from the free list may have been used since the start of the scope.
      const local = newLocal(value.type);
      home.locals.push(local);
      home.constants!.known.set(key, local);
      home.constants!.code.push(setCode(local, value.code));
      return local;
    },
  };

  const body = (): Code => {
    const groups: (readonly [count: number, type: ValueType])[] = [];
    for (const type of declared) {
      const last = groups.at(-1);
      if (last?.[1] === type) groups[groups.length - 1] = [last[0] + 1, type];
      else groups.push([1, type]);
    }
    // A function that must leave something ends in `return`; what stands behind it is never reached.
    const end = results.length > 0 ? [0x00, 0x0b] : [0x0b];
    return [unsigned(groups.length), groups.map(([n, type]) => [unsigned(n), valueTypeByte[type]]), code, end];
  };
  return { builder, body };
}
