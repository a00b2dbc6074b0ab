/**
 * The notes' concepts, one line each, with ✓ where the tests named after it pass. Arguments are passed to vitest as filters.
 * The exit code is 1 unless every line has its ✓.
 */
import { readFileSync } from 'node:fs';
import { startVitest } from 'vitest/node';

const rows = JSON.parse(readFileSync(new URL('../test/concepts/rows.json', import.meta.url), 'utf8'));
const filters = process.argv.slice(2);
const vitest = await startVitest('test', filters.length > 0 ? filters : ['test/concepts/'], {
  watch: false,
  reporters: ['dot'],
});

/** Outcomes by number: how many tests passed, and the names of those that did not. */
const outcomes = new Map(rows.map(([number]) => [number, { passed: 0, failed: [] }]));
const strays = [];
for (const module of vitest.state.getTestModules()) {
  if (module.errors().length > 0) strays.push(`${module.moduleId} could not be loaded`);
  for (const test of module.children.allTests()) {
    const [, number] = /^concept-(\d\d) /.exec(test.name) ?? [];
    const outcome = outcomes.get(number);
    if (!outcome) strays.push(test.name);
    else if (test.result().state === 'passed') outcome.passed++;
    else outcome.failed.push(test.name);
  }
}
const unhandled = vitest.state.getUnhandledErrors().length;
await vitest.close();

let met = 0;
console.log();
for (const [number, title] of rows) {
  const { passed, failed } = outcomes.get(number);
  const good = passed > 0 && failed.length === 0;
  if (good) met++;
  const why = good ? '' : failed.length > 0 ? `${failed.length} of ${passed + failed.length} failed` : 'no test';
  console.log(`${good ? '✓' : '✗'} ${number}  ${title}${why ? `: ${why}` : ''}`);
  for (const name of failed) console.log(`       ${name}`);
}
for (const stray of strays) console.log(`✗ --  ${stray}`);
console.log(`\n${met} of ${rows.length} concepts`);
process.exitCode = met === rows.length && strays.length === 0 && unhandled === 0 ? 0 : 1;
