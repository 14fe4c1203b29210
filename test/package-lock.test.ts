import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

type Entry = { optionalDependencies?: Record<string, string> };

// npm leaves out what it could not fetch where the lock was written, and then "npm ci" refuses everywhere.
test('the lock file names the packages of every platform, not only of the one it was written on', async () => {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !lock.packages[`${path}/node_modules/${name}`] && !lock.packages[`node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});
