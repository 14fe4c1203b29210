import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Phone, PhoneText, Traffic } from '#sandbox/page-protocol.ts';
import { ada, message, runningBot, tsAt, tuesdayTenMs } from './people.ts';
import { createTheatre } from './stage.ts';

let theatre: Awaited<ReturnType<typeof createTheatre>>;
beforeAll(async () => {
  theatre = await createTheatre();
});
afterEach(() => theatre.clear());
afterAll(() => theatre.close());

const sam: Phone = {
  id: '+14155550133',
  persona: 'asker',
  personaLabel: 'Asker',
  isOptedOut: false,
  isTaken: false,
};

function text(change: Partial<PhoneText> & { id: string }): PhoneText {
  return {
    direction: 'to_contact',
    contactNumber: sam.id,
    botNumber: '+14155550100',
    body: 'Your check-up is due.',
    status: 'delivered',
    errorCode: null,
    segments: 1,
    encoding: 'GSM-7',
    price: null,
    createdAt: tuesdayTenMs,
    ...change,
  };
}

function exchange(index: number, change: Partial<Traffic> = {}): Traffic {
  return {
    id: `T${index}`,
    at: tuesdayTenMs + index * 1000,
    side: index % 2 ? 'carrier' : 'slack',
    direction: 'out',
    title: `call ${index}`,
    status: 200,
    durationMs: 12,
    request: `POST /api/${index}\ncontent-type: application/x-www-form-urlencoded\n\npayload=%7B%22a%22%3A1%7D&x=y+z`,
    response: 'HTTP 200\n\n{"ok":true}',
    note: '',
    ...change,
  };
}

describe('the top bar', () => {
  it('shows how the bot is, pulls its plug and follows what happens', async () => {
    const { sandbox, page } = await theatre.openStage();
    const state = page.getByTestId('bot-state');
    expect(await state.getAttribute('data-state')).toBe('running');
    expect(await state.textContent()).toContain('pid 4242');
    await page.getByTestId('pull-the-plug').click();
    await expect.poll(() => sandbox.callsOf('pull-the-plug')).toEqual([{}]);
    sandbox.put('bot', { ...runningBot, state: 'killed', pid: null });
    await expect.poll(() => state.getAttribute('data-state')).toBe('killed');
    sandbox.put('bot', { ...runningBot, pid: 4343, restarts: 1 });
    await expect.poll(() => state.textContent()).toContain('pid 4343');
    expect(await page.getByTestId('bot-restarts').textContent()).toBe('1 restart');
    sandbox.put('bot', { ...runningBot, note: 'It ended by itself with code 1.' });
    await page.getByTestId('bot-note').getByText('It ended by itself with code 1.').waitFor();
  });

  it('leads to the dashboard and the API of the bot, wherever it answers', async () => {
    const { sandbox, page } = await theatre.openStage({ tables: { bot: [{ ...runningBot, url: '' }] } });
    const dashboard = page.getByRole('link', { name: 'Dashboard' });
    expect(await dashboard.count()).toBe(0);
    sandbox.put('bot', { ...runningBot, url: 'http://127.0.0.1:4711' });
    await dashboard.waitFor();
    expect(await dashboard.getAttribute('href')).toBe('http://127.0.0.1:4711/dashboard');
    expect(await page.getByRole('link', { name: 'API' }).getAttribute('href')).toBe(
      'http://127.0.0.1:4711/api/docs',
    );
  });

  it('runs the product’s clock at the product’s speed, in the acting person’s zone', async () => {
    const bot = { ...runningBot, speed: 600, productAt: tuesdayTenMs, realAt: Date.now() };
    const { sandbox, page } = await theatre.openStage({ tables: { bot: [bot] } });
    const clock = page.getByTestId('product-clock');
    expect(await clock.textContent()).toMatch(/^Tue 24 Nov, 1\d:\d\d:\d\d$/);
    const first = await clock.textContent();
    await expect.poll(() => clock.textContent()).not.toBe(first);
    await page.getByTestId('speed').getByRole('button', { name: '60×', exact: true }).click();
    await expect.poll(() => sandbox.callsOf('set-speed')).toEqual([{ speed: 60 }]);
    sandbox.put('bot', { ...runningBot, speed: 60, productAt: tuesdayTenMs, realAt: Date.now() + 3_600_000 });
    await page.getByTestId('acting-as').selectOption({ label: 'Ben Lindqvist' });
    await expect.poll(() => clock.textContent()).toMatch(/^Sat 21 Nov, 17:0/);
  });

  it('says that the connection is lost, comes back by itself and catches up', async () => {
    const { sandbox, page } = await theatre.openStage({
      tables: { messages: [message({ ts: tsAt(0), text: 'before' })] },
    });
    await page.getByTestId('channel-outreach').click();
    await page.getByText('before').waitFor();
    await sandbox.goAway();
    await page.getByTestId('reconnecting').getByText('Reconnecting…').waitFor();
    expect(await page.getByText('before').isVisible()).toBe(true);
    sandbox.put('messages', message({ ts: tsAt(60), text: 'said meanwhile' }));
    sandbox.remove('messages', message({ ts: tsAt(0) }).id);
    await sandbox.comeBack();
    await page.getByText('said meanwhile').waitFor();
    await page.getByTestId('reconnecting').waitFor({ state: 'detached' });
    expect(await page.getByText('before').count()).toBe(0);
  });

  it('switches faults on and off, for good or for a number of times', async () => {
    const fault = {
      id: 'lose-answer',
      side: 'carrier' as const,
      label: 'Lose the answer',
      isOn: false,
      count: null,
    };
    const { sandbox, page } = await theatre.openStage({ tables: { faults: [fault] } });
    await page.getByTestId('open-faults').click();
    const row = page.getByTestId('fault-lose-answer');
    await row.getByRole('combobox').selectOption({ label: '3 times' });
    await row.getByRole('switch').click();
    await expect
      .poll(() => sandbox.callsOf('switch-fault'))
      .toEqual([{ id: 'lose-answer', isOn: true, count: 3 }]);
    sandbox.put('faults', { ...fault, isOn: true, count: 2 });
    await row.getByText('2 left').waitFor();
    await row.getByRole('switch').click();
    await expect.poll(() => sandbox.callsOf('switch-fault').at(-1)).toMatchObject({ isOn: false });
    await page.keyboard.press('Escape');
    await row.waitFor({ state: 'detached' });
  });
});

describe('the inspector', () => {
  it('lists thousands of exchanges newest first, filters them and opens one', async () => {
    const traffic = Array.from({ length: 2000 }, (_, index) => exchange(index));
    traffic.push(exchange(2000, { title: 'POST Messages.json', status: 429, note: 'too many requests' }));
    const { sandbox, page } = await theatre.openStage({ tables: { traffic } });
    await page.getByTestId('open-traffic').click();
    const rows = page.getByTestId('traffic-row');
    await expect.poll(() => rows.first().textContent()).toContain('POST Messages.json');
    expect(await rows.count()).toBeLessThan(60);
    expect(await page.getByTestId('traffic-count').textContent()).toBe('2001 exchanges');
    await page.getByTestId('traffic-list').evaluate((list) => list.scrollTo(0, list.scrollHeight));
    await page.getByTestId('traffic-row').getByText('call 0', { exact: true }).waitFor();
    await page.getByTestId('traffic').getByLabel('Only problems').check();
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByTestId('traffic').getByLabel('Only problems').uncheck();
    await page.getByTestId('traffic-filter').fill('/api/1234');
    await expect.poll(() => rows.count()).toBe(1);
    await rows.first().click();
    const detail = page.getByTestId('traffic-detail');
    expect(await detail.locator('pre').first().textContent()).toContain('payload = {\n  "a": 1\n}\nx = y z');
    expect(await detail.locator('pre').nth(1).textContent()).toBe('HTTP 200\n\n{\n  "ok": true\n}');
    sandbox.put('traffic', exchange(1234, { status: null, note: 'the answer was lost on purpose' }));
    await detail.getByText('the answer was lost on purpose').waitFor();
  });

  it('keeps the rows in view while new ones come on top', async () => {
    const traffic = Array.from({ length: 300 }, (_, index) => exchange(index));
    const { sandbox, page } = await theatre.openStage({ tables: { traffic } });
    await page.getByTestId('open-traffic').click();
    await page.getByTestId('traffic-list').evaluate((list) => list.scrollTo(0, 3400));
    const row = page.getByText('call 195', { exact: true });
    const before = await row.boundingBox();
    for (let index = 300; index < 320; index += 1) sandbox.put('traffic', exchange(index));
    await page.getByTestId('traffic-count').getByText('320').waitFor();
    expect((await row.boundingBox())?.y).toBe(before?.y);
  });
});

describe('the phones', () => {
  it('shows what a contact received, answers for it and takes it over', async () => {
    const personas = [{ id: 'asker', label: 'Asker', numberEnding: '3', description: 'Asks who this is.' }];
    const tables = {
      phones: [sam],
      personas,
      texts: [text({ id: 'SM1', segments: 2, price: '-0.0158 USD' })],
    };
    const { sandbox, page } = await theatre.openStage({ tables });
    const row = page.getByTestId('phone-+14155550133');
    expect(await row.textContent()).toContain('+1 415 555 0133');
    await page.getByTestId('personas').locator('summary').click();
    await page.getByTestId('personas').getByText('Asks who this is.').waitFor();
    await row.click();
    await page.getByText('10:00 · delivered · 2 segments · GSM-7 · -0.0158 USD').waitFor();
    await page.getByTestId('take-phone').click();
    await expect
      .poll(() => sandbox.callsOf('take-phone'))
      .toEqual([{ contactNumber: sam.id, isTaken: true }]);
    sandbox.put('phones', { ...sam, isTaken: true, isOptedOut: true });
    await expect.poll(() => page.getByTestId('take-phone').getAttribute('aria-checked')).toBe('true');
    await page.getByTestId('phone-open').getByText('opted out').waitFor();
    await page.getByTestId('phone-reply').fill('Who is this?');
    await page.getByTestId('phone-reply').press('Enter');
    await page.getByRole('button', { name: 'STOP' }).click();
    await expect
      .poll(() => sandbox.callsOf('text-from-phone'))
      .toEqual([
        { contactNumber: sam.id, botNumber: null, body: 'Who is this?' },
        { contactNumber: sam.id, botNumber: null, body: 'STOP' },
      ]);
    sandbox.put(
      'texts',
      text({
        id: 'SM2',
        direction: 'from_contact',
        body: 'Who is this?',
        status: 'received',
        createdAt: tuesdayTenMs + 5000,
      }),
    );
    await page.getByTestId('text').getByText('Who is this?').waitFor();
    sandbox.put('texts', text({ id: 'SM1', status: 'undelivered', errorCode: 30003 }));
    await page.getByText('undelivered · error 30003').waitFor();
    await page.keyboard.press('Escape');
    await row.getByText('Replied: Who is this?').waitFor();
  });

  it('lists hundreds of phones, the last to move first, and finds one by number, persona or words', async () => {
    const numbers = Array.from({ length: 320 }, (_, index) => `+1415555${1000 + index}`);
    const tables = {
      phones: numbers.map((id, index) => ({ ...sam, id, personaLabel: index === 7 ? 'Angry' : 'Quiet' })),
      texts: numbers.flatMap((contactNumber, index) =>
        Array.from({ length: 7 }, (_, at) =>
          text({ id: `SM${index}-${at}`, contactNumber, createdAt: tuesdayTenMs + index * 1000 + at }),
        ),
      ),
    };
    const { sandbox, page } = await theatre.openStage({ tables });
    const rows = page.getByTestId('phone-list').getByRole('button');
    await expect.poll(() => rows.first().getAttribute('data-testid')).toBe('phone-+14155551319');
    expect(await rows.count()).toBeLessThan(60);
    expect(await page.getByTestId('phone-count').textContent()).toBe('320 contacts · 2240 texts');
    sandbox.put(
      'texts',
      text({
        id: 'SMX',
        contactNumber: '+14155551002',
        direction: 'from_contact',
        body: 'ring me',
        createdAt: tuesdayTenMs + 999_999,
      }),
    );
    await expect.poll(() => rows.first().getAttribute('data-testid')).toBe('phone-+14155551002');
    await page.getByTestId('phone-search').fill('angry');
    await expect.poll(() => rows.count()).toBe(1);
    await page.getByTestId('phone-search').fill('555 1250');
    await expect.poll(() => rows.first().getAttribute('data-testid')).toBe('phone-+14155551250');
    await page.getByTestId('phone-search').fill('');
    await page.getByRole('button', { name: 'Replied', exact: true }).click();
    await expect.poll(() => rows.count()).toBe(1);
  });

  it('lets a number that was never texted text first', async () => {
    const { sandbox, page } = await theatre.openStage();
    await page.getByTestId('phone-search').fill('+44 20 7946 0018');
    await page.getByRole('button', { name: /^Pick up \+44/ }).click();
    await page.getByTestId('phone-reply').fill('Hello?');
    await page.getByTestId('phone-reply').press('Enter');
    await expect
      .poll(() => sandbox.callsOf('text-from-phone'))
      .toEqual([{ contactNumber: '+442079460018', botNumber: null, body: 'Hello?' }]);
  });

  it('gives the words back when the carrier refuses them', async () => {
    const { sandbox, page } = await theatre.openStage({ tables: { phones: [sam] } });
    sandbox.answer('text-from-phone', () => ({ ok: false, error: 'That number is not one of the bot’s.' }));
    await page.getByTestId('phone-+14155550133').click();
    await page.getByTestId('phone-reply').fill('Hi');
    await page.getByTestId('phone-reply').press('Enter');
    await page.getByText('That number is not one of the bot’s.').waitFor();
    expect(await page.getByTestId('phone-reply').inputValue()).toBe('Hi');
  });
});

describe('the bar at the top', () => {
  it('has room for all of its buttons and links on every screen', async () => {
    const { page } = await theatre.openStage();
    await page.getByTestId('toggle-phones').waitFor();
    for (const width of [1600, 1440, 1366, 1280, 1230, 1100, 900, 761, 760, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      for (const name of ['Dashboard', 'API'])
        expect(await page.getByRole('link', { name }).isVisible(), `${name} at ${width}`).toBe(true);
      const ends = await page
        .locator('.top-bar :is(a, button)')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
      expect(Math.max(...ends), `at ${width}`).toBeLessThanOrEqual(width);
    }
  });
});

describe('a phone’s width', () => {
  it('turns the panes into tabs, nothing wider than the screen', async () => {
    const messages = [
      message({ ts: tsAt(0), text: 'root' }),
      message({ ts: tsAt(9), threadTs: tsAt(0), text: 'reply' }),
    ];
    const { sandbox, page } = await theatre.openStage({
      width: 360,
      height: 720,
      tables: { messages, phones: [sam] },
    });
    const fits = async () =>
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.getByTestId('pane-channels').click();
    await fits();
    await page.getByTestId('channel-outreach').click();
    await page.getByTestId('composer').waitFor();
    await fits();
    await page.getByTestId('thread-link').click();
    await page.getByTestId('thread-composer').waitFor();
    expect(await page.getByTestId('composer').isVisible()).toBe(false);
    await fits();
    await page.getByTestId('pane-phones').click();
    await page.getByTestId('phone-+14155550133').click();
    await page.getByTestId('phone-reply').waitFor();
    await fits();
    await page.getByTestId('open-traffic').click();
    await page.getByTestId('traffic-filter').waitFor();
    await fits();
    await page.getByTestId('open-traffic').click();
    const view = { type: 'modal', title: { type: 'plain_text', text: 'Over the phones' }, blocks: [] };
    sandbox.put('views', {
      id: 'V1',
      rootId: 'V1',
      depth: 0,
      userId: ada.id,
      hash: 'h',
      view,
      errors: {},
      isSubmitting: false,
    });
    await page.getByRole('dialog', { name: 'Over the phones' }).waitFor();
    await fits();
  });
});
