import { FileRefused } from '#domain/contact-import/file-problems.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from '#operations/deps.ts';
import { ChatUnavailable, FileUnavailable } from '#ports/chat.ts';
import { type Block, fallback, type Message, plainSection } from './blocks/kit.ts';
import { failureCode } from './errors.ts';
import { LIMITS } from './limits.ts';
import { quote } from './mrkdwn.ts';

const NOT_NOW = 'Slack cannot be asked right now, so nothing was done. Try again in a minute.';

/**
 * The sentence for whatever was thrown. A refusal brings its own; anything else is a bug of ours: logged with its cause
 * under a reference, and told to the person with that reference and nothing else.
 */
export function explain(error: unknown, deps: Pick<Deps, 'log' | 'randomToken'>): string {
  if (error instanceof Refusal || error instanceof FileRefused || error instanceof FileUnavailable) {
    return error.message;
  }
  if (error instanceof ChatUnavailable) {
    deps.log.warn({ problem: error.message }, 'Slack could not be asked');
    return NOT_NOW;
  }
  const reference = deps.randomToken().slice(0, 8);
  deps.log.error({ err: error, code: failureCode(error), reference }, 'a request from Slack failed');
  return `Something went wrong on our side, and it may not have been done. Look at the campaign before you try again; if it happens again, tell an admin the reference ${reference}.`;
}

/** A sentence as a message, every letter as it is. */
export function sentenceMessage(sentence: string, more: Block[] = []): Message {
  return {
    text: fallback(quote(sentence, LIMITS.messageText)),
    blocks: [plainSection(sentence), ...more],
  };
}
