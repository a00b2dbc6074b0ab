import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { readText, root } from './files.ts';

test('the function that docs/architecture.md adds in one file works everywhere', () => {
  const record = /^```typescript\n(const softsign[\s\S]*?)^```$/m.exec(readText('docs/architecture.md'))![1]!;
  const copy = mkdtempSync(join(tmpdir(), 'wrt-add-function-'));
  try {
    cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true });
    writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
    const file = join(copy, 'src/ops/elementwise-activation.ts');
    const source = readFileSync(file, 'utf8');
    const changed = source.replace(
      /export const elementwiseActivations(.*)\];/,
      (_, list) => `${record}\nexport const elementwiseActivations${list}, softsign];`,
    );
    expect(changed).not.toBe(source);
    writeFileSync(file, changed);
    const program = `
      import { derive, operations } from ${JSON.stringify(pathToFileURL(join(copy, 'src/api/index.ts')).href)};
      const answers = [['sum(softsign(A*x))', 'x'], ['\\\\operatorname{softsign}(x)', 'x'], ['sum(softsign(x))', ['x', 'x']]]
        .map(([source, wrt]) => derive(source, wrt))
        .map((d) => (d.ok ? [d.value.text, d.value.certificate.status] : d.error.message));
      console.log(JSON.stringify([answers, JSON.stringify(operations()).includes('softsign')]));`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect(JSON.parse(printed)).toEqual([
      [
        ["A'*(1./(1 + abs(A*x)).^2)", 'verified'],
        ['diag(1./(1 + abs(x)).^2)', 'verified'],
        ['-2*diag(sign(x)./(1 + abs(x)).^3)', 'verified'],
      ],
      true,
    ]);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
