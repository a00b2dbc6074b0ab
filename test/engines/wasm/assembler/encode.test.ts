import { expect, test } from 'vitest';
import { flatten, float64Bytes, signed, unsigned } from '../../../../src/engines/wasm/assembler/encode.ts';

test('unsigned LEB128', () => {
  expect(unsigned(0)).toEqual([0]);
  expect(unsigned(127)).toEqual([0x7f]);
  expect(unsigned(128)).toEqual([0x80, 0x01]);
  expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]);
  expect(unsigned(0xffff_ffff)).toEqual([0xff, 0xff, 0xff, 0xff, 0x0f]);
});

test('signed LEB128 up to 64 bits', () => {
  expect(signed(0)).toEqual([0]);
  expect(signed(63)).toEqual([0x3f]);
  expect(signed(64)).toEqual([0xc0, 0x00]);
  expect(signed(-1)).toEqual([0x7f]);
  expect(signed(-64)).toEqual([0x40]);
  expect(signed(-65)).toEqual([0xbf, 0x7f]);
  expect(signed(-123_456)).toEqual([0xc0, 0xbb, 0x78]);
  expect(signed(-(2n ** 63n))).toEqual([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]);
  expect(signed(2n ** 63n - 1n)).toEqual([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00]);
});

test('float64 keeps the sign of zero', () => {
  expect(float64Bytes(-0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0x80]);
  expect(float64Bytes(Number.NaN).slice(6)).toEqual([0xf8, 0x7f]);
});

test('nested code becomes flat, however deep', () => {
  let code: (number | (number | never[])[])[] = [1];
  for (let i = 0; i < 20_000; i++) code = [code as never, 2];
  expect(flatten(code as never)).toHaveLength(20_001);
});
