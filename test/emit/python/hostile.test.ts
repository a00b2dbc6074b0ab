import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emitDask } from '../../../src/emit/python/dask.ts';
import { emitJax } from '../../../src/emit/python/jax.ts';
import { emitNumpy } from '../../../src/emit/python/numpy.ts';
import { emitTorch } from '../../../src/emit/python/torch.ts';
import type { EmitRequest } from '../../../src/emit/request.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { featureCases } from '../programs.ts';
import { requestFor } from '../requests.ts';
import { runtimeFor } from '../runtimes.ts';
import { inFolder } from './run.ts';

const numpy = runtimeFor('numpy');

/** Texts that try to leave a docstring, a comment, a string or a name, and to make a file called `mark`. */
const attacks = (mark: string): readonly string[] => {
  const run = `open(${JSON.stringify(mark)}, "w").close()`;
  return [
    `"""\n${run}\n"""`,
    `'''\n${run}\n'''`,
    `\\"""\n${run}\n#`,
    `\\\\"""\n${run}\n#`,
    `x"\n${run}\n"`,
    `# \r${run}`,
    `# \u2028${run}`,
    `\u0000${run}`,
    `{${run}}`,
    `%s" % ${run} #`,
    `\\N{BULLET} \\x41 \\`,
    `*/ ${run} /*`,
    `): pass\n${run}\ndef g(`,
    `__import__`,
    `\u202e"""${run}`,
  ];
};

/** The request with every name and every text in it replaced. */
function renamed(request: EmitRequest, attack: string): EmitRequest {
  const names = new Map(
    [
      ...request.plan.inputs.map((i) => i.name),
      ...request.plan.sizes,
      ...request.plan.indices,
      ...request.plan.functions.map((f) => f.name),
      ...request.plan.steps.flatMap((s) => s.name ?? []),
      // A size symbol holds no asterisk: it would be a product.
    ].map((name, k) => [name, (request.plan.sizes.includes(name) ? attack.replaceAll('*', '.') : attack) + k] as const),
  );
  const replace = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((v) => replace(v, key));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, replace(v, k)])) as unknown;
    const isName = /^(name|input|shape|space|size|sizes|indices|at|wrt|direction)$/.test(key);
    if (key === 'fn' && typeof value === 'string') return names.get(value) ?? value;
    if (key === 'formula') return attack;
    return typeof value === 'string' && isName ? (names.get(value) ?? value) : value;
  };
  return { ...request, plan: replace(request.plan) as Plan, name: attack, source: attack };
}

test.runIf(numpy.available)('no name and no text is ever run', () => {
  inFolder((folder) => {
    const mark = join(folder, 'mark');
    const paths: string[] = [];
    for (const name of ['logistic', 'position', 'field', 'sizes', 'factors']) {
      const request = requestFor(featureCases.find((c) => c.name === name)!);
      for (const attack of attacks(mark))
        for (const [target, emit] of Object.entries({ emitNumpy, emitTorch, emitJax, emitDask })) {
          const path = join(folder, `${name}${paths.length}.py`);
          const code = emit(renamed(request, attack));
          // The other libraries are imported from nowhere: what is looked at is what importing the file runs.
          writeFileSync(path, target === 'emitNumpy' ? code : code.replaceAll(/^import (?:torch|jax|dask).*$/gm, ''));
          paths.push(path);
        }
    }
    const runner = join(folder, 'run.py');
    writeFileSync(
      runner,
      `import ast, contextlib, io, runpy, sys, types
from unittest.mock import MagicMock

ran = 0
for path in sys.argv[1:]:
    text = open(path, encoding="utf-8").read()
    tree = ast.parse(text)
    assert ast.get_docstring(tree), path
    stand_ins = dict(torch=MagicMock(), jax=MagicMock(), da=MagicMock(), dask=MagicMock())
    with contextlib.redirect_stdout(io.StringIO()):
        runpy.run_path(path, init_globals=stand_ins, run_name="emitted")
        if "import numpy as np" in text and "jnp." not in text and "da." not in text:
            try:
                runpy.run_path(path, run_name="__main__")
            except SystemExit as end:
                assert not end.code, path
            ran += 1
print(ran)
`,
    );
    const ran = execFileSync(numpy.command, [runner, ...paths], { encoding: 'utf8', cwd: folder });
    expect(existsSync(mark)).toBe(false);
    expect(Number(ran)).toBeGreaterThanOrEqual(5 * attacks(mark).length);
  });
});
