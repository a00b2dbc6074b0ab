import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Host } from './engine/host.ts';
import {
  type ComputeFlags,
  type EmitJob,
  type EvaluateJob,
  emitTargets,
  type Format,
  formats,
  stepsDepths,
  type View,
  type ViewFormat,
  viewFormats,
  views,
} from './engine/jobs.ts';
import { exitCodes } from './exit.ts';
import { helpOf } from './help.ts';
import { errorJson, schema } from './render/error-json.ts';
import { createStyle, lookOf } from './render/style.ts';
import { writeOut } from './streams.ts';

interface Shared {
  readonly declare?: readonly string[];
  readonly at?: readonly string[];
  readonly limit?: readonly string[];
  readonly output?: string;
  readonly layout?: string;
  readonly json?: true;
}

interface ChainFlags {
  readonly numbers?: true;
  readonly onlyThrough?: string;
  readonly step?: string;
  readonly table?: true;
  readonly format: ViewFormat;
}

/** What `plan`, `emit` and `eval` take of how to compute. */
interface Compute {
  readonly value: boolean;
  readonly jvp?: readonly string[];
  readonly vjp?: readonly string[];
  readonly hvp?: readonly string[];
  readonly newton?: readonly string[];
  readonly sizes?: readonly string[];
  readonly form: ComputeFlags['form'];
  readonly engine?: NonNullable<EvaluateJob['engine']>;
  readonly dtype: ComputeFlags['dtype'];
  readonly threads: number;
}

const computeFlags = ({ value, jvp, vjp, hvp, newton, sizes = [], form, dtype, threads }: Compute) => ({
  value,
  sizes,
  form,
  dtype,
  threads,
  ...defined({ jvp, vjp, hvp, newton }),
});

interface Approx {
  readonly direction?: string;
  readonly steps?: number;
  readonly tolerance?: string;
  readonly seed?: number;
  readonly svg?: string;
  readonly format: ViewFormat;
}

/** The options that were given. */
const defined = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
const layoutOption = (): Option =>
  new Option('-l, --layout <layout>', 'order of the axes')
    .choices(['denominator', 'numerator', 'jacobian', 'mixed'])
    .default('denominator');

function positive(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('it must be a positive integer.');
  return value;
}

/** Options of every command that reads one program. */
const withProgram = (command: Command): Command =>
  command
    .option('-d, --declare <text>', 'shapes, such as "A: m x n symmetric; x: n"; repeatable', collect)
    .option('-o, --output <name>', 'the name to take as the output')
    .option('-a, --at <point>', 'values: JSON, a file, or name=value; repeatable', collect)
    .option('--json', 'answer as JSON, errors too')
    .option('--limit <name=value>', 'set a limit, such as milliseconds=5000; repeatable', collect);
const engineOption = (): Option =>
  new Option('--engine <engine>', 'compile it, and run it by this engine').choices([
    'auto',
    'wasm',
    'blas',
    'onnx',
    'js',
  ]);
const dtypeOption = (): Option =>
  new Option('--dtype <type>', 'type of all entries').choices(['float64', 'float32']).default('float64');

/** Options of commands that compute a value and derivatives together. */
const withCompute = (command: Command): Command =>
  withShared(command)
    .argument('<program>', "text, a file, or '-' for stdin")
    .argument('[wrt...]', "names to differentiate by; 'x,x' for the Hessian")
    .option('--no-value', 'leave the value out')
    .option('--jvp <name>', 'Jacobian times a direction; repeatable', collect)
    .option('--vjp <name>', 'transposed Jacobian times an array; repeatable', collect)
    .option('--hvp <name>', 'Hessian times a direction; repeatable', collect)
    .option('--newton <name>', 'the Newton step; repeatable', collect)
    .option('--sizes <m=…>', 'sizes, such as m=2000,n=500; repeatable', collect)
    .addOption(
      new Option('--form <form>', 'derivatives as a whole, or without zeros and repetitions')
        .choices(['auto', 'dense', 'condensed'])
        .default('auto'),
    )
    .addOption(dtypeOption());
const withShared = (command: Command): Command => withProgram(command).addOption(layoutOption());

/** The letters that stand for an option; `-x` is a program that begins with a minus. */
const letters = 'adflnowhV';

/**
 * Programs may begin with a minus, which the option parser would take for an option: a space before it says otherwise,
 * and `unshield` takes it away again.
 */
function shield(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((arg, k) => {
    // The depth is optional, and what follows may be the program.
    if (arg === '--steps' && argv[2] === 'derive' && (end < 0 || k < end)) return '--steps=full';
    const option = /^--[a-z][a-z-]*(=|$)/.test(arg) || (arg.length === 2 && letters.includes(arg[1]!));
    return k < 3 || (end >= 0 && k >= end) || !/^-./.test(arg) || option ? arg : ` ${arg}`;
  });
}
const unshield = (program: string): string => program.replace(/^ (?=-)/, '');

/** Reads the command line and runs one command; the result is the exit code. */
export async function run(argv: readonly string[], host: () => Host): Promise<number> {
  let code: number = exitCodes.ok;
  const style = createStyle(lookOf(process.stderr));
  const json = argv.includes('--json');
  const root = new Command('wrt')
    .description('Matrix derivatives in closed form: derived, condensed, certified.')
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeErr: (text) => {
        if (!json) process.stderr.write(text);
      },
      outputError: (text, write) => write(text.replace(/^error: /, `${style.bad(style.bold('error'))}  `)),
    })
    .showHelpAfterError(style.dim('wrt --help shows examples'));
  const add = (name: string, summary: string): Command => {
    const command = root
      .command(name)
      .summary(summary)
      .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`);
    helpOf(command, name);
    return command;
  };
  helpOf(root, 'wrt');

  withShared(add('derive', 'the derivative of a program by a variable'))
    .argument('<program>', "text, a file, or '-' for stdin")
    .argument('<wrt>', "name to differentiate by; 'x,x' for the Hessian")
    .addOption(new Option('-f, --format <format>', 'print the derivative alone, in this form').choices([...formats]))
    .option('-n, --numbers', 'values too: at --at, or else at a seeded random point')
    .option('--no-certify', 'leave out the checks of the result')
    .option('--structured', 'entries of a symmetric or diagonal variable move together')
    .addOption(
      new Option('--steps <depth>', 'how it is found, step by step; full without a depth').choices([...stepsDepths]),
    )
    .option('--hints', 'a question before each step')
    .addOption(new Option('--view <view>', 'another way to look at the derivative').choices([...views]))
    .option('--entry <places>', 'one entry, such as 2,1: its formula and how it is found')
    .option('--rows <axes>', 'axes down the rows of --view unfolded or slices: i,j or 1,2')
    .option('--columns <axes>', 'axes along the columns')
    .action(
      async (
        program: string,
        wrt: string,
        o: Shared & ViewFlags & { format?: Format; numbers?: true; certify: boolean; structured?: true },
      ) => {
        const { runInWorker } = await import('./commands/run.ts');
        const { format, numbers = false, certify } = o;
        code = await runInWorker(
          {
            kind: 'derive',
            wrt,
            numbers,
            certify,
            ...(o.structured ? { structured: true } : {}),
            ...(format ? { format } : {}),
            ...viewFlags(o),
            ...(o.steps ? { steps: o.steps } : {}),
            ...(o.hints ? { hints: true } : {}),
            ...shared(program, o, format === 'json'),
          },
          host(),
        );
      },
    );

  withShared(add('eval', 'the value of a program at a point'))
    .argument('<program>', "text, a file, or '-' for stdin")
    .option('-w, --wrt <names>', 'the value of the derivative too')
    .addOption(engineOption())
    .addOption(dtypeOption())
    .option('--threads <n>', 'most threads that a compiled step may use', positive, 1)
    .action(async (program: string, o: Shared & Compute & { wrt?: string }) => {
      const { runInWorker } = await import('./commands/run.ts');
      const { wrt, engine, dtype, threads } = o;
      code = await runInWorker(
        { kind: 'eval', dtype, threads, ...defined({ wrt, engine }), ...shared(program, o) },
        host(),
      );
    });

  withCompute(add('plan', 'the steps that compute a value and derivatives, and what they cost'))
    .option('--threads <n>', 'threads to choose an engine for', positive, 1)
    .action(async (program: string, wrt: readonly string[], o: Shared & Compute) => {
      const { runInWorker } = await import('./commands/run.ts');
      code = await runInWorker({ kind: 'plan', wrt, ...computeFlags(o), ...shared(program, o) }, host());
    });

  withCompute(add('emit', 'value and derivatives as code for another system'))
    .addOption(new Option('--target <target>', 'what to write').choices([...emitTargets]).makeOptionMandatory())
    .option('--name <name>', 'name of the function')
    .option('--file <file>', 'where to write it (default: stdout)')
    .action(
      async (
        program: string,
        wrt: readonly string[],
        o: Shared & Compute & Pick<EmitJob, 'target' | 'name' | 'file'>,
      ) => {
        const { runInWorker } = await import('./commands/run.ts');
        const { target, name, file } = o;
        code = await runInWorker(
          { kind: 'emit', target, wrt, ...defined({ name, file }), ...computeFlags(o), ...shared(program, o) },
          host(),
        );
      },
    );

  withProgram(add('approx', 'how well the derivative predicts small changes'))
    .argument('<program>', "text, a file, or '-' for stdin")
    .argument('<wrt>', "name that moves; 'x,x' looks at the derivative by x")
    .option('--direction <d>', "an array (JSON or a file), 'random' or 'steepest'")
    .option('--steps <n>', 'how many steps h, h/2, h/4 … (default 12)', positive)
    .option('--tolerance <δ>', "relative error for 'how small is small enough', such as 1% (default)")
    .option('--seed <n>', 'seed of the random point and direction (default 1)', positive)
    .option('--svg <file>', 'write the picture to a file')
    .addOption(new Option('-f, --format <format>', 'how to write it').choices([...viewFormats]).default('text'))
    .action(async (program: string, wrt: string, o: Shared & Approx) => {
      const { runInWorker } = await import('./commands/run.ts');
      const { direction, steps, tolerance, seed, svg, format } = o;
      const given = { direction, steps, tolerance, seed, svg };
      const job = { ...defined(given), ...shared(program, o, format === 'json') };
      code = await runInWorker({ kind: 'approx', wrt, format, ...job }, host());
    });

  withProgram(add('chain', 'the chain rule, link by link; the backward pass of a network'))
    .usage('[options] <program> [output] <wrt>')
    .argument('<program>', "text, a file, or '-' for stdin")
    .argument('[names...]', 'the output, if it is not the last one, and the name to differentiate by; none for --table')
    .addOption(layoutOption())
    .option('-n, --numbers', 'values too: at --at, or else at a seeded random point')
    .option('--only-through <name>', 'the part of the derivative that goes through this name')
    .option('--step <value>', 'a finite step of the variable: JSON or a file')
    .option('--table', 'the table of all layers of a network')
    .addOption(new Option('-f, --format <format>', 'how to write it').choices([...viewFormats]).default('text'))
    .action(async (program: string, names: readonly string[], o: Shared & ChainFlags) => {
      const { runInWorker } = await import('./commands/run.ts');
      const { format, numbers = false, table = false, onlyThrough, step } = o;
      code = await runInWorker(
        {
          kind: 'chain',
          names,
          numbers,
          table,
          format,
          ...defined({ onlyThrough, step }),
          ...shared(program, o, format === 'json'),
        },
        host(),
      );
    });

  withShared(add('check', 'your own derivative: right, in which layout, or what is wrong with it'))
    .argument('<program>', "text, a file, or '-' for stdin")
    .argument('<wrt>', "name to differentiate by; 'x,x' for the Hessian")
    .argument('<answer>', "your derivative: text or LaTeX, a file, or '-' for stdin")
    .option('--strict', 'only the layout asked for is right')
    .option('--seed <n>', 'seed of the random points (default 1)', positive)
    .action(async (program: string, wrt: string, answer: string, o: Shared & { strict?: true; seed?: number }) => {
      const { runInWorker } = await import('./commands/run.ts');
      const { strict = false, seed } = o;
      code = await runInWorker(
        { kind: 'check', wrt, answer: unshield(answer), strict, ...defined({ seed }), ...shared(program, o) },
        host(),
      );
    });

  add('batch', 'one JSON request per line in, one JSON answer per line out')
    .argument('[file]', 'a file of JSON lines; stdin without one')
    .option('--timeout <ms>', 'time limit for one line', positive, 10_000)
    .option('--max-line <bytes>', 'longest line that is read', positive, 16 * 1024 * 1024)
    .option('--no-certify', 'leave out the checks of the results')
    .option('--limit <name=value>', 'set a limit for every line; repeatable', collect)
    .action(async (file: string | undefined, o) => {
      const { batch } = await import('./commands/batch.ts');
      code = await batch(file, { ...o, limit: o.limit ?? [] }, host());
    });

  add('ops', 'operators and functions, with their rules')
    .argument('[name]', 'one of them, in full')
    .option('--json', 'the table as JSON')
    .action(async (name: string | undefined, o: { json?: true }) => {
      const { ops } = await import('./commands/ops.ts');
      code = await ops(name, o.json === true);
    });

  try {
    await root.parseAsync(
      ['derive', 'eval', 'approx', 'chain', 'check', 'plan', 'emit'].includes(argv[2] ?? '') ? shield(argv) : argv,
    );
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.ok;
    const errors = [{ code: 'usage/arguments' as const, message: error.message.replace(/^error: /, '') }];
    if (json) await writeOut(`${JSON.stringify({ schema, ...errorJson(errors) }, null, 2)}\n`);
    return exitCodes.usage;
  }
  return code;
}

interface ViewFlags {
  readonly view?: View;
  readonly entry?: string;
  readonly rows?: string;
  readonly columns?: string;
  readonly steps?: (typeof stepsDepths)[number];
  readonly hints?: true;
}

const viewFlags = ({ view, entry, rows, columns }: ViewFlags): ViewFlags => ({
  ...(view === undefined ? {} : { view }),
  ...(entry === undefined ? {} : { entry }),
  ...(rows === undefined ? {} : { rows }),
  ...(columns === undefined ? {} : { columns }),
});

const shared = (program: string, o: Shared, json = false) => ({
  program: unshield(program),
  declare: o.declare ?? [],
  at: o.at ?? [],
  limit: o.limit ?? [],
  json: json || o.json === true,
  look: lookOf(process.stdout),
  errorLook: lookOf(process.stderr),
  ...(o.output === undefined ? {} : { output: o.output }),
  ...(o.layout === undefined ? {} : { layout: o.layout }),
});

/** The version in the nearest package.json above: this file runs from `apps/` and from `dist/apps/`. */
function version(): string {
  for (const up of ['../../package.json', '../../../package.json'])
    try {
      const found = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (found.name === 'wrt' && found.version) return found.version;
    } catch {}
  return 'unknown';
}
