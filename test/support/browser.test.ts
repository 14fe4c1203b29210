import { expect, onTestFinished, test, vi } from 'vitest';
import { openBrowser } from '#support/browser.ts';

test('a browser opens a page, runs its script and draws its text', async () => {
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 400, height: 100 } });
  await page.goto('data:text/html,<body style="margin:0;font:20px sans-serif">');
  const blank = await page.screenshot();
  await page.evaluate(() => {
    document.body.textContent = `Ringmaster ${6 * 7}`;
  });
  expect(await page.textContent('body')).toBe('Ringmaster 42');
  expect(await page.screenshot()).not.toEqual(blank);
});

test('a browser that somebody named and that does not start is an error, not a reason to take another', async () => {
  vi.stubEnv('CHROME_PATH', '/nowhere/chrome');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  await expect(openBrowser()).rejects.toThrow(
    /^No browser starts on this machine; correct CHROME_PATH\.[\s\S]*\/nowhere\/chrome/,
  );
});
