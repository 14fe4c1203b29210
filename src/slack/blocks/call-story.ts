import type { Button } from '@slack/types';
import { formatMetric } from '#domain/metrics.ts';
import type { CallStory } from '#operations/show-calls-of-contact.ts';
import { actionId, pageValue } from '#slack/action-ids.ts';
import { clip, count, counted, localTime, quote } from '#slack/mrkdwn.ts';
import { answerLines, hangUpButton, listenButton, RESULT_WORDS, takeOverButton } from './call-note.ts';
import { actions, type Block, button, context, fields, plainSection, section } from './kit.ts';
import { person } from './notes.ts';
import { pagesOf, type Speakers, transcriptBlock } from './transcript.ts';

const SHOWN_SUMMARY = 2500;
const SHOWN_RECORDINGS = 5;

/** One call in full: what came of it, what was recorded, and one page of what was said. */
export function callStoryBlocks(story: CallStory, wanted: number): Block[] {
  const pages = pagesOf(story.turns);
  const page = Math.min(wanted, pages.length - 1);
  const speakers: Speakers = {
    assistant: story.assistantName,
    contact: story.contactName?.trim() || 'Contact',
  };
  const answers = answerLines(story.answers);
  const transcript = transcriptBlock(pages[page] ?? [], speakers);
  return [
    section(`*${person(story)}*\n${lineOfCall(story)}`),
    ...(story.summary?.trim() ? [plainSection(clip(story.summary, SHOWN_SUMMARY))] : []),
    ...(answers.length > 0 ? [fields(answers)] : []),
    ...(story.callback ? [section(`*Call again* ${quote(story.callback, 200)}`)] : []),
    ...liveButtons(story),
    ...recordingBlocks(story),
    transcript ?? context(story.isLive ? 'Nothing has been said yet.' : 'Nothing was said.'),
    ...turnBlocks(story.callId, page, pages.length),
  ];
}

/** How a call went, in one line; the person stands above it. */
export function lineOfCall(story: CallStory): string {
  const { campaignName, durationSeconds, result } = story;
  const way = story.direction === 'inbound' ? 'called us, answered by' : 'was called by';
  const where = campaignName ? ` in *${quote(campaignName, 80)}*` : '';
  const long = durationSeconds === null ? null : formatMetric('total_duration_seconds', durationSeconds);
  const came = [...new Set([outcomeOf(story), result && RESULT_WORDS[result], long])]
    .filter(Boolean)
    .join(', ');
  return `${quote(story.when, 60)}: ${way} ${quote(story.assistantName, 60)}${where}: ${came}`;
}

function outcomeOf({ isLive, attempt, endedAt, answeredAt }: CallStory): string {
  if (isLive) return 'on the line now';
  if (attempt?.outcome) return attempt.outcome.replaceAll('_', ' ');
  if (attempt && attempt.state !== 'ended') return attempt.state.replaceAll('_', ' ');
  return endedAt === null ? 'rings' : answeredAt === null ? 'not answered' : 'over';
}

function liveButtons(story: CallStory): Block[] {
  return story.isLive ? [actions([listenButton(story), takeOverButton(story), hangUpButton(story)])] : [];
}

function recordingBlocks({ recordings }: CallStory): Block[] {
  const ready = recordings.filter(({ status }) => status === 'completed').slice(0, SHOWN_RECORDINGS);
  const pending = recordings.length - ready.length;
  return [
    ...ready.flatMap((recording) => [
      actions([recordingButton(recording, ready.length)]),
      context(`The recording is deleted ${localTime(recording.deleteAfter)}.`),
    ]),
    ...(ready.length === 0 && pending > 0 ? [context('The recording is not ready yet.')] : []),
  ];
}

function recordingButton(
  { recordingId, durationSeconds }: CallStory['recordings'][number],
  all: number,
): Button {
  const long =
    durationSeconds === null ? '' : ` (${formatMetric('total_duration_seconds', durationSeconds)})`;
  return button({
    label: `Send me the recording${all > 1 ? long : ''}`,
    actionId: actionId('call.recording', recordingId),
    value: String(recordingId),
  });
}

function turnBlocks(callId: number, page: number, pages: number): Block[] {
  if (pages < 2) return [];
  const to = (label: string, target: number, detail: string) =>
    button({ label, actionId: actionId('call.page', detail), value: pageValue(callId, target) });
  return [
    context(`Page ${count(page + 1)} of ${counted(pages, 'page')} of the transcript.`),
    actions([
      ...(page > 0 ? [to('Earlier', page - 1, 'earlier')] : []),
      ...(page + 1 < pages ? [to('Later', page + 1, 'later')] : []),
    ]),
  ];
}
