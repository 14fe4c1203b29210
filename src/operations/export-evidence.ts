import { readCampaign } from '#db/campaigns.ts';
import { type EvidenceRow, readEvidence } from '#db/evidence.ts';
import { csvRow } from '#domain/csv-export.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

const PAGE = 1_000;

type Attested = { attestedBy: string | null; attestedAt: Date | null };

const COLUMNS: Record<string, (row: EvidenceRow, attested: Attested) => string> = {
  phone_number: ({ attempt }) => attempt.phoneNumber,
  run: ({ attempt }) => String(attempt.runNumber),
  attempt: ({ attempt }) => String(attempt.n),
  channel: ({ attempt }) => attempt.channel,
  purpose: ({ attempt }) => attempt.purpose,
  verdict: verdictOf,
  checked_at: ({ attempt }) => attempt.gate.at,
  asked_at: ({ attempt }) => instant(attempt.askedAt),
  local_time: ({ attempt }) =>
    listed(Object.entries(attempt.gate.localTimes ?? {}).map(([zone, time]) => `${time} ${zone}`)),
  time_zones: ({ attempt }) => listed(attempt.gate.zones),
  time_zone_from: ({ attempt: { gate } }) => `${gate.basis} (${gate.certainty})`,
  hours_end_at: ({ attempt }) => attempt.gate.closesAt ?? '',
  rules: ({ attempt }) => listed((attempt.gate.rules ?? []).map(ruleWords)),
  limits: ({ attempt }) =>
    listed(
      (attempt.gate.caps ?? []).map(
        ({ key, counted, limit, hours }) => `${key}: ${counted} of ${limit} in ${hours} h before this one`,
      ),
    ),
  do_not_call_checked_at: ({ attempt }) => attempt.gate.at,
  do_not_call_checked_again_at: ({ attempt }) => instant(attempt.askedAt),
  consent_given_at: ({ consent }) => instant(consent?.givenAt),
  consent_method: ({ consent }) => consent?.method ?? '',
  consent_wording: ({ consent }) => consent?.wording ?? '',
  consent_channel: ({ consent }) => consent?.channel ?? '',
  consent_recorded_by: ({ consent }) => consent?.actor ?? '',
  consent_withdrawn_at: ({ consent }) => instant(consent?.withdrawnAt),
  approved_by: ({ attempt, approval }) => approval?.decidedBy ?? attempt.gate.approval?.by ?? '',
  approved_at: ({ approval }) => instant(approval?.decidedAt),
  attested_by: ({ attempt }) => attempt.gate.attestedBy ?? '',
  attested_at: ({ attempt }, { attestedBy, attestedAt }) =>
    attempt.gate.attestedBy && attempt.gate.attestedBy === attestedBy ? instant(attestedAt) : '',
  recording_notice: recordingNotice,
  opening_words: ({ call }) => call?.script?.greeting ?? '',
  text: ({ attempt }) => attempt.body ?? '',
  state: ({ attempt }) => attempt.state,
  outcome: ({ attempt }) => attempt.outcome ?? '',
  ended_at: ({ attempt }) => instant(attempt.endedAt),
  provider_ref: ({ attempt }) => attempt.providerRef ?? '',
  sent_by: ({ attempt }) => attempt.createdBy ?? '',
};

/**
 * What every attempt of a campaign rested on, as CSV text, one row each in the order they were made, page by page so that a
 * million of them never stand in memory (field-notes §5b row 7). Attempts of an older version have empty cells. Cells that a
 * spreadsheet would run are neutralised. Throws `campaign_not_found`.
 */
export async function* exportEvidence(
  deps: Pick<Deps, 'db'>,
  { campaignId }: { campaignId: number },
): AsyncGenerator<string, void, undefined> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const cells = Object.values(COLUMNS);
  yield csvRow(Object.keys(COLUMNS));
  for (let afterId = 0; ; ) {
    const page = await readEvidence(deps.db, campaignId, afterId, PAGE);
    if (page.length > 0)
      yield page.map((attempt) => csvRow(cells.map((cell) => cell(attempt, row.campaign)))).join('');
    if (page.length < PAGE) return;
    afterId = page.at(-1)?.attempt.id ?? afterId;
  }
}

/** An attempt is written when the gate lets it through; `withdrawn` says that the last check did not. */
function verdictOf({ attempt }: EvidenceRow): string {
  if (attempt.outcome === 'withdrawn') return 'stopped by the last check, nobody was asked';
  return attempt.askedAt === null ? 'allowed, not asked for yet' : 'allowed twice';
}

function recordingNotice({ attempt, call }: EvidenceRow): string {
  if (attempt.channel === 'sms' || !call?.script) return '';
  if (!call.script.isRecording) return 'not recorded';
  return call.answeredAt === null ? 'in the opening words, nobody picked up' : 'in the opening words';
}

function instant(at: Date | null | undefined): string {
  return at ? at.toISOString() : '';
}

function listed(words: readonly string[]): string {
  return words.join('; ');
}

type Rule = NonNullable<EvidenceRow['attempt']['gate']['rules']>[number];

function ruleWords({ key, asOf, isOverridden }: Rule): string {
  return `${key} as of ${asOf}${isOverridden ? ', overridden' : ''}`;
}
