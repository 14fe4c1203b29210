import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

const run = promisify(execFile);

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

type Candidate = { executablePath: string; env: Record<string, string> };

/**
 * Starts a headless browser with a profile of its own: the one that CHROME_PATH names, or else an installed Chrome or
 * Chromium, or else the one that comes with the packages. Throws a sentence when none of them starts; a browser test
 * is never skipped for want of one. The caller closes it.
 */
export async function openBrowser(): Promise<Browser> {
  const named = process.env.CHROME_PATH;
  const finders = named ? [async () => plain(named)] : [installed, packaged, packagedWithLibraries];
  const failures: string[] = [];
  for (const find of finders) {
    try {
      const candidate = await find();
      if (candidate) return await launch(candidate);
    } catch (error) {
      failures.push((error as Error).message.split('\n').slice(0, 12).join('\n'));
    }
  }
  const advice = named ? 'correct CHROME_PATH' : 'install Chrome or Chromium, or name one in CHROME_PATH';
  throw new Error(`No browser starts on this machine; ${advice}.\n\n${failures.join('\n\n')}`);
}

function launch({ executablePath, env }: Candidate): Promise<Browser> {
  return chromium.launch({ executablePath, env: { ...process.env, ...env }, headless: true, args: FLAGS });
}

async function installed(): Promise<Candidate | null> {
  for (const path of INSTALLED) {
    if (await isProgram(path)) return plain(path);
  }
  return null;
}

function plain(executablePath: string): Candidate {
  return { executablePath, env: {} };
}

async function packaged(): Promise<Candidate> {
  const folder = await unpack();
  return { executablePath: join(folder, 'chromium'), env: { FONTCONFIG_FILE: join(folder, 'fonts.conf') } };
}

/** Where the system lacks the libraries of a browser (containers do), those that the package brings for such places. */
async function packagedWithLibraries(): Promise<Candidate> {
  const { executablePath, env } = await packaged();
  return { executablePath, env: { ...env, LD_LIBRARY_PATH: join(dirname(executablePath), 'al2023', 'lib') } };
}

/** Unpacks the browser once per installation; beside its packages, because programs in a shared /tmp are anybody's. */
async function unpack(): Promise<string> {
  const require = createRequire(import.meta.url);
  const packageFolder = dirname(dirname(require.resolve('@sparticuz/chromium')));
  const { version } = require(join(packageFolder, 'package.json')) as { version: string };
  const cache = resolve(packageFolder, '../../.cache');
  const folder = join(cache, `chromium-${version}`);
  if (await isProgram(join(folder, 'chromium'))) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'chromium-draft-'));
  try {
    await unpackInto(draft);
    await writeFile(join(draft, 'fonts.conf'), fontsConfig(folder));
    await rename(draft, folder).catch((error: NodeJS.ErrnoException) => {
      // Another test file was faster.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return folder;
}

/** The package unpacks into the system's temporary folder, and its libraries only where it takes the machine for one without. */
async function unpackInto(folder: string): Promise<void> {
  const code = "import('@sparticuz/chromium').then((found) => found.default.executablePath())";
  const env = { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  await run(process.execPath, ['-e', code], { env, cwd: import.meta.dirname });
}

function fontsConfig(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`;
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
