import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openDatabase } from '#db/client.ts';
import { importContacts } from '#operations/import-contacts.ts';
import type { Chat } from '#ports/chat.ts';
import { importDeps, importRow, seedCampaign, seedImport } from '#support/contact-files.ts';
import { contactLines } from './contact-rows.ts';

/*
 * One process that loads a million rows and does nothing else, as a serving one would: `node import-calm.ts <database>`.
 * Prints one object: the p99 and longest delay of its event loop, and the most memory it took.
 */

const ROWS = 1_000_000;
const RESOLUTION_MS = 1;
const MEGABYTE = 1024 * 1024;

const url = process.argv[2] ?? '';
const folder = await mkdtemp(join(tmpdir(), 'ringmaster-bench-'));
const path = join(folder, 'clients.csv');
await pipeline(Readable.from(pieces(contactLines(ROWS))), createWriteStream(path));
const client = openDatabase(url);
const importId = await seedImport(client.db, await seedCampaign(client.db));
const chat = { downloadFile: async () => ({ name: 'clients.csv', size: 0, stream: createReadStream(path) }) };
const deps = importDeps(client.db, url, chat as unknown as Chat);

let rss = 0;
const watch = setInterval(() => {
  rss = Math.max(rss, process.memoryUsage.rss());
}, 50);
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
const start = performance.now();
const outcome = await importContacts(deps, { importId });
const seconds = (performance.now() - start) / 1000;
delay.disable();
clearInterval(watch);
const row = await importRow(client.db, importId);
await client.close();
await rm(folder, { recursive: true });
if (outcome.kind !== 'completed') throw new Error(JSON.stringify({ outcome, logged: deps.logged }));

process.stdout.write(
  JSON.stringify({
    p99: rounded(delay.percentile(99) / 1e6 - RESOLUTION_MS),
    max: rounded(delay.max / 1e6 - RESOLUTION_MS),
    rss: Math.round(rss / MEGABYTE),
    seconds: rounded(seconds),
    loaded: row.importedCount,
  }),
);

function* pieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < 64 * 1024) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
