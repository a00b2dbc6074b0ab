import { expect, test } from 'vitest';
import { detectFeatures } from '../../../src/engines/wasm/features.ts';

test('the platform of the tests has vectors and threads', () => {
  const features = detectFeatures();
  expect(features.simd).toBe(true);
  expect(features.threads).toBe(true);
  expect(typeof features.relaxedSimd).toBe('boolean');
});
