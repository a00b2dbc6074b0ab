/**
 * Everything that must hold, in one run: what the tests need is there, build, types, lint and format, then all tests. A
 * step that fails does not hide the later ones. The last line is the tally; the exit code follows it. Arguments are passed to vitest as filters.
 */
import { spawnSync } from 'node:child_process';
import { startVitest } from 'vitest/node';

const tally = { passed: 0, failed: 0 };
const count = (ok) => tally[ok ? 'passed' : 'failed']++;

for (const step of ['runtimes', 'build', 'check', 'lint']) {
  const { status } = spawnSync('npm', ['run', '--silent', step], { stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`${status === 0 ? 'passed' : 'FAILED'}: npm run ${step}`);
  count(status === 0);
}

const vitest = await startVitest('test', process.argv.slice(2), { watch: false });
let tests = 0;
for (const module of vitest.state.getTestModules()) {
  // A file that could not be loaded has no tests to fail.
  if (module.errors().length > 0) count(false);
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === 'skipped') continue;
    tests++;
    count(state === 'passed');
  }
}
for (const _ of vitest.state.getUnhandledErrors()) count(false);
if (tests === 0) count(false);
await vitest.close();

process.exitCode = tally.failed > 0 ? 1 : 0;
console.log(`${tally.passed} passed, ${tally.failed} failed`);
