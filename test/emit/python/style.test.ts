import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { emitDask } from '../../../src/emit/python/dask.ts';
import { emitJax } from '../../../src/emit/python/jax.ts';
import { emitNumpy } from '../../../src/emit/python/numpy.ts';
import { emitTorch } from '../../../src/emit/python/torch.ts';
import type { Emitter } from '../../../src/emit/request.ts';
import { featureCases, pairCases } from '../programs.ts';
import { type EmitCase, requestFor } from '../requests.ts';
import { runtimeFor } from '../runtimes.ts';
import { inFolder } from './run.ts';

const python = runtimeFor('numpy');
const lint = fileURLToPath(new URL('lint.py', import.meta.url));
const emitters: Readonly<Record<string, Emitter>> = {
  numpy: emitNumpy,
  torch: emitTorch,
  jax: emitJax,
  dask: emitDask,
};

const logistic: EmitCase = {
  name: 'logistic regression',
  source: 'X: m x n; w: n; y: m\nz = X*w\nsum(log(1 + exp(-y.*z)))',
  wanted: { value: true, derivatives: ['w', ['w', 'w']] },
};

/** The paragraph of the function that computes and returns. */
const bodyOf = (code: string): string =>
  code
    .split('\n\n')
    .find((paragraph) => paragraph.includes('return Result('))!
    .replace(/^ {4}/gm, '')
    .trimEnd();

test('what a person would write', () => {
  const request = requestFor(logistic);
  expect(bodyOf(emitNumpy(request))).toBe(`z = X @ w
v1 = -(z * y)
value = np.sum(np.logaddexp(0, v1))
sigmoid_v1 = sigmoid(v1)
dw = -(X.T @ (y * sigmoid_v1))
dwdw = X.T @ ((sigmoid_v1 * (1 - sigmoid_v1) * y**2)[:, None] * X)
return Result(value, dw, dwdw)`);
  expect(bodyOf(emitTorch(request))).toBe(`z = X @ w
v1 = -(z * y)
value = torch.sum(softplus(v1))
sigmoid_v1 = torch.sigmoid(v1)
dw = -(X.T @ (y * sigmoid_v1))
dwdw = X.T @ ((sigmoid_v1 * (1 - sigmoid_v1) * y**2)[:, None] * X)
return Result(value, dw, dwdw)`);
  const code = emitNumpy(request);
  expect(code).toContain('def logistic_regression(X, w, y, *, dtype=np.float64):');
  expect(code).toContain('raise ValueError(f"w must have shape (n,) = {(n,)}, got {w.shape}")');
  expect(emitNumpy({ ...request, dtype: 'float32' })).toContain('dtype=np.float32');
});

test.runIf(python.available)('Python reads every file, and nothing in it is unused, too wide or run on import', () => {
  const findings = inFolder((folder) => {
    const paths = Object.entries(emitters).flatMap(([target, emit]) =>
      [...pairCases, ...featureCases].map((c) => {
        const path = join(folder, `${target}-${c.name}.py`);
        writeFileSync(path, emit(requestFor(c)));
        return path;
      }),
    );
    const found = JSON.parse(execFileSync(python.command, [lint, ...paths], { encoding: 'utf8' })) as string[];
    return found.map((line) => basename(line.split(': ')[0]!) + line.slice(line.indexOf(': ')));
  });
  expect(findings).toEqual([]);
});
