import { parseLookupValue } from '#slack/action-ids.ts';
import { contactMessage } from '#slack/commands/contact.ts';
import { recallPhone } from '#slack/lookup.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { ActionHandler } from './action.ts';

/** Turns the page for whoever looked somebody up, and for nobody else. */
export const turnContactPage: ActionHandler = {
  right: 'view',
  runs: 'now',
  async run(press) {
    const wanted = parseLookupValue(press.value);
    const phone = wanted && (await recallPhone(press, wanted.lookup));
    if (!wanted || !phone)
      return press.answer.privately(
        sentenceMessage('This list is no longer known. Look the number up again with /campaign contact.'),
      );
    await press.answer.instead(await contactMessage(press, { phone, ...wanted }));
  },
};
