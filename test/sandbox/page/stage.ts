import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '#support/browser.ts';
import { type FakeSandbox, startFakeSandbox } from './fake-sandbox.ts';

export type Stage = { sandbox: FakeSandbox; page: Page; close(): Promise<void> };

/** One browser for a test file; every test gets a sandbox and a fresh profile of its own. */
export async function createTheatre() {
  const browser: Browser = await openBrowser();
  const open = new Set<Stage>();

  async function openStage(
    options: Parameters<typeof startFakeSandbox>[0] & {
      width?: number;
      height?: number;
      colorScheme?: 'light' | 'dark';
    } = {},
  ): Promise<Stage> {
    const sandbox = await startFakeSandbox(options);
    const { width = 1400, height = 900, colorScheme = 'light' } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    const mishaps: string[] = [];
    page.on('pageerror', (error) => mishaps.push(String(error.stack)));
    page.on('console', (line) => {
      if (line.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(line.text()))
        mishaps.push(line.text());
    });
    await page.goto(sandbox.url);
    await page.getByTestId('bot-state').waitFor();
    const stage: Stage = {
      sandbox,
      page,
      async close() {
        open.delete(stage);
        await context.close();
        await sandbox.close();
        if (mishaps.length > 0) throw new Error(`The page complained:\n${mishaps.join('\n')}`);
      },
    };
    open.add(stage);
    return stage;
  }

  return {
    openStage,
    /** After each test: what it left open is closed, and a page that complained fails it. */
    async clear() {
      for (const stage of [...open]) await stage.close();
    },
    async close() {
      await browser.close();
    },
  };
}
