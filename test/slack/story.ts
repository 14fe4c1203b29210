import { expect } from 'vitest';
import { createEventRecorder } from '#operations/event-recorder.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import type { Stage } from './stage.ts';

/**
 * A file becomes a campaign that is checked, started, paused, resumed and finished, as people see it in Slack. The carrier
 * throttles until the story wants it to accept.
 */
export async function tellStory(
  stage: Stage,
  { name, firstNumber }: { name: string; firstNumber: number },
): Promise<void> {
  const { slack, people, channels, carrier, modal, replied, shown } = stage;
  const { admin, teammate } = people;
  const numbers = phones(6, firstNumber);
  const rows = numbers.map((phone, index) => `${phone},Person ${index + 1},Friday`);
  const csv = [
    'Phone,Name,Appointment Date',
    ...rows,
    `${numbers[0]},Again,Friday`,
    'not a number,Nobody,Friday',
  ].join('\n');

  const file = await slack.dropFile(teammate, channels.campaigns, `${name}.csv`, csv);
  const offer = await replied(file, 'as a list of contacts?');
  await slack.click(offer, 'New campaign from this file', teammate);
  const columns = await modal(teammate, 'Columns of the file');
  expect(textOf(columns)).toContain('Such as Friday');
  await slack.submit(columns, { name });
  const message = await modal(teammate, 'Edit campaign');
  await slack.submit(message, { message: 'Hi {{ name }}, see you on {{ appointment_date }}!' });
  const settings = await modal(teammate, 'Hours and limits');
  await slack.submit(settings, { rateLimitPerMinute: '6000', concurrentLimit: '50' });
  await replied(file, '6 contacts loaded into');

  const card = await shown(channels.campaigns, `${name}: 📝 Draft\n0 %, 0 of 6 contacts done`);
  let accepts = false;
  let sent = 0;
  carrier.answer = () => {
    if (!accepts) return { kind: 'throttled', retryAfterMs: 1500, code: '20429' };
    sent += 1;
    return { kind: 'accepted', ref: `SM-${name}-${sent}` };
  };
  const cardSays = (words: string) =>
    slack.waitFor(() => textOf(slack.current(card)).includes(words), `“${words}” on the card`);

  await cardSays('Start\n');
  await slack.click(card, 'campaign.start', admin);
  const preflight = await modal(admin, 'Start now');
  expect(textOf(preflight)).toContain('*Ready* 6');
  await slack.submit(preflight, {});
  await replied(card, `Started by <@${admin}>.`);
  await cardSays('▶️ Running');

  await slack.click(card, 'campaign.pause', teammate);
  await replied(card, `Paused by <@${teammate}>.`);
  await cardSays('⏸️ Paused');
  accepts = true;
  await slack.click(card, 'campaign.resume', admin);
  await replied(card, `Resumed by <@${admin}>.`);
  await slack.waitFor(() => sent === numbers.length, 'every text');
  expect(
    carrier.requests.filter(({ body }) => body === 'Hi Person 3, see you on Friday!').length,
  ).toBeGreaterThan(0);

  await deliverAll(stage, numbers, name);
  await replied(card, `Result of ${name}: ✅ Completed`);
  await replied(card, 'The results, contact by contact.');
  await cardSays('✅ Completed');
  expect(textOf(slack.current(card))).toContain('100 %, 6 of 6 contacts done');
  expect(textOf(slack.current(card))).not.toContain('Pause');
}

/** The carrier reports every text as delivered, once each has its reference. */
async function deliverAll({ deps }: Stage, numbers: string[], name: string): Promise<void> {
  const placed = () =>
    deps.db.execute<{ token: string; provider_ref: string }>(
      `select token, provider_ref from attempts where phone_number in (${numbers.map((phone) => `'${phone}'`)}) and provider_ref is not null`,
    );
  await expect.poll(async () => (await placed()).length).toBe(numbers.length);
  const record = createEventRecorder(deps);
  await record(
    (await placed()).map(({ token, provider_ref: ref }) => ({
      provider: 'scripted',
      dedupeKey: `${name}-${ref}`,
      raw: {},
      event: {
        kind: 'text_status',
        token,
        ref,
        status: 'delivered',
        refusal: null,
        segments: 1,
        price: null,
      } as const,
    })),
  );
}
