import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    // Two workers: the suites are CPU-bound and a CI machine may have two cores.
    maxWorkers: 2,
  },
});
