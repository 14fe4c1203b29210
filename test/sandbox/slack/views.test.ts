import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject, SlackView } from '#sandbox/page-protocol.ts';
import { SIGNING_SECRET, type SlackDriver, startSlack } from '#support/slack.ts';
import { type BotDouble, startBotDouble } from './bot-double.ts';
import { refusal, refusalCode, webClient } from './client.ts';

let slack: SlackDriver;
let bot: BotDouble;
let web: WebClient;
let now = Date.now();

beforeEach(async () => {
  bot = await startBotDouble(SIGNING_SECRET);
  slack = await startSlack({ ackDeadlineMs: 1_500, triggerLifeMs: 3000, clock: { now: () => now } });
  slack.pointAt(bot.url);
  web = webClient(slack);
});
afterEach(async () => {
  await slack.close();
  await bot.close();
});

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string) => ({ text: plain(value), value });
const input = (block_id: string, element: object, extra: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(`The ${block_id}`),
  element: { action_id: 'value', ...element },
  ...extra,
});
const text = (extra: object = {}) => ({ type: 'plain_text_input', ...extra });
const modal = (extra: object = {}): never =>
  ({
    type: 'modal',
    title: plain('New campaign'),
    submit: plain('Save'),
    callback_id: 'new',
    blocks: [input('name', text())],
    ...extra,
  }) as never;
const trigger = async (userId: string = slack.people.admin) => {
  await slack.slash(userId, slack.channels.campaigns, '/campaign new');
  return String(bot.of('command').at(-1)?.body.trigger_id);
};
const open = async (extra: object = {}): Promise<SlackView> => {
  await web.views.open({ trigger_id: await trigger(), view: modal(extra) });
  return top();
};
const top = (): SlackView => {
  const view = slack.openView(slack.people.admin);
  if (!view) throw new Error('nothing is open');
  return view;
};
const submitted = () =>
  bot.of('view_submission').at(-1)?.body as JsonObject & {
    view: JsonObject & { state: { values: Record<string, JsonObject> } };
  };
const titles = () =>
  slack.standIn
    .snapshot()
    .views.sort((a, b) => a.depth - b.depth)
    .map(({ view }) => (view.title as JsonObject).text);

describe('opening', () => {
  it('shows the modal to whoever caused the trigger, with names for what had none', async () => {
    const { view } = await web.views.open({
      trigger_id: await trigger(slack.people.teammate),
      view: modal({ blocks: [{ type: 'divider' }], submit: undefined, private_metadata: '{"d":1}' }),
    });
    expect(view).toMatchObject({
      type: 'modal',
      callback_id: 'new',
      private_metadata: '{"d":1}',
      previous_view_id: null,
      root_view_id: view?.id,
      hash: expect.any(String),
    });
    expect(view?.blocks?.[0]?.block_id).toEqual(expect.any(String));
    expect(slack.openView(slack.people.teammate)?.id).toBe(view?.id);
    expect(slack.openView(slack.people.admin)).toBeUndefined();
  });

  it('a trigger lives three seconds and opens one view', async () => {
    const used = await trigger();
    await web.views.open({ trigger_id: used, view: modal() });
    expect(await refusalCode(web.views.open({ trigger_id: used, view: modal() }))).toBe(
      'exchanged_trigger_id',
    );
    const old = await trigger();
    now += 3001;
    expect(await refusalCode(web.views.open({ trigger_id: old, view: modal() }))).toBe('expired_trigger_id');
    expect(await refusalCode(web.views.open({ trigger_id: '1.2.abc', view: modal() }))).toBe(
      'invalid_trigger_id',
    );
  });

  it('a bad view is refused with pointers and leaves the trigger alive', async () => {
    const trigger_id = await trigger();
    const data = await refusal(web.views.open({ trigger_id, view: modal({ title: plain('x'.repeat(25)) }) }));
    expect(data).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: {
        messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
      },
    });
    const huge = modal({ private_metadata: 'x'.repeat(260 * 1024) });
    expect(await refusalCode(web.views.open({ trigger_id, view: huge }))).toBe('view_too_large');
    expect((await web.views.open({ trigger_id, view: modal() })).ok).toBe(true);
  });

  it('an external_id is unique among open views', async () => {
    await open({ external_id: 'draft-1' });
    const again = web.views.open({ trigger_id: await trigger(), view: modal({ external_id: 'draft-1' }) });
    expect(await refusalCode(again)).toBe('duplicate_external_id');
  });
});

describe('the stack', () => {
  const BUTTON = {
    type: 'actions',
    block_id: 'b',
    elements: [{ type: 'button', action_id: 'more', text: plain('More') }],
  };
  const push = async (title: string) => {
    await slack.clickInView(top(), 'More');
    const trigger_id = String(bot.of('block_actions').at(-1)?.body.trigger_id);
    return await web.views.push({ trigger_id, view: modal({ title: plain(title), blocks: [BUTTON] }) });
  };

  it('is three deep, and a pushed view knows the one below', async () => {
    const first = await open({ blocks: [BUTTON] });
    const { view } = await push('Two');
    expect(view).toMatchObject({ root_view_id: first.id, previous_view_id: first.id });
    await push('Three');
    expect(titles()).toEqual(['New campaign', 'Two', 'Three']);
    expect(await refusalCode(push('Four'))).toBe('push_limit_reached');
  });

  it('closing goes back one, clearing closes all; the bot hears of views that asked for it', async () => {
    const first = await open({ blocks: [BUTTON], notify_on_close: true });
    await push('Two');
    await slack.closeView(top());
    expect(titles()).toEqual(['New campaign']);
    expect(bot.of('view_closed')).toEqual([]);
    await push('Two');
    await slack.closeView(top(), true);
    expect(titles()).toEqual([]);
    expect(bot.of('view_closed').map(({ body }) => body)).toMatchObject([
      { is_cleared: true, view: { id: first.id } },
    ]);
  });

  it('clear_on_close clears by itself', async () => {
    await open({ blocks: [BUTTON] });
    await slack.clickInView(top(), 'More');
    const trigger_id = String(bot.of('block_actions').at(-1)?.body.trigger_id);
    await web.views.push({ trigger_id, view: modal({ clear_on_close: true }) });
    await slack.closeView(top());
    expect(titles()).toEqual([]);
  });

  it('a trigger from outside a modal cannot push, and a view under another cannot be sent', async () => {
    expect(await refusalCode(web.views.push({ trigger_id: await trigger(), view: modal() }))).toBe(
      'not_found',
    );
    const first = await open({ blocks: [BUTTON] });
    await push('Two');
    await expect(slack.submit(first)).rejects.toThrow('Another window is open above this one.');
  });
});

describe('updating', () => {
  it('needs the current hash when it gives one', async () => {
    const view = await open();
    const update = (hash?: string) =>
      web.views.update({ view_id: view.id, view: modal({ title: plain('Changed') }), hash });
    expect((await update(view.hash)).view?.id).toBe(view.id);
    expect(await refusalCode(update(view.hash))).toBe('hash_conflict');
    expect((await update()).ok).toBe(true);
    expect(top().hash).not.toBe(view.hash);
  });

  it('finds a view by its external_id, and not one that is closed', async () => {
    const view = await open({ external_id: 'draft-2' });
    await web.views.update({
      external_id: 'draft-2',
      view: modal({ external_id: 'draft-2', title: plain('Found') }),
    });
    expect(titles()).toEqual(['Found']);
    await slack.closeView(view);
    expect(await refusalCode(web.views.update({ view_id: view.id, view: modal() }))).toBe('not_found');
  });
});

describe('the home tab', () => {
  it('is published per person, with a hash against races', async () => {
    const user_id = slack.people.admin;
    const publish = (hash?: string, block: object = { type: 'divider' }) =>
      web.views.publish({ user_id, hash, view: { type: 'home', blocks: [block] } as never });
    const { view } = await publish();
    expect(slack.home(user_id)?.view.blocks).toMatchObject([{ type: 'divider' }]);
    expect(await refusalCode(publish('0.old'))).toBe('hash_conflict');
    expect((await publish(view?.hash)).ok).toBe(true);
    expect(await refusalCode(publish(undefined, { type: 'alert' }))).toBe('invalid_arguments');
    expect(
      await refusalCode(web.views.publish({ user_id: 'U0NOBODY', view: { type: 'home', blocks: [] } })),
    ).toBe('invalid_arguments');
  });

  it('its buttons reach the bot with the view and without a channel', async () => {
    const button = { type: 'button', action_id: 'open', text: plain('Open'), value: 'c1' };
    await web.views.publish({
      user_id: slack.people.admin,
      view: { type: 'home', blocks: [{ type: 'actions', elements: [button] }] } as never,
    });
    const home = slack.home(slack.people.admin);
    if (home) await slack.clickInView(home, 'Open');
    expect(bot.of('block_actions')[0]?.body).toMatchObject({
      container: { type: 'view', view_id: home?.id },
      view: { type: 'home' },
      actions: [{ value: 'c1' }],
    });
  });
});

describe('submitting', () => {
  it('sends every value, typed or not, as Slack does', async () => {
    await open({
      blocks: [
        input('name', text({ initial_value: 'Spring' })),
        input('note', text(), { optional: true }),
        input('limit', { type: 'number_input', is_decimal_allowed: false }),
        input('day', { type: 'datepicker' }),
        input('from', { type: 'timepicker', initial_time: '09:00', timezone: 'Europe/Berlin' }),
        input('kind', { type: 'static_select', options: [option('sms'), option('call')] }),
        input('flags', { type: 'checkboxes', options: [option('a'), option('b')] }, { optional: true }),
        input('where', {
          type: 'conversations_select',
          default_to_current_conversation: true,
          response_url_enabled: true,
        }),
        {
          type: 'section',
          block_id: 'who',
          text: plain('Owner'),
          accessory: { type: 'users_select', action_id: 'owner', initial_user: slack.people.teammate },
        },
      ],
    });
    await slack.submit(top(), { 'The limit': 5, 'The day': '2026-11-20', kind: 'call', flags: ['b'] });
    expect(submitted()).toMatchObject({
      type: 'view_submission',
      user: { id: slack.people.admin },
      trigger_id: expect.any(String),
      view: { callback_id: 'new' },
    });
    expect(submitted().view.state.values).toEqual({
      name: { value: { type: 'plain_text_input', value: 'Spring' } },
      note: { value: { type: 'plain_text_input', value: null } },
      limit: { value: { type: 'number_input', value: '5' } },
      day: { value: { type: 'datepicker', selected_date: '2026-11-20' } },
      from: { value: { type: 'timepicker', selected_time: '09:00', timezone: 'Europe/Berlin' } },
      kind: { value: { type: 'static_select', selected_option: option('call') } },
      flags: { value: { type: 'checkboxes', selected_options: [option('b')] } },
      where: { value: { type: 'conversations_select', selected_conversation: slack.channels.campaigns } },
      who: { owner: { type: 'users_select', selected_user: slack.people.teammate } },
    });
    expect(submitted().response_urls).toMatchObject([
      { block_id: 'where', channel_id: slack.channels.campaigns, response_url: expect.any(String) },
    ]);
    expect(titles()).toEqual([]);
  });

  const windowChecks: [string, object, unknown, string][] = [
    ['an empty required field', text(), '', 'Please complete this required field.'],
    ['too short a text', text({ min_length: 3 }), 'ab', 'Please enter at least 3 characters.'],
    ['too long a text', text({ max_length: 3 }), 'abcd', 'Please enter at most 3 characters.'],
    [
      'a word for a number',
      { type: 'number_input', is_decimal_allowed: true },
      'many',
      'Please enter a valid number.',
    ],
    [
      'a fraction where none is allowed',
      { type: 'number_input', is_decimal_allowed: false },
      '1.5',
      'Please enter a whole number.',
    ],
    [
      'a number above its maximum',
      { type: 'number_input', is_decimal_allowed: false, max_value: '9' },
      '10',
      'Please enter a number of at most 9.',
    ],
    [
      'a number below its minimum',
      { type: 'number_input', is_decimal_allowed: false, min_value: '2' },
      '1',
      'Please enter a number of at least 2.',
    ],
    ['a broken address', { type: 'email_text_input' }, 'dana', 'Please enter a valid email address.'],
    ['a broken link', { type: 'url_text_input' }, 'example', 'Please enter a valid URL.'],
  ];
  it.each(windowChecks)('%s never reaches the bot', async (_name, element, answer, sentence) => {
    await open({ blocks: [input('field', element)] });
    await slack.submit(top(), { field: answer as string });
    expect(top().errors).toEqual({ field: sentence });
    expect(bot.of('view_submission')).toEqual([]);
  });

  it('files arrive whole and the bot may read them', async () => {
    await open({ blocks: [input('list', { type: 'file_input', filetypes: ['csv'], max_files: 1 })] });
    const file = await slack.chooseFile(slack.people.admin, 'leads.csv', 'phone');
    await slack.submit(top(), { list: [file] });
    const files = submitted().view.state.values.list?.value as JsonObject & { files: JsonObject[] };
    expect(files.files).toMatchObject([
      { id: file.id, name: 'leads.csv', size: 5, mode: 'hosted', url_private_download: expect.any(String) },
    ]);
    expect((await web.files.info({ file: file.id })).file?.name).toBe('leads.csv');
  });

  it('files of the wrong kind, and files over 10 MB, are refused by the window', async () => {
    await open({ blocks: [input('list', { type: 'file_input', filetypes: ['csv'] })] });
    const file = await slack.chooseFile(slack.people.admin, 'leads.xlsx', 'x');
    await slack.submit(top(), { list: [file] });
    expect(top().errors).toEqual({ list: 'Please choose files of these kinds: csv.' });
    const large = slack.chooseFile(slack.people.admin, 'big.csv', Buffer.alloc(10 * 1024 * 1024 + 1));
    await expect(large).rejects.toThrow('at most 10 MB');
  });

  it('values of fields that are not there are dropped', async () => {
    const view = await open();
    await slack.standIn.verbs['submit-view']({
      userId: slack.people.admin,
      viewId: view.id,
      state: { name: { value: { type: 'plain_text_input', value: 'Spring' }, forged: {} }, gone: {} },
    });
    expect(submitted().view.state.values).toEqual({
      name: { value: { type: 'plain_text_input', value: 'Spring' } },
    });
  });
});

describe('answers to a submission', () => {
  const answer = (body: unknown) => bot.on('view_submission', () => ({ body }));
  const submit = async () => {
    const view = slack.openView(slack.people.admin) ?? (await open());
    await slack.submit(view, { name: 'Spring' });
  };
  const TROUBLE = { '': 'We had some trouble connecting. Try again?' };

  it('update shows another view in its place, push one on top', async () => {
    answer({ response_action: 'update', view: modal({ title: plain('Checking…') }) });
    await submit();
    expect(titles()).toEqual(['Checking…']);
    expect(top().isSubmitting).toBe(false);
    answer({ response_action: 'push', view: modal({ title: plain('Confirm') }) });
    await submit();
    expect(titles()).toEqual(['Checking…', 'Confirm']);
    answer('');
    await submit();
    expect(titles()).toEqual(['Checking…']);
    answer({ response_action: 'push', view: modal({ title: plain('Confirm') }) });
    await submit();
    answer({ response_action: 'clear' });
    await submit();
    expect(titles()).toEqual([]);
  });

  it('errors stand at their inputs', async () => {
    answer({ response_action: 'errors', errors: { name: 'That name is taken.' } });
    await submit();
    expect(top().errors).toEqual({ name: 'That name is taken.' });
  });

  const unusable: [string, unknown][] = [
    ['errors for a block that is no input', { response_action: 'errors', errors: { elsewhere: 'x' } }],
    ['no errors at all', { response_action: 'errors', errors: {} }],
    ['a view that Slack refuses', { response_action: 'update', view: { type: 'modal', blocks: [] } }],
    ['an unknown action', { response_action: 'explode' }],
    ['text', 'ok'],
  ];
  it.each(unusable)('%s is trouble connecting', async (_name, body) => {
    answer(body);
    await submit();
    expect(top()).toMatchObject({ errors: TROUBLE, isSubmitting: false });
  });

  it('late or broken is trouble connecting, and the form can be sent again', async () => {
    bot.on('view_submission', (_, count) =>
      count === 1 ? { delayMs: 2500 } : count === 2 ? { status: 500 } : {},
    );
    await submit();
    expect(top().errors).toEqual(TROUBLE);
    await submit();
    expect(top().errors).toEqual(TROUBLE);
    await submit();
    expect(titles()).toEqual([]);
  });

  it('a form cannot be sent twice at once', async () => {
    bot.on('view_submission', () => ({ delayMs: 80 }));
    const view = await open();
    const first = slack.submit(view, { name: 'Spring' });
    await expect(slack.submit(view)).rejects.toThrow('being sent already');
    await first;
  });
});

describe('while a modal is open', () => {
  it('a press that fails shows trouble in the modal', async () => {
    bot.on('block_actions', () => ({ status: 500 }));
    await open({
      blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'x', text: plain('Go') }] }],
    });
    await slack.clickInView(top(), 'Go');
    expect(top().errors).toEqual({ '': 'We had some trouble connecting. Try again?' });
  });

  it('choosing tells the bot what was chosen and what else was typed', async () => {
    const select = { type: 'static_select', options: [option('sms'), option('call')] };
    await open({ blocks: [input('name', text()), input('kind', select, { dispatch_action: true })] });
    slack.fill(top(), { name: 'Spring' });
    await slack.choose(top(), 'The kind', 'call');
    expect(bot.of('block_actions')[0]?.body).toMatchObject({
      actions: [{ block_id: 'kind', action_id: 'value', selected_option: { value: 'call' } }],
      view: {
        state: {
          values: {
            name: { value: { value: 'Spring' } },
            kind: { value: { selected_option: { value: 'call' } } },
          },
        },
      },
    });
  });

  it('an external menu offers what the bot offers, and says when it does not', async () => {
    await open({ blocks: [input('campaign', { type: 'external_select', min_query_length: 0 })] });
    const ask = () => slack.suggestions(top(), 'campaign', 'value', 'spr');
    bot.on('block_suggestion', () => ({ body: { options: [option('spring')] } }));
    expect(await ask()).toMatchObject({ options: [option('spring')], optionGroups: [] });
    expect(bot.of('block_suggestion')[0]?.body).toMatchObject({
      value: 'spr',
      action_id: 'value',
      view: { callback_id: 'new' },
    });
    bot.on('block_suggestion', () => ({
      body: { option_groups: [{ label: plain('Running'), options: [option('a')] }] },
    }));
    expect(await ask()).toMatchObject({ options: [], optionGroups: [{ label: plain('Running') }] });
    for (const body of ['', { options: [{ text: plain('x'.repeat(76)), value: 'x' }] }, { nothing: 1 }]) {
      bot.on('block_suggestion', () => ({ body }));
      await expect(ask()).rejects.toThrow('did not offer');
    }
  });
});
