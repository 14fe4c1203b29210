import { exportPerson } from '#operations/export-person.ts';
import { directChannel } from '#slack/direct-channel.ts';
import { recallPhone } from '#slack/lookup.ts';
import { openErasure } from '#slack/modals/erase-person.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler } from './action.ts';

const SENTENCES: Record<string, string> = {
  done: 'Everything kept about them is in your direct messages with me. It is for you alone: pass it on with care.',
  unknown: 'Slack did not answer, so the file may not arrive. Look for it in a moment before you ask again.',
};
const NOT_SENT = 'Slack did not take the file, so nothing was sent. Try again in a minute.';
const FORGOTTEN = 'This is no longer known. Look the number up again with /campaign privacy.';

/** What is known of somebody goes to the person who asked, never into a channel. */
export const exportPersonFile: ActionHandler = {
  right: 'administer',
  runs: 'stored',
  async run(press) {
    const phone = await recallPhone(press, press.value ?? '');
    if (phone === null) return press.answer.privately(sentenceMessage(FORGOTTEN));
    const place = { channelId: await directChannel(press), threadTs: null };
    const { deps, workspaceId, actor } = press;
    const { kind } = await exportPerson(deps, { workspaceId, phone, actor, place });
    await press.answer.privately(sentenceMessage(SENTENCES[kind] ?? NOT_SENT));
  },
};

export const askToErase: ActionHandler = {
  right: 'administer',
  runs: 'now',
  run: (press) => openErasure(press, press.value ?? ''),
};
