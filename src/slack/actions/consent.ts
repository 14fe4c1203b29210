import { withdrawConsent } from '#operations/withdraw-consent.ts';
import { consentMessage } from '#slack/commands/consent.ts';
import { recallPhone } from '#slack/lookup.ts';
import { openConsent } from '#slack/modals/consent.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler } from './action.ts';

const FORGOTTEN = 'This list is no longer known. Look the number up again with /campaign consent.';

export const recordConsent: ActionHandler = {
  right: 'edit',
  runs: 'now',
  run: (press) => openConsent(press, press.value ?? ''),
};

/** As easy as an opt-out: whoever hears of it notes it. */
export const endConsent: ActionHandler = {
  right: 'suppress',
  runs: 'stored',
  async run(press) {
    const phone = await recallPhone(press, press.value ?? '');
    if (phone === null) return press.answer.privately(sentenceMessage(FORGOTTEN));
    const { deps, workspaceId, actor } = press;
    await withdrawConsent(deps, { workspaceId, phone, channel: 'all', actor });
    await press.answer.instead(await consentMessage(press, phone));
  },
};
