import type { ChatContent } from '#ports/chat.ts';
import { drawApproval } from './approval.ts';
import { drawCallNote, drawLiveTranscript } from './call-note.ts';
import { drawCampaignCard } from './campaign-card.ts';
import { drawImportProgress } from './import-progress.ts';
import type { Message } from './kit.ts';
import { drawFileOffer, drawNote, drawReplyNote, drawReviewNote } from './notes.ts';
import { drawResultCard } from './result-card.ts';

type Drawers = { [K in ChatContent['kind']]: (content: Extract<ChatContent, { kind: K }>) => Message[] };

const DRAWERS: Drawers = {
  campaign_card: (content) => [drawCampaignCard(content)],
  result_card: (content) => [drawResultCard(content, true), drawResultCard(content, false)],
  note: (content) => [drawNote(content)],
  reply_note: (content) => [drawReplyNote(content)],
  approval_note: (content) => [drawApproval(content)],
  review_note: (content) => [drawReviewNote(content)],
  call_note: (content) => [drawCallNote(content)],
  live_transcript: (content) => [drawLiveTranscript(content)],
  import_progress: (content) => [drawImportProgress(content)],
  file_offer: (content) => [drawFileOffer(content)],
};

/** The drawings of a content, the richest first; the last one is text alone, which no workspace refuses. */
export function draw(content: ChatContent): Message[] {
  const revived = withDates(content);
  const drawings = drawOf(revived);
  const last = drawings.at(-1);
  return last ? [...drawings, { text: last.text, blocks: [] }] : drawings;
}

function drawOf<K extends ChatContent['kind']>(content: Extract<ChatContent, { kind: K }>): Message[] {
  const drawer = DRAWERS[content.kind as K];
  return drawer(content);
}

/** Contents wait as JSON between the change that caused them and the post, and JSON has no instants. */
function withDates(content: ChatContent): ChatContent {
  const entries = Object.entries(content).map(([name, value]) => [
    name,
    name.endsWith('At') && typeof value === 'string' ? new Date(value) : value,
  ]);
  return Object.fromEntries(entries) as ChatContent;
}
