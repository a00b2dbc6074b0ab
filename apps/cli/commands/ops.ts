import { operations } from '../../../src/api/index.ts';
import { exitCodes } from '../exit.ts';
import { schema } from '../render/error-json.ts';
import { renderOperations } from '../render/ops.ts';
import { createStyle, lookOf } from '../render/style.ts';
import { suggestion } from '../render/suggest.ts';
import { writeErr, writeOut } from '../streams.ts';

/** `wrt ops [NAME]`: the table of operators and functions that the engine itself is built from. */
export async function ops(name: string | undefined, json: boolean): Promise<number> {
  const all = operations();
  const matches = (r: { name: string; aliases?: readonly string[] }): boolean =>
    name === undefined || r.name === name || (r.aliases ?? []).includes(name);
  const operators = all.operators.filter((o) => name === undefined || o.symbol === name);
  const functions = all.functions.filter(matches);
  if (operators.length + functions.length === 0) {
    const known = [
      ...all.functions.flatMap((f) => [f.name, ...(f.aliases ?? [])]),
      ...all.operators.map((o) => o.symbol),
    ];
    const near = suggestion(name!, known);
    await writeErr(`error  there is no operator or function '${name}'${near ? `; did you mean '${near}'?` : ''}\n`);
    return exitCodes.usage;
  }
  if (json) {
    const records = functions.map(({ name, aliases = [], family, arity, usage, rule, doc, domain }) => ({
      name,
      aliases,
      family,
      arity,
      usage,
      rule,
      doc,
      ...(domain === undefined ? {} : { domain }),
    }));
    await writeOut(`${JSON.stringify({ schema, operators, functions: records }, null, 2)}\n`);
  } else
    await writeOut(renderOperations(operators, functions, name !== undefined, createStyle(lookOf(process.stdout))));
  return exitCodes.ok;
}
