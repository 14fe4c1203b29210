import { describe, expect, it } from 'vitest';
import { saveColumnMapping } from '#db/imports.ts';
import { importContacts } from '#operations/import-contacts.ts';
import { readFileHead } from '#operations/read-file-head.ts';
import { ChatUnavailable, FileUnavailable } from '#ports/chat.ts';
import {
  type ChatFileFixture,
  chatWithFiles,
  contactsOf,
  csv,
  encode,
  importDeps,
  importRow,
  seedCampaign,
  seedImport,
  usNumber,
} from '#support/contact-files.ts';
import { createTestDatabase } from '#support/database.ts';

const { client, url } = await createTestDatabase();
const { db } = client;

type File = Uint8Array | string | (() => ChatFileFixture);

async function load(
  file: File,
  given: Parameters<typeof seedImport>[2] = {},
  seed: Parameters<typeof seedCampaign>[1] = {},
) {
  const place = await seedCampaign(db, seed);
  const importId = await seedImport(db, place, given);
  const outcome = await importContacts(importDeps(db, url, chatWithFiles({ 'clients.csv': file })), {
    importId,
  });
  return { outcome, row: await importRow(db, importId), contacts: await contactsOf(db, place.campaignId) };
}

const good = csv([
  ['phone', 'name'],
  [usNumber(1), 'Ann'],
  [usNumber(2), 'Ben'],
]);
const goodRows = (count: number) =>
  csv(Array.from({ length: count }, (_, index) => [usNumber(index), `Person ${index}`]));

describe('a file that cannot be loaded is refused in words, and nothing of it is loaded', () => {
  it.each<[string, File, string]>([
    [
      'an Excel workbook',
      'PK\u0003\u0004\u0014\u0000[Content_Types].xml',
      'This is an Excel workbook. Save it as CSV UTF-8 (File > Save As > CSV UTF-8) and load that file.',
    ],
    [
      'a web page',
      '<!DOCTYPE html><html><head><title>Sign in</title></head></html>',
      'This is a web page and not a list of contacts. If it came from a download, sign in there and download the file again.',
    ],
    [
      'a PDF',
      '%PDF-1.4\n%âã',
      'This is a PDF. Export the list as CSV from where it was made and load that file.',
    ],
    ['an empty file', '', 'This file is empty.'],
    ['a header alone', 'phone,name\n', 'This file has a header and no rows below it.'],
    [
      'a file without numbers',
      'name,city\nAnn,Rome\nBen,Oslo\n',
      'No column of this file holds phone numbers. Name the column with the numbers phone_number and load the file again.',
    ],
    [
      'a cell of 21 MB',
      `${good}${usNumber(3)},"${'x'.repeat(21 * 1024 * 1024)}"\n`,
      'The row that starts at line 4 is larger than 64 KB. Look for a quotation mark there that is opened and never closed.',
    ],
    [
      'an unclosed quotation mark far down',
      `phone,name\n${goodRows(9_000)}${usNumber(9_001)},"Ann\n${usNumber(9_002)},Ben\n`,
      'A quotation mark in the row that starts at line 9002 is opened and never closed.',
    ],
    [
      'NUL bytes far down',
      `phone,name\n${goodRows(9_000)}${usNumber(9_001)},A\u0000nn\n`,
      'This file holds NUL bytes, so it is damaged or not a text file. Save the list as CSV UTF-8 and load it again.',
    ],
    [
      'an encoding that changes on the way',
      Buffer.concat([
        encode(`phone,name\n${usNumber(1)},Zoë\n${goodRows(9_000)}`, 'utf-8'),
        encode(`${usNumber(9_001)},Zoë\n`, 'windows-1252'),
      ]),
      'The text is UTF-8 up to about line',
    ],
    [
      'a __proto__ column',
      `phone,__proto__\n${usNumber(1)},x\n`,
      'This file has a field named __proto__, which no list of contacts needs and which programs can be tricked with. Rename or remove it and load the file again.',
    ],
    [
      'a __proto__ key far down',
      JSON.stringify([
        ...Array.from({ length: 6_000 }, (_, index) => ({ phone: usNumber(index), note: 'x'.repeat(40) })),
      ]).replace(/\]$/, ',{"phone":"1","__proto__":{"a":1}}]'),
      'This file has a field named __proto__',
    ],
    [
      '201 columns',
      `${Array.from({ length: 201 }, (_, index) => `phone${index}`).join(',')}\n1\n`,
      'This file has more than 200 columns. Remove those that no message needs.',
    ],
    [
      'JSON that breaks off',
      `[{"phone":"${usNumber(1)}"},{"phone":`,
      'This JSON breaks off or is malformed near line 1. Export it again and load it.',
    ],
    [
      'JSON without contacts',
      '[1, 2, 3]',
      'This JSON holds no list of contacts. It should be a list of objects, {"contacts": [...]}, or one object per line.',
    ],
  ])('%s', async (_case, file, sentence) => {
    const { outcome, row, contacts } = await load(file);
    const problem = outcome.kind === 'failed' ? outcome.problem : '';
    expect(problem.slice(0, sentence.length)).toBe(sentence);
    expect(problem).toMatch(/ Nothing was loaded\.$/);
    expect(row).toMatchObject({ status: 'failed', problem, rowCount: 0, importedCount: 0, leaseUntil: null });
    expect(contacts).toEqual([]);
  });

  it('with more than a million rows', async () => {
    const lines = Buffer.from(`${usNumber(1)}\n`.repeat(5_000));
    const pieces = function* () {
      yield Buffer.from('phone\n');
      for (let piece = 0; piece < 201; piece += 1) yield lines;
    };
    const { outcome, contacts } = await load(() => ({ pieces: pieces() }));
    expect(outcome).toMatchObject({ problem: expect.stringContaining('more than 1,000,000 rows') });
    expect(contacts).toEqual([]);
  });

  it('larger than 200 MB', async () => {
    const row = Buffer.from(`${usNumber(1)},"${'x'.repeat(60_000)}"\n`.repeat(15));
    const pieces = function* () {
      yield Buffer.from('phone,note\n');
      for (let piece = 0; piece < 240; piece += 1) yield row;
    };
    const { outcome, contacts } = await load(() => ({ pieces: pieces() }));
    expect(outcome).toMatchObject({ problem: expect.stringContaining('larger than 200 MB') });
    expect(contacts).toEqual([]);
  });

  it('when no column was chosen for the number', async () => {
    const mapping = [{ index: 0, header: 'phone', target: 'ignore' as const, variable: null, samples: [] }];
    const { outcome } = await load(good, { mapping });
    expect(outcome).toEqual({
      kind: 'failed',
      problem:
        'No column was chosen for the phone number. Choose one and load the file again. Nothing was loaded.',
    });
  });

  it('that is gone from the chat', async () => {
    const { outcome } = await load(good, { fileId: 'deleted.csv' });
    expect(outcome).toEqual({
      kind: 'failed',
      problem: 'This file was deleted. Upload it again. Nothing was loaded.',
    });
  });

  it.each([
    [
      'with the chat’s own sentence',
      new FileUnavailable('Slack stopped sending the file.'),
      'Slack stopped sending the file. Nothing was loaded.',
    ],
    [
      'without one',
      new Error('socket hang up'),
      'The file could not be read to its end. Load it again. Nothing was loaded.',
    ],
  ])('that stops coming half-way, %s', async (_case, error, problem) => {
    const pieces = async function* () {
      yield encode(`phone,name\n${goodRows(9_000)}`, 'utf-8');
      throw error;
    };
    const { outcome, contacts } = await load(() => ({ pieces: pieces() }));
    expect(outcome).toEqual({ kind: 'failed', problem });
    expect(contacts).toEqual([]);
  });

  it('into a campaign that takes none', async () => {
    const { outcome } = await load(good, {}, { status: 'running' });
    expect(outcome).toEqual({
      kind: 'failed',
      problem:
        'The campaign takes no contacts now: it has to be a draft, scheduled or paused. Nothing was loaded.',
    });
  });
});

describe('the beginning of a file', () => {
  const headOf = async (files: Record<string, File>, fileId = 'clients.csv') => {
    const { workspaceId } = await seedCampaign(db);
    return {
      workspaceId,
      head: await readFileHead({ db, chat: chatWithFiles(files) }, { workspaceId, fileId }),
    };
  };

  it('tells its kind, its columns, three rows and what they are', async () => {
    const { head } = await headOf({
      'clients.csv': encode(
        csv(
          [
            ['Phone', 'Name'],
            [usNumber(1), 'Ann'],
            [usNumber(2), 'Ben'],
            [usNumber(3), 'Cid'],
          ],
          ';',
        ),
        'utf-16le',
        true,
      ),
    });
    expect(head).toMatchObject({
      fileName: 'clients.csv',
      kind: 'csv',
      encoding: 'utf-16le',
      delimiter: ';',
      hasHeader: true,
      headers: ['Phone', 'Name'],
      sampleRows: [
        [usNumber(1), 'Ann'],
        [usNumber(2), 'Ben'],
        [usNumber(3), 'Cid'],
      ],
      isRemembered: false,
      problem: null,
    });
    expect(head.mapping.map(({ target }) => target)).toEqual(['phone_number', 'name']);
  });

  it('is read no further than it must be', async () => {
    let handedOut = 0;
    const pieces = function* () {
      yield encode('phone,name\n', 'utf-8');
      for (; handedOut < 1_000; handedOut += 1) yield encode(goodRows(3_000), 'utf-8');
    };
    const { head } = await headOf({ 'clients.csv': () => ({ pieces: pieces() }) });
    expect(head.problem).toBeNull();
    expect(handedOut).toBeLessThan(10);
  });

  it('offers the mapping that was confirmed for the same header', async () => {
    const { workspaceId, head } = await headOf({ 'clients.csv': good });

    const mapping = head.mapping.map((column) =>
      column.header === 'name' ? { ...column, target: 'variable' as const, variable: 'nick' } : column,
    );
    const row = {
      workspaceId,
      fingerprint: head.fingerprint,
      mapping,
      updatedBy: 'slack:U1',
      updatedAt: new Date(),
    };
    await saveColumnMapping(db, row);
    await saveColumnMapping(db, row);
    const chat = chatWithFiles({ 'next.csv': good.replace('phone,name', 'Phone,NAME') });
    const again = await readFileHead({ db, chat }, { workspaceId, fileId: 'next.csv' });
    expect(again.isRemembered).toBe(true);
    expect(again.mapping[1]).toMatchObject({ header: 'NAME', target: 'variable', variable: 'nick' });
  });

  it.each([
    ['unavailable', { 'other.csv': good }, 'This file was deleted. Upload it again.'],
    ['excel_workbook', { 'clients.csv': 'PK\u0003\u0004xl/' }, 'This is an Excel workbook.'],
    ['html', { 'clients.csv': '<html>' }, 'This is a web page'],
    ['no_phone_column', { 'clients.csv': 'name\nAnn\n' }, 'No column of this file holds phone numbers.'],
  ])('says why it cannot be loaded: %s', async (code, files, sentence) => {
    const { head } = await headOf(files as Record<string, File>);
    expect(head.problem).toMatchObject({ code, sentence: expect.stringContaining(sentence) });
    expect(head.headers).toEqual(code === 'no_phone_column' ? ['name'] : []);
  });

  it('throws when the chat cannot be asked', async () => {
    const { workspaceId } = await seedCampaign(db);
    const chat = { ...chatWithFiles({}), downloadFile: () => Promise.reject(new ChatUnavailable('later')) };
    await expect(readFileHead({ db, chat }, { workspaceId, fileId: 'x' })).rejects.toThrow(ChatUnavailable);
  });
});
