import { type CompiledOutputs, compile } from '../src/api/index.ts';
import type { Engine, EngineName } from '../src/engines/engine.ts';
import type { Library, Prepared } from './library.ts';
import { rows } from './rows/index.ts';
import type { Row } from './rows/row.ts';
import type { Named, Tensor } from './tensor.ts';

/** Values of the size symbols, read off the arrays. */
export function sizesOf(row: Pick<Row, 'program'>, data: Named): Readonly<Record<string, number>> {
  const sizes = new Map<string, number>();
  for (const [, name, axes] of row.program.matchAll(/(\w+): (\w+(?: x \w+)*)/g))
    for (const [k, symbol] of axes!.split(' x ').entries()) {
      const length = data.get(name!)?.shape[k];
      if (length !== undefined) sizes.set(symbol, length);
    }
  return Object.fromEntries(sizes);
}

/** What this package makes of a row, by the public interface. */
export async function prepareOurs(
  row: Row,
  data: Named,
  engine: EngineName,
  threads: number,
  engines?: readonly Engine[],
): Promise<Prepared> {
  const { form = 'dense', ...request } = row.request;
  const sizes = sizesOf(row, data);
  const made = await compile(row.program, request, {
    form,
    sizes,
    dtype: row.dtype,
    engine,
    threads,
    ...(engines ? { engines } : {}),
  });
  if (!made.ok) throw new Error(`${made.error.code}: ${made.error.message}`);
  const compiled = made.value;
  for (const [name, input] of compiled.inputs) {
    const given = data.get(name);
    if (given) input.set(given.data);
  }
  const close = (): void => compiled.dispose();
  if (row.around === undefined)
    return { call: () => compiled.run(), answers: () => answersOf(row, compiled.outputs), close };
  const { around } = row;
  const inputs = new Map(
    [...compiled.inputs].map(([name, array]): [string, Tensor] => [name, { shape: [], data: array }]),
  );
  const outputs = dense(compiled.outputs);
  const packed = around.answers(data);
  const call = (): void | Promise<void> => {
    around.before(data, inputs);
    const pending = compiled.run();
    if (pending) return pending.then(() => around.after(data, outputs, packed));
    around.after(data, outputs, packed);
  };
  return { call, answers: () => new Map([...outputs, ...packed]), close };
}

const dense = (outputs: CompiledOutputs): Named =>
  new Map([...outputs].flatMap(([name, o]) => (o.form === 'dense' ? [[name, { shape: o.shape, data: o.data }]] : [])));

function answersOf(row: Row, outputs: CompiledOutputs): Named {
  return row.request.form === 'condensed' ? coreOf(outputs) : dense(outputs);
}

/**
 * The one core of a condensed Hessian of a matrix by rows, [i,k,j,l] = core[k,l] where i = j, as the peers that have
 * the whole array report it: a row's block, and the largest entry that is not explained by it.
 */
function coreOf(outputs: CompiledOutputs): Named {
  const [output] = [...outputs.values()];
  const [term, ...others] = output?.form === 'condensed' ? output.terms : [];
  const [core, ...more] = term?.cores ?? [];
  if (!term || !core || others.length > 0 || more.length > 0) throw new Error('the Hessian is not one core');
  if (JSON.stringify([term.deltas, term.repeated, term.fixed, core.axes]) !== '[[[0,2]],[],[],[1,3]]')
    throw new Error(`the core stands elsewhere: ${JSON.stringify(term.deltas)}, ${core.axes}`);
  return new Map([
    ['core', { shape: core.shape, data: core.data }],
    ['rest', { shape: [], data: new Float64Array(1) }],
  ]);
}

/** Cases are `row/engine`; engines other than those that every host has are passed in. */
export const ours = (version: string, threads: number, engines?: readonly Engine[]): Library => ({
  version,
  prepare(name, data) {
    const [id, engine] = name.split('/');
    const row = rows.find((r) => r.id === id);
    if (row === undefined) throw new Error(`no row ${id}`);
    return prepareOurs(row, data, engine as EngineName, threads, engines);
  },
});
