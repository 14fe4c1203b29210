import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject, SlackView } from '#sandbox/page-protocol.ts';
import { inputBlocks } from './block-gallery.ts';
import { ada, ben, message, outreach, tsAt } from './people.ts';
import { createTheatre } from './stage.ts';

let theatre: Awaited<ReturnType<typeof createTheatre>>;
beforeAll(async () => {
  theatre = await createTheatre();
});
afterEach(() => theatre.clear());
afterAll(() => theatre.close());

const plain = (text: string) => ({ type: 'plain_text', text });

function view(change: Partial<SlackView> & { blocks?: JsonObject[]; title?: string } = {}): SlackView {
  const { blocks = inputBlocks, title = 'New campaign', ...rest } = change;
  return {
    id: 'V1',
    rootId: rest.id ?? 'V1',
    depth: 0,
    userId: ada.id,
    hash: 'h1',
    errors: {},
    isSubmitting: false,
    view: { type: 'modal', title: plain(title), submit: plain('Create'), close: plain('Never mind'), blocks },
    ...rest,
  };
}

function input(blockId: string, element: JsonObject, rest: JsonObject = {}): JsonObject {
  return {
    type: 'input',
    block_id: blockId,
    label: plain(blockId),
    element: { action_id: 'v', ...element },
    ...rest,
  };
}

async function show(row: SlackView) {
  const stage = await theatre.openStage();
  await stage.page.getByTestId('channel-outreach').click();
  stage.sandbox.put('views', row);
  const modal = stage.page.getByTestId('modal');
  await modal.waitFor();
  return { ...stage, modal };
}

describe('a modal', () => {
  it('submits every kind of input in the shape that Slack sends', async () => {
    const { sandbox, page, modal } = await show(view());
    sandbox.answer('suggest-options', ({ value }) => ({
      ok: true,
      options: [{ text: plain(`Receptionist ${value}`), value: 'a1' }],
    }));
    await modal.getByLabel('Name').fill('Autumn');
    await modal.getByLabel('Message').fill('Hi\nSam');
    await modal.getByLabel('Rate').fill('12');
    await modal.getByLabel('Report to').fill('ops@example.com');
    await modal.getByLabel('Link').fill('https://example.com/x');
    await modal.getByRole('combobox', { name: 'Size', exact: true }).click();
    await modal.getByRole('option', { name: 'Medium' }).click();
    await modal.getByRole('combobox', { name: 'Sizes' }).click();
    await modal.getByRole('option', { name: 'Large' }).click();
    await page.keyboard.press('Escape');
    await modal.getByRole('combobox', { name: 'Assistant' }).pressSequentially('des');
    await modal.getByRole('option', { name: 'Receptionist des' }).click();
    await modal.getByRole('combobox', { name: 'Watchers' }).click();
    await modal.getByRole('option', { name: 'Ben Lindqvist' }).click();
    await modal.getByRole('option', { name: 'Gus Marín' }).click();
    await page.keyboard.press('Escape');
    await modal.getByLabel('Texts').check();
    await modal.getByLabel('Friday').check();
    await modal.getByLabel('Monday').check();
    await modal.getByLabel('Exactly at').fill('2026-07-01T09:30');
    await modal
      .getByTestId('file-input')
      .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
    await modal.getByText('a.csv').waitFor();
    await modal.getByLabel('Remark').fill('soon');
    await modal.getByTestId('modal-submit').click();
    await expect.poll(() => sandbox.callsOf('submit-view')).toHaveLength(1);

    const medium = { text: plain('Medium'), value: 'm', description: plain('fits most') };
    expect(sandbox.callsOf('submit-view')[0]).toEqual({
      userId: ada.id,
      viewId: 'V1',
      state: {
        name: { v: { type: 'plain_text_input', value: 'Autumn' } },
        message: { v: { type: 'plain_text_input', value: 'Hi\nSam' } },
        rate: { v: { type: 'number_input', value: '12' } },
        mail: { v: { type: 'email_text_input', value: 'ops@example.com' } },
        link: { v: { type: 'url_text_input', value: 'https://example.com/x' } },
        size: { v: { type: 'static_select', selected_option: medium } },
        sizes: {
          v: {
            type: 'multi_static_select',
            selected_options: [
              { text: plain('Small'), value: 's' },
              { text: plain('Large'), value: 'l' },
            ],
          },
        },
        assistant: {
          v: { type: 'external_select', selected_option: { text: plain('Receptionist des'), value: 'a1' } },
        },
        owner: { v: { type: 'users_select', selected_user: ada.id } },
        watchers: { v: { type: 'multi_users_select', selected_users: ['U0BEN', 'U0GUS'] } },
        channel: { v: { type: 'conversations_select', selected_conversation: outreach.id } },
        public: { v: { type: 'channels_select', selected_channel: null } },
        kind: { v: { type: 'radio_buttons', selected_option: { text: plain('Texts'), value: 'texts' } } },
        days: {
          v: {
            type: 'checkboxes',
            selected_options: [
              { text: plain('Monday'), value: 'mon' },
              { text: plain('Friday'), value: 'fri' },
            ],
          },
        },
        day: { v: { type: 'datepicker', selected_date: '2026-11-25' } },
        from: { v: { type: 'timepicker', selected_time: '09:00', timezone: 'America/Chicago' } },
        // 09:30 on a summer's day in London, where Ada lives.
        at: { v: { type: 'datetimepicker', selected_date_time: Date.UTC(2026, 6, 1, 8, 30) / 1000 } },
        file: {
          v: {
            type: 'file_input',
            files: [expect.objectContaining({ id: 'F0DRAFT1', name: 'a.csv', size: 1 })],
          },
        },
        remark: {
          v: {
            type: 'rich_text_input',
            rich_text_value: {
              type: 'rich_text',
              elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'soon' }] }],
            },
          },
        },
      },
    });
    expect(sandbox.uploads[0]).toMatchObject({
      path: 'upload-draft',
      query: { userId: ada.id, name: 'a.csv' },
    });
  });

  it('sends null for what was left empty or emptied again', async () => {
    const blocks = [
      input('word', { type: 'plain_text_input', initial_value: 'x' }, { optional: true }),
      input(
        'one',
        {
          type: 'static_select',
          options: [{ text: plain('A'), value: 'a' }],
          initial_option: { text: plain('A'), value: 'a' },
        },
        { optional: true },
      ),
      input('day', { type: 'datepicker' }, { optional: true }),
      input('some', { type: 'multi_users_select' }, { optional: true }),
    ];
    const { sandbox, modal } = await show(view({ blocks }));
    await modal.getByLabel('word').fill('');
    await modal.getByRole('button', { name: 'Clear the choice' }).click();
    await modal.getByTestId('modal-submit').click();
    await expect.poll(() => sandbox.callsOf('submit-view')).toHaveLength(1);
    expect(sandbox.callsOf('submit-view')[0]?.state).toEqual({
      word: { v: { type: 'plain_text_input', value: null } },
      one: { v: { type: 'static_select', selected_option: null } },
      day: { v: { type: 'datepicker', selected_date: null } },
      some: { v: { type: 'multi_users_select', selected_users: [] } },
    });
  });

  it('holds back what is incomplete or malformed, with the reason under its block', async () => {
    const { sandbox, page, modal } = await show(view());
    await modal.getByLabel('Name').fill('ab');
    await modal.getByLabel('Rate').fill('99');
    await modal.getByLabel('Report to').fill('nobody');
    await modal.getByLabel('Link').fill('example');
    await modal.getByTestId('modal-submit').click();
    const errorOf = (block: string) => modal.locator(`[data-block-id="${block}"] .field-error`).textContent();
    await expect.poll(() => errorOf('name')).toBe('Please use at least 3 characters; there are 2 so far.');
    expect(await errorOf('rate')).toBe('Please enter 50 or less.');
    expect(await errorOf('mail')).toBe('Please enter an email address, like name@example.com.');
    expect(await errorOf('link')).toBe('Please enter a whole link, like https://example.com.');
    expect(await errorOf('size')).toBe('Please complete this required field.');
    expect(await errorOf('file')).toBe('Please complete this required field.');
    expect(await modal.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    expect(
      await page.evaluate(() =>
        document.activeElement?.closest('[data-block-id]')?.getAttribute('data-block-id'),
      ),
    ).toBe('name');
    expect(sandbox.callsOf('submit-view')).toEqual([]);
  });

  it('shows the bot’s errors under their blocks and keeps what was typed', async () => {
    const blocks = [input('name', { type: 'plain_text_input' })];
    const { sandbox, modal } = await show(view({ blocks }));
    await modal.getByLabel('name').fill('Autumn');
    sandbox.put('views', view({ blocks, errors: { name: 'There is a campaign of that name.' } }));
    await modal.getByRole('alert').getByText('There is a campaign of that name.').waitFor();
    expect(await modal.getByLabel('name').inputValue()).toBe('Autumn');
  });

  it('keeps typed values over an update while block_id and action_id stay, and starts anew where they change', async () => {
    const field = (id: string, initial: string) =>
      input(id, { type: 'plain_text_input', initial_value: initial });
    const { sandbox, modal } = await show(view({ blocks: [field('kept', 'one'), field('reset-1', 'two')] }));
    await modal.getByLabel('kept').fill('typed');
    await modal.getByLabel('reset-1').fill('typed too');
    const next = [
      { type: 'section', text: plain('Checked.') },
      field('kept', 'other'),
      field('reset-2', 'two'),
    ];
    sandbox.put('views', view({ hash: 'h2', blocks: next }));
    await modal.getByText('Checked.').waitFor();
    expect(await modal.getByLabel('kept').inputValue()).toBe('typed');
    expect(await modal.getByLabel('reset-2').inputValue()).toBe('two');
    sandbox.put('views', view({ hash: 'h3', blocks: [field('reset-1', 'two')] }));
    await expect.poll(() => modal.getByLabel('reset-1').inputValue()).toBe('two');
  });

  it('keeps the keyboard when a new content takes away what had the focus', async () => {
    const { sandbox, page, modal } = await show(view());
    await modal.getByTestId('modal-submit').focus();
    const blocks = [{ type: 'section', text: plain('Loading…') }];
    sandbox.put(
      'views',
      view({
        hash: 'h2',
        view: { type: 'modal', title: plain('New campaign'), close: plain('Close'), blocks },
      }),
    );
    await modal.getByText('Loading…').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => sandbox.callsOf('close-view').length).toBe(1);
  });

  it('stacks views: only the top one shows, Escape goes back to the one below as it was left', async () => {
    const { sandbox, page, modal } = await show(
      view({ blocks: [input('below', { type: 'plain_text_input' })] }),
    );
    await modal.getByLabel('below').fill('left here');
    sandbox.put(
      'views',
      view({
        id: 'V2',
        rootId: 'V1',
        depth: 1,
        title: 'Choose a list',
        blocks: [input('top', { type: 'plain_text_input' })],
      }),
    );
    await page.getByRole('dialog', { name: 'Choose a list' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
    sandbox.answer('close-view', ({ viewId }) => {
      sandbox.remove('views', String(viewId));
      return { ok: true };
    });
    await page.getByLabel('top').press('Escape');
    await page.getByRole('dialog', { name: 'New campaign' }).waitFor();
    expect(await modal.getByLabel('below').inputValue()).toBe('left here');
    await page.getByTestId('modal-dismiss').click();
    await modal.waitFor({ state: 'detached' });
    expect(sandbox.callsOf('close-view')).toEqual([
      { userId: ada.id, viewId: 'V2', isCleared: false },
      { userId: ada.id, viewId: 'V1', isCleared: true },
    ]);
  });

  it('shows that it is waiting while the bot answers, and says when the bot did not', async () => {
    const { sandbox, modal } = await show(
      view({ blocks: [input('name', { type: 'plain_text_input', initial_value: 'x' })] }),
    );
    let release: () => void = () => undefined;
    sandbox.answer('submit-view', async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { ok: false, error: 'The bot did not answer within 3 seconds. Try again.' };
    });
    const submit = modal.getByTestId('modal-submit');
    await submit.click();
    await expect.poll(() => submit.getAttribute('aria-busy')).toBe('true');
    expect(await submit.isDisabled()).toBe(true);
    release();
    await modal.getByText('The bot did not answer within 3 seconds. Try again.').waitFor();
    expect(await submit.isEnabled()).toBe(true);
    expect(await modal.getByLabel('name').inputValue()).toBe('x');
  });

  it('shows trouble with the form as a whole above its fields', async () => {
    const { modal } = await show(view({ errors: { '': 'We had some trouble connecting. Try again?' } }));
    await modal.getByRole('alert').getByText('We had some trouble connecting. Try again?').waitFor();
  });

  it('tells the bot of fields that dispatch, and of no others', async () => {
    const blocks = [
      input('quiet', { type: 'plain_text_input' }),
      input('enter', { type: 'plain_text_input' }, { dispatch_action: true }),
      input(
        'typing',
        {
          type: 'plain_text_input',
          dispatch_action_config: { trigger_actions_on: ['on_character_entered'] },
        },
        { dispatch_action: true },
      ),
      input(
        'kind',
        { type: 'static_select', options: [{ text: plain('Calls'), value: 'calls' }] },
        { dispatch_action: true },
      ),
    ];
    const { sandbox, modal } = await show(view({ blocks }));
    const actions = () => sandbox.callsOf('act-in-view').map((call) => call.action);
    await modal.getByLabel('quiet').fill('q');
    await modal.getByLabel('enter').fill('e');
    await modal.getByLabel('enter').press('Enter');
    await expect.poll(actions).toHaveLength(1);
    await modal.getByLabel('typing').pressSequentially('abc');
    await expect.poll(actions).toHaveLength(2);
    await modal.getByRole('combobox').click();
    await modal.getByRole('option', { name: 'Calls' }).click();
    await expect.poll(actions).toHaveLength(3);
    expect(actions()).toEqual([
      { type: 'plain_text_input', block_id: 'enter', action_id: 'v', value: 'e' },
      { type: 'plain_text_input', block_id: 'typing', action_id: 'v', value: 'abc' },
      {
        type: 'static_select',
        block_id: 'kind',
        action_id: 'v',
        selected_option: { text: plain('Calls'), value: 'calls' },
      },
    ]);
    expect(sandbox.callsOf('act-in-view')[2]).toMatchObject({
      viewId: 'V1',
      state: { quiet: { v: { value: 'q' } } },
    });
    expect(sandbox.callsOf('submit-view')).toEqual([]);
  });

  it('keeps the keyboard inside and gives the focus back when it goes', async () => {
    const { sandbox, page, modal } = await show(
      view({ blocks: [input('name', { type: 'plain_text_input', focus_on_load: true })] }),
    );
    await expect
      .poll(() => modal.getByLabel('name').evaluate((field) => field === document.activeElement))
      .toBe(true);
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press('Tab');
      expect(await modal.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
    }
    expect(await page.getByTestId('composer').evaluate((field) => field.closest('[inert]') !== null)).toBe(
      true,
    );
    sandbox.remove('views', 'V1');
    await modal.waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid')))
      .toBe('channel-outreach');
  });

  it('is seen only by the person who opened it', async () => {
    const { page, modal } = await show(view());
    await page.evaluate((id) => localStorage.setItem('ringmaster.user', JSON.stringify(id)), ben.id);
    await page.reload();
    await page.getByTestId('bot-state').waitFor();
    await page.getByTestId('channel-outreach').waitFor();
    expect(await modal.count()).toBe(0);
  });

  it('refuses files of other kinds, and more than fit, in words', async () => {
    const blocks = [input('file', { type: 'file_input', filetypes: ['csv'], max_files: 1 })];
    const { sandbox, modal } = await show(view({ blocks }));
    const files = modal.getByTestId('file-input');
    await files.setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
    await modal.getByText('“a.pdf” was left out: this takes .csv files.').waitFor();
    expect(sandbox.uploads).toEqual([]);
    await files.setInputFiles({ name: 'b.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
    await modal.getByText('b.csv').waitFor();
    expect(await files.count()).toBe(0);
    await modal.getByRole('button', { name: 'Remove b.csv' }).click();
    await files.waitFor({ state: 'attached' });
  });
});

describe('the app home', () => {
  it('is opened, drawn for the acting person and answers clicks', async () => {
    const home = (id: string, userId: string, words: string) => ({
      id,
      userId,
      view: {
        type: 'home',
        blocks: [
          {
            type: 'section',
            block_id: 's',
            text: plain(words),
            accessory: { type: 'button', action_id: 'open', text: plain('Open'), value: '1' },
          },
        ],
      },
    });
    const { sandbox, page } = await theatre.openStage({
      tables: { messages: [message({ ts: tsAt(1), text: 'hello' })] },
    });
    sandbox.put('homes', home('V0A', ada.id, 'Ada’s campaigns'));
    sandbox.put('homes', home('V0B', ben.id, 'Ben’s campaigns'));
    await page.getByTestId('app-home').click();
    await page.getByTestId('home').getByText('Ada’s campaigns').waitFor();
    await expect.poll(() => sandbox.callsOf('open-home')).toEqual([{ userId: ada.id }]);
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect.poll(() => sandbox.callsOf('act-in-view')).toHaveLength(1);
    expect(sandbox.callsOf('act-in-view')[0]).toMatchObject({
      userId: ada.id,
      viewId: 'V0A',
      action: { action_id: 'open' },
    });
    await page.getByTestId('acting-as').selectOption({ label: 'Ben Lindqvist' });
    await page.getByTestId('home').getByText('Ben’s campaigns').waitFor();
    await expect.poll(() => sandbox.callsOf('open-home')).toHaveLength(2);
  });
});
