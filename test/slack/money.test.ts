import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { attempts, campaigns } from '#db/schema.ts';
import { createEventRecorder } from '#operations/event-recorder.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { touchCard, wakeCampaign } from '#operations/wake-campaign.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import { ANNA, phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, told, shown, modal, replied, campaign } = stage;
const { admin, teammate } = people;
const HERE = channels.campaigns;
const say = (text: string, userId: string = admin) => slack.slash(userId, HERE, `/campaign ${text}`);

let used = 0;
async function draft(
  name: string,
  settings: Record<string, unknown>,
): Promise<{ id: number; card: SlackMessage }> {
  used += 10;
  const id = await campaign(name, { phones: phones(4, 7_000 + used), channelId: HERE });
  await updateCampaign(deps, { campaignId: id, actor: ANNA, changes: { settings } });
  const card = await shown(HERE, name);
  await touchCard(deps.db, deps, id);
  return { id, card };
}

/** Starts it in Slack; what the pre-flight said. The time to take the start back is over at once. */
async function begin({ id, card }: { id: number; card: SlackMessage }): Promise<string> {
  stage.forget(admin);
  await slack.waitFor(() => textOf(slack.current(card)).includes('Start\n'), 'a card that may start');
  await slack.click(card, 'campaign.start', admin);
  const preflight = await modal(admin, 'Start now');
  const text = textOf(preflight);
  await slack.submit(preflight);
  await replied(card, 'Started by');
  await deps.db.update(campaigns).set({ undoUntil: null }).where(eq(campaigns.id, id));
  await wakeCampaign(deps.db, deps, id);
  return text;
}

async function deliver(campaignId: number): Promise<void> {
  const rows = await deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
  await createEventRecorder(deps)(
    rows.flatMap(({ token, providerRef: ref }) =>
      ref === null
        ? []
        : [
            {
              provider: 'scripted',
              dedupeKey: `money-${ref}`,
              raw: {},
              event: {
                kind: 'text_status' as const,
                token,
                ref,
                status: 'delivered' as const,
                refusal: null,
                segments: null,
                price: null,
              },
            },
          ],
    ),
  );
}

describe('money in Slack', () => {
  test('a campaign that reached its budget goes on when somebody raises it', async () => {
    const begun = await draft('Costly spring', { budgetLimitMicros: 30_000 });
    const { card } = begun;
    const preflight = await begin(begun);
    expect(preflight).toContain(
      'Budget: $0.03, which may not be enough. It pauses before it would pass it, and asks.',
    );
    const pause = await replied(card, 'The budget is used up: $0.03 of $0.03 are spent or reserved');
    await slack.waitFor(() => textOf(slack.current(card)).includes('Raise budget'), 'the way on');
    expect(textOf(slack.current(card))).toContain(
      'Spent $0.00 of a budget of $0.03; $0.03 more reserved for what is under way; the estimate was $0.05.',
    );

    stage.forget(teammate);
    await slack.click(pause, 'Raise budget', teammate);
    const form = await modal(teammate, 'New budget of this run');
    expect(textOf(form)).toContain('Costly spring: Spent ');
    expect(await slack.submit(form, { budget: 'a lot' })).toMatchObject({
      errors: { budget: expect.stringContaining('is not an amount in dollars') },
    });
    expect(await slack.submit(form, { budget: '0.02' })).toMatchObject({
      errors: { budget: expect.stringContaining('are spent or reserved already. Give it more than that.') },
    });
    await slack.submit(form, { budget: '1' });
    await modal(teammate, 'The budget is raised, and it goes on where it stopped.');
    await replied(card, `Resumed by <@${teammate}>.`);
  });

  test('after the first ones it asks, and a press goes on', async () => {
    const begun = await draft('Careful spring', { canarySize: 2 });
    const { id, card } = begun;
    expect(await begin(begun)).toContain('The first 2 are tried, then it pauses and asks whether to go on.');
    await slack.waitFor(
      () => textOf(slack.current(card)).includes('The first 2 were tried: nobody else is contacted'),
      'the card to wait for results',
    );
    await deliver(id);
    const pause = await replied(card, 'The first 2 were tried: 2 reached, 0 not reached, 0 failed.');
    await slack.click(pause, 'Continue', teammate);
    await replied(card, `Resumed by <@${teammate}>.`);
  });

  test('an admin says what the account pays, and everybody sees it', async () => {
    await say('rates', teammate);
    const list = textOf(await told(teammate, 'Set here'));
    expect(list).toContain('*Set here* nothing yet');
    expect(list).toContain('US $0.0118 to $0.0133');
    await say('rates text US 0.0079', teammate);
    await told(teammate, 'You may not');
    await say('rates text US 0.0079');
    await told(
      admin,
      'A segment of a text to US is reckoned at $0.0079 from now on, and was at $0.0118 to $0.0133.',
    );
    stage.forget(teammate);
    await say('rates', teammate);
    expect(textOf(await told(teammate, 'Set here'))).toContain(
      'A segment of a text to US: *$0.0079*, set by',
    );
    await say('rates text US cheap');
    await told(admin, '“cheap” is no price in dollars like 0.0079.');
    await say('rates text US reset');
    await told(admin, 'A segment of a text to US is reckoned at the built-in $0.0118 to $0.0133 again');
  });
});
