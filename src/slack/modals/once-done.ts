import { setTimeout as sleep } from 'node:timers/promises';
import type { ModalView } from '@slack/types';
import { waitingView } from './frame.ts';
import type { SubmitAnswer } from './modal.ts';

/** Slack waits for 3 s, and a form that is answered later says that nothing came of it, although it did. */
const PATIENCE_MS = 1500;

/**
 * Shows what came of something that may take long, because a campaign has very many contacts or the carrier is asked
 * whose the sender is: at once where it is done in time, otherwise `waiting` until it is. What goes wrong by then is told
 * in the form.
 */
export async function shownOnceDone(doing: Promise<ModalView>, waiting: string): Promise<SubmitAnswer> {
  const view = await Promise.race([doing, sleep(PATIENCE_MS, null)]);
  return view ? { kind: 'show', view } : { kind: 'show', view: waitingView(waiting), fill: () => doing };
}
