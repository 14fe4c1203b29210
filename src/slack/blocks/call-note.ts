import type { Button } from '@slack/types';
import type { ConversationResult } from '#domain/call.ts';
import { formatMetric } from '#domain/metrics.ts';
import type { CallNote, LiveTranscript } from '#ports/chat-content.ts';
import { actionId } from '#slack/action-ids.ts';
import { LIMITS } from '#slack/limits.ts';
import { clip, counted, quote } from '#slack/mrkdwn.ts';
import {
  actions,
  type Block,
  button,
  context,
  fallback,
  fields,
  type Message,
  plain,
  section,
} from './kit.ts';
import { person } from './notes.ts';
import { lastLines, type Speakers, transcriptBlock, transcriptText } from './transcript.ts';

/** What came of a conversation, each with its sign; the person's name follows. */
const RESULT_LEADS: Record<ConversationResult, string> = {
  opted_out: '🛑 Opt-out on the phone by',
  wrong_number: '☎️ Wrong number:',
  complaint: '⚠️ Complaint by',
  transferred: '🤝 Put through to a colleague:',
  callback: '🔔 Wants to be called again:',
  yes: '✅ Yes from',
  no: '🚫 No from',
  answered: '📞 Talked to',
  silent: '📞 Nobody spoke at',
  voicemail: '📼 Voicemail of',
};

/** The same, for lists and tables. */
export const RESULT_WORDS: Record<ConversationResult, string> = {
  opted_out: 'asked not to be called again',
  wrong_number: 'wrong number',
  complaint: 'complained',
  transferred: 'put through to a colleague',
  callback: 'wants to be called again',
  yes: 'said yes',
  no: 'said no',
  answered: 'talked',
  silent: 'nobody spoke',
  voicemail: 'voicemail',
};

const SHOWN_SUMMARY = 1500;

/** A call that a person should know of, with the way to its transcript. */
export function drawCallNote(note: CallNote): Message {
  const title = `${leadOf(note)} ${person(note)}`;
  const lines = answerLines(note.answers);
  const facts = factsOf(note);
  const blocks: Block[] = [
    section(`*${title}*`),
    ...(note.summary?.trim() ? [plainSection(clip(note.summary, SHOWN_SUMMARY))] : []),
    ...(lines.length > 0 ? [fields(lines)] : []),
    ...(note.callback ? [section(`*Call again* ${quote(note.callback, 200)}`)] : []),
    context(facts),
    actions(noteButtons(note)),
  ];
  return {
    text: fallback(
      title,
      note.summary && quote(note.summary, SHOWN_SUMMARY),
      ...lines.map((line) => line.replaceAll('*', '')),
      note.callback && `Call again ${quote(note.callback, 200)}`,
      facts,
    ),
    blocks,
  };
}

/** What was recorded of their answers, at most ten, in two columns. */
export function answerLines(answers: Record<string, string>): string[] {
  return Object.entries(answers)
    .slice(0, LIMITS.sectionFields)
    .map(([name, value]) => `*${quote(name, 60)}* ${quote(value, 200)}`);
}

/** The running conversation of a call that somebody listens in to; edited in place, and what was said once it is over. */
export function drawLiveTranscript(live: LiveTranscript): Message {
  const { isLive, assistantName } = live;
  const speakers: Speakers = { assistant: assistantName, contact: live.contactName?.trim() || 'Contact' };
  const title = `${isLive ? '🔴 On the line now' : '☎️ The call has ended'}: ${quote(assistantName, 60)} with ${person(live)}`;
  const { shown, omitted } = lastLines(live.lines);
  const left = live.omitted + omitted;
  const block = transcriptBlock(shown, speakers);
  const value = String(live.callId);
  return {
    text: fallback(title, transcriptText(shown, speakers) || 'Nothing has been said yet.'),
    blocks: [
      section(`*${title}*`),
      ...(left > 0 ? [context(`${counted(left, 'earlier line')} left out.`)] : []),
      block ?? context(isLive ? 'Nothing has been said yet.' : 'Nothing was said.'),
      actions(isLive ? [takeOverButton(value), hangUpButton(value)] : [showButton(value)]),
    ],
  };
}

/** Shows the transcript, the answers and the recording to whoever may. */
function showButton(value: string): Button {
  return button({ label: 'Show call', actionId: actionId('call.show'), value });
}

export function listenButton(value: string): Button {
  return button({ label: 'Listen in', actionId: actionId('call.listen'), value });
}

export function takeOverButton(value: string): Button {
  return button({
    label: 'Take over',
    actionId: actionId('call.take_over'),
    value,
    confirm: {
      title: 'Take this call over?',
      text: 'Your own phone rings, and the person is put through to you. The assistant leaves the call.',
      confirm: 'Ring my phone',
    },
  });
}

export function hangUpButton(value: string): Button {
  return button({
    label: 'Hang up',
    actionId: actionId('call.hang_up'),
    value,
    style: 'danger',
    confirm: {
      title: 'Hang up this call?',
      text: 'The call ends at once, in the middle of what is being said.',
      confirm: 'Hang up',
      danger: true,
    },
  });
}

function leadOf({ isLive, direction, result }: CallNote): string {
  if (isLive) return direction === 'inbound' ? '🔴 Calling us now:' : '🔴 On the line now:';
  if (result && (result !== 'answered' || direction === 'outbound')) return RESULT_LEADS[result];
  return direction === 'inbound' ? '📥 Call from' : '📞 Call to';
}

function factsOf(note: CallNote): string {
  const { durationSeconds, hasRecording, direction } = note;
  const who = `${direction === 'inbound' ? 'They called; answered' : 'Called'} by ${quote(note.assistantName, 60)}.`;
  const long =
    durationSeconds === null ? '' : ` ${formatMetric('total_duration_seconds', durationSeconds)} long.`;
  return `${who}${long}${hasRecording ? ' Recorded.' : ''}`;
}

function noteButtons({ callId, isLive }: CallNote): Button[] {
  const value = String(callId);
  return isLive ? [listenButton(value), showButton(value)] : [showButton(value)];
}

function plainSection(text: string): Block {
  return { type: 'section', text: plain(text, LIMITS.sectionText) };
}
