import { expect, onTestFinished, test } from 'vitest';
import { apiRoutes } from '#http/api/mount.ts';
import { createRoutes, listen } from '#http/server.ts';
import { createApi } from '#support/api.ts';
import { openBrowser } from '#support/browser.ts';
import { quietLog } from '#support/engine.ts';
import { freePort } from '#support/free-port.ts';

test('the page shows every operation, loads from this server alone, and breaks none of its own rules', async () => {
  const { deps, tokenFor } = await createApi();
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const routes = apiRoutes(deps, { reference: () => 'ref-1', publicUrl: origin });
  const server = await listen(
    createRoutes([routes], quietLog, () => 'ref-1'),
    port,
    origin,
  );
  onTestFinished(() => server.close());
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => void asked.push(request.url()));
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  await page.goto(`${origin}/api/docs`);
  const document = await (await fetch(`${origin}/api/openapi.json`)).json();
  const operations = Object.values(document.paths as Record<string, object>).flatMap((item) =>
    Object.keys(item),
  );
  await expect.poll(() => page.locator('.opblock').count()).toBe(operations.length);
  expect(await page.locator('h1, .title').first().textContent()).toContain('Ringmaster');

  await page.locator('.btn.authorize').first().click();
  await page.locator('.auth-container input').fill(await tokenFor(['read']));
  await page.locator('.auth-btn-wrapper .authorize').click();
  await page.locator('.btn-done').click();
  const list = page.locator('#operations-Tokens-get_tokens');
  await list.locator('.opblock-summary-control').click();
  expect(await list.locator('.opblock-description').textContent()).toContain('Needs a token');
  await list.locator('.try-out__btn').click();
  await list.locator('.execute').click();
  await expect
    .poll(() => list.locator('.live-responses-table tbody .response-col_status').first().textContent())
    .toMatch(/200/);

  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const bright = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(ground).not.toBe(bright);

  expect(asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:'))).toEqual([]);
  expect(complaints).toEqual([]);
}, 90_000);
