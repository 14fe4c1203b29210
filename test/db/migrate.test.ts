import { randomBytes } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { migrate } from '#db/migrate.ts';
import { StartupProblem } from '#db/startup-problem.ts';
import { freePort } from '#support/free-port.ts';

const { adminUrl } = inject('databaseServer');
const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
afterAll(() => admin.end());

let url: string;
let directory: string;

beforeEach(async () => {
  const name = `migrate_${randomBytes(6).toString('hex')}`;
  await admin`create database ${admin(name)}`;
  const address = new URL(adminUrl);
  address.pathname = `/${name}`;
  url = address.href;
  directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  return async () => {
    await admin`drop database ${admin(name)}`;
    await rm(directory, { recursive: true });
  };
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
}

async function query<T>(text: string): Promise<T[]> {
  const sql = postgres(url, { max: 1 });
  try {
    return [...(await sql.unsafe<(T & object)[]>(text))];
  } finally {
    await sql.end();
  }
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

async function problem(promise: Promise<unknown>): Promise<string> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(StartupProblem);
  return (error as StartupProblem).message;
}

const FIRST = { '0001_people.sql': "create table people (name text); insert into people values ('Ada');" };
const SECOND = { '0002_ages.sql': 'alter table people add column age integer;' };

test('files are applied in order, once', async () => {
  await write({ ...SECOND, ...FIRST });
  expect(await migrate(url, { directory })).toEqual(['0001_people.sql', '0002_ages.sql']);
  expect(await migrate(url, { directory })).toEqual([]);
  expect(await query('select * from people')).toEqual([{ name: 'Ada', age: null }]);
});

test('a later version applies only what is new', async () => {
  await write(FIRST);
  await migrate(url, { directory });
  await write(SECOND);
  expect(await migrate(url, { directory })).toEqual(['0002_ages.sql']);
});

test('processes that start together all come up, and each file is applied once', async () => {
  await write({ ...FIRST, '0002_slow.sql': "select pg_sleep(0.2); insert into people values ('Bob');" });
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(url, { directory })));
  expect(applied.flat().sort()).toEqual(['0001_people.sql', '0002_slow.sql']);
  expect(await query('select count(*)::int as n from people')).toEqual([{ n: 2 }]);
});

test('what follows runs in one process at a time and after the files', async () => {
  await write(FIRST);
  let running = 0;
  let most = 0;
  const after = async () => {
    running += 1;
    most = Math.max(most, running);
    expect(await query('select name from people')).toHaveLength(1);
    running -= 1;
  };
  await Promise.all([1, 2, 3].map(() => migrate(url, { directory, after })));
  expect(most).toBe(1);
});

test('a file that fails changes nothing, keeps the earlier ones and can be mended', async () => {
  await write({ ...FIRST, '0002_bad.sql': 'create table half (id integer); select nonsense;' });
  expect(await problem(migrate(url, { directory }))).toBe(
    'The migration 0002_bad.sql failed and changed nothing: column "nonsense" does not exist.',
  );
  expect(await query("select to_regclass('half') as half, to_regclass('people')::text as people")).toEqual([
    { half: null, people: 'people' },
  ]);
  await write({ '0002_bad.sql': 'create table half (id integer);' });
  expect(await migrate(url, { directory })).toEqual(['0002_bad.sql']);
});

test('a file changed after it was applied is refused', async () => {
  await write(FIRST);
  await migrate(url, { directory });
  await write({ '0001_people.sql': 'create table persons (name text);' });
  expect(await problem(migrate(url, { directory }))).toBe(
    'The migration 0001_people.sql was changed after it had been applied. Restore the file, and put the change into a new migration.',
  );
});

test('line ends of another system are no change', async () => {
  await write({ '0001_people.sql': 'create table people\n(name text);\n' });
  await migrate(url, { directory });
  await write({ '0001_people.sql': 'create table people\r\n(name text);\r\n' });
  expect(await migrate(url, { directory })).toEqual([]);
});

test('a database newer than the code is refused', async () => {
  await write({ ...FIRST, ...SECOND });
  await migrate(url, { directory });
  await rm(join(directory, '0002_ages.sql'));
  expect(await problem(migrate(url, { directory }))).toMatch(
    /^The database is newer than this Ringmaster: it has the migration 0002_ages\.sql/,
  );
});

test('a database with another history is refused', async () => {
  await write(FIRST);
  await migrate(url, { directory });
  await rename(join(directory, '0001_people.sql'), join(directory, '0001_humans.sql'));
  expect(await problem(migrate(url, { directory }))).toMatch(
    /^The database has the migration 0001_people\.sql where this Ringmaster has 0001_humans\.sql/,
  );
});

test.each([
  ['0001_people_too.sql', 'Two migrations have the number 0001. Give 0001_people_too.sql the next free one.'],
  ['people.sql', 'The migration people.sql should be called 0001_what_it_does.sql or so.'],
])('a file called %s is refused', async (name, sentence) => {
  await write({ ...FIRST, [name]: 'select 1;' });
  expect(await problem(migrate(url, { directory }))).toBe(sentence);
});

describe('a server that cannot be used', () => {
  const changed = (change: (address: URL) => void) => {
    const address = new URL(adminUrl);
    change(address);
    return address.href;
  };

  test('nothing listens', async () => {
    const port = await freePort();
    const address = changed((it) => {
      it.port = String(port);
    });
    expect(await problem(migrate(address, { directory }))).toBe(
      `No PostgreSQL answers at 127.0.0.1:${port}. Start it, or correct DATABASE_URL.`,
    );
  });

  test('the password is wrong, and is not repeated', async () => {
    const address = changed((it) => {
      it.password = 'hunter2';
    });
    const message = await problem(migrate(address, { directory }));
    expect(message).toMatch(/refuses the password of ringmaster\. Correct DATABASE_URL\.$/);
    expect(message).not.toContain('hunter2');
  });

  test('the database does not exist', async () => {
    const address = changed((it) => {
      it.pathname = '/nowhere';
    });
    expect(await problem(migrate(address, { directory }))).toMatch(
      /has no database "nowhere"\. Create it, or correct DATABASE_URL\.$/,
    );
  });
});
