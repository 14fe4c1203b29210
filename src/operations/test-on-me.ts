import { insertCalls } from '#db/calls.ts';
import { type CampaignWithCounts, readCampaign, recordCampaignEvent } from '#db/campaigns.ts';
import { countDialing, insertAttempts, type LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { type ContactRow, readTestContact } from '#db/contacts.ts';
import { attemptByToken } from '#db/ledger.ts';
import { countTests, hasOpenAttempt, nextTestN } from '#db/tests-on-people.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { TEST_RUN } from '#domain/attempt.ts';
import { DAY_NAMES } from '#domain/calling-window.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { describeFailure } from '#domain/failure.ts';
import type { GateEvidence } from '#domain/gate-evidence.ts';
import { describeSkip, describeWait } from '#domain/hold.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { Refusal, type RefusalCode } from '#domain/refusal.ts';
import { type Sender, senderText } from '#domain/sender.ts';
import { assistantOf, callerOf, launchProblems } from './check-launch.ts';
import { callComposer, composeCall } from './compose-call.ts';
import { composeText, textComposer } from './compose-text.ts';
import type { Deps } from './deps.ts';
import { judgePerson } from './judge-contacts.ts';
import { lockOrRefuse } from './lock-or-refuse.ts';
import { placeAttempts } from './place-attempts.ts';
import { typedNumber } from './suppress-number.ts';
import { type ClaimedAttempt, type Composed, LEASE_REAL_MS } from './write-attempts.ts';

export type TestOnMe = {
  workspaceId: number;
  campaignId: number;
  actor: Actor;
  /** The number of whoever asks, as they typed it. */
  phone: string;
  channel: 'sms' | 'call';
  /** Whose values stand in it; null: the first contact's. */
  contactId: number | null;
  /** The same request sent twice is one test. */
  requestKey: string;
};

const HOUR_MS = 3_600_000;
/** So that nobody is pestered in the name of a test. */
const MOST_IN_AN_HOUR = 6;

/**
 * Calls or texts the person who asks, with what one contact would hear or read: composed, written to the ledger, judged and
 * placed like everything else, at the hours that the law allows where they are. It belongs to no run, so it counts nowhere:
 * not for the contact, the campaign, its budget, or the caps of anybody. Answers in a sentence what became of it. Throws
 * what the campaign still lacks, `phone_invalid`, `test_refused` with the reason, and `tested_often`.
 */
export async function testOnMe(deps: Deps, asked: TestOnMe): Promise<{ sentence: string }> {
  const row = await readCampaign(deps.db, asked.campaignId);
  if (row?.campaign.workspaceId !== asked.workspaceId || !row)
    throw new Refusal('campaign_not_found', { wanted: `#${asked.campaignId}` });
  await checkReady(deps, row, asked.channel);
  const phoneNumber = await typedNumber(deps, asked.workspaceId, asked.phone);
  const contact = await readTestContact(deps.db, asked.campaignId, asked.contactId);
  if (!contact) throw new Refusal('no_contacts', {});
  const composed = await compose(deps, row, contact, asked.channel);
  const token = `test-${asked.requestKey}`;
  const claimed = await deps.db.transaction((tx) =>
    claimTest(deps, tx, { ...asked, phoneNumber, contact, composed, token }),
  );
  if (claimed) await placeAttempts(deps, [claimed]);
  return { sentence: await outcomeOf(deps, token, asked.channel, phoneNumber) };
}

/** What keeps a campaign from being tried; that nobody waits in it, or that a file is loading, does not. */
const NEEDED: Record<TestOnMe['channel'], readonly RefusalCode[]> = {
  sms: ['no_message', 'sender_missing', 'template_invalid'],
  call: ['no_call_message', 'voicemail_missing', 'assistant_missing', 'caller_missing', 'template_invalid'],
};

async function checkReady(deps: Deps, row: CampaignWithCounts, channel: TestOnMe['channel']): Promise<void> {
  const { calls, texts } = CHANNELS_OF[row.campaign.campaignType];
  if (!(channel === 'call' ? calls : texts))
    throw new Refusal('test_refused', {
      why: `This campaign ${channel === 'call' ? 'calls' : 'texts'} nobody.`,
    });
  const problem = (await launchProblems(deps, row)).find(({ code }) => NEEDED[channel].includes(code));
  if (problem) throw problem;
}

async function compose(
  deps: Deps,
  { campaign, workspace }: CampaignWithCounts,
  contact: ContactRow,
  channel: TestOnMe['channel'],
): Promise<Composed> {
  const assistant = await assistantOf(deps, campaign);
  if (channel === 'call') {
    const fromNumber = callerOf(deps, campaign, assistant);
    if (!assistant || fromNumber === null)
      throw new Error('a call without assistant or number was not refused');
    const call = composeCall(callComposer(campaign, workspace, assistant, fromNumber), contact);
    if (call.kind === 'refused') throw new Refusal('test_refused', { why: describeSkip(call.reason) });
    return { ...call, fromNumber, assistantId: assistant.id };
  }
  const sender: Sender | null = campaign.fromNumber
    ? { kind: 'number', phoneNumber: campaign.fromNumber }
    : deps.defaultSender;
  if (!sender) throw new Refusal('sender_missing', {});
  const text = composeText(textComposer(campaign, workspace, sender, assistant?.name), contact);
  if (text.kind === 'refused') throw new Refusal('test_refused', { why: describeSkip(text.reason) });
  return text;
}

type Test = TestOnMe & { phoneNumber: string; contact: ContactRow; composed: Composed; token: string };

/** The attempt, before anybody is asked; null when this very test was written before. */
async function claimTest(deps: Deps, tx: Transaction, test: Test): Promise<ClaimedAttempt | null> {
  const locked = await lockOrRefuse(tx, test.campaignId);
  if (await attemptByToken(tx, test.token)) return null;
  const { workspaceId, phoneNumber, channel } = test;
  const now = deps.clock.now();
  const createdBy = actorText(test.actor);
  const since = new Date(now.getTime() - HOUR_MS);
  const before = await countTests(tx, { workspaceId, phoneNumber, createdBy, since });
  if (before >= MOST_IN_AN_HOUR) throw new Refusal('tested_often', { times: before });
  const passed = await passGate(deps, tx, locked, { phoneNumber, channel });
  const written = await writeTest(deps, tx, test, passed);
  if (!written) return null;
  await recordCampaignEvent(tx, {
    workspaceId,
    campaignId: test.campaignId,
    actor: createdBy,
    kind: 'campaign_tested',
    details: { channel, phone: maskPhone(phoneNumber), attemptId: written.id },
    createdAt: now,
  });
  return written;
}

type Passed = { gate: GateEvidence; closesAt: Date };

/** The attempt, and its call where it is one, beside every run. */
async function writeTest(
  deps: Deps,
  tx: Transaction,
  { token, workspaceId, campaignId, phoneNumber, channel, contact, composed, actor }: Test,
  { gate, closesAt }: Passed,
): Promise<ClaimedAttempt | null> {
  const isCall = composed.kind === 'call';
  const sender = isCall ? composed.fromNumber : senderText(composed.sender);
  const body = isCall ? null : composed.body;
  const provider = deps.telephony.provider;
  const createdAt = deps.clock.now();
  const attempt = {
    ...{ token, workspaceId, campaignId, phoneNumber, channel, sender, body, provider, gate, createdAt },
    contactId: contact.id,
    runNumber: TEST_RUN,
    purpose: 'reply' as const,
    n: await nextTestN(tx, contact.id, channel),
    segments: isCall ? null : composed.segments,
    state: 'dialing' as const,
    reservedMicros: 0,
    consentId: null,
    leaseUntil: deps.clock.realDelay(LEASE_REAL_MS),
    createdBy: actorText(actor),
  };
  const [written] = await insertAttempts(tx, [attempt]);
  if (!written) return null;
  const claimed = { id: written.id, campaignId, token, to: phoneNumber, sender, body: body ?? '', closesAt };
  if (!isCall) return claimed;
  const { script, assistantId } = composed;
  const call = {
    ...{ token, attemptId: written.id, workspaceId, provider, assistantId, script, createdAt },
    // Of no campaign and no contact: what is said on it is nobody's answer, and nothing follows from it.
    campaignId: null,
    contactId: null,
    direction: 'outbound' as const,
    contactNumber: phoneNumber,
    ourNumber: sender,
  };
  await insertCalls(tx, [call]);
  return { ...claimed, call: { maxSeconds: script.maxSeconds, detection: script.detection } };
}

/**
 * The gate for whoever asked for this themselves: that is their consent, and the campaign's own hours are not meant for
 * them; the list, open questions, and the hours of the law and the workspace are.
 */
async function passGate(
  deps: Deps,
  tx: Transaction,
  { campaign, workspace }: LockedCampaign,
  { phoneNumber, channel }: Pick<Test, 'phoneNumber' | 'channel'>,
): Promise<Passed> {
  const { inWorkspace } = await countDialing(tx, workspace, campaign.id);
  const isBusy = inWorkspace >= workspace.concurrentLimit;
  if (isBusy || (await hasOpenAttempt(tx, workspace.id, phoneNumber)))
    throw new Refusal('number_in_flight', {});
  const asked = {
    campaign: { ...campaign, ...ANY_HOUR },
    workspace: { ...workspace, requiresCallConsent: false, requiresTextConsent: false },
  };
  const who = { phoneNumber, ownZones: null, ownRegion: null, channel, why: 'answer' as const };
  const now = deps.clock.now();
  const verdict = await judgePerson(deps, tx, asked, who, now);
  if (verdict.kind === 'go') return { gate: verdict.evidence, closesAt: verdict.closesAt };
  const why =
    verdict.kind === 'skip'
      ? describeSkip(verdict.reason)
      : describeWait(verdict.why, verdict.until, now, campaign.timeZone);
  throw new Refusal('test_refused', { why });
}

const ANY_HOUR = {
  allowedHours: { start: '00:00', end: '24:00', days: [...DAY_NAMES] },
  additionalHours: [],
  holidayPlaces: [],
  pauseDates: [],
  contactTimeZone: true,
};

/** What became of it so far: refused at the last check or by the provider, or on its way. */
async function outcomeOf(
  deps: Deps,
  token: string,
  channel: TestOnMe['channel'],
  phoneNumber: string,
): Promise<string> {
  const attempt = await attemptByToken(deps.db, token);
  if (!attempt) throw new Error('a test was neither written nor found');
  const { failureClass, failureCode, outcome, state } = attempt;
  const phone = maskPhone(phoneNumber);
  if (failureClass) return `${phone} was not reached: ${describeFailure(failureClass, failureCode)}`;
  if (outcome === 'withdrawn' || outcome === 'not_placed' || outcome === 'throttled')
    return `${phone} was not contacted: something came in between at the last moment. Try again in a minute.`;
  if (state === 'unknown')
    return `The carrier did not answer, so nobody can say yet whether ${phone} is reached.`;
  return channel === 'call'
    ? `${phone} rings now. It is not part of the campaign and counts nowhere; what is said shows in /campaign contact.`
    : `The text is on its way to ${phone}. It is not part of the campaign and counts nowhere.`;
}
