import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emitC } from '../../src/emit/c/index.ts';
import { cRules } from '../../src/emit/c/reserved.ts';
import type { NamingRules } from '../../src/emit/identifiers.ts';
import { emitJulia } from '../../src/emit/julia/index.ts';
import { emitMatlab } from '../../src/emit/matlab/index.ts';
import { matlabRules } from '../../src/emit/matlab/reserved.ts';
import { nameFile } from '../../src/emit/naming.ts';
import type { EmitRequest } from '../../src/emit/request.ts';
import { emitTypescript } from '../../src/emit/typescript/index.ts';
import { compile, run } from './c/run.ts';
import { hostileProgram, hostileRequests, hostileTexts } from './hostile.ts';
import { expectOutputs, inFolder, type Job, programJob } from './jobs.ts';
import { octave, runJobs as runMatlab } from './matlab/run.ts';
import { runtimeFor } from './runtimes.ts';
import { node, writeJobs } from './typescript/run.ts';

const octaveIsHere = runtimeFor('octave').available;
const compilerIsHere = runtimeFor('c').available;
const requests = hostileRequests();
const named = (request: EmitRequest, rules: NamingRules): string => nameFile(request, rules, false).fn;

/** What a self-check prints when it ran, to the end, and nothing else did. */
const checked = /^(?:(?:ok {3}|--- {2})\w+: .*\n)+$/;

test('TypeScript: hostile texts and names do nothing', () => {
  inFolder((folder) => {
    const files = requests.map((_, k) => `file${k}.ts`);
    requests.forEach((request, k) => {
      writeFileSync(join(folder, files[k]!), emitTypescript(request));
    });
    const main = files.map((file, k) => `import { selfCheck as check${k} } from './${file}';\ncheck${k}();`);
    writeFileSync(join(folder, 'main.ts'), main.join('\n'));
    const { stdout, stderr, status } = node(join(folder, 'main.ts'));
    expect(stderr).toBe('');
    expect(stdout).toMatch(checked);
    expect(status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual([...files, 'main.ts'].sort());
  });
}, 180_000);

test.runIf(compilerIsHere)(
  'C: hostile texts and names do nothing',
  () => {
    inFolder((folder) => {
      const files = requests.map((_, k) => `file${k}.h`);
      requests.forEach((request, k) => {
        writeFileSync(join(folder, files[k]!), emitC(request));
      });
      expect(compile(folder, files, '', '-DWRT_SELF_CHECK', '-fsyntax-only')).toBe('');
      expect(readdirSync(folder).sort()).toEqual([...files].sort());
      for (const k of [0, 2, 13]) {
        expect(compile(folder, [files[k]!], 'check', '-DWRT_SELF_CHECK')).toBe('');
        const { stdout, status } = run(join(folder, 'check'));
        expect(stdout).toMatch(checked);
        expect(status).toBe(0);
      }
      expect(readdirSync(folder).sort()).toEqual([...files, 'check'].sort());
    });
  },
  180_000,
);

test.runIf(octaveIsHere)(
  'MATLAB: hostile texts and names do nothing',
  () => {
    inFolder((folder) => {
      const files = requests.map((request, k) => {
        // The same name comes twice in the list.
        const own = { ...request, name: `${request.name}${k}` };
        const name = named(own, matlabRules);
        writeFileSync(join(folder, `${name}.m`), emitMatlab(own));
        return name;
      });
      writeFileSync(join(folder, 'checks.m'), files.map((name) => `${name}('selfcheck');`).join('\n'));
      const { stdout, stderr, status } = octave(folder, 'checks.m');
      expect(stderr).toBe('');
      expect(stdout).toMatch(checked);
      expect(status).toBe(0);
      const tests = octave(folder, '--eval', files.map((name) => `test ${name} quiet`).join('\n'));
      expect(tests.status).toBe(0);
      expect(readdirSync(folder).sort()).toEqual([...files.map((name) => `${name}.m`), 'checks.m'].sort());
    });
  },
  180_000,
);

test('Julia: hostile texts stay in their docstring, and interpolate nothing', () => {
  for (const [k, request] of requests.entries()) {
    const code = emitJulia(request);
    const [, doc] = /^"""\n([\s\S]*?)^"""\n/m.exec(code)!;
    // Every quote, dollar and backslash of the docstring is escaped.
    expect(doc!.replace(/\\[\\"$]/g, '')).not.toMatch(/[\\"$]/);
    const rest = code.replace(/^"""\n[\s\S]*?^"""\n/m, '');
    expect(rest, hostileTexts[k]).not.toMatch(/\brun\(|\bsystem\(|`/);
  }
}, 180_000);

test('names that are keywords and built-in functions: the values are those of the interpreter', () => {
  const job: Job = programJob(hostileProgram, 'hostile', 'float64');
  const { stdout } = inFolder((folder) => node(writeJobs([job], folder).at(-1)!));
  expectOutputs([job], stdout, 1e-10);
  if (octaveIsHere) {
    const ran = inFolder((folder) => runMatlab([job], folder));
    expect(ran.stderr).toBe('');
    expectOutputs([job], ran.stdout, 1e-10);
  }
}, 180_000);

test('every reserved word of a target is escaped', () => {
  const rules = cRules(requests[0]!);
  for (const word of ['double', 'while', 'exp', 'NULL', 'malloc'])
    expect(named({ ...requests[0]!, name: word }, rules)).not.toBe(word);
}, 180_000);
