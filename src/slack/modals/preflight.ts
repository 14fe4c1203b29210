import { setTimeout as sleep } from 'node:timers/promises';
import type { ModalView } from '@slack/types';
import { describeStatus } from '#domain/lifecycle.ts';
import { MAX_TEXT_CHARACTERS } from '#domain/segments.ts';
import { formatCostRange } from '#domain/text-cost.ts';
import { attestCampaign } from '#operations/attest-campaign.ts';
import { changeStatus } from '#operations/change-status.ts';
import { type LaunchDemands, launchDemands } from '#operations/launch-demands.ts';
import { type Preflight, preflight as runPreflight } from '#operations/preflight.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { type Block, bullets, context, fields, header, plain, section } from '#slack/blocks/kit.ts';

import { ownCampaign } from '#slack/commands/resolve.ts';
import type { Entry } from '#slack/context.ts';
import { LIMITS } from '#slack/limits.ts';
import { count, counted, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { CONTACTED } from './campaign-settings.ts';
import { modal, sentenceView, waitingView } from './frame.ts';
import { demandBlocks, isAttested, wayForward } from './launch-demands.ts';
import { type ModalHandler, metadataNumber } from './modal.ts';
import { openThen } from './open.ts';

/** The carrier is asked whose the sender is, which may take longer than Slack waits. */
const PATIENCE_MS = 1500;

/** Shows what would happen; only its own button starts anything. */
export async function openPreflight(entry: Entry, campaignId: number): Promise<void> {
  await openThen(entry, 'Checking what would happen…', async () => {
    const campaign = await ownCampaign(entry, campaignId);
    const [found, demands] = await Promise.all([
      runPreflight(entry.deps, { campaignId }),
      launchDemands(entry.deps, { campaignId }),
    ]);
    return preflightView(campaign, found, demands);
  });
}

export function preflightView(
  campaign: Pick<CampaignDetail, 'id' | 'name' | 'version' | 'campaignType'>,
  found: Preflight,
  demands: LaunchDemands,
): ModalView {
  const mayStart = found.problems.length === 0 && found.ready > 0 && !nothingCanBeSent(found);
  return modal({
    title: 'Before it starts',
    ...wayForward(demands, mayStart),
    close: 'Not now',
    metadata: { campaignId: campaign.id, version: campaign.version },
    blocks: [
      header(campaign.name),
      ...problemBlocks(found, mayStart),
      ...(mayStart ? demandBlocks(demands) : []),
      fields(verdicts(found)),
      section(costWords(found)),
      ...(found.ready > 0 ? [plainSection(`How long: ${found.outlook}`)] : []),
      ...gapBlocks(found),
      context(
        `Nobody has been contacted. Nobody is ${CONTACTED[campaign.campaignType]} before 08:00 or after 21:00 where they are, and it can be paused at any moment.`,
      ),
    ],
  });
}

function problemBlocks(found: Preflight, mayStart: boolean): Block[] {
  if (found.problems.length > 0) return [plainSection(`⚠️ It cannot start yet:\n${bullets(found.problems)}`)];
  const unsendable = [
    ...sampleWords(found.sample),
    ...(found.calls ? callSampleWords(found.calls.sample) : []),
  ];
  const blocks = unsendable.length > 0 ? [plainSection(`⚠️ ${unsendable.join('\n')}`)] : [];
  if (mayStart || nothingCanBeSent(found)) return blocks;
  return [plainSection('⚠️ It cannot start: nobody in it may be contacted.'), ...blocks];
}

/** A mixed campaign goes on as long as one of its channels can. */
function nothingCanBeSent({ sample, calls }: Preflight): boolean {
  const samples = [sample, ...(calls ? [calls.sample] : [])].filter(({ contacts }) => contacts > 0);
  const isDead = ({ contacts, tooLong, empty }: Preflight['sample']) => tooLong + empty >= contacts;
  return samples.length > 0 && samples.every(isDead);
}

/** Their texts would be refused one by one, long after somebody could have shortened the message. */
function sampleWords({ contacts, tooLong, empty }: Preflight['sample']): string[] {
  const whom = (some: number) =>
    some === contacts ? 'For everybody looked at' : `For ${count(some)} of ${count(contacts)} looked at`;
  return [
    ...(tooLong > 0
      ? [
          `${whom(tooLong)} the text comes out longer than ${count(MAX_TEXT_CHARACTERS)} characters and cannot be sent. Press Edit on the card and shorten the message.`,
        ]
      : []),
    ...(empty > 0
      ? [
          `${whom(empty)} the text comes out empty and cannot be sent. Press Edit on the card and give the missing values.`,
        ]
      : []),
  ];
}

/** What would be said comes out so that nobody can be called with it. */
function callSampleWords({ contacts, tooLong, empty }: Preflight['sample']): string[] {
  const whom = (some: number) =>
    some === contacts ? 'For everybody looked at' : `For ${count(some)} of ${count(contacts)} looked at`;
  return [
    ...(tooLong > 0
      ? [
          `${whom(tooLong)} something said on the call comes out too long, so they are not called. Press Edit on the card and shorten it.`,
        ]
      : []),
    ...(empty > 0
      ? [
          `${whom(empty)} something said on the call comes out empty, so they are not called. Press Edit on the card and give the missing values.`,
        ]
      : []),
  ];
}

function verdicts(found: Preflight): string[] {
  const rows: [string, number][] = [
    ['Ready', found.ready],
    ['Do not call', found.doNotCall],
    ['To be decided', found.heldForReview],
    ['No time zone', found.noTimeZone],
    ['Outside hours now', found.outsideHoursNow],
  ];
  return rows.map(([label, contacts]) => `*${label}* ${count(contacts)}`);
}

function costWords({ segments, segmentsEach, calls, cost }: Preflight): string {
  const { low, high } = segmentsEach;
  const each = low === high ? counted(low, 'segment') : `${low} to ${high} segments`;
  const parts = [
    ...(calls && calls.contacts > 0 ? [counted(calls.contacts, 'call')] : []),
    ...(segments > 0 ? [`${counted(segments, 'segment')}, ${each} a text`] : []),
  ];
  if (parts.length === 0) return calls ? '*Cost* nobody to call' : '*Cost* nothing to send';
  return `*Cost* about ${formatCostRange(cost)} (estimate) for ${parts.join(' and ')}`;
}

function gapBlocks({ missingVariables }: Preflight): Block[] {
  if (missingVariables.length === 0) return [];
  const gaps = missingVariables
    .slice(0, 20)
    .map(({ name, contacts }) => `\`${quote(name, 60)}\` for ${counted(contacts, 'contact')}`);
  return [section(`⚠️ *Without a value:* ${gaps.join(', ')}. What they hear or read has a gap there.`)];
}

function plainSection(text: string): Block {
  return { type: 'section', text: plain(text, LIMITS.sectionText) };
}

export const preflight: ModalHandler = {
  right: 'launch',
  problemField: null,
  async submit(submission) {
    const campaign = await ownCampaign(submission, metadataNumber(submission.metadata, 'campaignId') ?? 0);
    const expectedVersion = metadataNumber(submission.metadata, 'version') ?? 0;
    const { deps, actor, state } = submission;
    if (isAttested(state)) await attestCampaign(deps, { campaignId: campaign.id, actor, expectedVersion });
    const starting = changeStatus(deps, {
      campaignId: campaign.id,
      move: 'start',
      actor,
      expectedVersion,
    });
    const outcome = await Promise.race([starting, sleep(PATIENCE_MS, null)]);
    if (outcome?.changed) return { kind: 'done' };
    if (outcome) return { kind: 'show', view: outcomeView(outcome) };
    const waiting = waitingView('Asking the carrier, then it starts. Its card shows when it does.');
    return { kind: 'show', view: waiting, fill: async () => outcomeView(await starting) };
  },
};

function outcomeView({ status, changed }: Awaited<ReturnType<typeof changeStatus>>): ModalView {
  if (changed) return sentenceView('Started', sentenceMessage('It has started. Its card shows how it goes.'));
  const sentence = `The campaign was changed since this was checked and now ${describeStatus(status)}. Nothing was started; look at its card and check again.`;
  return sentenceView('Not started', sentenceMessage(sentence));
}
