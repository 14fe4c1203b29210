import type { LaunchDemands } from '#domain/approval.ts';
import type { ConversationResult } from '#domain/call.ts';
import type { CampaignStatus, Move } from '#domain/lifecycle.ts';
import type { CallActivity, Counts } from '#domain/metrics.ts';

/** What the people in a channel see of a campaign: one message, edited in place. Text is plain; the drawer escapes it. */
export type CampaignCard = {
  kind: 'campaign_card';
  campaignId: number;
  version: number;
  name: string;
  campaignType: 'call' | 'sms' | 'mixed';
  status: CampaignStatus;
  createdBy: string;
  counts: Counts;
  /** Texts handed to the carrier and not yet confirmed or refused. */
  runNumber: number;
  /** One sentence on why nothing is being placed now, or null. */
  hold: string | null;
  /** One sentence on the rest of the way ("about 40 minutes; the rate limit binds"), or null. */
  outlook: string | null;
  /** What still keeps it from starting, each a sentence; empty when ready. */
  missing: string[];
  /** A second person's approval and somebody's word for the contacts, where the workspace demands them. */
  demands: LaunchDemands;
  moves: Move[];
  /** When it runs and what is due next, as sentences; null for one that starts when somebody starts it. */
  schedule: string | null;
  /** What the run spends against its budget and its estimate, as sentences; empty before anything is spent. */
  spending: string[];
  /** How many of its answered calls were abandoned, in words, or null. */
  abandoned: string | null;
  /** What a person must decide before it can go on, beside resuming. */
  stoppedBy: 'budget_reached' | 'canary' | null;
  replies: number;
  optOuts: number;
  needsReview: number;
  /** Calls on the line at this moment, and what calls came to so far; null for text campaigns. */
  calls: (CallActivity & { live: number; voicemails: number }) | null;
  startedAt: Date | null;
  completedAt: Date | null;
  updatedAt: Date;
};

/** The end of a run: what came of it. Amounts in millionths of a US dollar. */
export type ResultCard = {
  kind: 'result_card';
  campaignId: number;
  name: string;
  campaignType: CampaignCard['campaignType'];
  status: CampaignStatus;
  counts: Counts;
  /** What calls came to; null for text campaigns. */
  calls: (CallActivity & { voicemails: number }) | null;
  /** What came of talking to people, most frequent first. */
  results: { result: ConversationResult; calls: number }[];
  replies: number;
  optOuts: number;
  startedAt: Date | null;
  completedAt: Date | null;
  costMicros: { actual: number; estimated: number };
  /** What it was expected to cost when it began; results that were stored before estimates were kept have none. */
  estimateMicros?: { low: number; high: number } | null;
  /** Why contacts were skipped or failed, most frequent first. */
  reasons: { reason: string; contacts: number }[];
  /** Texts delivered per slice of the run, for the chart; at most 20 slices. */
  timeline: { label: string; completed: number; failed: number }[];
};

export type NoteButton = {
  label: string;
  /** One of slack/action-ids.ts. */
  action: string;
  /** Ids and a version only: state lives in the database. */
  value: string;
  style?: 'primary' | 'danger';
  confirm?: { title: string; text: string; confirm: string };
};

/** A milestone or an exception in a campaign's thread. */
export type Note = {
  kind: 'note';
  level: 'info' | 'good' | 'warning' | 'problem';
  /** Plain text; `{by}` in it is where the person of `by` is mentioned. */
  text: string;
  by?: string | null;
  buttons: NoteButton[];
};

/** Somebody answered. The number is masked; the full one is shown only where the person may export. */
export type ReplyNote = {
  kind: 'reply_note';
  inboundTextId: number;
  campaignId: number;
  contactName: string | null;
  maskedPhone: string;
  body: string;
  mediaCount: number;
  verdict: 'stop' | 'near_stop' | 'start' | 'help' | 'reply';
  /** Id of the open hold that a near-stop made, for its two buttons. */
  contactHoldId: number | null;
  receivedAt: Date;
};

/** A text or a call whose fate the provider cannot tell us; a person decides. */
export type ReviewNote = {
  kind: 'review_note';
  attemptId: number;
  /** Notes stored before there were calls have none: they are about texts. */
  channel?: 'sms' | 'call';
  contactName: string | null;
  maskedPhone: string;
  askedAt: Date;
  cause: string;
};

/**
 * A campaign waits for a second person: what changed since it was approved last, in words; null when it never was. Once
 * it is decided or the campaign was changed, it says so and asks nothing any more.
 */
export type ApprovalNote = {
  kind: 'approval_note';
  approvalId: number;
  campaignId: number;
  name: string;
  /** As it is kept with the row: `slack:U1`. */
  requestedBy: string;
  contacts: string;
  changes: string[] | null;
  state: 'open' | 'approved' | 'rejected' | 'voided' | 'withdrawn';
  decidedBy: string | null;
  reason: string | null;
};

/**
 * A call that is worth a person's attention (a callback, a transfer, a complaint, a yes), or one that came in. The number
 * is masked; recording and transcript are shown where the person may see them.
 */
export type CallNote = {
  kind: 'call_note';
  callId: number;
  campaignId: number;
  direction: 'outbound' | 'inbound';
  assistantName: string;
  contactName: string | null;
  maskedPhone: string;
  isLive: boolean;
  result: ConversationResult | null;
  summary: string | null;
  answers: Record<string, string>;
  /** When they want to be called again, in words where they are. */
  callback: string | null;
  durationSeconds: number | null;
  hasRecording: boolean;
};

/** The conversation of one call while somebody listens in; afterwards, what was said. */
export type LiveTranscript = {
  kind: 'live_transcript';
  callId: number;
  campaignId: number;
  assistantName: string;
  contactName: string | null;
  maskedPhone: string;
  isLive: boolean;
  /** The last lines, oldest first; `omitted` earlier ones are left out. */
  lines: { who: 'assistant' | 'contact' | 'note'; text: string; isCut: boolean }[];
  omitted: number;
};

/** How far a file is, then what came of it. */
export type ImportProgress = {
  kind: 'import_progress';
  importId: number;
  campaignId: number;
  campaignName: string;
  fileName: string;
  status: 'pending' | 'processing' | 'completed' | 'failed';
  rowCount: number;
  loaded: number;
  duplicates: number;
  existing: number;
  invalid: number;
  suppressed: number;
  problem: string | null;
  /** First reasons with their number of rows, for the summary. */
  reasons: { reason: string; rows: number }[];
};

/** A file lies in a channel; nothing happens until somebody presses a button. */
export type FileOffer = {
  kind: 'file_offer';
  fileId: string;
  fileName: string;
  drafts: { campaignId: number; name: string }[];
};
