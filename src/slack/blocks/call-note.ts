import type { Button } from '@slack/types';
import type { ConversationResult } from '#domain/call.ts';
import { formatMetric } from '#domain/metrics.ts';
import type { CallNote, LiveTranscript } from '#ports/chat-content.ts';
import { type ActionName, actionId } from '#slack/action-ids.ts';
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
  plainSection,
  type Question,
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
  return {
    text: fallback(title, transcriptText(shown, speakers) || 'Nothing has been said yet.'),
    blocks: [
      section(`*${title}*`),
      ...(left > 0 ? [context(`${counted(left, 'earlier line')} left out.`)] : []),
      block ?? context(isLive ? 'Nothing has been said yet.' : 'Nothing was said.'),
      actions(isLive ? [takeOverButton(live), hangUpButton(live)] : [showButton(live)]),
    ],
  };
}

/** Who is on a call, for what a screen reader says of its buttons. */
export type OnCall = { callId: number; contactName: string | null; maskedPhone: string };

function showButton(call: OnCall): Button {
  return callButton('Show call', 'call.show', call);
}

export function listenButton(call: OnCall): Button {
  return callButton('Listen in', 'call.listen', call);
}

export function takeOverButton(call: OnCall): Button {
  return callButton('Take over', 'call.take_over', call, {
    title: 'Take this call over?',
    text: 'Your own phone rings, and the person is put through to you. The assistant leaves the call.',
    confirm: 'Ring my phone',
  });
}

export function hangUpButton(call: OnCall): Button {
  return callButton('Hang up', 'call.hang_up', call, {
    title: 'Hang up this call?',
    text: 'The call ends at once, in the middle of what is being said.',
    confirm: 'Hang up',
    danger: true,
  });
}

function callButton(label: string, name: ActionName, call: OnCall, confirm?: Question): Button {
  return button({
    label,
    actionId: actionId(name),
    value: String(call.callId),
    spoken: `${label}: ${call.contactName?.trim() || call.maskedPhone}`,
    style: confirm?.danger ? 'danger' : undefined,
    confirm,
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

function noteButtons(note: CallNote): Button[] {
  return note.isLive ? [listenButton(note), showButton(note)] : [showButton(note)];
}
