import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { messageBlocks } from './block-gallery.ts';
import { ada, botUserId, message, outreach, tsAt } from './people.ts';
import { createTheatre } from './stage.ts';

let theatre: Awaited<ReturnType<typeof createTheatre>>;
beforeAll(async () => {
  theatre = await createTheatre();
});
afterEach(() => theatre.clear());
afterAll(() => theatre.close());

async function show(blocks: JsonObject[]) {
  const stage = await theatre.openStage({
    tables: { messages: [message({ ts: tsAt(1), text: 'fallback', blocks })] },
  });
  await stage.page.getByTestId('channel-outreach').click();
  return { ...stage, said: stage.page.getByTestId('message') };
}

describe('blocks in a message', () => {
  it('draws every kind that the gallery holds and boxes only the one nobody invented yet', async () => {
    const { said } = await show(messageBlocks);
    await said.waitFor();
    for (const type of new Set(messageBlocks.map((block) => String(block.type)))) {
      expect(await said.locator(`[data-block="${type}"]`).count(), type).toBeGreaterThan(0);
    }
    expect(await said.getByTestId('unsupported').allTextContents()).toEqual([
      expect.stringContaining('Unsupported block: hologram'),
    ]);
  });

  it('turns mrkdwn into formatting, mentions and dates in the reader’s zone', async () => {
    const { said, page } = await show(messageBlocks);
    const section = said.locator('[data-block="section"]').first();
    expect(await section.locator('strong').textContent()).toBe('Bold');
    expect(await section.locator('em').textContent()).toBe('italic');
    expect(await section.locator('s').textContent()).toBe('gone');
    expect(await section.getByRole('link', { name: 'a link' }).getAttribute('href')).toBe(
      'https://example.com/a?b=1&c=2',
    );
    expect(await section.textContent()).toContain('@Ben Lindqvist');
    expect(await section.locator('time').textContent()).toBe('today at 10:00');
    await page.getByTestId('acting-as').selectOption({ label: 'Ben Lindqvist' });
    await expect.poll(() => section.locator('time').textContent()).toBe('today at 05:00');
    await section.getByRole('button', { name: '#general' }).or(section.getByText('general')).first().click();
    await page.getByRole('heading', { name: 'general' }).first().waitFor();
  });

  it('shows markup typed into texts as words, never as markup', async () => {
    const hostile =
      '<img src=x onerror="document.title=1"><script>document.title=2</script> <javascript:alert(1)|click>';
    const { said, page } = await show([
      { type: 'section', text: { type: 'mrkdwn', text: hostile } },
      { type: 'markdown', text: `${hostile} [x](javascript:alert(1))` },
      { type: 'header', text: { type: 'plain_text', text: hostile } },
    ]);
    await said.waitFor();
    expect(await said.locator('img, script, a').count()).toBe(0);
    expect(await said.textContent()).toContain('<script>');
    expect(await page.title()).toBe('Ringmaster sandbox');
  });

  it('survives blocks that are broken in every field', async () => {
    const types = [...new Set(messageBlocks.map((block) => String(block.type)))];
    const broken = types.flatMap((type): JsonObject[] => [
      { type },
      {
        type,
        text: 5,
        fields: 'x',
        elements: [null, 3, {}],
        rows: [1, [null, {}]],
        chart: [],
        title: [],
        tasks: {},
        element: [],
      },
    ]);
    const { said } = await show(broken);
    await said.waitFor();
    expect(await said.locator('[data-block]').count()).toBeGreaterThanOrEqual(broken.length);
  });

  it('sorts a data table by value, turns its pages and filters it', async () => {
    const { said } = await show(messageBlocks);
    const table = said.locator('[data-block="data_table"]');
    const areas = () => table.locator('tbody th').allTextContents();
    expect(await areas()).toEqual(['Boston', 'Austin', 'Denver']);
    await table.getByRole('button', { name: 'Attempts' }).click();
    await expect.poll(areas).toEqual(['Chicago', 'Boston', 'Denver']);
    expect(await table.getByRole('columnheader', { name: 'Attempts' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );
    await table.getByRole('button', { name: 'Attempts' }).click();
    await expect.poll(areas).toEqual(['Austin', 'El Paso', 'Denver']);
    await table.getByRole('button', { name: 'Next page' }).click();
    await expect.poll(areas).toEqual(['Boston', 'Chicago']);
    await table.getByRole('searchbox').fill('paso');
    await expect.poll(areas).toEqual(['El Paso']);
  });

  it('says the numbers of every chart in words and in a table', async () => {
    const { said } = await show(messageBlocks);
    const charts = said.locator('[data-block="data_visualization"]');
    expect(await charts.count()).toBe(4);
    expect(await charts.first().getByRole('img').getAttribute('aria-label')).toBe(
      'Outcomes, a pie chart. Delivered 112, Failed 6, Opted out 2.',
    );
    const bars = charts.nth(1);
    expect(await bars.locator('rect').count()).toBe(6);
    await bars.getByText('Show the numbers').click();
    expect(await bars.locator('tbody tr').first().allTextContents()).toEqual(['09:00402']);
  });
});

describe('acting in a message', () => {
  const at = { userId: ada.id, channelId: outreach.id, ts: tsAt(1) };

  it('sends a button as Slack does, with the state of the whole message', async () => {
    const { sandbox, said } = await show(messageBlocks);
    await said.getByRole('button', { name: 'Start', exact: true }).click();
    await expect.poll(() => sandbox.callsOf('act-in-message')).toHaveLength(1);
    expect(sandbox.callsOf('act-in-message')[0]).toEqual({
      ...at,
      action: {
        type: 'button',
        block_id: 'moves',
        action_id: 'start',
        text: { type: 'plain_text', text: 'Start' },
        value: 'c1:3',
      },
      state: {
        moves: {
          pick: { type: 'static_select', selected_option: null },
          day: { type: 'datepicker', selected_date: '2026-11-25' },
          hour: { type: 'timepicker', selected_time: '09:30', timezone: 'America/New_York' },
        },
        boxes: {
          who: {
            type: 'checkboxes',
            selected_options: [{ text: { type: 'plain_text', text: 'Owners' }, value: 'owners' }],
          },
        },
      },
    });
  });

  it('asks before a confirmed button acts, and does nothing when the answer is no', async () => {
    const { sandbox, said, page } = await show(messageBlocks);
    const cancel = said.getByRole('button', { name: 'Cancel the campaign Autumn reminder' });
    await cancel.click();
    const dialog = page.getByRole('dialog', { name: 'Cancel the campaign?' });
    expect(await dialog.textContent()).toContain('38 contacts have not been texted.');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(sandbox.callsOf('act-in-message')).toEqual([]);
    await cancel.click();
    await dialog.getByRole('button', { name: 'Cancel campaign' }).click();
    await expect.poll(() => sandbox.callsOf('act-in-message')).toHaveLength(1);
  });

  it('sends choices of selects, menus, boxes and pickers at once', async () => {
    const { sandbox, said, page } = await show(messageBlocks);
    const actions = () => sandbox.callsOf('act-in-message').map((call) => call.action as JsonObject);
    await said.getByRole('combobox').click();
    await page.getByRole('option', { name: 'Leads' }).click();
    await expect.poll(actions).toHaveLength(1);
    await said.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Why?' }).click();
    await expect.poll(actions).toHaveLength(2);
    await said.getByRole('checkbox', { name: 'Everyone' }).check();
    await expect.poll(actions).toHaveLength(3);
    await said.locator('input[type=date]').fill('2026-12-01');
    await expect.poll(actions).toHaveLength(4);
    await said.getByRole('button', { name: 'Bad' }).click();
    await expect.poll(actions).toHaveLength(5);
    expect(actions()).toMatchObject([
      { type: 'static_select', action_id: 'pick', selected_option: { value: 'leads' } },
      { type: 'overflow', action_id: 'more', selected_option: { value: 'why' } },
      { type: 'checkboxes', selected_options: [{ value: 'owners' }, { value: 'everyone' }] },
      { type: 'datepicker', selected_date: '2026-12-01' },
      { type: 'feedback_buttons', action_id: 'helpful', value: 'bad' },
    ]);
  });

  it('says what the sandbox says when the bot does not take an action', async () => {
    const { sandbox, said, page } = await show(messageBlocks);
    sandbox.answer('act-in-message', () => ({
      ok: false,
      error: 'The bot did not answer within 3 seconds.',
    }));
    await said.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByTestId('toasts').getByText('The bot did not answer within 3 seconds.').waitFor();
  });

  it('keeps what was chosen when the bot edits the message, while the ids stay', async () => {
    const { sandbox, said, page } = await show(messageBlocks);
    await said.getByRole('combobox').click();
    await page.getByRole('option', { name: 'Leads' }).click();
    const edited = [
      { type: 'section', block_id: 'new', text: { type: 'mrkdwn', text: 'now *paused*' } },
      ...messageBlocks,
    ];
    sandbox.put('messages', message({ ts: tsAt(1), userId: botUserId, blocks: edited, revision: 1 }));
    await said.getByText('paused').waitFor();
    expect(await said.getByRole('combobox').inputValue()).toBe('Leads');
  });
});
