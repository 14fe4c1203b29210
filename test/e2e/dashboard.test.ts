import { sql } from 'drizzle-orm/sql';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TokenScope } from '#domain/token-scopes.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { createToken } from '#operations/create-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { openBrowser } from '#support/browser.ts';
import { cuttable } from '#support/cuttable.ts';
import { ANNA, addContacts } from '#support/engine.ts';
import { shot } from '#support/story-page.ts';
import { startWorld, type World } from '#support/world.ts';

const PATIENCE = { timeout: 60_000 };
const WRONG_TOKEN = /not in force: it is mistyped, expired or revoked/;

let world: World;
let browser: Browser;
let line: Awaited<ReturnType<typeof cuttable>>;
let workspaceId: number;
let page: Page;
/** Whatever a browser complains of: refused by the policy of the page, asked of another host, thrown. */
const mishaps: string[] = [];

beforeAll(async () => {
  [world, browser] = await Promise.all([startWorld({ speed: 10 }), openBrowser()]);
  line = await cuttable(Number(new URL(world.app.url).port));
  const workspace = await ensureWorkspace(world.app.deps, {
    slackTeamId: 'T_DASHBOARD',
    name: 'Acme',
    botUserId: 'U_BOT',
  });
  workspaceId = workspace.id;
});

afterEach(async () => {
  await page?.unrouteAll({ behavior: 'ignoreErrors' });
  await page?.context().close();
  expect(mishaps.splice(0)).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  await line?.close();
  await world?.close();
  expect(world.log.lines?.filter((words) => words.startsWith('error'))).toEqual([]);
});

let made = 0;
async function draft(
  name: string,
  contacts: number,
  { campaignType = 'sms' }: { campaignType?: 'sms' | 'call' } = {},
): Promise<number> {
  made += 1;
  const { campaignId } = await createCampaign(world.app.deps, {
    workspaceId,
    actor: ANNA,
    creationKey: `dashboard-${made}`,
    channelId: null,
    name,
    campaignType,
    ...(campaignType === 'sms' && { smsMessageTemplate: 'Hello {{name}}' }),
    settings: { rateLimitPerMinute: 600, concurrentLimit: 500 },
  });
  // The last two digits say how each answers: these take a text and say nothing.
  const phoneOf = (i: number) => `+1212${510 + made}${String(i).padStart(2, '0')}80`;
  await addContacts(
    world.app.deps,
    campaignId,
    Array.from({ length: contacts }, (_, i) => phoneOf(i)),
  );
  return campaignId;
}

/** So many calls that began last Tuesday at 10:20 in New York. */
async function called(campaignId: number, { calls, answered }: { calls: number; answered: number }) {
  await world.app.deps.db.execute(sql`
    insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, purpose, n, phone_number,
      sender, state, outcome, provider, gate, asked_at, created_at, ended_at)
    select ${`heat-${campaignId}-`} || i, ${workspaceId}, ${campaignId}, c.id, 1, 'call', 'campaign', i, c.phone_number,
      '+15005550006', 'ended', case when i <= ${answered}::int then 'answered' else 'no_answer' end, 'twilio',
      '{"zones":["America/New_York"]}', at, at, at
    from contacts c, generate_series(1, ${calls}::int) i, (select '2026-11-17T15:20:00Z'::timestamptz as at) t
    where c.campaign_id = ${campaignId}`);
}

async function tokenFor(...scopes: TokenScope[]) {
  return createToken(world.app.deps, {
    workspaceId,
    actor: ANNA,
    name: scopes.join(' and '),
    scopes,
    expiresAt: null,
  });
}

async function api(path: string, token: string, method = 'POST'): Promise<void> {
  const answer = await fetch(`${world.app.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });
  expect([answer.status, answer.status === 200 ? '' : await answer.text()]).toEqual([200, '']);
}

/** The page in a tab of its own. Refused requests are told in words; the browser's own note of them is none of ours. */
async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  page = await context.newPage();
  page.setDefaultTimeout(PATIENCE.timeout);
  page.on('pageerror', (error) => mishaps.push(String(error.stack)));
  page.on('console', (message) => {
    const isOfRequest = /Failed to load resource|WebSocket connection to/.test(message.text());
    if (message.type() === 'error' && !isOfRequest) mishaps.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(line.url)) mishaps.push(`asked elsewhere: ${request.url()}`);
  });
  await page.goto(`${line.url}/dashboard`);
  return page;
}

async function signIn(token: string): Promise<void> {
  await page.getByLabel('API token').fill(token);
  await page.getByLabel('API token').press('Enter');
}

async function openAs(token: string, options: Parameters<typeof open>[0] = {}): Promise<void> {
  await open(options);
  await signIn(token);
  await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
}

function numberOf(word: string) {
  const count = page.locator('.count', { hasText: word }).locator('dd');
  return expect.poll(async () => Number((await count.textContent())?.replaceAll(',', '')), PATIENCE);
}

function liveness(words: string) {
  return expect.poll(() => page.locator('#liveness').textContent(), PATIENCE).toBe(words);
}

describe('the dashboard', () => {
  test('asks for a token, says when it is wrong, and keeps a right one in this tab alone', async () => {
    const { secret } = await tokenFor('read');
    await open();
    await signIn('rm_copied-from-a-message-that-was-cut…');
    await expect.poll(() => page.getByRole('alert').textContent(), PATIENCE).toMatch(WRONG_TOKEN);
    await signIn('rm_nobody-has-this-one');
    await expect.poll(() => page.getByRole('alert').textContent(), PATIENCE).toMatch(WRONG_TOKEN);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await shot(page, 'dashboard-wrong-token');

    await signIn((await tokenFor('write')).secret);
    await expect
      .poll(() => page.getByRole('alert').textContent(), PATIENCE)
      .toMatch(/may not look.*has read/);

    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    page.on('websocket', (socket) => addresses.push(socket.url()));
    await signIn(secret);
    await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
    await liveness('Live');
    await page.reload();
    await liveness('Live');
    expect(addresses.some((address) => address.startsWith('ws:'))).toBe(true);
    expect(addresses.join()).not.toContain(secret);
    expect(page.url()).not.toContain(secret);
    expect(await page.evaluate(() => [localStorage.length, document.cookie])).toEqual([0, '']);

    const tab = await page.context().newPage();
    await tab.goto(`${line.url}/dashboard`);
    await tab.getByLabel('API token').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API token').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test('lets numbers change as they do, in the list and in a campaign, without a reload', async () => {
    const { secret } = await tokenFor('read', 'launch');
    const id = await draft('Spring reminders', 12);
    await openAs(secret);
    const row = page.getByRole('row', { name: /Spring reminders/ });
    await expect.poll(() => row.textContent(), PATIENCE).toMatch(/Draft.*0 \/ 12.*–/);
    const later = await draft('Made while somebody watches', 3);
    await page.getByRole('row', { name: /Made while somebody watches/ }).waitFor();

    await page.getByRole('link', { name: 'Spring reminders' }).click();
    await page.getByRole('heading', { name: 'Spring reminders' }).waitFor();
    await numberOf('Waiting').toBe(12);
    await liveness('Live');
    await api(`/campaigns/${id}/start`, secret);
    await expect.poll(() => page.locator('.name-line').textContent(), PATIENCE).toMatch(/Running|Completed/);
    await numberOf('Completed').toBe(12);
    await expect.poll(() => page.locator('.name-line').textContent(), PATIENCE).toContain('Completed');
    expect(await page.locator('.share').textContent()).toBe('100.0 %');
    const bar = page.getByRole('img', { name: /^Of 12 contacts: 12 completed, 0 failed/ });
    expect(await bar.count()).toBe(1);
    await expect.poll(() => page.locator('.activity tbody tr').count(), PATIENCE).toBe(12);
    expect(await page.locator('.activity').textContent()).not.toMatch(/\d{7}/);

    const chart = page.getByRole('img', { name: /^Contacts by the hour .*: 12 completed, 0 failed/ });
    await chart.waitFor();
    await page.getByText('The same as a table').click();
    const hours = page.getByRole('region', { name: 'Contacts by the hour, as a table' });
    const completed = await hours.locator('tbody td:nth-child(2)').allTextContents();
    expect(completed.reduce((sum, text) => sum + Number(text), 0)).toBe(12);
    await shot(page, 'dashboard-campaign');

    await page.getByRole('link', { name: 'All campaigns' }).click();
    await expect.poll(() => row.textContent(), PATIENCE).toMatch(/Completed.*12 \/ 12.*100\.0 %/);
    await api(`/campaigns/${later}/start`, secret);
    const other = page.getByRole('row', { name: /Made while somebody watches/ });
    await expect.poll(() => other.textContent(), PATIENCE).toMatch(/Completed.*3 \/ 3/);
    await shot(page, 'dashboard-list');
  });

  test('says that the feed is lost and since when, and comes back by itself with current numbers', async () => {
    const { secret } = await tokenFor('read', 'launch');
    const id = await draft('Cut off', 6);
    await openAs(secret);
    await page.getByRole('link', { name: 'Cut off' }).click();
    await numberOf('Waiting').toBe(6);
    await liveness('Live');
    line.cut();
    await liveness('Not live');
    const notice = page.locator('#notice');
    await expect
      .poll(() => notice.textContent())
      .toMatch(
        /The live feed was lost at \d\d:\d\d:\d\d; the numbers stand as of then\. Trying again in \d+ s/,
      );
    await shot(page, 'dashboard-cut');
    await numberOf('Waiting').toBe(6);
    await api(`/campaigns/${id}/start`, secret);
    // A try or two are in vain.
    await expect.poll(() => notice.textContent(), PATIENCE).toContain('(2 of 10)');
    line.mend();
    await liveness('Live');
    expect(await notice.isVisible()).toBe(false);
    await numberOf('Completed').toBe(6);

    line.cut();
    await liveness('Not live');
    line.mend();
    await page.getByRole('button', { name: 'Try now' }).click();
    await liveness('Live');
  });

  test('asks for a token again, in words, when the one it has is revoked', async () => {
    const { secret, tokenId } = await tokenFor('read');
    await openAs(secret);
    await liveness('Live');
    await api(`/tokens/${tokenId}`, secret, 'DELETE');
    await expect.poll(() => page.getByRole('alert').textContent(), PATIENCE).toMatch(WRONG_TOKEN);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  test('says so where there is no such campaign', async () => {
    const { secret } = await tokenFor('read');
    await openAs(secret);
    await page.goto(`${line.url}/dashboard#/campaigns/999999`);
    await page.getByRole('heading', { name: 'There is no such campaign' }).waitFor();
    await page.getByRole('link', { name: 'All campaigns' }).click();
    await page.getByRole('heading', { name: 'Campaigns' }).waitFor();
  });

  test('shows markup in names as the text that it is', async () => {
    const { secret } = await tokenFor('read');
    const name = '<img src=x onerror="document.title=1"><b>bold</b>';
    await draft(name, 1);
    await openAs(secret);
    await page.getByRole('link', { name }).click();
    await page.getByRole('heading', { name }).waitFor();
    expect(await page.locator('main img, main b').count()).toBe(0);
  });

  test('shows when people pick up as a table of the week that needs no colour', async () => {
    const { secret } = await tokenFor('read');
    const id = await draft('Called on Tuesdays', 1, { campaignType: 'call' });
    await called(id, { calls: 250, answered: 95 });
    await openAs(secret);
    await page.getByRole('link', { name: 'Called on Tuesdays' }).click();
    await page.getByRole('heading', { name: 'Called on Tuesdays' }).waitFor();
    const week = page.getByRole('region', { name: 'Calls answered, by weekday and hour' });
    const tuesday = week.getByRole('row', { name: /^Tue/ });
    // The first hour of the table is 8.
    await expect.poll(() => tuesday.getByRole('cell').nth(2).textContent(), PATIENCE).toBe('38');
    expect(await page.locator('main').textContent()).toContain('250 calls of the last 90 days');
    expect(await tuesday.getByTitle('95 of 250 calls').count()).toBe(1);
    await shot(page, 'dashboard-heat');

    await page.setViewportSize({ width: 390, height: 844 });
    await week.getByRole('columnheader', { name: 'Tue' }).waitFor();
    const tenToEleven = week.getByRole('row', { name: /^10/ });
    expect(await tenToEleven.getByTitle('95 of 250 calls').count()).toBe(1);
    expect(await week.evaluate((region) => region.scrollWidth - region.clientWidth)).toBe(0);
    await shot(page, 'dashboard-heat-390');
  });

  test('says nothing of the hours before it knows them', async () => {
    const { secret } = await tokenFor('read');
    const id = await draft('Not begun', 2);
    await openAs(secret);
    let isHeld = true;
    const held: (() => void)[] = [];
    await page.routeWebSocket(/\/progress/, (socket) => {
      socket.connectToServer().onMessage((message) => {
        const pass = () => socket.send(message);
        if (isHeld && String(message).includes('metrics_history')) held.push(pass);
        else pass();
      });
    });
    await page.evaluate((hash) => location.assign(hash), `#/campaigns/${id}`);
    await numberOf('Waiting').toBe(2);
    await expect.poll(() => held.length, PATIENCE).toBeGreaterThan(0);
    expect(await page.getByText('Nobody has been reached or missed yet').count()).toBe(0);
    expect(await page.getByText('The same as a table').isVisible()).toBe(false);
    isHeld = false;
    for (const pass of held) pass();
    await page.getByText('Nobody has been reached or missed yet').waitFor();
  });

  test('follows what the provider charges after everybody is done', async () => {
    const { secret } = await tokenFor('read');
    const id = await draft('Charged later', 2);
    await openAs(secret);
    let charged = 0.25;
    let reads = 0;
    await page.route(`**/campaigns/${id}/progress`, async (route) => {
      reads += 1;
      const now = charged;
      const response = await route.fetch();
      const answer = (await response.json()) as { metrics: object };
      await route.fulfill({
        response,
        json: { ...answer, metrics: { ...answer.metrics, actual_cost: now } },
      });
    });
    // With a clock that leaps the feed seems lost; nothing is told by one that is asked for anew.
    let sockets = 0;
    await page.routeWebSocket(/\/progress/, (socket) => {
      sockets += 1;
      if (sockets === 1) socket.connectToServer();
    });
    await page.clock.install();
    await page.getByRole('link', { name: 'Charged later' }).click();
    await numberOf('Waiting').toBe(2);
    const cost = page.locator('.metric', { hasText: 'Charged so far' });
    await expect.poll(() => cost.textContent(), PATIENCE).toContain('$0.25');
    // What the feed's first message has read again is over by then.
    await page.clock.runFor(10_000);
    await expect.poll(() => reads, PATIENCE).toBe(2);
    charged = 1.97;
    await page.clock.runFor(30_000);
    await expect.poll(() => cost.textContent(), PATIENCE).toContain('$1.97');
  });

  test('finds campaigns by name and status', async () => {
    const { secret } = await tokenFor('read');
    await draft('Needle in a haystack', 1);
    await openAs(secret);
    await page.getByRole('searchbox').fill('needle');
    await expect.poll(() => page.locator('.campaigns tbody tr').count(), PATIENCE).toBe(1);
    await page.getByRole('combobox', { name: 'Status' }).selectOption('running');
    await page.getByText('No campaign is like that.').waitFor();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('draft');
    await page.getByRole('link', { name: 'Needle in a haystack' }).waitFor();
  });

  test('asks once for all that it shows, however often more is wanted', async () => {
    const { secret } = await tokenFor('read');
    const asked: string[] = [];
    await open();
    await page.route('**/api/v1/campaigns?*', async (route) => {
      const query = new URL(route.request().url()).searchParams;
      asked.push(`${query.get('page')} of ${query.get('per_page')}`);
      await route.fulfill({
        json: { campaigns: [], pagination: { total_items: 1_000, has_next: true } },
      });
    });
    await signIn(secret);
    for (const pages of [2, 3]) {
      await page.getByRole('button', { name: 'Show more' }).click();
      await expect.poll(() => asked.at(-1), PATIENCE).toBe(`1 of ${50 * pages}`);
    }
  });

  test.each([
    ['a phone', { viewport: { width: 390, height: 844 } }],
    [
      'the narrowest phone, in the dark',
      { viewport: { width: 320, height: 640 }, colorScheme: 'dark' as const },
    ],
  ])('fits %s, and can be worked with the keys alone', async (_, options) => {
    const { secret } = await tokenFor('read');
    await draft(
      `A campaign whose name is as long as names of campaigns tend to be ${options.viewport.width}`,
      2,
    );
    await openAs(secret, options);
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await page.getByRole('link', { name: String(options.viewport.width) }).waitFor();
    expect(await overflow()).toBe(0);
    const mine = page.getByRole('row', { name: String(options.viewport.width) });
    const words = await mine
      .locator('.number')
      .first()
      .evaluate((cell) => getComputedStyle(cell, '::after').content);
    expect(words).toContain('done');
    await shot(page, `dashboard-list-${options.viewport.width}`);
    // Its mark, the way out, search and status come before the list.
    await page.locator('body').press('Tab');
    for (let tabs = 0; tabs < 12; tabs += 1) {
      const text = await page.evaluate(() => document.activeElement?.textContent ?? '');
      if (text.includes(String(options.viewport.width))) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /A campaign whose name/ }).waitFor();
    await numberOf('Waiting').toBe(2);
    expect(await overflow()).toBe(0);
    // Skipping what comes before the numbers leaves the address as it is, so that a reload shows the same.
    await page.getByRole('link', { name: 'Skip to the numbers' }).press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    expect(page.url()).toMatch(/#\/campaigns\/\d+$/);
    await shot(page, `dashboard-campaign-${options.viewport.width}`);
  });
});
