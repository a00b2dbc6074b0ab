import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emitDask } from '../../../src/emit/python/dask.ts';
import { emitNumpy } from '../../../src/emit/python/numpy.ts';
import { emitTorch } from '../../../src/emit/python/torch.ts';
import { featureCases } from '../programs.ts';
import { requestFor } from '../requests.ts';
import { runtimeFor } from '../runtimes.ts';
import { inFolder } from './run.ts';

const [numpy, torch, dask] = [runtimeFor('numpy'), runtimeFor('torch'), runtimeFor('dask')];
const find = (name: string) => featureCases.find((c) => c.name === name)!;

/** Runs files as scripts, several in one process: what each printed, and its exit code. */
function runScripts(
  files: ReadonlyMap<string, string>,
  python: string,
): ReadonlyMap<string, { code: number; text: string }> {
  return inFolder((folder) => {
    const runner = join(folder, 'run_all.py');
    writeFileSync(
      runner,
      `import contextlib, io, json, runpy, sys
results = {}
for path in sys.argv[1:]:
    out, code = io.StringIO(), 0
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(path, run_name="__main__")
    except SystemExit as end:
        code = end.code or 0
    except Exception as error:
        code = repr(error)
    results[path] = {"code": code, "text": out.getvalue()}
print(json.dumps(results))
`,
    );
    const paths = [...files].map(([name, code]) => {
      const path = join(folder, `${name}.py`);
      writeFileSync(path, code);
      return [name, path] as const;
    });
    const { stdout, stderr } = spawnSync(python, [runner, ...paths.map(([, path]) => path)], {
      encoding: 'utf8',
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
    });
    if (stdout === '') throw new Error(stderr);
    const results = new Map(Object.entries(JSON.parse(stdout) as Record<string, { code: number; text: string }>));
    return new Map(paths.map(([name, path]) => [name, results.get(path)!]));
  });
}

const failures = (results: ReadonlyMap<string, { code: number; text: string }>): readonly string[] =>
  [...results].filter(([, { code }]) => code !== 0).map(([name, { code, text }]) => `${name}: ${code} ${text}`);

test.runIf(numpy.available)('NumPy: the self-checks pass, and print an error for each derivative', () => {
  const results = runScripts(new Map(featureCases.map((c) => [c.name, emitNumpy(requestFor(c))])), numpy.command);
  expect(failures(results)).toEqual([]);
  expect(results.get('logistic')!.text).toMatch(
    /^dw: worst error \d\.\de-\d+\ndwdw: .*\ndX: .*\nhvpw: .*\nnewtonw: .*\n$/,
  );
  expect(results.get('constant')!.text).toContain('dy: not checked, it is by a name that is no input\n');
});

test.runIf(torch.available)('PyTorch: the self-checks pass', () => {
  expect(
    failures(runScripts(new Map(featureCases.map((c) => [c.name, emitTorch(requestFor(c))])), torch.command)),
  ).toEqual([]);
});

test.runIf(dask.available)('Dask: self-checks pass', () => {
  const some = ['symmetric', 'unknown', 'field', 'position'].map(find);
  expect(failures(runScripts(new Map(some.map((c) => [c.name, emitDask(requestFor(c))])), dask.command))).toEqual([]);
});

test.runIf(numpy.available)('a wrong derivative, of any kind, is noticed', () => {
  const wrong = new Map<string, string>();
  for (const name of ['logistic', 'factors', 'linear', 'symmetric', 'gaussian', 'greek', 'field']) {
    const request = requestFor(find(name));
    request.plan.outputs.forEach((output) => {
      if (output.role.of === 'value' || output.form === 'condensed') return;
      const { plan } = request;
      // The derivative times 1 + 1e-4.
      const shape = output.shape;
      const axes = shape.map((_, k) => k);
      const scaled = {
        kind: 'map' as const,
        shape,
        space: shape,
        summed: 0,
        args: [{ value: output.value, axes }],
        body: [
          { op: 'arg' as const, arg: 0 },
          { op: 'number' as const, value: 1.0001 },
          { op: 'multiply' as const, a: 0, b: 1 },
        ],
      };
      const outputs = plan.outputs.map((o) =>
        o === output ? { ...o, form: 'dense' as const, value: plan.steps.length } : o,
      );
      const code = emitNumpy({ ...request, plan: { ...plan, steps: [...plan.steps, scaled], outputs } });
      wrong.set(`${name} ${output.name}`, code);
    });
  }
  const results = runScripts(wrong, numpy.command);
  expect([...results].filter(([, { code }]) => code !== 1).map(([name]) => name)).toEqual([]);
  expect(results.size).toBeGreaterThan(15);
});

test.runIf(numpy.available)('shapes and positions that do not fit are refused in a sentence', () => {
  const call = (name: string, args: string): string => {
    const code = emitNumpy(requestFor(find(name))).split('if __name__')[0];
    return `${code}\ntry:\n    ${name}(${args})\nexcept Exception as problem:\n    print(type(problem).__name__, problem)\n`;
  };
  const scripts = new Map([
    ['rank', call('logistic', 'np.ones(3), np.ones(3), np.ones(3), np.ones(3)')],
    ['size', call('logistic', 'np.ones((5, 3)), np.ones(4), np.ones(5), np.ones(3)')],
    ['product', call('merged', 'np.ones((5, 3)), np.ones((2, 7)), np.ones(11)')],
    ['position', call('position', 'np.ones((5, 5)), np.ones(5), i=6')],
    ['far', call('position', 'np.ones((1, 1)), np.ones(1), i=1')],
    ['scalar', call('greek', '[1, 2], np.ones(3), np.ones((3, 3))')],
  ]);
  const results = [...runScripts(scripts, numpy.command)].map(([name, { text }]) => [name, text.trim()]);
  expect(results).toEqual([
    ['rank', 'ValueError X must have shape (m, n), got (3,)'],
    ['size', 'ValueError w must have shape (n,) = (3,), got (4,)'],
    ['product', 'ValueError x must have shape (m * p,) = (10,), got (11,)'],
    ['position', 'IndexError position i = 6 is outside of 1 to 5'],
    ['far', 'IndexError position 2 is outside of 1 to 1'],
    ['scalar', 'ValueError lambda_ must have shape (), got (2,)'],
  ]);
});
