import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, test } from 'vitest';
import { lawOverrides } from '#db/policy-schema.ts';
import { campaignEvents } from '#db/schema.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, told, modal } = stage;
const { admin, teammate } = people;
const say = (words: string, userId: string = admin) => {
  stage.forget(userId);
  return slack.slash(userId, channels.campaigns, `/campaign ${words}`.trim());
};
const closeAll = async () => {
  for (let view = slack.openView(admin); view; view = slack.openView(admin)) await slack.closeView(view);
};
const overrides = () => deps.db.select().from(lawOverrides);

beforeEach(async () => {
  await closeAll();
  await deps.db.delete(lawOverrides);
});

/** Fills the form of a row and sends it off. */
async function override(place: string, button: string, answers: Record<string, string>) {
  await say(`law ${place}`);
  await slack.click(await told(admin, 'The law for'), button);
  await slack.submit(await modal(admin, 'You answer for them'), answers);
}

describe('/campaign law', () => {
  test('lists every row with its hours, limits, source and date', async () => {
    await say('law');
    const shown = textOf(await told(admin, 'Hours that the law allows'));
    for (const words of [
      'US-FL* Florida: every day 08:00–20:00. At most 3 attempts in 24 hours.',
      'Fla. Stat. § 501.616(6), 2026-11-22',
      'Mon–Fri 09:00–18:00, Sat 10:00–17:00',
      'At most 4 attempts in 30 days. For calls only.',
      'Never on public holidays.',
      'the row of each *state*',
    ])
      expect(shown).toContain(words);
  });

  test.each([
    ['Florida', ['Florida* (US-FL)', 'United States* (US)', 'All of these rows hold together']],
    ['new york', ['United States* (US)']],
    ['strict', ['US-STRICT']],
    ['Canada', ['Canada* (CA)', 'CRTC']],
    ['Germany', ['European Union* (EU)']],
    ['Japan', ['Every other country']],
  ])('%s shows the rows that hold there', async (place, words) => {
    await say(`law ${place}`);
    const shown = textOf(await told(admin, 'The law for'));
    for (const word of words) expect(shown).toContain(word);
    expect(shown).not.toContain('US-TX');
  });

  test('a place that nobody knows is said to be unknown', async () => {
    await say('law Narnia');
    expect(textOf(await told(admin, 'Narnia'))).toContain('/campaign law shows all rows');
  });

  test('is read by everybody, and overridden by admins only', async () => {
    await say('law Florida', teammate);
    const shown = await told(teammate, 'The law for');
    expect(textOf(shown)).not.toContain('Override');
    await say('law Florida');
    expect(textOf(await told(admin, 'The law for'))).toContain('Override Florida…');
  });
});

describe('an override', () => {
  test('is put in force with hours and a reason, for the row whose button was pressed', async () => {
    await override('KY', 'Override Kentucky', {
      weekdays: '9am-9pm',
      saturday: '10:00-21:00',
      sunday: '',
      reason: 'Counsel of 12 November: all of them asked to be called early.',
    });
    await modal(admin, 'Mon–Fri 09:00–21:00, Sat 10:00–21:00 from the next attempt on');
    const [kept] = await overrides();
    expect(kept).toMatchObject({
      ruleKey: 'US-KY',
      revokedAt: null,
      actor: `slack:${admin}`,
    });
  });

  test('is shown with who and why, can be revoked there, and both are in the log', async () => {
    await override('US-STRICT', 'Override United States, any state', {
      weekdays: '09:00-20:00',
      saturday: '',
      sunday: '',
      reason: 'Everybody on our lists gave written consent.',
    });
    await modal(admin, 'from the next attempt on');
    await closeAll();
    await say('law strict');
    const shown = await told(admin, 'Overridden: Mon–Fri 09:00–20:00');
    expect(textOf(shown)).toContain('Everybody on our lists gave written consent.');
    expect(textOf(shown)).toContain(`<@${admin}>`);
    stage.forget(admin);
    await slack.click(shown, 'Revoke for United States, any state');
    await told(admin, 'Override United States, any state…');
    expect((await overrides())[0]).toMatchObject({ revokedBy: `slack:${admin}` });
    const events = await deps.db
      .select()
      .from(campaignEvents)
      .where(eq(campaignEvents.workspaceId, stage.workspaceId));
    expect(events.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['law_overridden', 'law_override_revoked']),
    );
  });

  test.each([
    [
      'hours that cannot be read',
      { weekdays: 'all day', reason: 'Because we may.' },
      'weekdays',
      'is not a window',
    ],
    ['no reason', { weekdays: '07:00-22:00', reason: 'so' }, 'reason', 'Say why in a sentence'],
    [
      'hours within the row’s',
      { weekdays: '11:00-12:00', saturday: '', reason: 'Because we want less.' },
      'weekdays',
      'no override is needed',
    ],
  ])('%s: nothing is saved, and the field says what is wrong', async (_, answers, field, sentence) => {
    await say('law strict');
    await slack.click(await told(admin, 'The law for'), 'Override United States, any state');
    await slack.submit(await modal(admin, 'You answer for them'), answers);
    const errors = slack.openView(admin)?.errors ?? {};
    expect(errors[field]).toContain(sentence);
    expect(await overrides()).toEqual([]);
  });
});
