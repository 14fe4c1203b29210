import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '#db/client.ts';
import { importContacts } from '#operations/import-contacts.ts';
import { chatWithFiles, importDeps } from './contact-files.ts';

/*
 * One process that loads one file and is meant to be killed: `node import-process.ts <database> <import id> <file>
 * <pause between pieces in ms>`. Says `end` when it is done.
 */

const [url = '', importId = '', path = '', pause = '0'] = process.argv.slice(2);
const client = openDatabase(url);

async function* pieces(): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path, { highWaterMark: 64 * 1024 })) {
    yield piece;
    await sleep(Number(pause));
  }
}
const deps = importDeps(client.db, url, chatWithFiles({ 'clients.csv': () => ({ pieces: pieces() }) }));
await importContacts(deps, { importId: Number(importId) });
process.stdout.write('end');
await client.close();
