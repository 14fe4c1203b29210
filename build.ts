import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * The production bundle: `dist/main.js`, and beside it the thread that reads imports. Starting it takes a fraction of
 * what importing its packages one by one would; what it weighs is parsed at every start, hence the economies below.
 */

/** Loaded from node_modules on first use: each brings an HTTP client of its own that not every run needs. */
const EXTERNAL = ['twilio', 'twilio/*', '@slack/socket-mode', 'openai', 'openai/*', 'date-holidays'];

/** Packages written for require() get the one they expect. */
const BANNER = `import { createRequire as makeRequire } from 'node:module';
const require = makeRequire(import.meta.url);`;

/**
 * Bolt's own ways in, with the web frameworks and tables of encodings behind them, and its way of being installed; ours
 * (`src/slack`) take their place.
 */
const withoutOwnReceivers: Plugin = {
  name: 'without-own-receivers',
  setup({ onResolve, onLoad }) {
    onResolve(
      {
        filter:
          /^(\.\/receivers\/((AwsLambda|Express|HTTP|SocketMode)Receiver|HTTPModuleFunctions|HTTPResponseAck)|@slack\/oauth)$/,
      },
      ({ path, importer }) =>
        importer.includes('@slack/bolt') ? { path, namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({
      contents: `exports.default = class { constructor() { throw new Error('${path} is not in this bundle.'); } };`,
    }));
  },
};

/** The job queue looks for configuration files from here up to the root at every start, with parsers for all kinds of them. */
const withoutFileSearch: Plugin = {
  name: 'without-file-search',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cosmiconfig$/ }, ({ path }) => ({ path, namespace: 'no-files' }));
    onLoad({ filter: /./, namespace: 'no-files' }, () => ({
      contents: 'export const cosmiconfigSync = () => ({ search: () => null });',
    }));
  },
};

/**
 * `node:http` as require() gives it: imported it is read out whole, and reading out its `WebSocket` loads an HTTP client
 * that nobody here uses.
 */
const httpByRequire: Plugin = {
  name: 'http-by-require',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?https?$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'by-require' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
  },
};

/**
 * The database library asks of everything it touches what it is, and for the case of several copies of itself it compares
 * names up the whole ancestry when it is something else. Here is one copy; this takes a third of what a query costs.
 */
const oneDatabaseLibrary: Plugin = {
  name: 'one-database-library',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]drizzle-orm[\\/]entity\.js$/ }, () => ({
      contents: `export const entityKind = Symbol.for('drizzle:entityKind');
        export const hasOwnEntityKind = Symbol.for('drizzle:hasOwnEntityKind');
        export const is = (value, type) => value instanceof type;`,
    }));
  },
};

/** Of the template language we use what reads it; what writes and runs code stays out. */
const templatesAreRead: Plugin = {
  name: 'templates-are-read',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^nunjucks$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'reader',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /./, namespace: 'reader' }, ({ pluginData: resolveDir }) => ({
      contents: `export default { lexer: require('nunjucks/src/lexer'), parser: require('nunjucks/src/parser') };`,
      resolveDir,
    }));
  },
};

/** Messages of the schema library in fifty languages; ours are our own. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js';`,
    }));
  },
};

/**
 * What the first start compiles is kept beside the bundle, where that may be written, and not compiled again by the next.
 * It counts for these files and this version of Node alone, and without it everything runs as well.
 */
const STARTER = `import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
enableCompileCache(join(import.meta.dirname, 'compiled'));
await import('./bot.js');
`;

/** Tests put theirs elsewhere. */
const outdir = process.argv[2] ?? 'dist';
await rm(outdir, { recursive: true, force: true });
const { warnings, metafile } = await build({
  metafile: true,
  entryPoints: [
    { in: 'src/main.ts', out: 'bot' },
    { in: 'src/operations/import-worker.ts', out: 'import-worker' },
  ],
  outdir,
  bundle: true,
  // What is imported on demand lies in files of its own, which a process that never asks for it does not read.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  external: EXTERNAL,
  plugins: [
    withoutOwnReceivers,
    withoutFileSearch,
    httpByRequire,
    oneDatabaseLibrary,
    templatesAreRead,
    oneLanguage,
  ],
  banner: { js: BANNER },
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 110,
  // Names of classes and functions are for people who read traces.
  keepNames: true,
  sourcemap: 'external',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'info',
});
await writeFile(join(outdir, 'main.js'), STARTER);
// An upgrade may bring back by another way what was left out, and nobody would see.
const LEFT_OUT = /node_modules\/(iconv-lite|jsonwebtoken|express|cosmiconfig|a-sync-waterfall)\//;
const back = Object.keys(metafile.inputs).filter((path) => LEFT_OUT.test(path));
if (back.length > 0) process.stderr.write(`The bundle has grown by what was to be left out: ${back[0]}\n`);
if (warnings.length + back.length > 0) process.exitCode = 1;
