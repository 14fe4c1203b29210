import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import { ada, attic, ben, bot, general, message, outreach, tsAt } from './people.ts';
import { createTheatre, type Stage } from './stage.ts';

let theatre: Awaited<ReturnType<typeof createTheatre>>;
beforeAll(async () => {
  theatre = await createTheatre();
});
afterEach(() => theatre.clear());
afterAll(() => theatre.close());

async function show(messages: SlackMessage[], options: { height?: number } = {}): Promise<Stage> {
  const stage = await theatre.openStage({ tables: { messages }, ...options });
  await stage.page.getByTestId('channel-outreach').click();
  return stage;
}

function many(count: number): SlackMessage[] {
  return Array.from({ length: count }, (_, index) =>
    message({ ts: tsAt(index * 10), userId: index % 2 ? ada.id : ben.id, text: `message number ${index}` }),
  );
}

describe('a channel', () => {
  it('shows messages in order as they come, with days, authors and edits', async () => {
    const { sandbox, page } = await show([message({ ts: tsAt(0), userId: ada.id, text: 'first' })]);
    sandbox.put('messages', message({ ts: tsAt(20), userId: ben.id, text: 'second' }));
    const said = page.getByTestId('messages').getByTestId('message');
    await expect.poll(() => said.count()).toBe(2);
    sandbox.put(
      'messages',
      message({ ts: tsAt(20), userId: ben.id, text: 'second, corrected', isEdited: true }),
    );
    await page.getByText('second, corrected').waitFor();
    expect(await said.nth(1).textContent()).toContain('(edited)');
    expect(await said.nth(1).textContent()).toContain('Ben Lindqvist');
    expect(await page.getByTestId('messages').textContent()).toContain('Today');
    sandbox.remove('messages', message({ ts: tsAt(0) }).id);
    await expect.poll(() => said.count()).toBe(1);
  });

  it('shows an ephemeral message to one person only, and dismisses it', async () => {
    const { sandbox, page } = await show([
      message({ ts: tsAt(0), text: 'for all' }),
      message({ ts: tsAt(5), text: 'psst, Ada', ephemeralFor: ada.id }),
      message({ ts: tsAt(6), text: 'psst, Ben', ephemeralFor: ben.id }),
    ]);
    const said = page.getByTestId('messages').getByTestId('message');
    await page.getByText('psst, Ada').waitFor();
    expect(await page.getByText('psst, Ben').count()).toBe(0);
    expect(await said.nth(1).textContent()).toContain('Only visible to you');
    await said.nth(1).getByRole('button', { name: 'Dismiss' }).click();
    await expect
      .poll(() => sandbox.callsOf('dismiss-ephemeral'))
      .toEqual([{ userId: ada.id, id: `C0OUT:${tsAt(5)}` }]);
    await page.getByTestId('acting-as').selectOption({ label: 'Ben Lindqvist' });
    await page.getByText('psst, Ben').waitFor();
    expect(await page.getByText('psst, Ada').count()).toBe(0);
  });

  it('marks other channels unread until they are looked at', async () => {
    const { sandbox, page } = await show([message({ channelId: general.id, ts: tsAt(0), text: 'old' })]);
    const channel = page.getByTestId('channel-general');
    expect(await channel.getAttribute('aria-label')).toBe('general');
    sandbox.put('messages', message({ channelId: general.id, ts: tsAt(10), text: 'new' }));
    sandbox.put('messages', message({ channelId: general.id, ts: tsAt(11), text: 'newer' }));
    sandbox.put('messages', message({ channelId: general.id, ts: tsAt(12), userId: ada.id, text: 'my own' }));
    await expect.poll(() => channel.getAttribute('aria-label')).toBe('general, 2 unread');
    await channel.click();
    await page.getByText('newer').waitFor();
    await page.getByTestId('channel-outreach').click();
    await expect.poll(() => channel.getAttribute('aria-label')).toBe('general');
  });

  it('stays at the end as messages come, but not for a reader who scrolled up', async () => {
    const { sandbox, page } = await show(many(60), { height: 600 });
    const list = page.getByTestId('messages');
    const distance = () =>
      list.evaluate((box) => Math.round(box.scrollHeight - box.scrollTop - box.clientHeight));
    await expect.poll(distance).toBe(0);
    sandbox.put('messages', message({ ts: tsAt(1000), text: 'arrives at the end' }));
    await page.getByText('arrives at the end').waitFor();
    await expect.poll(distance).toBe(0);

    await list.evaluate((box) => box.scrollTo(0, 500));
    await expect.poll(distance).toBeGreaterThan(300);
    const seen = page.getByText('message number 12', { exact: true });
    const before = await seen.boundingBox();
    sandbox.put(
      'messages',
      message({ ts: tsAt(0), userId: ben.id, text: 'message number 0, now\nof\nfour\nlines' }),
    );
    sandbox.put('messages', message({ ts: tsAt(1010), text: 'arrives unseen' }));
    const pill = page.getByRole('button', { name: '1 new message' });
    await pill.waitFor();
    await expect
      .poll(async () => Math.abs(((await seen.boundingBox())?.y ?? 0) - (before?.y ?? 0)))
      .toBeLessThan(2);
    await pill.click();
    await expect.poll(distance).toBe(0);
    await pill.waitFor({ state: 'detached' });
  });

  it('holds only the newest messages and brings older ones when asked, without a jump', async () => {
    const { page } = await show(many(400));
    const said = page.getByTestId('messages').getByTestId('message');
    await page.getByText('message number 399').waitFor();
    expect(await said.count()).toBe(80);
    const anchor = page.getByText('message number 320', { exact: true });
    await anchor.scrollIntoViewIfNeeded();
    await expect.poll(() => said.count()).toBeGreaterThan(80);
    expect(await anchor.isVisible()).toBe(true);
  });

  it('is archived, restored and left by the bot from its menu', async () => {
    const { sandbox, page } = await show([]);
    await page.getByTestId('channel-menu').click();
    await page.getByRole('menuitem', { name: 'Remove Ringmaster' }).click();
    await expect
      .poll(() => sandbox.callsOf('set-bot-membership'))
      .toEqual([{ channelId: outreach.id, isMember: false }]);
    sandbox.put('channels', { ...outreach, memberIds: [ada.id] });
    await page.getByText('bot not here').waitFor();
    await page.getByTestId('channel-attic').click();
    await page.getByText('#attic is archived: nobody can post here.').waitFor();
    await page.getByTestId('channel-menu').click();
    await page.getByRole('menuitem', { name: 'Restore channel' }).click();
    await expect
      .poll(() => sandbox.callsOf('archive-channel'))
      .toEqual([{ channelId: attic.id, isArchived: false }]);
  });

  it('shows private channels and direct messages only to their members', async () => {
    const { page } = await show([]);
    await page.getByTestId('channel-launches').waitFor();
    await page.getByTestId('channel-D0ADA').waitFor();
    await page.getByTestId('acting-as').selectOption({ label: 'Gus Marín (guest)' });
    await page.getByTestId('channel-launches').waitFor({ state: 'detached' });
    expect(await page.getByTestId('channel-D0ADA').count()).toBe(0);
  });

  it('walks through the channels with the arrow keys and one Tab stop', async () => {
    const { page } = await show([]);
    await page.getByTestId('channel-outreach').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'general' }).first().waitFor();
    expect(await page.locator('.channel[tabindex="0"]').count()).toBe(1);
  });
});

describe('a thread', () => {
  const root = message({ ts: tsAt(0), text: 'the card' });
  const reply = (seconds: number, text: string) => message({ ts: tsAt(seconds), threadTs: tsAt(0), text });

  it('opens from its message, follows replies and deletes messages', async () => {
    const { sandbox, page } = await show([root, reply(60, 'started'), reply(120, 'half done')]);
    await page.getByTestId('thread-link').getByText('2 replies').click();
    const thread = page.getByTestId('thread');
    expect(await thread.getByTestId('message').count()).toBe(3);
    sandbox.put('messages', reply(180, 'finished'));
    await thread.getByText('finished').waitFor();
    expect(await page.getByTestId('messages').getByText('finished').count()).toBe(0);
    await thread.getByTestId('message').nth(1).hover();
    await thread.getByTestId('message').nth(1).getByRole('button', { name: 'Message actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete message' }).click();
    await expect
      .poll(() => sandbox.callsOf('delete-message'))
      .toEqual([{ channelId: outreach.id, ts: tsAt(60) }]);
    await page.getByTestId('thread-composer').press('Escape');
    await thread.waitFor({ state: 'detached' });
  });

  it('shows a reply that was also sent to the channel in both places', async () => {
    const { page } = await show([root, { ...reply(60, 'finished'), isBroadcast: true }]);
    const inChannel = page.getByTestId('messages').getByTestId('message').nth(1);
    expect(await inChannel.textContent()).toContain('replied to a thread');
    await inChannel.getByRole('button', { name: 'thread', exact: true }).click();
    expect(await page.getByTestId('thread').getByTestId('message').count()).toBe(2);
  });

  it('stays readable when its first message is deleted', async () => {
    const { sandbox, page } = await show([root, reply(60, 'started')]);
    await page.getByTestId('thread-link').click();
    sandbox.remove('messages', root.id);
    await page.getByText('The first message of this thread was deleted.').waitFor();
    await page.getByTestId('thread').getByText('started').waitFor();
  });

  it('takes replies, and refuses slash commands in Slack’s words', async () => {
    const { sandbox, page } = await show([root, reply(60, 'started')]);
    await page.getByTestId('thread-link').click();
    const composer = page.getByTestId('thread-composer');
    await composer.fill('thanks');
    await composer.press('Enter');
    await expect
      .poll(() => sandbox.callsOf('post-message'))
      .toEqual([{ userId: ada.id, channelId: outreach.id, threadTs: tsAt(0), text: 'thanks' }]);
    await composer.fill('/campaign list');
    await composer.press('Enter');
    await page.getByText('/campaign is not supported in threads. Sorry!').waitFor();
    expect(await composer.inputValue()).toBe('/campaign list');
    expect(sandbox.callsOf('run-slash-command')).toEqual([]);
  });
});

describe('the composer', () => {
  it('sends on Enter as it was typed, and breaks the line on Shift+Enter', async () => {
    const { sandbox, page } = await show([]);
    const composer = page.getByTestId('composer');
    await composer.pressSequentially('a < b & <@U0BEN>');
    await composer.press('Shift+Enter');
    await composer.pressSequentially('second line for @ben in #general, not x@ben');
    await composer.press('Escape');
    await composer.press('Enter');
    await expect
      .poll(() => sandbox.callsOf('post-message'))
      .toEqual([
        {
          userId: ada.id,
          channelId: outreach.id,
          threadTs: null,
          text: 'a < b & <@U0BEN>\nsecond line for @ben in #general, not x@ben',
        },
      ]);
    expect(await composer.inputValue()).toBe('');
  });

  it('gives the words back with the reason when they could not be posted', async () => {
    const { sandbox, page } = await show([]);
    sandbox.answer('post-message', () => ({ ok: false, error: 'This channel is read-only.' }));
    await page.getByTestId('composer').fill('hello');
    await page.getByTestId('composer').press('Enter');
    await page.getByText('This channel is read-only.').waitFor();
    expect(await page.getByTestId('composer').inputValue()).toBe('hello');
  });

  it('helps with slash commands, by arrows, Tab and Enter', async () => {
    const { sandbox, page } = await show([]);
    const composer = page.getByTestId('composer');
    await composer.pressSequentially('/c');
    const help = page.getByTestId('completion');
    expect(await help.getByRole('option').allTextContents()).toEqual([
      expect.stringContaining('/campaign [new | list | show | help]'),
      expect.stringContaining('/cadence'),
    ]);
    await composer.press('ArrowDown');
    await composer.press('Tab');
    expect(await composer.inputValue()).toBe('/cadence ');
    await composer.fill('/camp');
    await composer.press('Enter');
    expect(await composer.inputValue()).toBe('/campaign ');
    await composer.pressSequentially('new');
    await composer.press('Enter');
    await expect
      .poll(() => sandbox.callsOf('run-slash-command'))
      .toEqual([{ userId: ada.id, channelId: outreach.id, text: '/campaign new' }]);
    expect(sandbox.callsOf('post-message')).toEqual([]);
  });

  it('runs a command that is typed out without asking twice', async () => {
    const { sandbox, page } = await show([]);
    const composer = page.getByTestId('composer');
    await composer.pressSequentially('/campaign');
    await composer.press('Enter');
    await expect.poll(() => sandbox.callsOf('run-slash-command')).toHaveLength(1);
  });

  it('takes a slash after a space for words', async () => {
    const { sandbox, page } = await show([]);
    await page.getByTestId('composer').fill(' /campaign list is what I type');
    await page.getByTestId('composer').press('Enter');
    await expect
      .poll(() => sandbox.callsOf('post-message'))
      .toMatchObject([{ text: '/campaign list is what I type' }]);
  });

  it('offers the app’s shortcuts, everywhere and on a message', async () => {
    const { sandbox, page } = await show([message({ ts: tsAt(0), userId: ada.id, text: 'the list' })]);
    await page.getByTestId('shortcuts').click();
    await page.getByRole('menuitem', { name: 'New campaign' }).click();
    await expect
      .poll(() => sandbox.callsOf('run-shortcut'))
      .toEqual([{ userId: ada.id, callbackId: 'campaign_new' }]);
    await page.getByTestId('message').hover();
    await page.getByRole('button', { name: 'Message actions' }).click();
    await page.getByRole('menuitem', { name: 'Import contacts' }).click();
    await expect
      .poll(() => sandbox.callsOf('run-message-shortcut'))
      .toEqual([
        { userId: ada.id, channelId: outreach.id, ts: tsAt(0), callbackId: 'contacts_from_message' },
      ]);
  });

  it('completes people and channels in the middle of a sentence', async () => {
    const { page } = await show([]);
    const composer = page.getByTestId('composer');
    await composer.pressSequentially('ask @lind');
    await page.getByRole('option', { name: 'Ben Lindqvist @ben' }).waitFor();
    await composer.press('Enter');
    await composer.pressSequentially('in #gen');
    await composer.press('Tab');
    expect(await composer.inputValue()).toBe('ask @ben in #general ');
    await composer.pressSequentially('or @ring');
    await composer.press('Enter');
    expect(await composer.inputValue()).toBe(`ask @ben in #general or @${bot.name} `);
  });

  it('keeps a draft for each channel', async () => {
    const { page } = await show([]);
    await page.getByTestId('composer').fill('half a thought');
    await page.getByTestId('channel-general').click();
    expect(await page.getByTestId('composer').inputValue()).toBe('');
    await page.getByTestId('channel-outreach').click();
    expect(await page.getByTestId('composer').inputValue()).toBe('half a thought');
  });
});

describe('files', () => {
  const csv = { name: 'clients.csv', mimeType: 'text/csv', buffer: Buffer.from('phone\n+14155550133\n') };

  it('wait in the composer, then leave with the comment, their bytes unchanged', async () => {
    const { sandbox, page } = await show([]);
    await page.getByTestId('upload-input').setInputFiles([csv, { ...csv, name: 'more.csv' }]);
    expect(await page.getByTestId('attachment').count()).toBe(2);
    expect(sandbox.uploads).toEqual([]);
    await page.getByTestId('composer').fill('@ringmaster use these');
    await page.getByTestId('composer').press('Enter');
    await expect.poll(() => sandbox.uploads.length).toBe(2);
    const common = { userId: ada.id, channelId: outreach.id, threadTs: '' };
    expect(sandbox.uploads.map((upload) => upload.query)).toEqual([
      { ...common, name: 'clients.csv', comment: '@ringmaster use these' },
      { ...common, name: 'more.csv', comment: '' },
    ]);
    expect(sandbox.uploads[0]?.bytes.equals(csv.buffer)).toBe(true);
    await expect.poll(() => page.getByTestId('attachment').count()).toBe(0);
    expect(await page.getByTestId('composer').inputValue()).toBe('');
  });

  it('are dropped on a channel under an overlay that says where they go', async () => {
    const { sandbox, page } = await show([]);
    const zone = page.getByTestId('conversation').getByTestId('drop-zone');
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['phone\n'], 'dropped.csv', { type: 'text/csv' }));
      return transfer;
    });
    await zone.dispatchEvent('dragenter', { dataTransfer: data });
    await page.getByText('Drop to attach to #outreach').waitFor();
    await zone.dispatchEvent('drop', { dataTransfer: data });
    await page.getByTestId('attachment').getByText('dropped.csv').waitFor();
    expect(await page.getByText('Drop to attach to #outreach').count()).toBe(0);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect.poll(() => sandbox.uploads.length).toBe(1);
  });

  it('show how much has left while they upload, and why when they could not', async () => {
    const { sandbox, page } = await show([]);
    let refuse: () => void = () => undefined;
    sandbox.answer('upload-file', async () => {
      await new Promise<void>((resolve) => {
        refuse = resolve;
      });
      return { ok: false, error: 'The workspace is out of storage.' };
    });
    const big = { name: 'big.csv', mimeType: 'text/csv', buffer: Buffer.alloc(3_000_000, 'x') };
    await page.getByTestId('upload-input').setInputFiles(big);
    await page.getByTestId('composer').fill('here');
    await page.getByTestId('composer').press('Enter');
    const progress = page.getByTestId('attachment').getByRole('progressbar');
    await expect.poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value)).toBe(1);
    refuse();
    await page.getByText('The workspace is out of storage.').waitFor();
    expect(await page.getByTestId('composer').inputValue()).toBe('here');
    sandbox.answer('upload-file', () => ({ ok: true }));
    await page.getByTestId('composer').press('Enter');
    await expect.poll(() => page.getByTestId('attachment').count()).toBe(0);
    expect(sandbox.uploads.map((upload) => upload.query.comment)).toEqual(['here', 'here']);
  });

  it('go to the thread when they are attached there', async () => {
    const { sandbox, page } = await show([
      message({ ts: tsAt(0), text: 'root' }),
      message({ ts: tsAt(9), threadTs: tsAt(0), text: 'r' }),
    ]);
    await page.getByTestId('thread-link').click();
    await page.getByTestId('thread-upload-input').setInputFiles(csv);
    await page.getByTestId('thread-composer').press('Enter');
    await expect.poll(() => sandbox.uploads.map((upload) => upload.query.threadTs)).toEqual([tsAt(0)]);
  });

  it('are pasted into the composer', async () => {
    const { page } = await show([]);
    await page.getByTestId('composer').evaluate((field) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['x'], 'pasted.csv', { type: 'text/csv' }));
      field.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }),
      );
    });
    await page.getByTestId('attachment').getByText('pasted.csv').waitFor();
    await page.getByRole('button', { name: 'Remove pasted.csv' }).click();
    await expect.poll(() => page.getByTestId('attachment').count()).toBe(0);
  });

  it('can be fetched from the message that carries them', async () => {
    const file = {
      id: 'F01',
      name: 'clients.csv',
      title: 'clients.csv',
      size: 18_422,
      mimetype: 'text/csv',
      filetype: 'csv',
      userId: ada.id,
      createdAt: 1,
    };
    const { page } = await show([message({ ts: tsAt(0), userId: ada.id, files: [file] })]);
    const card = page.getByTestId('file');
    expect(await card.textContent()).toContain('18.4 kB');
    expect(await card.getByRole('link', { name: 'Download clients.csv' }).getAttribute('href')).toBe(
      '/ui/files/F01',
    );
  });
});
