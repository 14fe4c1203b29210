import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openBrowser } from './browser.ts';
import { freePort } from './free-port.ts';
import { runSandbox, type SandboxRun, sandboxFolder } from './sandbox.ts';

type Story = {
  /** Of the sandbox's clock, against the wall's. */
  speed: number;
  /** How long the page may take for one step. */
  stepMs: number;
  /** Called once, with the page open. */
  begin: (page: Page, url: string) => void | Promise<void>;
};

/**
 * A sandbox and a browser with its page, for the tests of the surrounding `describe`: each goes on where the one before
 * it ended, so none runs after one that failed.
 */
export function tellStory({ speed, stepMs, begin }: Story): void {
  let folder: Awaited<ReturnType<typeof sandboxFolder>>;
  let run: SandboxRun;
  let browser: Browser;
  let page: Page;
  const mishaps: string[] = [];

  beforeAll(async () => {
    folder = await sandboxFolder();
    run = await runSandbox(folder.dir, ['--port', String(await freePort()), '--speed', String(speed)]);
    const [url, opened] = await Promise.all([run.url(), openBrowser()]);
    browser = opened;
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
    page.setDefaultTimeout(stepMs);
    page.on('pageerror', (error) => mishaps.push(String(error.stack)));
    await page.goto(url);
    await begin(page, url);
  });

  let hasFailed = false;
  beforeEach(({ skip }) => skip(hasFailed, 'an earlier part failed'));
  afterEach(async ({ task }) => {
    hasFailed ||= task.result?.state === 'fail';
    if (hasFailed) await shot(page, 'failed');
  });

  afterAll(async () => {
    await browser?.close();
    const exit = await run?.end('SIGINT');
    await folder?.remove();
    expect(mishaps).toEqual([]);
    expect(exit).toEqual({ code: 0, signal: null });
  });
}

/** What waits for the page, each step no longer than `stepMs`. */
export function stepsWithin(stepMs: number) {
  async function expectIn(place: Locator, words: RegExp, timeoutMs = stepMs): Promise<void> {
    await expect
      .poll(async () => (await place.count()) > 0 && (await place.first().textContent()), {
        timeout: timeoutMs,
      })
      .toMatch(words);
  }

  /** Presses the button of the topmost modal, once it says these words. */
  async function submit(page: Page, words: string): Promise<void> {
    const button = modal(page).getByTestId('modal-submit');
    await expect.poll(() => button.textContent(), { timeout: stepMs }).toContain(words);
    await button.click();
  }

  return {
    expectIn,
    submit,

    /** Starts from the check before a start, and lets the time to take that back go by. */
    async startNow(page: Page): Promise<void> {
      await submit(page, 'Start now');
      await expectIn(modal(page), /the start can be taken back.*Cancel start/s);
      await shot(page, 'started');
      await modal(page).getByTestId('modal-dismiss').click();
      await modal(page).waitFor({ state: 'detached' });
    },

    /** Types a message or a command into the channel's composer and sends it. */
    async say(page: Page, words: string): Promise<void> {
      const composer = page.getByTestId('composer');
      await composer.fill(words);
      await composer.press('Escape');
      await composer.press('Enter');
      await expect.poll(() => composer.inputValue(), { timeout: stepMs }).toBe('');
    },
  };
}

/** The channel's messages. */
export function messages(page: Page): Locator {
  return page.getByTestId('messages').getByTestId('message');
}

/** The message in the channel that shows how a campaign is doing. */
export function card(page: Page, campaignId: number): Locator {
  return messages(page).filter({ has: page.getByText(`Campaign ${campaignId}, created by`) });
}

/** The thread that is open beside the channel. */
export function thread(page: Page): Locator {
  return page.getByTestId('thread-messages');
}

/** The topmost modal. */
export function modal(page: Page): Locator {
  return page.getByRole('dialog').last();
}

/** Drops a CSV file onto the channel, as from a folder on the desktop; it is not sent yet. */
export async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const data = await page.evaluateHandle(
    ([fileName, words]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([words], fileName, { type: 'text/csv' }));
      return transfer;
    },
    [name, text] as const,
  );
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.getByTestId('drop-zone').first().dispatchEvent(type, { dataTransfer: data });
  }
  await page.getByTestId('attachment').waitFor();
}

/** With SHOTS naming a folder, what a person saw at this point. */
export async function shot(page: Page, name: string): Promise<void> {
  const dir = process.env.SHOTS;
  if (!dir) return;
  await mkdir(dir, { recursive: true });
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(dir, `${name}.png`) });
}
