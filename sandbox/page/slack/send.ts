import { actingUserId } from '#sandbox/page/session.ts';
import { callVerb } from '#sandbox/page/verbs.ts';
import { attachmentsOf, sendAttachments } from './attachments.ts';

type Draft = { composerId: string; channelId: string; threadTs: string | null; text: string };
/** What stays in the composer, and why. */
type Sent = { remainingText: string; problem: string };

const done: Sent = { remainingText: '', problem: '' };

function isCommand(text: string): boolean {
  return /^\/[^\s/]/.test(text);
}

export async function send(draft: Draft): Promise<Sent> {
  if (isCommand(draft.text)) return runCommand(draft);
  const to = { userId: actingUserId.value, channelId: draft.channelId, threadTs: draft.threadTs };
  const text = draft.text.trim();
  if (attachmentsOf(draft.composerId).value.length > 0) {
    const remaining = await sendAttachments(draft.composerId, to, text);
    return { remainingText: remaining === '' ? '' : draft.text, problem: '' };
  }
  const answer = await callVerb('post-message', { ...to, text });
  return answer.ok ? done : { remainingText: draft.text, problem: answer.error };
}

async function runCommand(draft: Draft): Promise<Sent> {
  const name = draft.text.split(/\s/, 1)[0] ?? '';
  const refuse = (problem: string) => ({ remainingText: draft.text, problem });
  if (draft.threadTs !== null) return refuse(`${name} is not supported in threads. Sorry!`);
  const answer = await callVerb('run-slash-command', {
    userId: actingUserId.value,
    channelId: draft.channelId,
    text: draft.text.trim(),
  });
  return answer.ok ? done : refuse(answer.error);
}
