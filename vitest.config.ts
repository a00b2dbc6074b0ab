import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Generous: some tests compile and run programs of other languages, and the machine may be busy.
    testTimeout: 180_000,
    // Two workers: the suites are CPU-bound and a CI machine may have two cores.
    maxWorkers: 2,
  },
});
