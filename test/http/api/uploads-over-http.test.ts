import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { eq } from 'drizzle-orm/sql';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { campaigns } from '#db/schema.ts';
import { uploadPieces, uploads } from '#db/upload-schema.ts';
import { FILE_LIMITS } from '#domain/contact-import/file-problems.ts';
import { listen } from '#http/server.ts';
import { createApi } from '#support/api.ts';
import { usNumber } from '#support/contact-files.ts';

const { app, ask, campaign, deps, drain, tokenFor } = await createApi();
const { db } = deps;
const server = await listen(app, 0, 'http://127.0.0.1:1');
const token = await tokenFor(['read', 'write']);

beforeEach(async () => {
  await db.delete(uploads);
});
afterAll(() => server.close());

const HEAD =
  '--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\n';
const TAIL = '\r\n--b--\r\n';

const MEGABYTES = 24;
/** How long a busy machine may take to get round to it. */

/** Some rows of a list, about a megabyte of them. */
function rows(part: number): string {
  const lines = Array.from({ length: 1_000 }, (_, i) => `${usNumber(part * 1_000 + i)},${'x'.repeat(1_000)}`);
  return `${lines.join('\n')}\n`;
}

function open(campaignId: number, headers: Record<string, string | number> = {}) {
  const sending = request({
    port: server.port,
    host: '127.0.0.1',
    method: 'POST',
    path: `/api/v1/campaigns/${campaignId}/import-data`,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'multipart/form-data; boundary=b',
      ...headers,
    },
  });
  sending.on('error', () => undefined);
  const answer = new Promise<{ status: number; body: { detail?: string; import_id?: number } }>(
    (resolve, reject) => {
      sending.once('error', reject);
      sending.once('response', async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
      });
    },
  );
  answer.catch(() => undefined);
  const write = async (text: string) => {
    if (!sending.write(text)) await once(sending, 'drain');
  };
  return { sending, answer, write };
}

const kept = async () => ({ files: await db.$count(uploads), pieces: await db.$count(uploadPieces) });

describe('a file that comes over the wire', () => {
  test('stands in memory only where it comes in', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const inMemory = async () => {
      gc();
      await new Promise((done) => setTimeout(done, 20));
      gc();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const id = await campaign();
    const { sending, answer, write } = open(id);
    await write(`${HEAD}phone,note\n`);
    const held: number[] = [];
    for (let part = 0; part < MEGABYTES; part += 1) {
      await write(rows(part));
      if (part % 3 === 2) held.push(await inMemory());
    }
    sending.end(TAIL);
    expect(await answer).toMatchObject({ status: 202, body: { import_id: expect.any(Number) } });
    // What is on its way comes and goes; a file that is held only grows.
    const [first = 0, ...later] = held;
    expect(Math.min(...later.slice(-3)) - first).toBeLessThan((MEGABYTES / 4) * 1_000_000);
    expect((await kept()).pieces).toBeGreaterThan(MEGABYTES);
    await drain();
    const { body } = await ask(`GET /campaigns/${id}/imports`);
    expect(body.imports).toMatchObject([{ status: 'completed', imported_count: MEGABYTES * 1_000 }]);
    expect(await kept()).toEqual({ files: 0, pieces: 0 });
  });

  test('leaves nothing behind when its sender hangs up', async () => {
    const { sending, write } = open(await campaign());
    await write(`${HEAD}phone,note\n`);
    for (let part = 0; part < 3; part += 1) await write(rows(part));
    await expect.poll(async () => (await kept()).pieces).toBeGreaterThan(0);
    sending.destroy();
    await expect.poll(kept).toEqual({ files: 0, pieces: 0 });
  });

  test('is refused before it is sent when it says that it is too large', async () => {
    const { answer, sending } = open(await campaign(), { 'content-length': FILE_LIMITS.bytes * 2 });
    sending.write(HEAD);
    expect(await answer).toMatchObject({ status: 413, body: { detail: expect.stringContaining('200 MB') } });
    sending.destroy();
  });

  test('is refused while it is sent when it is no list', async () => {
    const { answer, write, sending } = open(await campaign());
    await write(`${HEAD}%PDF-1.7\n`);
    for (let part = 0; part < 2; part += 1) await write(rows(part));
    expect(await answer).toMatchObject({ status: 415, body: { detail: expect.stringContaining('PDF') } });
    sending.destroy();
    expect(await kept()).toEqual({ files: 0, pieces: 0 });
  });

  test.each(['of another kind', 'for a campaign that runs'])(
    'is refused in words to a client that reads no answer before it has sent everything: one %s',
    async (what) => {
      const id = await campaign();
      const isOdd = what === 'of another kind';
      if (!isOdd) await db.update(campaigns).set({ status: 'running' }).where(eq(campaigns.id, id));
      const body = Buffer.from(`${isOdd ? '%PDF-1.7' : 'phone,note'}\n${rows(0).repeat(20)}`);
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.pause();
      socket.write(
        `POST /api/v1/campaigns/${id}/import-data HTTP/1.1\r\nhost: a\r\nconnection: close\r\nauthorization: Bearer ${token}\r\ncontent-type: text/csv\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      const sent = new Promise<unknown>((done) => socket.write(body, done));
      expect(await sent).toBeFalsy();
      let answer = '';
      for await (const chunk of socket) answer += chunk;
      expect(answer).toMatch(isOdd ? /^HTTP\/1.1 415 .*This is a PDF/s : /^HTTP\/1.1 400 .*Pause it first/s);
    },
  );
});
