import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { batch, entry, wrt } from './run.ts';

const good = { id: 'good', declare: { x: { shape: [3] } }, program: "x'*x", wrt: ['x'], at: { x: [1, -2, 5] } };

test('an answer holds what the format promises', async () => {
  const { code, answers } = await batch([good]);
  expect(code).toBe(0);
  expect(answers).toHaveLength(1);
  expect(answers[0]).toMatchObject({
    id: 'good',
    schema: 1,
    ok: true,
    output: { shape: [], value: 30 },
    derivative: {
      shape: [3],
      layout: 'denominator',
      value: [2, -4, 10],
      text: '2*x',
      latex: expect.any(String),
      matrixForm: true,
    },
    certificate: { status: 'verified', worst: expect.any(Number), checks: expect.any(Array) },
    warnings: [],
  });
  const { axes, condensed } = answers[0].derivative;
  expect(axes).toEqual([{ of: 0, axis: 0, size: 3, name: 'x' }]);
  expect(condensed).toMatchObject({
    cores: expect.any(Array),
    deltas: [],
    rule: { apply: expect.any(String) },
    storage: {},
  });
});

test('without a point no numbers come back, and sizes may be symbols', async () => {
  const { answers } = await batch([
    { id: 1, declare: { A: { shape: ['m', 'n'] } }, program: 'A*x', wrt: ['x'], layout: 'jacobian' },
    { id: 2, program: "x'*A*x", wrt: 'x,x', declare: [['A', { shape: ['n', 'n'], symmetric: true }]] },
    { id: 3, program: 'f(x)', wrt: ['x'], declare: { f: 'elementwise', x: 'n' } },
  ]);
  expect(answers[0].output).toEqual({ shape: ['m'] });
  expect(answers[0].derivative).toMatchObject({ shape: ['m', 'n'], text: 'A' });
  expect(answers[0].derivative).not.toHaveProperty('value');
  expect(answers[1].derivative.text).toBe('2*A');
  expect(answers[2].derivative.text).toBe("diag(f'(x))");
});

test('layouts order the axes', async () => {
  const at = {
    A: [
      [1, 2, 3],
      [4, 5, 6],
    ],
    x: [1, 1, 1],
  };
  const { answers } = await batch(
    ['denominator', 'numerator', 'jacobian'].map((layout) => ({ id: layout, program: 'A*x', wrt: ['x'], at, layout })),
  );
  expect(answers.map((a) => a.derivative.shape)).toEqual([
    [3, 2],
    [2, 3],
    [2, 3],
  ]);
});

test('an empty wrt asks for the value alone, held replaces a definition', async () => {
  const { answers } = await batch([
    { id: 1, program: 'u = x.^2; sum(u)', wrt: [], at: { x: [1, 2] } },
    { id: 2, program: 'u = x^2; y = sin(u)', wrt: ['u'], at: { x: 3 }, held: { u: { shape: [], value: 1.5 } } },
    { id: 3, program: 'u = x^2; y = sin(u)', wrt: ['u'], at: { x: 3 }, held: { u: 1.5 } },
  ]);
  expect(answers[0]).toMatchObject({ ok: true, output: { shape: [], value: 5 } });
  for (const a of answers.slice(1)) expect(a.derivative.value).toBeCloseTo(Math.cos(1.5), 14);
});

test('a value that is not finite is null, and is named', async () => {
  const { answers } = await batch([{ id: 1, program: 'log(x)', wrt: ['x'], at: { x: [1, -2] } }]);
  expect(answers[0].output.value).toEqual([0, null]);
  expect(answers[0].warnings.map((w: { message: string }) => w.message)).toContain(
    "log of a negative number at 'log(x)', entry 2",
  );
});

test('hostile lines are refused one by one, in order', async () => {
  const lines: [string | object, string][] = [
    ['not JSON', 'usage/json'],
    ['[1, 2]', 'usage/json'],
    ['null', 'usage/json'],
    [{ id: 'no program', wrt: ['x'] }, 'usage/field'],
    [{ id: 'no wrt', program: 'x' }, 'usage/field'],
    [{ id: 'wrt', program: 'x', wrt: [3] }, 'usage/field'],
    [{ ...good, layout: 'sideways' }, 'usage/layout'],
    [{ ...good, at: [1] }, 'usage/field'],
    [{ ...good, at: { x: [[1], [2, 3]] } }, 'usage/value'],
    [{ ...good, at: { x: ['1', 2, 3] } }, 'usage/value'],
    [{ ...good, at: { x: { shape: [4], value: [1, 2, 3] } } }, 'usage/value'],
    [{ ...good, declare: 'x: 3' }, 'usage/field'],
    [{ ...good, declare: { x: { shape: [-2] } } }, 'declaration/size'],
    [{ ...good, declare: { x: { shape: [1.5] } } }, 'declaration/size'],
    [{ ...good, declare: { x: { shape: ['m n'] } } }, 'declaration/size'],
    [{ ...good, declare: { x: { shape: null } } }, 'declaration/shape'],
    [{ ...good, declare: { 'x; y': { shape: [3] } } }, 'declaration/name'],
    [{ ...good, declare: { '': { shape: [3] } } }, 'declaration/name'],
    [{ ...good, declare: { x: { shape: [3], purple: true } } }, 'declaration/property'],
    [
      {
        ...good,
        declare: [
          ['x', [3]],
          ['x', [3]],
        ],
      },
      'declaration/duplicate',
    ],
    [{ ...good, declare: [['x']] }, 'usage/field'],
    ['{"id": 7, "program": "x", "wrt": ["x"], "at": {"x": 1, "x": 2}}', 'usage/duplicate'],
    [{ ...good, program: '('.repeat(100_000) }, 'limit/nesting'],
    [`{"id": ${'['.repeat(100_000)}`, 'usage/json'],
  ];
  const { code, answers } = await batch(lines.flatMap(([line]) => [line, good]));
  expect(code).toBe(0);
  expect(answers.map((a, k) => (k % 2 === 0 ? a.error.code : a.id))).toEqual(lines.flatMap(([, c]) => [c, 'good']));
  for (const [k, a] of answers.entries()) {
    expect(a.schema).toBe(1);
    if (k % 2 === 0) expect(a.errors[0]).toEqual(a.error);
  }
});

test('messages name what is wrong', async () => {
  const { answers } = await batch([
    { ...good, declare: { A: { shape: [3, -2] } } },
    { ...good, program: 'sum(X)' },
  ]);
  expect(answers[0].error.message).toBe("size -2 of 'A' is not a positive integer");
  expect(answers[1].error).toMatchObject({ span: { start: 4, end: 5, line: 1, column: 5 } });
  expect(answers[1].error.message).toContain("did you mean 'x'?");
});

test('__proto__ and constructor are names like any other', async () => {
  const lines = ['__proto__', 'constructor', 'toString'].map((name) => {
    const x = JSON.stringify(name);
    return `{"id": ${x}, "declare": {${x}: {"shape": [2]}}, "program": "sum(${name}.^2)", "wrt": [${x}], "at": {${x}: [1, 3]}}`;
  });
  const { answers } = await batch(lines);
  expect(answers.map((a) => a.derivative.value)).toEqual([
    [2, 6],
    [2, 6],
    [2, 6],
  ]);
});

test('a line that is too long is read past', async () => {
  const long = JSON.stringify({ ...good, program: `x'*x + ${'0 + '.repeat(50_000)}0` });
  const { answers } = await batch([good, long, good], ['--max-line', '10000']);
  expect(answers.map((a) => a.ok)).toEqual([true, false, true]);
  expect(answers[1]).toMatchObject({ id: null, line: 2, error: { code: 'limit/line' } });
});

test('bytes that are not UTF-8, blank lines, a BOM and CRLF', async () => {
  const text = JSON.stringify(good);
  const input = Buffer.concat([
    Buffer.from(`\uFEFF${text}\r\n\r\n\n`),
    Buffer.from([0x7b, 0xff, 0xfe, 0x0a]),
    Buffer.from(text),
  ]);
  const { out } = await wrt(['batch'], { input });
  const answers = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map((a) => a.error?.code ?? a.id)).toEqual(['good', 'usage/encoding', 'good']);
});

test('a limit for each line', async () => {
  const { answers } = await batch([good, { id: 1, program: 'x + y + z', wrt: ['x'] }], ['--limit', 'sourceLength=5']);
  expect(answers.map((a) => a.error?.code ?? a.id)).toEqual(['good', 'limit/source']);
});

test('answers come while lines are still arriving', async () => {
  const child = spawn(process.execPath, [entry, 'batch']);
  const answers = child.stdout[Symbol.asyncIterator]();
  for (const id of [1, 2, 3]) {
    child.stdin.write(`${JSON.stringify({ ...good, id })}\n`);
    const { value } = await answers.next();
    expect(JSON.parse(String(value)).id).toBe(id);
  }
  child.stdin.end();
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
});

test('an interrupt ends the stream with 130, and whole lines', async () => {
  const child = spawn(process.execPath, [entry, 'batch']);
  child.stdin.on('error', () => {});
  child.stdin.write(`${JSON.stringify(good)}\n`);
  let out = '';
  const closed = new Promise((resolve) => child.on('close', resolve));
  for await (const chunk of child.stdout) {
    out += String(chunk);
    child.kill('SIGINT');
  }
  expect(await closed).toBe(130);
  for (const line of out.trimEnd().split('\n')) expect(JSON.parse(line).id).toBe('good');
});
