import type { AckFn, App, BlockAction, MessageShortcut, SlackViewAction } from '@slack/bolt';
import { parseActionId } from './action-ids.ts';
import type { Press } from './actions/action.ts';
import { ACTIONS } from './actions/index.ts';
import { runCommand } from './commands/index.ts';
import { demand, type Entry, type SlackContext } from './context.ts';
import { natureOf } from './file-names.ts';
import { publishHome } from './home.ts';
import { openTarget } from './modals/import-file.ts';
import { MODALS, problemAnswer } from './modals/index.ts';
import type { ModalHandler, Submission, SubmitAnswer } from './modals/modal.ts';
import { parseModalName } from './modals/names.ts';
import { openNewCampaign } from './modals/new-campaign.ts';
import { fillView } from './modals/open.ts';
import { explain, sentenceMessage } from './reply.ts';
import {
  visitByCommand,
  visitByGlobalShortcut,
  visitByPress,
  visitByShortcut,
  visitByView,
} from './visits.ts';
import { findTimeZones } from './zones.ts';

const ANY = /.*/;

/** Commands, presses, forms and shortcuts: acknowledged always, allowed or refused in words, never silent. */
export function listenToPeople(app: App, slack: SlackContext): void {
  app.command(ANY, async ({ ack, command }) => {
    await ack();
    const entry = await visitByCommand(slack, command);
    await inWords(entry, () => runCommand(entry, command.text));
  });
  app.action({ type: 'block_actions', action_id: ANY }, async ({ ack, body }) => {
    await ack();
    await press(slack, body as BlockAction);
  });
  app.view({ type: 'view_submission', callback_id: ANY }, async ({ ack, body }) =>
    submit(slack, body, ack as AckFn<unknown>),
  );
  app.options(ANY, async ({ ack, options }) => ack({ options: findTimeZones(options.value) }));
  app.shortcut('campaign_new', async ({ ack, shortcut }) => {
    await ack();
    const entry = await visitByGlobalShortcut(slack, shortcut);
    await inWords(entry, async () => {
      await demand(entry, 'edit');
      await openNewCampaign(entry, { name: '' });
    });
  });
  app.shortcut(
    { type: 'message_action', callback_id: 'contacts_from_message' },
    async ({ ack, shortcut }) => {
      await ack();
      await useMessage(slack, shortcut as MessageShortcut);
    },
  );
}

async function press(slack: SlackContext, body: BlockAction): Promise<void> {
  const visit: Press = await visitByPress(slack, body);
  const known = parseActionId(body.actions[0]?.action_id ?? '');
  await inWords(visit, async () => {
    if (!known)
      return visit.answer.privately(
        sentenceMessage('This button is no longer in use. The campaign’s card shows what can be done now.'),
      );
    const handler = ACTIONS[known.name];
    if (handler.right) await demand(visit, handler.right);
    await handler.run(visit);
  });
  if (body.view?.type === 'home' && known && ACTIONS[known.name].runs === 'stored')
    await publishHome(slack, visit.userId);
}

async function submit(slack: SlackContext, body: SlackViewAction, ack: AckFn<unknown>): Promise<void> {
  const visit = await visitByView(slack, body);
  const name = parseModalName(body.view.callback_id);
  const handler = name && MODALS[name];
  if (!handler) return ack();
  const answer = await answerTo(visit, handler);
  await ack(toAck(answer));
  if (answer.kind === 'show' && answer.fill) await fillView(visit, visit.viewId, answer.fill);
  if (answer.kind === 'done' && answer.after) await inWords(visit, async () => void (await answer.after?.()));
}

async function answerTo(visit: Submission, handler: ModalHandler): Promise<SubmitAnswer> {
  try {
    await demand(visit, handler.right);
    return await handler.submit(visit);
  } catch (error) {
    return problemAnswer(error, handler, visit.state, visit.deps);
  }
}

/** Slack's words for what the person sees next (slack.md §2.4). */
function toAck(answer: SubmitAnswer): object {
  if (answer.kind === 'errors') return { response_action: 'errors', errors: answer.errors };
  return answer.kind === 'show'
    ? { response_action: 'update', view: answer.view }
    : { response_action: 'clear' };
}

/** “Import contacts” in the menu of a message that holds a file. */
async function useMessage(slack: SlackContext, body: MessageShortcut): Promise<void> {
  const entry = await visitByShortcut(slack, body);
  await inWords(entry, async () => {
    await demand(entry, 'edit');
    const files = (body.message.files ?? []) as { id?: string; name?: string; filetype?: string }[];
    const file =
      files.find(({ name = '', filetype = '' }) => natureOf({ name, fileType: filetype }) !== 'other') ??
      files[0];
    if (!file?.id)
      return entry.answer.privately(
        sentenceMessage(
          'This message holds no file. Use this on a message with a CSV or JSON file of contacts.',
        ),
      );
    const threadTs = body.message.thread_ts ?? body.message_ts;
    await openTarget(entry, {
      fileId: file.id,
      fileName: file.name ?? 'file',
      channelId: entry.channelId,
      threadTs,
    });
  });
}

/** Whatever goes wrong is told to the person, in words. */
async function inWords(entry: Entry, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await entry.answer.privately(sentenceMessage(explain(error, entry.deps)));
  }
}
