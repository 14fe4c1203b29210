import { parse } from 'csv-parse/sync';
import { eq } from 'drizzle-orm/sql';
import { beforeEach, expect, test } from 'vitest';
import { consents, suppressionPrefixes } from '#db/policy-schema.ts';
import { campaigns } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { changeStatus } from '#operations/change-status.ts';
import { exportEvidence } from '#operations/export-evidence.ts';
import { sendResults } from '#operations/send-results.ts';
import { uploadInParts } from '#operations/upload-in-parts.ts';
import { ANNA, NOON, phones } from '#support/engine.ts';
import { createCallStage, freshPhones } from './calls.ts';

const { engine, look, reset } = await createCallStage();
const { deps } = engine;
beforeEach(() => {
  reset();
  engine.clock.set(NOON);
});

async function evidenceOf(campaignId: number): Promise<Record<string, string>[]> {
  let text = '';
  for await (const part of exportEvidence(deps, { campaignId })) text += part;
  return parse(text, { columns: true });
}

test('a text’s row says by which clock and rules, on whose consent and with whose word it was sent', async () => {
  const [phone = ''] = phones(1, 7_000);
  const { id: workspaceId } = engine.workspace;
  await changeWorkspace(deps.db, workspaceId, { requiresTextConsent: true });
  await deps.db.insert(consents).values({
    ...{ workspaceId, phoneNumber: phone, channel: 'sms', givenAt: new Date('2026-10-01T12:00:00Z') },
    ...{ method: 'web form', wording: '=HYPERLINK("http://x")', actor: 'U_BEN', createdAt: NOON },
  });
  const campaignId = await engine.campaign({ phones: [phone] });
  const attested = { attestedBy: 'U_ANNA', attestedAt: NOON };
  await deps.db.update(campaigns).set(attested).where(eq(campaigns.id, campaignId));
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  await changeWorkspace(deps.db, workspaceId, { requiresTextConsent: false });
  expect(await evidenceOf(campaignId)).toEqual([
    expect.objectContaining({
      phone_number: phone,
      run: '1',
      attempt: '1',
      channel: 'sms',
      verdict: 'allowed twice',
      local_time: '2026-11-24 14:00 America/New_York',
      time_zone_from: 'area_code (exact)',
      rules: expect.stringMatching(/US as of \d{4}-\d{2}-\d{2}/),
      limits: expect.stringContaining('workspace: 0 of 3 in 24 h before this one'),
      do_not_call_checked_at: NOON.toISOString(),
      do_not_call_checked_again_at: NOON.toISOString(),
      consent_given_at: '2026-10-01T12:00:00.000Z',
      consent_method: 'web form',
      consent_wording: '\'=HYPERLINK("http://x")',
      consent_recorded_by: 'U_BEN',
      attested_by: 'U_ANNA',
      attested_at: NOON.toISOString(),
      recording_notice: '',
      text: expect.stringContaining('Hello P1'),
      outcome: '',
    }),
  ]);
});

test('a call’s row has its opening words and whether they told of a recording', async () => {
  const campaignId = await look.start({ phones: freshPhones() });
  const [row] = await evidenceOf(campaignId);
  expect(row).toMatchObject({ channel: 'call', recording_notice: 'not recorded', state: 'ringing' });
  expect(row?.opening_words).toContain('automated voice');
});

test('who was stopped by the last check has a row that says so', async () => {
  const numbers = phones(11, 7_100);
  const stopped = numbers.at(-1) ?? '';
  const accepting = engine.carrier.answer;
  engine.carrier.answer = async (request) => {
    engine.carrier.answer = accepting;
    const { id: workspaceId } = engine.workspace;
    await deps.db.insert(suppressionPrefixes).values({
      ...{ workspaceId, prefix: stopped, channel: 'all', reason: 'Asked.', source: 'manual' },
      ...{ actor: 'U_ANNA', createdAt: NOON },
    });
    return accepting(request);
  };
  const campaignId = await engine.campaign({ phones: numbers });
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  const rows = await evidenceOf(campaignId);
  expect(rows).toHaveLength(11);
  expect(rows.filter(({ verdict }) => verdict !== 'allowed twice')).toMatchObject([
    { phone_number: stopped, verdict: 'stopped by the last check, nobody was asked', asked_at: '' },
  ]);
});

test('a file longer than one upload comes in parts with the headers in each, and none of it is left out', async () => {
  engine.chat.files.length = 0;
  async function* rows() {
    yield* ['"a\nb",c\r\n', 'first\r\n', 'second\r\n', 'third\r\n'];
  }
  const file = { name: 'spring-evidence', title: 'Evidence', what: 'Evidence', rows: rows() };
  await uploadInParts(deps, { channelId: 'D1', threadTs: null }, file, 24);
  expect(engine.chat.files).toEqual([
    { name: 'spring-evidence-part-1.csv', text: '"a\nb",c\r\nfirst\r\nsecond\r\n' },
    { name: 'spring-evidence-part-2.csv', text: '"a\nb",c\r\nthird\r\n' },
  ]);
});

test('results longer than one upload are cut nowhere', async () => {
  engine.chat.files.length = 0;
  const campaignId = await engine.campaign({ phones: phones(2, 7_000) });
  await sendResults(deps, { campaignId, place: { channelId: 'D1', threadTs: null } }, 100);
  const rows = engine.chat.files.flatMap(({ text }) =>
    parse<Record<string, string>>(text, { columns: true }),
  );
  expect(rows.map((row) => row.phone_number)).toEqual(phones(2, 7_000));
  expect(engine.chat.files.map(({ name }) => name.replace(/^.*-results/, ''))).toEqual([
    '-part-1.csv',
    '-part-2.csv',
  ]);
});
