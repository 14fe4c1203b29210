import { and, eq } from 'drizzle-orm/sql';
import { describe, expect, it } from 'vitest';
import { consents } from '#db/policy-schema.ts';
import { insertPrefix } from '#db/suppression-prefixes.ts';
import { importContacts } from '#operations/import-contacts.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import {
  type CampaignSeed,
  chatWithFiles,
  contactsOf,
  importDeps,
  importRow,
  seedCampaign,
  seedImport,
  seedNextCampaign,
} from '#support/contact-files.ts';
import { createTestDatabase } from '#support/database.ts';

const { client, url } = await createTestDatabase();
const { db } = client;
const actor = { kind: 'slack_user', userId: 'U1' } as const;

async function load(place: CampaignSeed, file: string) {
  const importId = await seedImport(db, place);
  const deps = importDeps(db, url, chatWithFiles({ 'clients.csv': file }));
  const outcome = await importContacts(deps, { importId });
  expect(deps.logged).toEqual([]);
  const row = await importRow(db, importId);
  return {
    outcome,
    row,
    reasons: Object.fromEntries(row.reasons.map(({ reason, rows }) => [reason, rows])),
    deps,
  };
}
const consentsIn = (workspaceId: number) =>
  db.select().from(consents).where(eq(consents.workspaceId, workspaceId)).orderBy(consents.phoneNumber);

describe('columns about a place', () => {
  const file = [
    'phone,name,zip,state',
    '2125550101,Ann,33101,FL',
    '2125550102,Bob,,',
    '2125550103,Cid,nowhere,zz',
    '2125550104,Dee,90001,CA',
  ].join('\n');
  const expected = [
    ['+12125550101', ['America/New_York'], 'US-FL', '33101'],
    ['+12125550102', null, null, undefined],
    ['+12125550103', [], null, 'nowhere'],
    ['+12125550104', ['America/Los_Angeles'], 'US-CA', '90001'],
  ];
  const placesOf = async (campaignId: number) =>
    (await contactsOf(db, campaignId)).map(({ phoneNumber, ownZones, ownRegion, variableValues }) => [
      phoneNumber,
      ownZones,
      ownRegion,
      variableValues.zip,
    ]);

  it('are kept with each contact of an empty campaign, and stay variables for its messages', async () => {
    const place = await seedCampaign(db);
    const { reasons } = await load(place, file);
    expect(await placesOf(place.campaignId)).toEqual(expected);
    expect(reasons).toEqual({ place_unreadable: 1 });
  });

  it('are kept just so in a campaign that has contacts', async () => {
    const place = await seedCampaign(db);
    await load(place, 'phone\n2125559999\n');
    await load(place, file);
    const places = await placesOf(place.campaignId);
    expect(places.filter(([phone]) => phone !== '+12125559999')).toEqual(expected);
  });
});

describe('columns about consent', () => {
  it('become consents with who noted them, when and how they were given and in which words', async () => {
    const place = await seedCampaign(db);
    const file =
      'phone,Opt-in Date,Opt-in Source,Consent Text,consent channel\n' +
      '2125550101,2026-02-15,web form,"I agree\nto calls\tand ""texts"" \\ now.",calls\n' +
      '2125550102,yes,,,\n2125550103,no,,,\n2125550104,soon,,,\n2125550105,,,,\n';
    const { row, reasons } = await load(place, file);
    const noted = await consentsIn(place.workspaceId);
    expect(noted).toHaveLength(2);
    expect(noted[0]).toMatchObject({
      phoneNumber: '+12125550101',
      channel: 'voice',
      givenAt: new Date('2026-02-15T00:00:00Z'),
      method: 'web form',
      wording: 'I agree\nto calls\tand "texts" \\ now.',
      sourceColumn: 'Opt-in Date',
      importId: row.id,
      actor: 'slack:U1',
      withdrawnAt: null,
    });
    expect(noted[1]).toMatchObject({ phoneNumber: '+12125550102', channel: 'all', wording: null });
    expect(row.importedCount).toBe(5);
    expect(reasons).toEqual({ consent_noted: 2, consent_refused: 1, consent_unreadable: 1 });
  });

  it('are noted of people whom the campaign has already, once', async () => {
    const place = await seedCampaign(db);
    await load(place, 'phone\n2125550101\n');
    const file = 'phone,consent_date\n2125550101,2026-02-15\n';
    const { row } = await load(place, file);
    expect(row).toMatchObject({ importedCount: 0, existingCount: 1 });
    await load(place, file);
    expect(await consentsIn(place.workspaceId)).toHaveLength(1);
  });

  it('never bring back what somebody opted out of after that day, or on a day nobody wrote down', async () => {
    const place = await seedCampaign(db);
    const { deps } = await load(place, 'phone,consent_date\n2125550101,2026-02-15\n2125550102,2026-02-15\n');
    const optOut = {
      workspaceId: place.workspaceId,
      channel: 'voice',
      reason: 'stop',
      source: 'opt_out',
      actor,
    } as const;
    for (const phone of ['+12125550101', '+12125550102', '+12125550103'])
      await suppressNumber(deps, { ...optOut, phone });
    const texts = await seedNextCampaign(db, place.workspaceId, { campaignType: 'mixed' });
    await load(
      { ...place, campaignId: texts },
      'phone,consent_date,consent_channel\n2125550101,2026-03-01,calls\n2125550102,yes,both\n2125550103,2026-03-01,calls\n',
    );
    const standing = await db
      .select()
      .from(consents)
      .where(and(eq(consents.workspaceId, place.workspaceId)))
      .orderBy(consents.phoneNumber, consents.id);
    expect(
      standing.map(({ phoneNumber, channel, withdrawnBy }) => [phoneNumber, channel, withdrawnBy]),
    ).toEqual([
      ['+12125550101', 'all', 'contact'],
      ['+12125550101', 'sms', null],
      ['+12125550102', 'all', 'contact'],
      ['+12125550102', 'sms', null],
    ]);
  });
});

describe('the do-not-call list', () => {
  it('keeps out numbers of a range and those of this campaign only', async () => {
    const place = await seedCampaign(db);
    const other = await seedNextCampaign(db, place.workspaceId);
    const { deps } = await load({ ...place, campaignId: other }, 'phone\n2125550100\n');
    const entry = { workspaceId: place.workspaceId, channel: 'all', reason: 'x', source: 'manual' } as const;
    await suppressNumber(deps, { ...entry, phone: '+12125550101', actor, onlyCampaignId: place.campaignId });
    await suppressNumber(deps, { ...entry, phone: '+12125550102', actor, onlyCampaignId: other });
    const range = { ...entry, actor: 'slack:U1', createdAt: new Date() };
    await insertPrefix(db, { ...range, prefix: '+1646555', onlyCampaignId: null });
    await insertPrefix(db, { ...range, prefix: '+1718555', onlyCampaignId: other });
    await insertPrefix(db, { ...range, channel: 'voice', prefix: '+1917555', onlyCampaignId: null });
    const { row } = await load(place, 'phone\n2125550101\n2125550102\n6465550101\n7185550101\n9175550101\n');
    expect(row).toMatchObject({ importedCount: 3, suppressedCount: 2 });
    expect((await contactsOf(db, place.campaignId)).map(({ phoneNumber }) => phoneNumber)).toEqual([
      '+12125550102',
      '+17185550101',
      '+19175550101',
    ]);
  });
});
