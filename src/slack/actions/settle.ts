import { type Block, context, fallback } from '#slack/blocks/kit.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { Press } from './action.ts';

/**
 * A question in the thread that somebody answered: the same message without its buttons, and with who decided what. Where
 * the message is out of reach, the person who pressed is told.
 */
export async function settle(press: Press, decision: string): Promise<void> {
  const sentence = `${decision} Decided by <@${press.userId}>.`;
  const blocks = press.message?.blocks;
  if (!blocks) return press.answer.privately(sentenceMessage(decision));
  const kept: Block[] = blocks.filter(({ type }) => type !== 'actions');
  await press.answer.instead({ text: fallback(sentence), blocks: [...kept, context(sentence)] });
}

/** A press that came after a colleague's: nothing changed, and that is said. */
export async function tellLate(press: Press, what: string): Promise<void> {
  await press.answer.privately(sentenceMessage(`${what} Nothing was changed.`));
}
