import { loadFormDraft } from '#operations/load-form-draft.ts';
import { parseLookupValue } from '#slack/action-ids.ts';
import { contactMessage, LOOKUP } from '#slack/commands/contact.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler } from './action.ts';

/** Turns the page for whoever looked somebody up, and for nobody else. */
export const turnContactPage: ActionHandler = {
  right: 'view',
  runs: 'now',
  async run(press) {
    const wanted = parseLookupValue(press.value);
    const kept = wanted && (await loadFormDraft(press.deps, { id: wanted.lookup, userId: press.userId }));
    const { phone } = (kept?.kind === LOOKUP ? kept.data : {}) as { phone?: string };
    if (!wanted || !phone)
      return press.answer.privately(
        sentenceMessage('This list is no longer known. Look the number up again with /campaign contact.'),
      );
    await press.answer.instead(await contactMessage(press, { phone, ...wanted }));
  },
};
