import { access, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** The production bundle: `dist/main.js`, and beside it the thread that reads imports. Needs only `dependencies`. */

/** Loaded from node_modules on first use: the one brings its own SQL files along, the other 30 MB that not every run needs. */
const EXTERNAL = ['graphile-worker', 'graphile-worker/*', 'twilio', 'twilio/*'];
const WORKER = 'src/operations/import-worker.ts';

/** Packages written for require() get the one they expect. */
const BANNER = `import { createRequire as makeRequire } from 'node:module';
const require = makeRequire(import.meta.url);`;

const workers = await access(WORKER).then(
  () => [{ in: WORKER, out: 'import-worker' }],
  () => [],
);

await rm('dist', { recursive: true, force: true });
const { warnings } = await build({
  entryPoints: [{ in: 'src/main.ts', out: 'main' }, ...workers],
  outdir: 'dist',
  bundle: true,
  splitting: false,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  external: EXTERNAL,
  banner: { js: BANNER },
  sourcemap: true,
  sourcesContent: false,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'info',
});
if (warnings.length > 0) process.exitCode = 1;
