import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { ALONE, LongestFirst } from './test/support/run-order.ts';

const COMMON = {
  pool: 'forks',
  // As long as a machine may take that is busy with something else; nothing waits that long unless it is broken.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
  setupFiles: 'test/support/examples.ts',
  // Threads and processes of tests load the same sources again and again.
  env: {
    NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/ringmaster/compiled', import.meta.url)),
  },
} as const;

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // More than the machine has cores: the stories spend most of their time waiting.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      // What runs for long, measures its own memory, replaces modules or starts processes has a process of its own.
      { test: { ...COMMON, name: 'alone', include: ALONE } },
      // The others share a few, because loading the product takes longer than most of them.
      { test: { ...COMMON, name: 'shared', include: ['test/**/*.test.ts'], exclude: ALONE, isolate: false } },
    ],
  },
});
