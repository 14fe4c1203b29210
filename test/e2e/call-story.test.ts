import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { act, snapshotOf, until } from '#support/sandbox.ts';
import {
  card,
  dropFile,
  messages,
  modal,
  shot,
  stepsWithin,
  tellStory,
  thread,
} from '#support/story-page.ts';

const STEP_MS = 60_000;
const { expectIn, submit, startNow, say } = stepsWithin(STEP_MS);

/** Played on the page: she asks for another call, he wants none. */
const PAULA = { name: 'Paula Park', number: '+12125550161' };
const STAN = { name: 'Stan Stone', number: '+12125550262' };
/** By the ending of their numbers: a voicemail with a long greeting, and nobody who answers. */
const VIC = { name: 'Vic Vale', number: '+12125550373' };
const NINA = { name: 'Nina North', number: '+12125550471' };
/** Says yes to everything. */
const YVES = { name: 'Yves York', number: '+12125550581' };

/** One story, told by clicking and typing as somebody would who sees the page for the first time. */
describe('calls, from a dropped file to what people said', { timeout: 300_000 }, () => {
  let page: Page;
  let url: string;
  tellStory({
    speed: 1,
    stepMs: STEP_MS,
    async begin(opened, at) {
      [page, url] = [opened, at];
      for (const { number } of [PAULA, STAN])
        await act(url, 'take-phone', { contactNumber: number, isTaken: true });
    },
  });

  it('a file becomes a campaign of calls, with what is said and what a machine gets', async () => {
    await sendPeople(page, 'checkups.csv', [PAULA, STAN, VIC]);
    await beginFrom(page, 'checkups.csv', 'Calls');
    await expectIn(modal(page), /what to say/);
    await modal(page).getByLabel('Welcome').fill('Am I speaking with {{ name }}?');
    await modal(page)
      .getByLabel('Agenda')
      .fill('Your yearly check-up is due. Shall I book it for next week?');
    await modal(page).getByLabel('Closing').fill('Thank you. Goodbye.');
    await shot(page, 'what-to-say');
    await submit(page, 'Save and go on');

    await expectIn(modal(page), /how it calls/);
    await choose(page, 'When a machine answers', 'Leave the voicemail message');
    await modal(page)
      .getByLabel('Voicemail message')
      .fill('Hello {{ name }}, please call Harbor Dental back.');
    await shot(page, 'how-it-calls');
    await submit(page, 'Save and go on');

    await expectIn(modal(page), /Hours and limits/);
    await modal(page).getByLabel('Attempts at once').fill('1');
    await shot(page, 'limits');
    await submit(page, 'Save');
    await modal(page).waitFor({ state: 'detached' });
    await expectIn(card(page, 1), /Draft · calls/);
  });

  it('rings on the page when it starts; somebody answers, talks, and asks for another call', async () => {
    await start(page, 1);
    await answer(page, PAULA.number);
    const panel = page.getByTestId('call-panel');
    await expectIn(panel, /automated.*press 9.*Paula Park/is);
    await shot(page, 'on-the-phone');
    await page.waitForTimeout(1_500);
    await sayOnCall(page, 'Yes, that is me.');
    await expectIn(panel, /check-up is due.*next week\?/);
    await page.waitForTimeout(1_000);
    await expectIn(panel, /check-up is due/);
    await sayOnCall(page, 'Can you call me back tomorrow at three?');
    await expectIn(panel, /tomorrow at 3 PM. Is that right\?/);
    await page.waitForTimeout(1_000);
    await sayOnCall(page, 'Yes, thank you. Bye.');
    await panel.waitFor({ state: 'detached' });
    await openThread(page, 1);
    await expectIn(thread(page), new RegExp(`${PAULA.name}.*tomorrow|tomorrow.*${PAULA.name}`, 'is'));
    await shot(page, 'asked-for-a-callback');
  });

  it('hears “stop calling me”, and never calls that number again', async () => {
    await page.getByTestId('phone-back').click();
    await answer(page, STAN.number);
    const panel = page.getByTestId('call-panel');
    await expectIn(panel, /automated/i);
    await sayOnCall(page, 'Stop calling me.');
    await expectIn(panel, /We will not contact you at this number again/);
    await panel.waitFor({ state: 'detached' });
    await say(page, `/campaign dnc check ${STAN.number}`);
    await expectIn(messages(page).last(), /is on the do-not-call list/i);
    await shot(page, 'opted-out');
  });

  it('leaves its message with a machine, after the beep', async () => {
    await until(
      async () => (await callTo(url, VIC.number))?.status === 'completed',
      'the call to a machine',
      STEP_MS,
    );
    const lines = (await callTo(url, VIC.number))?.lines.map(({ text }) => text) ?? [];
    const beep = lines.indexOf('Beep');
    expect(beep).toBeGreaterThan(0);
    expect(lines.slice(beep + 1).join(' ')).toContain('Hello Vic Vale, please call Harbor Dental back.');
    await expectIn(card(page, 1), /Voicemail/i);
  });

  it('tells everything about one person, with what was said', async () => {
    await say(page, `/campaign contact ${PAULA.number}`);
    await expectIn(messages(page).last(), /answered.*called back/s);
    await messages(page).last().getByText('Show call', { exact: true }).click();
    await expectIn(modal(page), /Can you call me back tomorrow at three/);
    await shot(page, 'contact');
    await closeModals(page);
  });

  it('calls some and texts others: who cannot be reached by phone gets a text', async () => {
    await sendPeople(page, 'mixed.csv', [NINA, YVES]);
    await beginFrom(page, 'mixed.csv', 'Calls and texts');
    await modal(page).getByLabel('Welcome').fill('Hello {{ name }}.');
    await modal(page).getByLabel('Agenda').fill('Would you like an appointment?');
    await modal(page).getByLabel('Text message').fill('Hi {{ name }}, we could not reach you by phone.');
    await submit(page, 'Save and go on');
    await expectIn(modal(page), /how it calls/);
    await choose(page, 'When the other one follows', 'did not reach them');
    await shot(page, 'mixed');
    await submit(page, 'Save and go on');
    await modal(page).getByLabel('Attempts per contact').fill('1');
    await submit(page, 'Save');
    await modal(page).waitFor({ state: 'detached' });
    await start(page, 2);
    await page.getByTestId('speed').getByText('60×', { exact: true }).click();
    await expectIn(card(page, 2), /Completed · calls and text messages/);
    const { tables } = await snapshotOf(url);
    const texts = tables.texts.filter(({ body }) => body.includes('could not reach you'));
    expect(texts.map(({ contactNumber }) => contactNumber)).toEqual([NINA.number]);
    const calls = tables.calls.map(({ contactNumber }) => contactNumber);
    expect(calls.filter((number) => number === NINA.number || number === YVES.number).sort()).toEqual(
      [NINA.number, YVES.number].sort(),
    );
    await openThread(page, 2);
    await shot(page, 'mixed-finished');
  });
});

async function openThread(page: Page, campaignId: number): Promise<void> {
  await card(page, campaignId).getByTestId('thread-link').click();
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await modal(page).getByLabel(label).click();
  await page.getByRole('option', { name: option }).first().click();
}

async function start(page: Page, campaignId: number): Promise<void> {
  await card(page, campaignId).getByRole('button', { name: 'Start' }).click();
  await expectIn(modal(page), /Before it starts/);
  await shot(page, `preflight-${campaignId}`);
  await startNow(page);
}

async function answer(page: Page, number: string): Promise<void> {
  const shown = `${number.slice(0, 2)} ${number.slice(2, 5)} ${number.slice(5, 8)} ${number.slice(8)}`;
  const row = page.locator('.ringing-row').filter({ hasText: shown });
  await row.getByTestId('answer-call').click();
  await page.getByTestId('say-on-call').waitFor();
}

async function sayOnCall(page: Page, words: string): Promise<void> {
  await page.getByTestId('say-on-call').fill(words);
  await page.getByTestId('say-on-call').press('Enter');
  await page.getByTestId('line-contact').filter({ hasText: words }).last().waitFor();
}

async function callTo(url: string, number: string) {
  const { tables } = await snapshotOf(url);
  return tables.calls.find((call) => call.contactNumber === number);
}

async function closeModals(page: Page): Promise<void> {
  while ((await page.getByRole('dialog').count()) > 0) {
    const before = await page.getByRole('dialog').count();
    await modal(page).getByTestId('modal-dismiss').click();
    await expect.poll(() => page.getByRole('dialog').count()).toBeLessThan(before);
  }
}

/** Drops a file of these people onto the channel and sends it. */
async function sendPeople(
  page: Page,
  name: string,
  people: { name: string; number: string }[],
): Promise<void> {
  await dropFile(
    page,
    name,
    ['phone,name', ...people.map((person) => `${person.number},${person.name}`)].join('\n'),
  );
  await page.getByRole('button', { name: 'Send', exact: true }).first().click();
}

async function beginFrom(page: Page, fileName: string, kind: string): Promise<void> {
  await messages(page).filter({ hasText: fileName }).first().getByTestId('thread-link').click();
  await thread(page)
    .getByRole('button', { name: /New campaign from this file/ })
    .click();
  await expectIn(modal(page), /Columns of the file/);
  await choose(page, 'What it does', kind);
  await shot(page, `columns-${kind}`);
  await submit(page, 'Load contacts');
  await expectIn(modal(page), /what to say/);
}
