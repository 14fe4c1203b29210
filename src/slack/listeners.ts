import type { AckFn, App, BlockAction, MessageShortcut, SlackViewAction } from '@slack/bolt';
import { parseActionId } from './action-ids.ts';
import { ACTIONS } from './actions/index.ts';
import { runCommand } from './commands/index.ts';
import { demand, type Entry, enter, type SlackContext, type Visitor } from './context.ts';
import { natureOf } from './file-names.ts';
import { publishHome } from './home.ts';
import { openTarget } from './modals/import-file.ts';
import { MODALS, problemAnswer } from './modals/index.ts';
import type { ModalHandler, Submission, SubmitAnswer } from './modals/modal.ts';
import { parseModalName } from './modals/names.ts';
import { openNewCampaign } from './modals/new-campaign.ts';
import { fillView } from './modals/open.ts';
import { explain, sentenceMessage } from './reply.ts';
import { suggest } from './suggestions.ts';
import { inModal, readCommand, readForm, readMessageShortcut, readPress } from './visits.ts';

const ANY = /.*/;

/** Commands, presses, forms and shortcuts: acknowledged always, allowed or refused in words, never silent. */
export function listenToPeople(app: App, slack: SlackContext): void {
  app.command(ANY, async ({ ack, command }) => {
    await ack();
    await receive(slack, readCommand(slack, command), (entry) => runCommand(entry, command.text));
  });
  app.action({ type: 'block_actions', action_id: ANY }, async ({ ack, body }) => {
    await ack();
    await press(slack, body as BlockAction);
  });
  app.view({ type: 'view_submission', callback_id: ANY }, async ({ ack, body }) =>
    submit(slack, body, ack as AckFn<unknown>),
  );
  app.options(ANY, async ({ ack, options }) => ack({ options: await suggest(slack.deps, options) }));
  app.shortcut('campaign_new', async ({ ack, shortcut }) => {
    await ack();
    await receive(slack, inModal(slack, shortcut), async (entry) => {
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

/** Lets somebody in and does what they want; whatever goes wrong on the way is told to them, in words. */
async function receive(
  slack: SlackContext,
  visitor: Visitor,
  work: (entry: Entry) => Promise<void>,
): Promise<void> {
  try {
    await work(await enter(slack, visitor));
  } catch (error) {
    await visitor.answer.privately(sentenceMessage(explain(error, slack.deps)));
  }
}

async function press(slack: SlackContext, body: BlockAction): Promise<void> {
  const visitor = readPress(slack, body);
  const known = parseActionId(body.actions[0]?.action_id ?? '');
  if (!known) {
    const gone = 'This button is no longer in use. The campaign’s card shows what can be done now.';
    return visitor.answer.privately(sentenceMessage(gone));
  }
  const handler = ACTIONS[known.name];
  await receive(slack, visitor, async (entry) => {
    if (handler.right) await demand(entry, handler.right);
    await handler.run({ ...visitor, ...entry });
  });
  if (body.view?.type === 'home' && handler.runs === 'stored') await publishHome(slack, visitor.userId);
}

async function submit(slack: SlackContext, body: SlackViewAction, ack: AckFn<unknown>): Promise<void> {
  const form = readForm(slack, body);
  const name = parseModalName(body.view.callback_id);
  const handler = name && MODALS[name];
  if (!handler) return ack();
  const answer = await answerTo(slack, form, handler);
  await ack(toAck(answer));
  if (answer.kind === 'show' && answer.fill) await fillView(slack, form.viewId, answer.fill);
  const after = answer.kind === 'done' ? answer.after : undefined;
  if (after) await receive(slack, form, async () => void (await after()));
}

async function answerTo(
  slack: SlackContext,
  form: ReturnType<typeof readForm>,
  handler: ModalHandler,
): Promise<SubmitAnswer> {
  try {
    const submission: Submission = { ...form, ...(await enter(slack, form)) };
    await demand(submission, handler.right);
    return await handler.submit(submission);
  } catch (error) {
    return problemAnswer(error, handler, form.state, slack.deps);
  }
}

/** Slack's words for what the person sees next (slack.md §2.4). */
function toAck(answer: SubmitAnswer): object {
  if (answer.kind === 'errors') return { response_action: 'errors', errors: answer.errors };
  return answer.kind === 'show'
    ? { response_action: 'update', view: answer.view }
    : { response_action: 'clear' };
}

type MessageFile = { id?: string; name?: string; filetype?: string };

/** “Import contacts” in the menu of a message that holds a file. */
async function useMessage(slack: SlackContext, body: MessageShortcut): Promise<void> {
  await receive(slack, readMessageShortcut(slack, body), async (entry) => {
    await demand(entry, 'edit');
    const files = (body.message.files ?? []) as MessageFile[];
    const isList = ({ name = '', filetype = '' }: MessageFile) =>
      natureOf({ name, fileType: filetype }) !== 'other';
    const file = files.find(isList) ?? files[0];
    if (!file?.id) return entry.answer.privately(sentenceMessage(NO_FILE));
    await openTarget(entry, {
      fileId: file.id,
      fileName: file.name ?? 'file',
      channelId: entry.channelId,
      threadTs: body.message.thread_ts ?? body.message_ts,
    });
  });
}

const NO_FILE = 'This message holds no file. Use this on a message with a CSV or JSON file of contacts.';
