import type { ApprovalNote } from '#ports/chat-content.ts';
import { actionId } from '#slack/action-ids.ts';
import { actorName, quote } from '#slack/mrkdwn.ts';
import {
  actions,
  type Block,
  bullets,
  button,
  fallback,
  type Message,
  plainSection,
  section,
} from './kit.ts';

const SHOWN_CHANGES = 10;

/** A request for approval: what would be agreed to, against what was agreed to last; decided ones ask nothing any more. */
export function drawApproval(note: ApprovalNote): Message {
  const lead = `*Approval asked for “${quote(note.name)}”* by ${actorName(note.requestedBy)}: ${quote(note.contacts)} contacts.`;
  const changes = changesWords(note.changes);
  const blocks: Block[] = [
    section(lead),
    plainSection(changes),
    note.state === 'open' ? actions(decisionButtons(note)) : section(outcomeWords(note)),
  ];
  const outcome = note.state === 'open' ? WHO_DECIDES : outcomeWords(note);
  return { text: fallback(lead.replaceAll('*', ''), quote(changes, 2000), outcome), blocks };
}

/** What is different since the last approval, as lines. */
export function changesWords(changes: string[] | null): string {
  if (changes === null) return 'It has never been approved before. Review shows all of it.';
  if (changes.length === 0) return 'Nothing is different from what was approved last.';
  return `Different from what was approved last:\n${bullets(changes, SHOWN_CHANGES)}`;
}

const WHO_DECIDES =
  'Anybody who may start campaigns can decide, but neither who asked nor who made the last change.';

function decisionButtons({ approvalId, name }: ApprovalNote) {
  const value = String(approvalId);
  return [
    button({
      label: 'Review and approve',
      actionId: actionId('approval.approve'),
      value,
      style: 'primary',
      spoken: `Review and approve ${name}`,
    }),
    button({ label: 'Reject', actionId: actionId('approval.reject'), value, spoken: `Reject ${name}` }),
  ];
}

function outcomeWords({ state, decidedBy, reason }: ApprovalNote): string {
  const by = decidedBy ? ` by ${actorName(decidedBy)}` : '';
  switch (state) {
    case 'approved':
      return `✅ Approved${by}.`;
    case 'rejected':
      return `❌ Rejected${by}: ${quote(reason ?? '', 500)}`;
    case 'voided':
      return `⚠️ Approved${by}, but the campaign was changed afterwards, so this no longer stands.`;
    case 'withdrawn':
      return '⚠️ The campaign was changed before anybody decided, so this asks nothing any more.';
    default:
      return WHO_DECIDES;
  }
}
