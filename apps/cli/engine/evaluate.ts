import {
  type CompiledOutput,
  type Declaration,
  type Diagnostic,
  derive,
  evaluate,
  type NdArray,
  type ParsedProgram,
  type PointValues,
  parse,
  shapeText,
} from '../../../src/api/index.ts';
import { exitCodes } from '../exit.ts';
import { readPoint } from '../readers/point.ts';
import { readLayout, splitNames } from '../readers/request.ts';
import { refuse } from '../refuse.ts';
import { arrayLines } from '../render/array.ts';
import { symbolOf } from '../render/derivative.ts';
import { schema } from '../render/error-json.ts';
import { distinct, valueJson } from '../render/json.ts';
import { createStyle, type Style } from '../render/style.ts';
import type { EvaluateJob, Reply } from './jobs.ts';
import { readOptions } from './options.ts';
import { failed, guarded, warned } from './reply.ts';

/** `wrt eval`. */
export const runEvaluate = (job: EvaluateJob, signal: AbortSignal): Promise<Reply> =>
  guarded(job, async () => {
    const { source, options: given, entries } = readOptions(job, signal);
    const first = parse(source, given);
    if (!first.ok) return failed(first.errors, source, job);
    const point = await readPoint(job.at, job.stdin, entries);
    // What nobody declared has the shape of the value that was given for it; letters are for when there is none.
    const options = { ...given, declare: [...(given.declare ?? []), ...shapesOf(first.value, point)] };
    const program = parse(source, options);
    if (!program.ok) return failed(program.errors, source, job);
    const { names, output } = program.value.analysis;
    const wrt = job.wrt === undefined ? [] : splitNames(job.wrt);
    const found = job.engine ? await compiled(job.engine) : wrt.length > 0 ? withDerivative() : alone();
    if (!found.ok) return failed(found.errors, source, job);
    const { value, derivative, layout, symbol = '', warnings, engine } = found.value;
    const style = createStyle(job.look);
    const title = output.name ?? 'value';
    if (!job.json)
      return {
        out: show(title, value, style) + (derivative ? show(symbol, derivative, style, `${layout} layout`) : ''),
        err: warned(warnings, source, job),
        code: exitCodes.ok,
      };
    const body = {
      schema,
      ok: true,
      output: { ...(output.name === undefined ? {} : { name: output.name }), shape: value.shape, ...valueJson(value) },
      ...(derivative ? { derivative: { wrt, layout, shape: derivative.shape, ...valueJson(derivative) } } : {}),
      ...(engine ? { engine, dtype: job.dtype } : {}),
      warnings,
    };
    return { out: `${JSON.stringify(body)}\n`, err: '', code: exitCodes.ok };

    /** By a compiled plan, which tells the engine that was taken. */
    async function compiled(engine: NonNullable<EvaluateJob['engine']>): Promise<Found> {
      const layout = readLayout(job.layout);
      const { dtype, threads } = job;
      const { compile } = await import('../../../src/api/node.ts');
      const made = await compile(
        source,
        { value: true, derivatives: wrt.length > 0 ? [wrt] : [] },
        { ...options, layout, dtype, threads, engine, form: 'dense', at: point },
      );
      if (!made.ok) return made;
      const f = made.value;
      try {
        const ran = await f();
        if (!ran.ok) return ran;
        const arrays = [...ran.value.values()].map(asArray);
        const [of, derivative] = arrays as [NdArray, NdArray | undefined];
        const found = arrays.every((a) => a.data.every(Number.isFinite)) ? undefined : f.diagnose(options);
        if (found && !found.ok) return found;
        const warnings = distinct([...(first.ok ? first.value.warnings : []), ...(found?.value ?? [])]);
        const symbol = derivative ? { derivative, layout, symbol: `∂/∂${wrt.join('∂')}` } : {};
        return { ok: true, value: { value: of, ...symbol, warnings, engine: f.engine } };
      } finally {
        f.dispose();
      }
    }
    function alone(): Found {
      // A value given for a name that the program assigns stands in its place.
      const held = new Map([...point].filter(([name]) => names.get(name)?.role === 'assigned'));
      const result = evaluate(source, point, { ...options, held });
      return result.ok ? { ok: true, value: result.value } : result;
    }
    function withDerivative(): Found {
      const layout = readLayout(job.layout);
      const derived = derive(source, wrt, { ...options, layout, certify: false });
      if (!derived.ok) return derived;
      const result = derived.value.evaluate(point);
      if (!result.ok) return result;
      const { value, output: of, warnings } = result.value;
      const all = distinct([...derived.value.program.warnings, ...derived.value.warnings, ...warnings]);
      return {
        ok: true,
        value: { value: of, derivative: value, layout, symbol: symbolOf(derived.value), warnings: all },
      };
    }
  });

/** A copy that outlives the compiled function. */
function asArray(output: CompiledOutput): NdArray {
  if (output.form === 'condensed') return refuse('internal/engine', 'a whole array was asked for');
  return { shape: output.shape, data: Float64Array.from(output.data) };
}

function shapesOf({ analysis }: ParsedProgram, point: PointValues): readonly Declaration[] {
  return [...point].flatMap(([name, { shape }]) => {
    const info = analysis.names.get(name);
    return info?.role === 'input' && info.inferred && info.type.axes.length !== shape.length
      ? [{ name, shape: { kind: 'array' as const, axes: shape }, properties: [] }]
      : [];
  });
}

type Found =
  | {
      readonly ok: true;
      readonly value: {
        readonly value: NdArray;
        readonly derivative?: NdArray;
        readonly layout?: string;
        readonly symbol?: string;
        readonly engine?: string;
        readonly warnings: readonly Diagnostic[];
      };
    }
  | { readonly ok: false; readonly errors: readonly Diagnostic[] };

function show(title: string, value: NdArray, style: Style, note = ''): string {
  const lines = arrayLines(value, style.columns - 2);
  const suffix = style.dim(`  (${[shapeText(value.shape), ...(note ? [note] : [])].join(' · ')})`);
  if (value.shape.length === 0) return `${style.bold(title)} = ${lines[0]}${suffix}\n`;
  return `${style.bold(title)}${suffix}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
