import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { wrt } from './run.ts';

/** A .npy file as NumPy writes it. */
function npy(descr: string, shape: readonly number[], fortran: boolean, data: ArrayBufferView): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dict = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${tuple}), }`;
  const header = `${dict.padEnd(117)}\n`;
  const bytes = new Uint8Array(10 + header.length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length);
  return bytes;
}

const folder = mkdtempSync(join(tmpdir(), 'wrt-'));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return name;
};
const value = async (program: string, ...at: string[]) => {
  const { code, out } = await wrt(['eval', program, '--json', ...at.flatMap((a) => ['--at', a])], { cwd: folder });
  return { code, ...JSON.parse(out) };
};

test('a value for people, with its shape', async () => {
  const { code, out } = await wrt(['eval', 'y = A*x', '--at', '{"A": [[1,2],[3,4],[5,6]], "x": [1,-1]}']);
  expect({ code, out }).toEqual({ code: 0, out: 'y  (3)\n  -1\n  -1\n  -1\n' });
  expect((await wrt(['eval', 'sum(x)', '-a', 'x=[1,2]'])).out).toBe('value = 3  (scalar)\n');
});

test('the derivative at the point, in the layout asked for', async () => {
  const args = ['eval', 'A*x', '--wrt', 'x', '--json', '--at', '{"A": [[1,2],[3,4],[5,6]], "x": [1,-1]}'];
  expect(JSON.parse((await wrt(args)).out)).toMatchObject({
    output: { shape: [3], value: [-1, -1, -1] },
    derivative: {
      layout: 'denominator',
      shape: [2, 3],
      value: [
        [1, 3, 5],
        [2, 4, 6],
      ],
    },
  });
  const numerator = JSON.parse((await wrt([...args, '--layout', 'numerator'])).out);
  expect(numerator.derivative.value).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
});

test('.npy files of several types and both orders', async () => {
  const doubles = file('A.npy', npy('<f8', [2, 3], false, Float64Array.of(1, 2, 3, 4, 5, 6)));
  const columns = file('B.npy', npy('<i4', [2, 3], true, Int32Array.of(1, 4, 2, 5, 3, 6)));
  const big = file('x.npy', npy('>f4', [3], false, new Uint8Array([0x3f, 0x80, 0, 0, 0x40, 0, 0, 0, 0xc0, 0, 0, 0])));
  expect((await value('A*x', doubles, big)).output.value).toEqual([-1, 2]);
  expect((await value('A - C', doubles, `C=${columns}`)).output.value).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test('an .npz holds one array per name', async () => {
  const data = zipSync({
    'A.npy': npy('<f8', [2, 2], false, Float64Array.of(1, 2, 3, 4)),
    'x.npy': npy('<i8', [2], false, BigInt64Array.of(5n, -1n)),
  });
  expect((await value('A*x', file('data.npz', data))).output.value).toEqual([3, 11]);
});

test('CSV: headings, comments and separators; one column is a vector', async () => {
  const table = file('T.csv', '# measured\na;b\n1;2.5\n-3;4e1\n');
  const column = file('v.csv', '1\r\n2\r\n');
  expect((await value('T*v', table, column)).output.value).toEqual([6, 77]);
  const { code, error } = await value('T', file('T.csv', '1,2\n3,\n'));
  expect(code).toBe(2);
  expect(error.message).toBe("'' in row 2, column 2 of T.csv is not a number");
});

test('later values replace earlier ones, and a value may replace an intermediate', async () => {
  expect((await value("x'*y", 'x=[1,2]', file('p.json', '{"x": [3,4], "y": [1,1]}'))).output.value).toBe(7);
  expect((await value('u = x.^2; sum(u)', 'x=[1,2]', 'u=[7,8]')).output.value).toBe(15);
});

test('a value that is not finite is null, and is named', async () => {
  const answer = await value('log(x)', 'x=[1,-2,3]');
  expect(answer.output.value).toEqual([0, null, Math.log(3)]);
  expect(answer.warnings[0].message).toBe("log of a negative number at 'log(x)', entry 2");
});

test.each([
  ['x=[1,[2]]', "the value of 'x' is not a number or nested lists of one shape"],
  ['{"x": [1], "x": [2]}', "the key 'x' stands twice in one object of --at"],
  ['{"x": ', '--at is not JSON'],
  ['x=absent.npy', "there is no file 'absent.npy'"],
  ['x=notes.txt', "there is no file 'notes.txt'"],
])('the point %s is refused', async (at, message) => {
  const { code, error } = await value('sum(x)', at);
  expect(code).toBe(2);
  expect(error.message).toContain(message);
});

test('broken and oversized files are refused, not trusted', async () => {
  const cut = npy('<f8', [3], false, Float64Array.of(1, 2));
  expect((await value('sum(x)', file('x.npy', cut))).error.message).toContain('its data are cut off');
  const huge = npy('<f8', [1_000_000, 1_000_000], false, Float64Array.of(1));
  expect(await value('sum(x)', file('x.npy', huge))).toMatchObject({ code: 3, error: { code: 'limit/entries' } });
  const complex = npy('<c16', [1], false, Float64Array.of(1, 2));
  expect((await value('sum(x)', file('x.npy', complex))).error.message).toContain('its type c16 is not one of');
  expect((await value('sum(x)', file('x.npz', 'no zip'))).error.code).toBe('usage/npz');
});

test('a name without a value says how to give one', async () => {
  const { code, err } = await wrt(['eval', 'sum(x)']);
  expect(code).toBe(2);
  expect(err).toContain('--at');
});
