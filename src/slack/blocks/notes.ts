import type { FileOffer, Note, NoteButton, ReplyNote, ReviewNote } from '#ports/chat-content.ts';
import { actionId, parseActionId } from '#slack/action-ids.ts';
import { LIMITS } from '#slack/limits.ts';
import { clip, counted, localTime, quote } from '#slack/mrkdwn.ts';
import {
  actions,
  type Block,
  button,
  fallback,
  type Message,
  option,
  plainSection,
  section,
  select,
} from './kit.ts';

const LEVEL_SIGNS: Record<Note['level'], string> = { info: '', good: '✅ ', warning: '⚠️ ', problem: '❌ ' };
const QUOTED_TEXT = 2500;

/** A milestone or an exception; its text is shown letter for letter, and only `{by}` becomes a mention. */
export function drawNote(note: Note): Message {
  const text = `${LEVEL_SIGNS[note.level]}${note.text}`;
  const buttons = note.buttons.filter(({ action }) => parseActionId(action)).map(noteButton);
  const by = /^[UW][A-Z0-9]+$/.test(note.by ?? '') ? (note.by ?? null) : null;
  const blocks: Block[] = [noteText(text, by), ...(buttons.length > 0 ? [actions(buttons)] : [])];
  return {
    text: fallback(quote(text, LIMITS.sectionText).replaceAll(BY, by ? `<@${by}>` : 'somebody')),
    blocks,
  };
}

const BY = '{by}';

function noteText(text: string, by: string | null): Block {
  if (!by || !text.includes(BY)) {
    return plainSection(text.replaceAll(BY, 'somebody'));
  }
  const [before = '', ...after] = clip(text, LIMITS.sectionText).split(BY);
  const rest = after.flatMap((piece) => [{ type: 'user' as const, user_id: by }, ...textRun(piece)]);
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [...textRun(before), ...rest] }],
  };
}

function textRun(text: string) {
  return text === '' ? [] : [{ type: 'text' as const, text }];
}

/** Slack wants ids unique within a row of buttons; a second button of one kind gets its place behind the name. */
function noteButton({ label, action, value, style, confirm }: NoteButton, index: number, all: NoteButton[]) {
  const isFirst = all.findIndex((other) => other.action === action) === index;
  return button({
    label,
    actionId: isFirst ? action : `${action}:${index}`,
    value,
    style,
    confirm: confirm && { ...confirm, danger: style === 'danger' },
  });
}

const VERDICT_WORDS: Record<ReplyNote['verdict'], { lead: string; consequence: string | null }> = {
  reply: { lead: '💬 Reply from', consequence: null },
  stop: {
    lead: '🛑 Opt-out by',
    consequence: 'They are on the do-not-call list now: nobody in this workspace will call or text them.',
  },
  near_stop: {
    lead: '⚠️ Possible opt-out by',
    consequence: 'This may be a wish to be left alone. Nothing goes to this person until somebody decides.',
  },
  start: { lead: '🔔 Opt-in by', consequence: 'They asked to hear from us again.' },
  help: { lead: '❓ Request for help from', consequence: null },
};

/** What somebody answered, in their own words, with the two things one may want to do about it. */
export function drawReplyNote(note: ReplyNote): Message {
  const { lead, consequence } = VERDICT_WORDS[note.verdict];
  const title = `*${lead} ${person(note)}*, ${localTime(note.receivedAt)}`;
  const media =
    note.mediaCount > 0
      ? `${counted(note.mediaCount, 'picture or file', 'pictures or files')} came with it.`
      : null;
  const blocks: Block[] = [
    section(title),
    ...(note.body.trim() ? [quotation(note.body)] : []),
    ...[media, consequence].filter((text) => text !== null).map((text) => section(text)),
    ...replyButtons(note),
  ];
  return { text: fallback(`${lead} ${person(note)}: ${quote(note.body, 1500)}`, media, consequence), blocks };
}

/** Their text in a rich-text quote, where nothing is markup and nobody is pinged. */
function quotation(body: string): Block {
  const text = clip(body, QUOTED_TEXT);
  return { type: 'rich_text', elements: [{ type: 'rich_text_quote', elements: [{ type: 'text', text }] }] };
}

function replyButtons(note: ReplyNote): Block[] {
  if (note.verdict === 'stop') return [];
  if (note.verdict === 'near_stop' && note.contactHoldId !== null) {
    const value = String(note.contactHoldId);
    const confirm = suppressDialog(note.maskedPhone);
    return [
      actions([
        button({
          label: 'Do not contact',
          actionId: actionId('hold.suppress'),
          value,
          style: 'danger',
          confirm,
        }),
        button({ label: 'Not an opt-out, carry on', actionId: actionId('hold.keep'), value }),
      ]),
    ];
  }
  const value = String(note.inboundTextId);
  const confirm = suppressDialog(note.maskedPhone);
  return [
    actions([
      button({ label: 'Reply', actionId: actionId('reply.write'), value }),
      button({
        label: 'Do not contact',
        actionId: actionId('reply.suppress'),
        value,
        style: 'danger',
        confirm,
      }),
    ]),
  ];
}

function suppressDialog(maskedPhone: string) {
  return {
    title: 'Never contact this person again?',
    text: `${maskedPhone} goes on the do-not-call list: no campaign of this workspace will call or text them. An admin can lift it with /campaign dnc remove.`,
    confirm: 'Do not contact',
    danger: true,
  };
}

/** What may or may not have reached somebody; only a person can decide. */
export function drawReviewNote(note: ReviewNote): Message {
  const { question, confirm } = note.channel === 'call' ? ABOUT_A_CALL : ABOUT_A_TEXT;
  const sentence = `${question(person(note), localTime(note.askedAt))}: ${quote(note.cause, 300)}. Nothing else goes to this person until somebody decides.`;
  const value = String(note.attemptId);
  return {
    text: fallback(`❔ ${sentence}`),
    blocks: [
      section(`❔ ${sentence}`),
      actions([
        button({ label: 'Retry', actionId: actionId('review.retry'), value, confirm }),
        button({ label: 'Assume done', actionId: actionId('review.assume_done'), value }),
      ]),
    ],
  };
}

const ABOUT_A_TEXT = {
  question: (who: string, when: string) => `We cannot tell whether the text to ${who} of ${when} went out`,
  confirm: {
    title: 'Text this person again?',
    text: 'If the first text did arrive, they get it twice.',
    confirm: 'Retry',
  },
};

const ABOUT_A_CALL = {
  question: (who: string, when: string) => `We cannot tell what became of the call to ${who} of ${when}`,
  confirm: {
    title: 'Call this person again?',
    text: 'If the first call did reach them, they are called twice.',
    confirm: 'Retry',
  },
};

/** A file lies in the channel; it stays untouched until somebody presses. */
export function drawFileOffer(offer: FileOffer): Message {
  const sentence = `📄 Use *${quote(offer.fileName, 100)}* as a list of contacts? Nothing has been read from it yet.`;
  const drafts = offer.drafts.map(({ campaignId, name }) =>
    option(name, `${campaignId}`, `Campaign ${campaignId}`),
  );
  return {
    text: fallback(
      sentence.replaceAll('*', ''),
      'Choose “New campaign from this file”, “Add to a draft” or “Do-not-call list”.',
    ),
    blocks: [
      section(sentence),
      actions([
        button({
          label: 'New campaign from this file',
          actionId: actionId('file.new'),
          value: offer.fileId,
          style: 'primary',
        }),
        ...(drafts.length > 0 ? [select(actionId('file.add', offer.fileId), 'Add to a draft', drafts)] : []),
        button({ label: 'Do-not-call list', actionId: actionId('file.suppress'), value: offer.fileId }),
      ]),
    ],
  };
}

/** Somebody by their name and masked number; by the number alone where the file had no name. */
export function person(note: { contactName: string | null; maskedPhone: string }): string {
  const phone = quote(note.maskedPhone, 40);
  return note.contactName?.trim() ? `${quote(note.contactName, 60)} (${phone})` : phone;
}
