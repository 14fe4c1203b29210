import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { PhoneText } from '#sandbox/page-protocol.ts';
import { snapshotOf, until } from '#support/sandbox.ts';
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

const EXAMPLE = fileURLToPath(new URL('../../sandbox/examples/clients.csv', import.meta.url));
const LOADED = 35;
const STEP_MS = 60_000;
const { expectIn, submit, startNow, say } = stepsWithin(STEP_MS);
const MESSAGE =
  'Hi {{ name }}, this is {{ company }}: we expect you on {{ appointment_date }}. Text STOP to opt out.';

/** Texted early, and opts out when a person picks up this phone. */
const LIAM = { name: 'Liam Carter', number: '+13105550142' };
/** The last of the file: opts out before her text is due. */
const NORA = { name: 'Nora Svensson', number: '+18585550150' };

/** One story, told by clicking and typing as somebody would who sees the page for the first time. */
describe('a campaign from a dropped file to its finished thread', { timeout: 300_000 }, () => {
  let page: Page;
  let url: string;
  tellStory({
    speed: 10,
    stepMs: STEP_MS,
    begin(opened, at) {
      [page, url] = [opened, at];
    },
  });

  it('begins with a dropped file, of which the good rows are loaded', async () => {
    await dropFile(page, 'clients.csv', await readFile(EXAMPLE, 'utf8'));
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const dropped = messages(page).filter({ hasText: 'clients.csv' });
    await dropped.getByTestId('thread-link').click();
    await shot(page, 'offer');
    await thread(page)
      .getByRole('button', { name: /New campaign from this file/ })
      .click();

    await expectIn(modal(page), /Columns of the file/);
    await modal(page).getByLabel('Name of the campaign').fill('Appointments');
    expect(await modal(page).getByLabel('appointment_date').inputValue()).toBe(
      'Variable {{ appointment_date }}',
    );
    await shot(page, 'columns');
    await submit(page, 'Load contacts');

    await expectIn(thread(page), /35 contacts loaded into Appointments from 41 rows/);
  });

  it('goes on with the message and the hours, while the bad rows come back as a file', async () => {
    await expectIn(modal(page), /Write a message and press Refresh example/);
    await modal(page).getByLabel('Message').fill(MESSAGE);
    await modal(page).getByRole('button', { name: 'Refresh example' }).click();
    await expectIn(modal(page), /Hi Ava Thompson, this is Harbor Dental: we expect you on Tuesday, 9:30 AM/);
    await shot(page, 'message');
    await submit(page, 'Save and go on');

    await expectIn(modal(page), /Hours and limits/);
    await modal(page).getByLabel('Minutes before a retry').fill('5');
    await shot(page, 'settings');
    await submit(page, 'Save');
    await modal(page).waitFor({ state: 'detached' });
    await expectIn(card(page, 1), /Draft.*0 of 35 contacts done/s);

    const rejected = await download(
      page,
      thread(page).getByRole('link', { name: 'Download clients-rejected.csv' }),
    );
    expect(rejected.map((row) => row.name)).toEqual([
      'Ava Thompson',
      'Ryan Mitchell',
      'Hannah Weiss',
      'Caleb Turner',
      'Lily Sanders',
      'Isaac Romero',
    ]);
  });

  it('is previewed, checked and started', async () => {
    await card(page, 1).getByRole('button', { name: 'Preview' }).click();
    await expectIn(modal(page), /To Ava Thompson.*1 segment.*Hi Ava Thompson/s);
    await shot(page, 'preview');
    await modal(page).getByTestId('modal-dismiss').click();
    await modal(page).waitFor({ state: 'detached' });

    await card(page, 1).getByRole('button', { name: 'Start' }).click();
    await expectIn(modal(page), /Before it starts.*Ready 35.*Cost about \$/s);
    await shot(page, 'preflight');
    await startNow(page);
    await expectIn(card(page, 1), /Running/);
  });

  it('shows its progress in one message that is edited in place', async () => {
    const ts = await card(page, 1).getAttribute('data-ts');
    await expectIn(card(page, 1), /[2-9] of 35 contacts done/);
    expect(await card(page, 1).getAttribute('data-ts')).toBe(ts);
    expect(await card(page, 1).count()).toBe(1);
    await card(page, 1).getByTestId('thread-link').click();
    await expectIn(thread(page), /Started by/);
    await shot(page, 'running');
  });

  it('stops within moments when it is paused, and says so', async () => {
    await card(page, 1).getByRole('button', { name: 'Pause' }).click();
    await expectIn(card(page, 1), /Paused/);
    const paused = (await textsToContacts(url)).length;
    await page.waitForTimeout(1_500);
    expect((await textsToContacts(url)).length).toBe(paused);
    expect(paused).toBeLessThan(LOADED);
    await shot(page, 'paused');
  });

  it('hears STOP from a contact, and from one whose text is not due yet', async () => {
    await answerAs(page, LIAM.number, 'STOP');
    await expectIn(thread(page), new RegExp(`Opt-out by ${LIAM.name}`));
    await page.getByTestId('phone-back').click();
    await answerAs(page, NORA.number, 'STOP');
    await page.getByTestId('phone-back').click();
    await page.getByTestId('phone-search').fill('');
    await say(page, `/campaign dnc check ${LIAM.number}`);
    await expectIn(messages(page).last(), /is on the do-not-call list/i);
    await shot(page, 'opted-out');
  });

  it('goes on where it was, also when the bot loses its power on the way', async () => {
    await card(page, 1).getByRole('button', { name: 'Resume' }).click();
    await expectIn(card(page, 1), /Running/);
    const before = (await textsToContacts(url)).length;
    await until(async () => (await textsToContacts(url)).length > before + 2, 'more texts', STEP_MS);
    const pid = await page.getByTestId('bot-pid').textContent();
    await page.getByTestId('pull-the-plug').click();
    await expectIn(page.getByTestId('bot-restarts'), /^1 restart$/);
    await page.locator('[data-testid=bot-state][data-state=running]').waitFor();
    expect(await page.getByTestId('bot-pid').textContent()).not.toBe(pid);
    await say(page, '/campaign why Appointments');
    await expectIn(messages(page).last(), /“Appointments” is running/);
    await shot(page, 'why');
  });

  it('finishes faster when time runs faster, with a result card and a file', async () => {
    await page.getByTestId('speed').getByText('60×', { exact: true }).click();
    await expectIn(card(page, 1), /Completed · text messages.*100 %/s);
    await expectIn(thread(page), /Why contacts were not reached.*2 contacts: Asked not to be contacted/s);
    await thread(page)
      .getByRole('link', { name: /Download .*\.csv/ })
      .last()
      .waitFor();
    await shot(page, 'finished');
  });

  it('texted every contact exactly once or names a reason, by its own file and by the carrier’s list', async () => {
    const rows = await download(
      page,
      thread(page)
        .getByRole('link', { name: /Download .*\.csv/ })
        .last(),
    );
    expect(rows).toHaveLength(LOADED);
    expect(new Set(rows.map((row) => row.phone_number)).size).toBe(LOADED);
    const texts = await textsToContacts(url);
    for (const row of rows) {
      const sent = texts.filter(({ contactNumber }) => contactNumber === row.phone_number);
      const arrived = sent.filter(({ status }) => status !== 'undelivered' && status !== 'failed');
      const what = `${row.name}: ${row.status}, ${row.reason}, ${sent.map(({ status }) => status).join(' ')}`;
      expect(arrived.length, what).toBeLessThanOrEqual(1);
      if (row.status === 'completed') expect(arrived.length, what).toBe(1);
      else expect(row.reason, what).not.toBe('');
    }
    const statusOf = (number: string) => rows.find((row) => row.phone_number === number)?.status;
    expect(statusOf(LIAM.number)).toBe('completed');
    expect(statusOf(NORA.number)).toBe('skipped');
    expect(texts.filter(({ contactNumber }) => contactNumber === NORA.number)).toEqual([]);
  });

  it('gives its results again on request', async () => {
    await say(page, '/campaign export Appointments');
    await expectIn(messages(page).last(), /export|results/i);
    await shot(page, 'exported');
    await shotOfTheEnd(page);
  });
});

async function answerAs(page: Page, number: string, words: string): Promise<void> {
  await page.getByTestId('phone-search').fill(number);
  const known = page.getByTestId('phone-list').getByRole('button').first();
  await known
    .or(page.getByRole('button', { name: /^Pick up/ }))
    .first()
    .click();
  await page.getByTestId('phone-reply').fill(words);
  await page.getByTestId('phone-reply').press('Enter');
  await page.getByTestId('text').filter({ hasText: words }).first().waitFor();
}

async function download(page: Page, link: Locator): Promise<Record<string, string>[]> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return parse(await readFile(await file.path()), { columns: true, bom: true });
}

/** The campaign's own texts, as the carrier lists them; what it sends of itself is not among them. */
async function textsToContacts(url: string): Promise<PhoneText[]> {
  const { tables } = await snapshotOf(url);
  return tables.texts.filter(({ direction, body }) => direction === 'to_contact' && body.startsWith('Hi '));
}

/** The picture in the README: the finished card, its result and a phone. */
async function shotOfTheEnd(page: Page): Promise<void> {
  if (!process.env.SHOTS) return;
  const dismiss = messages(page).getByRole('button', { name: 'Dismiss' });
  for (let left = await dismiss.count(); left > 0; left -= 1) {
    await dismiss.first().click();
    await expect.poll(() => dismiss.count()).toBe(left - 1);
  }
  await thread(page)
    .getByText('Result: Appointments')
    .evaluate((heading) => heading.scrollIntoView());
  await page.getByTestId('phone-search').fill(LIAM.number);
  await page.getByTestId('phone-list').getByRole('button').first().click();
  await page.getByTestId('phone-reply').hover();
  await shot(page, 'sandbox');
}
