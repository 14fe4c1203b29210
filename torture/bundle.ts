import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Below node_modules, where the bundle finds its packages and git does not look. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'ringmaster');

/** Builds the production bundle into a folder of its own and returns its main file. */
export async function buildBundle(name: string): Promise<string> {
  const folder = join(CACHE, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await cp(join(ROOT, 'migrations'), join(folder, 'migrations'), { recursive: true });
  await run(process.execPath, ['build.ts', join(folder, 'dist')], { cwd: ROOT });
  return join(folder, 'dist', 'main.js');
}
