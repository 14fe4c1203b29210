import { parse } from 'csv-parse/sync';
import { eq } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRejects } from '#db/imports.ts';
import { campaignCounts, campaigns, contacts } from '#db/schema.ts';
import { suggestMapping } from '#domain/contact-import/mapping.ts';
import { importContacts } from '#operations/import-contacts.ts';
import {
  type CampaignSeed,
  chatWithFiles,
  contactsOf,
  csv,
  encode,
  importDeps,
  importRow,
  seedCampaign,
  seedImport,
  suppressNumber,
  usNumber,
} from '#support/contact-files.ts';
import { createTestDatabase } from '#support/database.ts';

const { client, url } = await createTestDatabase();
const { db } = client;

/** Loads one file into a campaign and gathers everything that came of it. */
async function load(
  place: CampaignSeed,
  file: Uint8Array | string,
  given: Parameters<typeof seedImport>[2] = {},
) {
  const importId = await seedImport(db, place, given);
  const deps = importDeps(db, url, chatWithFiles({ 'clients.csv': file }));
  const outcome = await importContacts(deps, { importId });
  let rejects = '';
  for await (const piece of readRejects(db, importId)) rejects += piece;
  const row = await importRow(db, importId);
  const { rowCount, importedCount, duplicateCount, existingCount, invalidCount, suppressedCount } = row;
  const counts = [rowCount, importedCount, duplicateCount, existingCount, invalidCount, suppressedCount];
  return {
    importId,
    outcome,
    row,
    counts,
    rejects: parse(rejects, { relax_column_count: true }) as string[][],
    logged: deps.logged,
  };
}
const numbersIn = async ({ campaignId }: CampaignSeed) =>
  (await contactsOf(db, campaignId)).map((row) => row.phoneNumber);

describe('a file of contacts', () => {
  it('becomes contacts that are due, with their values and lines', async () => {
    const place = await seedCampaign(db);
    const file =
      'Phone Number,Customer Name,Appointment Date\n5551234567,John Smith,2024-02-15\n\n+15559876543,"Doe,\nJane",\n(555) 000-1111,Kim,x\n';
    const { outcome, row } = await load(place, file);
    expect(outcome).toEqual({ kind: 'completed' });
    const loaded = await contactsOf(db, place.campaignId);
    expect(
      loaded.map(({ phoneNumber, variableValues, lineNumber, status }) => [
        phoneNumber,
        variableValues,
        lineNumber,
        status,
      ]),
    ).toEqual([
      ['+15551234567', { name: 'John Smith', appointment_date: '2024-02-15' }, 2, 'pending'],
      ['+15559876543', { name: 'Doe,\nJane' }, 4, 'pending'],
      ['+15550001111', { name: 'Kim', appointment_date: 'x' }, 6, 'pending'],
    ]);
    expect(loaded.every((contact) => contact.nextAttemptAt !== null && contact.importId === row.id)).toBe(
      true,
    );
    expect(row).toMatchObject({
      status: 'completed',
      problem: null,
      leaseUntil: null,
      errors: [],
      reasons: [],
    });
    expect(row.completedAt).not.toBeNull();
  });

  it('is counted by verdict, and the rows that are not loaded come back with line and reason', async () => {
    const place = await seedCampaign(db);
    await suppressNumber(db, place.workspaceId, usNumber(3));
    const file = csv([
      ['Phone', 'Name', 'Note'],
      [usNumber(1), 'Ann', ''],
      ['4.47E+11', 'Ben', '=1+1'],
      [usNumber(1), 'Cid', ''],
      ['', ''],
      [usNumber(3), 'Dee', 'kept'],
      ['911', 'Eve', ''],
    ]);
    const { counts, row, rejects } = await load(place, file);
    expect(counts).toEqual([5, 1, 1, 0, 2, 1]);
    expect(row.errors).toEqual([
      { line: 3, value: '4.47E+11', reason: 'scientific_notation' },
      { line: 4, value: usNumber(1), reason: 'duplicate' },
      { line: 7, value: '911', reason: 'short_number' },
      { line: 6, value: usNumber(3), reason: 'do_not_call' },
    ]);
    expect(row.reasons).toEqual([
      { reason: 'do_not_call', rows: 1 },
      { reason: 'duplicate', rows: 1 },
      { reason: 'scientific_notation', rows: 1 },
      { reason: 'short_number', rows: 1 },
    ]);
    expect(rejects[0]?.slice(4)).toEqual(['Phone', 'Name', 'Note']);
    expect(rejects.slice(1).map(([line, , reason]) => [line, reason])).toEqual([
      ['3', 'scientific_notation'],
      ['4', 'duplicate'],
      ['7', 'short_number'],
      ['6', 'do_not_call'],
    ]);
    expect(rejects[1]?.slice(3)).toEqual([
      expect.stringContaining('Format the column as Text'),
      '4.47E+11',
      'Ben',
      "'=1+1",
    ]);
    expect(rejects[4]?.slice(4)).toEqual([usNumber(3), 'Dee', 'kept']);
    expect(await numbersIn(place)).toEqual([usNumber(1)]);
  });

  it('tells the campaign its name, its columns and what templates may say', async () => {
    const place = await seedCampaign(db);
    await load(place, `Phone,Appointment Date\n${usNumber(1)},x\n`);
    await load(place, `Vorname,Nachname,Handy,Appointment Date\nEva,Muster,${usNumber(2)},y\n`);
    const [campaign] = await db.select().from(campaigns).where(eq(campaigns.id, place.campaignId));
    expect(campaign).toMatchObject({ lastImportFileName: 'clients.csv', lastImportRowCount: 1 });
    expect(campaign?.variableMappings).toEqual({
      Phone: 'phone_number',
      'Appointment Date': 'appointment_date',
      Vorname: 'first_name',
      Nachname: 'last_name',
      Handy: 'phone_number',
    });
    expect(campaign?.availableVariables).toEqual([
      'phone_number',
      'appointment_date',
      'first_name',
      'last_name',
      'name',
    ]);
  });

  it('is loaded by the mapping that somebody confirmed', async () => {
    const place = await seedCampaign(db);
    const headers = ['Phone', 'Direct', 'Member', 'Note'];
    const mapping = suggestMapping(headers, [], 'US');
    mapping[0] = { index: 0, header: 'Phone', target: 'ignore', variable: null, samples: [] };
    mapping[1] = {
      index: 1,
      header: 'Direct',
      target: 'phone_number',
      variable: 'phone_number',
      samples: [],
    };
    mapping[2] = { index: 2, header: 'Member', target: 'custom_field', variable: 'member', samples: [] };
    await load(place, csv([headers, [usNumber(1), usNumber(2), 'M1', 'hi']]), { mapping });
    expect(await contactsOf(db, place.campaignId)).toMatchObject([
      { phoneNumber: usNumber(2), variableValues: { note: 'hi' }, customFields: { member: 'M1' } },
    ]);
  });

  it('keeps rows with too many or too few cells, and says how many had more than the header', async () => {
    const place = await seedCampaign(db);
    const { counts, row } = await load(place, `phone,name\n${usNumber(1)}\n${usNumber(2)},Bob,Rome,x\n`);
    expect(counts).toEqual([2, 2, 0, 0, 0, 0]);
    expect(row.reasons).toEqual([{ reason: 'extra_cells', rows: 1 }]);
  });

  it('with more rows than one statement takes is loaded whole and in order', async () => {
    const place = await seedCampaign(db);
    const rows = Array.from({ length: 60_000 }, (_, index) => [usNumber(index), `Person ${index}`]);
    const { counts } = await load(place, csv([['phone', 'name'], ...rows]));
    expect(counts).toEqual([60_000, 60_000, 0, 0, 0, 0]);
    const loaded = await contactsOf(db, place.campaignId);
    expect(loaded[59_999]).toMatchObject({ phoneNumber: usNumber(59_999), lineNumber: 60_001 });
    const [{ pending } = { pending: -1 }] = await db
      .select()
      .from(campaignCounts)
      .where(eq(campaignCounts.campaignId, place.campaignId));
    expect(pending).toBe(60_000);
  });

  it('brings its rejected rows back in pieces when they are many', async () => {
    const place = await seedCampaign(db);
    const rows = Array.from({ length: 12_000 }, (_, index) => ['911', `Person ${index}`]);
    const { counts, rejects } = await load(place, csv([['phone', 'name'], ...rows, [usNumber(1), 'Ann']]));
    expect(counts).toEqual([12_001, 1, 0, 0, 12_000, 0]);
    expect(rejects).toHaveLength(12_001);
    expect(rejects.at(-1)?.[5]).toBe('Person 11999');
  });

  it('adds up: every row of data has exactly one verdict', async () => {
    const cell = fc.oneof(
      fc.integer({ min: 0, max: 12 }).map(usNumber),
      fc.constantFrom('', '911', 'n/a', '4.47E+11', '212-373-4253 x1', '(212) 373-4253', '2123734253', '=1'),
    );
    const note = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', "'", '\\', 'é'), maxLength: 6 });
    const table = fc.array(fc.tuple(cell, note), { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(table, fc.boolean(), fc.nat(12), async (rows, hasEarlier, suppressed) => {
        const place = await seedCampaign(db);
        await suppressNumber(db, place.workspaceId, usNumber(suppressed));
        if (hasEarlier) await load(place, csv([['phone'], [usNumber(0)], [usNumber(1)]]));
        const before = (await numbersIn(place)).length;
        const { counts, outcome } = await load(place, csv([['phone', 'note'], ...rows]));
        const data = rows.filter((row) => row.some((text) => text.trim() !== '')).length;
        if (data === 0) return expect(outcome.kind).toBe('failed');
        const [total = 0, ...verdicts] = counts;
        expect(total).toBe(data);
        expect(verdicts.reduce((sum, count) => sum + count, 0)).toBe(data);
        expect(await numbersIn(place)).toHaveLength(before + (verdicts[0] ?? 0));
      }),
      { numRuns: 8 },
    );
  });
});

describe('lists as they come from elsewhere', () => {
  it('load with every letter that their encoding has', async () => {
    const place = await seedCampaign(db, { defaultCountry: 'FR' });
    const note = 'ligne 1\nligne 2; a, b | c\t \\d\\';
    const file = csv(
      [
        ['Téléphone', 'Nom complet', 'Remarque'],
        ['06 98 76 54 32', 'Zoé "Zaza" Çelik – 5 €', note],
      ],
      ';',
      '\r\n',
    );
    const { counts } = await load(place, encode(file, 'windows-1252'));
    expect(counts).toEqual([1, 1, 0, 0, 0, 0]);
    expect(await contactsOf(db, place.campaignId)).toMatchObject([
      { phoneNumber: '+33698765432', variableValues: { name: 'Zoé "Zaza" Çelik – 5 €', remarque: note } },
    ]);
  });

  it.each([
    [
      'a JSON list',
      `[{"phoneNumber":"${usNumber(1)}","name":"Ann","variables":{"city":"Rome"}},{"phoneNumber":"911"}]`,
    ],
    [
      'a wrapped JSON list',
      `{"contacts":[{"phoneNumber":"${usNumber(1)}","name":"Ann","city":"Rome"},{"phoneNumber":"911"}]}`,
    ],
    ['JSON lines', `{"phone":${usNumber(1).slice(1)},"name":"Ann","city":"Rome"}\n{"phone":"911"}\n`],
  ])('%s loads', async (_case, text) => {
    const place = await seedCampaign(db);
    const { counts, row } = await load(place, text);
    expect(counts).toEqual([2, 1, 0, 0, 1, 0]);
    expect(row.errors).toEqual([{ line: 2, value: '911', reason: 'short_number' }]);
    expect(await contactsOf(db, place.campaignId)).toMatchObject([
      { phoneNumber: usNumber(1), variableValues: { name: 'Ann', city: 'Rome' } },
    ]);
  });

  it('JSON may bring a key that its beginning did not have', async () => {
    const place = await seedCampaign(db);
    const many = Array.from({ length: 4000 }, (_, index) => ({
      phone: usNumber(index),
      note: 'x'.repeat(60),
    }));
    const { counts } = await load(
      place,
      JSON.stringify([...many, { phone: usNumber(5000), 'Late Key': 'here' }, 'oops']),
    );
    expect(counts).toEqual([4002, 4001, 0, 0, 1, 0]);
    expect((await contactsOf(db, place.campaignId)).at(-1)?.variableValues).toEqual({ late_key: 'here' });
  });

  it('JSON whose mapping was confirmed may bring more keys than that', async () => {
    const place = await seedCampaign(db);
    const mapping = suggestMapping(['phone', 'name'], [], 'US');
    const text = JSON.stringify([
      { phone: usNumber(1), name: 'Ann' },
      { phone: usNumber(2), city: 'Rome' },
    ]);
    await load(place, text, { mapping });
    expect((await contactsOf(db, place.campaignId)).map((row) => row.variableValues)).toEqual([
      { name: 'Ann' },
      { city: 'Rome' },
    ]);
  });

  it('without a header load from the first row on', async () => {
    const place = await seedCampaign(db);
    await load(place, `Ann Lee,${usNumber(1)},Rome\nBob,${usNumber(2)},Oslo\n`);
    expect((await contactsOf(db, place.campaignId)).map((row) => row.variableValues)).toEqual([
      { name: 'Ann Lee', column_3: 'Rome' },
      { name: 'Bob', column_3: 'Oslo' },
    ]);
  });
});

describe('a campaign that has contacts', () => {
  it('takes new numbers, and says which it had already', async () => {
    const place = await seedCampaign(db);
    await load(
      place,
      csv([
        ['phone', 'name'],
        [usNumber(1), 'Ann'],
        [usNumber(2), 'Ben'],
      ]),
    );
    await suppressNumber(db, place.workspaceId, usNumber(4));
    const again = csv([
      ['phone', 'name'],
      [usNumber(2), 'Other'],
      [usNumber(3), 'Cid'],
      [usNumber(3), 'Twice'],
      ['911', 'Dee'],
      [usNumber(4), 'Eve'],
    ]);
    const { counts, rejects } = await load(place, again);
    expect(counts).toEqual([5, 1, 1, 1, 1, 1]);
    expect(rejects.slice(1).map(([line, , reason]) => [line, reason])).toEqual([
      ['4', 'duplicate'],
      ['5', 'short_number'],
      ['2', 'already_in_campaign'],
      ['6', 'do_not_call'],
    ]);
    expect(await contactsOf(db, place.campaignId)).toMatchObject([
      { phoneNumber: usNumber(1) },
      { phoneNumber: usNumber(2), variableValues: { name: 'Ben' } },
      { phoneNumber: usNumber(3), variableValues: { name: 'Cid' } },
    ]);
  });

  it('gives way to a file that replaces, but for contacts that were tried', async () => {
    const place = await seedCampaign(db);
    await load(
      place,
      csv([
        ['phone', 'name'],
        [usNumber(1), 'Ann'],
        [usNumber(2), 'Ben'],
        [usNumber(3), 'Cid'],
        [usNumber(4), 'Dee'],
      ]),
    );
    await db
      .update(contacts)
      .set({ status: 'completed', attempts: 1, lastN: 1 })
      .where(eq(contacts.phoneNumber, usNumber(2)));
    await db
      .update(contacts)
      .set({ status: 'skipped', skipReason: 'no_time_zone' })
      .where(eq(contacts.phoneNumber, usNumber(3)));
    await db
      .update(contacts)
      .set({ attempts: 1, lastN: 1 })
      .where(eq(contacts.phoneNumber, usNumber(4)));
    const { counts } = await load(
      place,
      csv([
        ['phone', 'name'],
        [usNumber(2), 'New'],
        [usNumber(5), 'Eve'],
      ]),
      { mode: 'replace' },
    );
    expect(counts).toEqual([2, 1, 0, 1, 0, 0]);
    expect((await numbersIn(place)).sort()).toEqual([usNumber(2), usNumber(4), usNumber(5)].sort());
    const [row] = await db
      .select()
      .from(campaignCounts)
      .where(eq(campaignCounts.campaignId, place.campaignId));
    expect(row).toMatchObject({ pending: 2, completed: 1, skipped: 0 });
  });

  it('keeps what it has when the file that replaces is refused', async () => {
    const place = await seedCampaign(db);
    await load(place, csv([['phone'], [usNumber(1)]]));
    const { outcome } = await load(place, `phone,name\n${usNumber(2)},"open\n`, { mode: 'replace' });
    expect(outcome.kind).toBe('failed');
    expect(await numbersIn(place)).toEqual([usNumber(1)]);
  });
});

describe('people on the do-not-call list', () => {
  it.each([
    ['sms', 'all', false],
    ['sms', 'sms', false],
    ['sms', 'voice', true],
    ['call', 'voice', false],
    ['call', 'sms', true],
    ['mixed', 'all', false],
    ['mixed', 'sms', true],
  ] as const)(
    'are judged by the channels of a %s campaign: %s, loaded: %s',
    async (campaignType, channel, isLoaded) => {
      const place = await seedCampaign(db, { campaignType });
      await suppressNumber(db, place.workspaceId, usNumber(1), channel);
      const { counts } = await load(place, csv([['phone'], [usNumber(1)], [usNumber(2)]]));
      expect(counts).toEqual(isLoaded ? [2, 2, 0, 0, 0, 0] : [2, 1, 0, 0, 0, 1]);
    },
  );

  it('are not reached by a mixed campaign when both its channels are closed', async () => {
    const place = await seedCampaign(db, { campaignType: 'mixed' });
    await suppressNumber(db, place.workspaceId, usNumber(1), 'voice');
    await suppressNumber(db, place.workspaceId, usNumber(1), 'sms');
    await load(place, csv([['phone'], [usNumber(9)]]));
    expect((await load(place, csv([['phone'], [usNumber(1)]]))).counts).toEqual([1, 0, 0, 0, 0, 1]);
  });

  it('are those of this workspace, and in force', async () => {
    const place = await seedCampaign(db);
    const other = await seedCampaign(db);
    await suppressNumber(db, other.workspaceId, usNumber(1));
    await suppressNumber(db, place.workspaceId, usNumber(2));
    await client.sql`update suppressions set lifted_at = created_at where workspace_id = ${place.workspaceId}`;
    expect((await load(place, csv([['phone'], [usNumber(1)], [usNumber(2)]]))).counts).toEqual([
      2, 2, 0, 0, 0, 0,
    ]);
  });

  it('are found in a list longer than the file, too', async () => {
    const place = await seedCampaign(db);
    for (let index = 0; index < 8; index += 1) await suppressNumber(db, place.workspaceId, usNumber(index));
    expect((await load(place, csv([['phone'], [usNumber(7)], [usNumber(8)]]))).counts).toEqual([
      2, 1, 0, 0, 0, 1,
    ]);
  });
});
