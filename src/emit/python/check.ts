import type { Check, CheckInput, Structure } from '../checks.ts';
import { readSizes } from '../sizes.ts';
import { sizeCode } from './body.ts';
import { tuple } from './dialect.ts';
import { statement } from './lines.ts';
import type { Module } from './module.ts';

/** What the self-check calls, and the words of a file's library for it. */
export interface CheckStyle {
  /** The library that the check itself computes with: `np` or `torch`. */
  readonly module: string;
  /** Statement that makes `rng` from `seed`. */
  readonly generator: string;
  readonly uniform: (low: number, high: number, shape: readonly string[]) => string;
  readonly normal: (shape: readonly string[]) => string;
  readonly eye: (size: string) => string;
  /** An output as an array of the check's library. */
  readonly array: (code: string) => string;
  readonly permute: (x: string, order: readonly number[]) => string;
  /** Functions of the check by name; those that are called are printed, in this order. */
  readonly helpers: ReadonlyMap<string, string>;
  /** Statements before the first check. */
  readonly before: readonly string[];
}

/** The functions of the self-check, each as its lines. */
export function checkLines(module: Module): readonly (readonly string[])[] {
  const { check, dialect } = module;
  if (check.checks.length === 0) return [];
  const lines = checkFunction(module);
  const used = new Set<string>();
  const collect = (text: string): void => {
    for (const [name, helper] of dialect.check.helpers) {
      if (used.has(name) || !new RegExp(`\\b${name}\\b`).test(text)) continue;
      used.add(name);
      collect(helper);
    }
  };
  collect(lines.join('\n'));
  const helpers = [...dialect.check.helpers].filter(([name]) => used.has(name)).map(([, text]) => text.split('\n'));
  return [...helpers, lines];
}

function checkFunction(module: Module): readonly string[] {
  const { request, naming, dialect, check } = module;
  const { plan } = request;
  const style = dialect.check;
  const body: string[] = [];
  check.checks.forEach((c) => {
    const name = naming.outputs[c.output]!;
    body.push(...statement(`errors["${name}"] = `, errorCode(c, module), 4));
  });
  const moving = [...new Set(check.checks.flatMap((c) => (c.of === 'derivative' ? c.by : [c.by])))].sort(
    (a, b) => a - b,
  );
  const names = moving.map((k) => naming.inputs[k]!);
  const inputs = plan.inputs.flatMap((_, k) => drawLines(k, check.inputs[k]!, module));
  const call = statement('return ', `${naming.fn}(${callArguments(module).join(', ')})`, 8);
  const drawn = [...inputs, ...call].join('\n');
  const sizes = [...check.sizes].filter(([symbol]) =>
    new RegExp(`\\b${naming.sizes.get(symbol)}\\b`).test(`${drawn}\n${body.join('\n')}`),
  );
  const indent = (line: string): string => (line === '' ? '' : `    ${line}`);
  return [
    'def check(seed):',
    '    """The worst error of each derivative at one random point."""',
    ...[
      style.generator,
      ...(sizes.length > 0
        ? [`${sizes.map(([s]) => naming.sizes.get(s)).join(', ')} = ${sizes.map(([, n]) => n).join(', ')}`]
        : []),
      ...inputs,
      '',
      `def at(${names.map((name) => `${name}=${name}`).join(', ')}):`,
      ...call.map(indent),
      '',
      'result = at()',
      'errors = {}',
      ...body,
      'return errors',
    ].map(indent),
  ];
}

/** The arguments of the call: inputs, then sizes, positions and stand-ins for unknown functions. */
function callArguments({ request, naming, check }: Module): readonly string[] {
  const { plan } = request;
  const sizes = readSizes(plan).parameters.map((symbol) => naming.sizes.get(symbol)!);
  const functions = plan.functions.flatMap((f) =>
    f.orders.map((order) => {
      const name = naming.fnOf(f.name, order);
      if (f.elementwise) return `${name}=functools.partial(wave, ${order})`;
      const step = plan.steps.find((s) => s.kind === 'unknown' && s.fn === f.name && s.order === order)!;
      const x = step.kind === 'unknown' ? plan.steps[step.x]!.shape.length : 0;
      const to = step.shape.slice(0, step.shape.length - order * x).map((size) => sizeCode(size, naming).text);
      return `${name}=functools.partial(waves, ${tuple(to)}, ${order})`;
    }),
  );
  return [
    ...naming.inputs,
    ...sizes.map((name) => `${name}=${name}`),
    ...plan.indices.map((symbol) => `${naming.indices.get(symbol)}=${check.indices.get(symbol) ?? 1}`),
    ...functions,
  ];
}

/** Draws one input, with its declared structure. */
function drawLines(k: number, input: CheckInput, { request, naming, dialect }: Module): readonly string[] {
  const name = naming.inputs[k]!;
  const shape = request.plan.inputs[k]!.shape.map((size) => sizeCode(size, naming).text);
  const style = dialect.check;
  const [low, high] = request.range;
  const positive = (code: string): string => (low < 0 ? `${style.module}.abs(${code})` : code);
  const uniform = (sizes: readonly string[]): string => {
    const code = style.uniform(low, high, sizes);
    return input.nonnegative ? positive(code) : code;
  };
  const assign = (code: string): readonly string[] => statement(`${name} = `, code, 4);
  const [m, n] = shape;
  switch (input.structure) {
    case 'free':
      return assign(uniform(shape));
    case 'symmetric':
      return [...assign(uniform(shape)), `${name} = (${name} + ${name}.T) / 2`];
    case 'definite':
      return [...assign(uniform(shape)), ...assign(`${name} @ ${name}.T / ${m} + ${style.eye(m!)} / 2`)];
    case 'diagonal':
      return assign(`${style.module}.diag(${uniform([m!])})`);
    case 'orthogonal':
      return assign(`${style.module}.linalg.qr(${style.normal([m!, n!])})[0]`);
  }
}

const moves: Readonly<Record<Structure, string | undefined>> = {
  free: undefined,
  symmetric: 'symmetric',
  definite: 'symmetric',
  diagonal: 'diagonal',
  orthogonal: undefined,
};

/** `error(claimed, expected, base)` of one check. */
function errorCode(c: Check, module: Module): string {
  const { naming, dialect, check } = module;
  const { module: np } = dialect.check;
  const input = (k: number): string => naming.inputs[k]!;
  const moveOf = (k: number): string | undefined => moves[check.inputs[k]!.structure];
  const rank = (k: number): number => check.outputs[k]!.shape.length;
  const at = (k: number, ...by: readonly number[]): string =>
    outputCode(k, `at(${[...new Set(by)].map((b) => `${input(b)}=${input(b)}`).join(', ')})`, module);
  const result = (k: number): string => outputCode(k, 'result', module);
  const differences = (f: string, by: number): string => {
    const move = moveOf(by);
    return `differences(lambda ${input(by)}: ${f}, ${input(by)}${move ? `, ${move}` : ''})`;
  };
  /** An array whose axes from `axis` on are those of a variable, of which only some entries move on their own. */
  const moved = (code: string, axis: number, by: number): string => {
    const move = moveOf(by);
    return move ? `moved(${code}, ${axis}, ${move})` : code;
  };
  const error = (claimed: string, expected: string): string => `error(${claimed}, ${expected}, ${result(c.base)})`;
  const slope = (f: string, by: number, d: string): string => `slope(lambda ${input(by)}: ${f}, ${input(by)}, ${d})`;
  switch (c.of) {
    case 'derivative': {
      let claimed = result(c.output);
      let axis = rank(c.base);
      for (const by of c.by) {
        claimed = moved(claimed, axis, by);
        axis += check.inputs[by]!.shape.length;
      }
      return error(
        claimed,
        c.by.reduce((f, by) => differences(f, by), at(c.base, ...c.by)),
      );
    }
    case 'jvp':
      return error(result(c.output), slope(at(c.base, c.by), c.by, input(c.along)));
    case 'vjp': {
      const weighted = `${np}.sum(${input(c.along)} * ${at(c.base, c.by)})`;
      return error(moved(result(c.output), 0, c.by), differences(weighted, c.by));
    }
    case 'hvp': {
      const gradient = c.gradient ? at(c.base, c.by) : differences(at(c.base, c.by), c.by);
      const claimed = c.gradient ? result(c.output) : moved(result(c.output), 0, c.by);
      return error(claimed, slope(gradient, c.by, input(c.along)));
    }
    case 'newton': {
      const gradient = c.gradient ? at(c.base, c.by) : differences(at(c.base, c.by), c.by);
      const expected = c.gradient ? result(c.base) : differences(at(c.base, c.by), c.by);
      return error(slope(gradient, c.by, result(c.output)), expected);
    }
  }
}

/** An output as a dense array, the value's axes first, then those of each variable. */
function outputCode(k: number, call: string, { naming, dialect, check, expansions }: Module): string {
  const field = `${call}.${naming.outputs[k]}`;
  const expansion = expansions.get(k);
  const keywords = (expansion?.keywords ?? []).map(({ parameter, of, symbol }) => {
    // Sizes are variables of the check, positions numbers.
    const value = of === 'size' ? naming.sizes.get(symbol) : String(check.indices.get(symbol) ?? 1);
    return `${parameter}=${value}`;
  });
  const dense = expansion ? `${expansion.name}(${[field, ...keywords].join(', ')})` : field;
  const array = dialect.check.array(dense);
  const { order } = check.outputs[k]!;
  return order.every((axis, j) => axis === j) ? array : dialect.check.permute(array, order);
}

/** Runs the check when the file is run. */
export function mainLines({ check, naming, dialect, request }: Module): readonly string[] {
  const missing = check.unchecked.map((name) => {
    const k = request.plan.outputs.findIndex((o) => o.name === name);
    const { role } = request.plan.outputs[k]!;
    const inside =
      role.of === 'derivative' && role.wrt.some((v) => !request.plan.inputs.some((input) => input.name === v));
    const why = inside ? 'it is by a name that is no input' : 'there is no value to compare with';
    return `    print("${naming.outputs[k]}: not checked, ${why}")`;
  });
  if (check.checks.length === 0)
    return ['if __name__ == "__main__":', ...(missing.length > 0 ? missing : ['    print("no derivatives to check")'])];
  return [
    'if __name__ == "__main__":',
    ...dialect.check.before.map((line) => `    ${line}`),
    '    # Ten attempts: a kink or the edge of a domain may lie near a point.',
    '    for seed in range(10):',
    '        errors = check(seed)',
    '        if max(errors.values()) <= 1e-6:',
    '            break',
    '    for name, worst in errors.items():',
    '        print(f"{name}: worst error {worst:.1e}")',
    ...missing,
    '    sys.exit(0 if max(errors.values()) <= 1e-6 else 1)',
  ];
}

/** The functions of the check in NumPy. */
export const numpyCheckHelpers = (module: string, wrap: (code: string) => string): ReadonlyMap<string, string> =>
  new Map([
    [
      'slope',
      `def slope(f, x, d, h=1e-3):
    """The derivative of f at x along d: differences of fourth order."""
    near = f(x + h * d) - f(x - h * d)
    far = f(x + 2 * h * d) - f(x - 2 * h * d)
    return (8 * near - far) / (12 * h)`,
    ],
    [
      'differences',
      `def differences(f, x, move=np.asarray):
    """The derivative of f at x: the axes of f(x), then those of x."""
    steps = np.eye(x.size).reshape(-1, *x.shape)
    columns = [slope(f, x, move(step)) for step in steps]
    return np.stack(columns, axis=-1).reshape(columns[0].shape + x.shape)`,
    ],
    [
      'moved',
      `def moved(g, axis, move):
    """Sums the entries along two axes of g that move together."""
    g = np.moveaxis(g, (axis, axis + 1), (-2, -1))
    n = g.shape[-1]
    steps = [move(step) for step in np.eye(n * n).reshape(-1, n, n)]
    sums = np.stack([np.tensordot(g, step, 2) for step in steps], axis=-1)
    return np.moveaxis(sums.reshape(g.shape), (-2, -1), (axis, axis + 1))`,
    ],
    [
      'symmetric',
      `def symmetric(step):
    """An entry of a symmetric matrix moves with its mirror image."""
    return np.maximum(step, step.T)`,
    ],
    [
      'diagonal',
      `def diagonal(step):
    """Only the diagonal of a diagonal matrix moves."""
    return np.diag(np.diag(step))`,
    ],
    [
      'error',
      `def error(claimed, expected, base):
    """The largest difference, relative to the largest entry."""
    if claimed.shape != expected.shape:
        return np.inf
    scale = np.max(np.abs(expected)) + 1e-4 * np.max(np.abs(base)) + 1e-5
    worst = np.max(np.abs(claimed - expected)) / scale
    return np.inf if np.isnan(worst) else worst`,
    ],
    [
      'wave',
      `def wave(order, x):
    """sin(x), or a derivative of it: a stand-in for an unknown function."""
    return ${module}.sin(x + order * np.pi / 2)`,
    ],
    [
      'waves',
      `def waves(to, order, x):
    """A stand-in for an unknown function of an array: sin(P * x)."""
    x = np.asarray(x)
    P = np.random.default_rng(7).uniform(-1, 1, to + x.shape)
    y = np.sin(np.tensordot(P, x, x.ndim) + order * np.pi / 2)
    for k in range(order):
        spread = to + (1,) * (k * x.ndim) + x.shape
        y = y.reshape(y.shape + (1,) * x.ndim) * P.reshape(spread)
    return ${wrap('y')}`,
    ],
  ]);
