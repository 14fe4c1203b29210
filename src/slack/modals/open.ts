import type { ModalView } from '@slack/types';
import type { Entry, SlackContext } from '#slack/context.ts';
import { failureCode } from '#slack/errors.ts';
import { explain, sentenceMessage } from '#slack/reply.ts';
import { sentenceView, waitingView } from './frame.ts';

/**
 * Opens a modal at once, while the trigger lives (3 s), and fills it when its content is there. What goes wrong on the
 * way is told in the modal.
 */
export async function openThen(
  entry: Entry,
  waiting: string,
  build: () => Promise<ModalView>,
): Promise<void> {
  const viewId = await openView(entry, waitingView(waiting));
  if (viewId) await fillView(entry.slack, viewId, build);
}

/** Replaces what stands in an open modal; one that was closed meanwhile stays closed. */
export async function fillView(
  slack: SlackContext,
  viewId: string,
  build: () => Promise<ModalView>,
): Promise<void> {
  const view = await build().catch((error: unknown) =>
    sentenceView('This did not work', sentenceMessage(explain(error, slack.deps))),
  );
  try {
    await slack.clients.interactive.views.update({ view_id: viewId, view });
  } catch (error) {
    slack.deps.log.warn({ code: failureCode(error) }, 'a modal could not be filled');
  }
}

async function openView(
  { slack, deps, triggerId, isInModal, answer }: Entry,
  view: ModalView,
): Promise<string | null> {
  if (!triggerId) {
    await answer.privately(
      sentenceMessage('This opens a form, which is not possible here. Use /campaign in a channel.'),
    );
    return null;
  }
  try {
    const { views } = slack.clients.interactive;
    const opened = await (isInModal ? views.push : views.open)({ trigger_id: triggerId, view });
    return opened.view?.id ?? null;
  } catch (error) {
    deps.log.warn({ code: failureCode(error) }, 'a modal could not be opened');
    await answer.privately(
      sentenceMessage('Slack did not open the form in time. Nothing was done; try once more.'),
    );
    return null;
  }
}
