import { setTimeout as sleep } from 'node:timers/promises';
import { decideContactHold } from '#operations/decide-contact-hold.ts';
import type { PhoneCallLine } from '#sandbox/page-protocol.ts';
import { PEOPLE } from '#sandbox/slack/seed.ts';
import { pressResume } from './campaign.ts';
import type { Happening } from './happenings.ts';
import { type AcceptedCall, findBrokenPromises, type Reply, type Stop } from './oracle.ts';
import { CALLS_PER_SECOND, REQUEST_DEADLINE_MS, type Stage } from './stage.ts';

const MINUTE_MS = 60_000;
const RESUME_EVERY_MS = 400;
/** How long everything may take to come to its end once nothing disturbs it any more. */
export const END_PATIENCE_MS = 120_000;
const LAST_WORDS_MS = 30_000;
const CALM_POLL_MS = 100;
const GRACE_REAL_MS = 1_000;
/** The carrier does not know this word for an opt-out, so nobody but the bot keeps the promise. */
export const STOP_WORD = 'Stop!';
const STOPS_TEXTED: readonly string[] = [STOP_WORD, 'STOP'];
/** What the people of the sandbox say, or press, who do not want to be called again. */
const STOPS_SAID: readonly string[] = [
  '9',
  'Stop calling me.',
  'I said stop calling me.',
  'I told you to stop calling me.',
  'Please take me off your list.',
];

const DANA = { kind: 'slack_user', userId: PEOPLE.admin } as const;

/** Contacts as an import leaves them: due at once. */
export async function addContacts(
  stage: Stage,
  campaignId: number,
  phones: readonly string[],
): Promise<void> {
  const now = stage.clock.now();
  await stage.client.sql`
    insert into contacts (campaign_id, phone_number, variable_values, next_attempt_at, created_at)
    select ${campaignId}, phone, jsonb_build_object('name', 'P' || place), ${now.toISOString()}, ${now.toISOString()}
    from unnest(${[...phones]}::text[]) with ordinality as given (phone, place)`;
}

export function acceptedTexts(stage: Stage) {
  return stage.carrier.accepted().map(({ sid, to, body, createdAt }) => ({ sid, to, body, at: createdAt }));
}

export function acceptedCalls(stage: Stage): AcceptedCall[] {
  return stage.carrier.acceptedCalls().map((call) => ({
    sid: call.sid,
    token: new URL(call.settings.instructions.url ?? 'http://nowhere').searchParams.get('call') ?? '',
    to: call.to,
    at: call.createdAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    status: call.status,
    answeredBy: call.answeredBy,
    isTwin: call.isTwin,
    said: wordsOf(call.lines, 'assistant'),
    heard: wordsOf(call.lines, 'contact'),
  }));
}

function wordsOf(lines: readonly PhoneCallLine[], speaker: PhoneCallLine['who']): string[] {
  return lines.flatMap(({ who, text }) => (who === speaker ? [text] : []));
}

function shownMessages(stage: Stage) {
  return stage.slack.snapshot().messages.map(({ channelId, ts, threadTs, blocks, files }) => ({
    channelId,
    ts,
    threadTs,
    words: JSON.stringify(blocks),
    files: files.length,
  }));
}

export type Watch = ReturnType<typeof watchRound>;

/**
 * What a watchful person and the minute's round do: stops and replies are noted, a paused campaign is resumed, texts that
 * nobody can read are decided on, leftovers are reaped.
 */
export function watchRound(stage: Stage, ...campaignIds: number[]) {
  const stops: Stop[] = [];
  const replies: Reply[] = [];
  let resumed = 0;
  const now = () => stage.clock.now().getTime();
  const noteStop = (phone: string) => {
    if (!stops.some((stop) => stop.phone === phone)) stops.push({ phone, heardAt: now() });
  };
  const offCalls = noteSaidStops(stage, noteStop);
  const off = stage.on((happening) => {
    if (happening.kind !== 'reply_answered' || happening.status !== 200) return;
    replies.push({ phone: happening.from, takenAt: now() });
    if (STOPS_TEXTED.includes(happening.body)) noteStop(happening.from);
  });
  const resume = async () => {
    const rows = await stage.client.sql<{ id: number }[]>`
      select id from campaigns where id = any(${campaignIds}) and status = 'paused'`;
    for (const { id } of rows) {
      await pressResume(stage.deps, id);
      resumed += 1;
    }
  };
  const reap = async () => {
    await stage.client.sql`select graphile_worker.add_job('recover', job_key => 'minute')`;
  };
  const read = async () => {
    const rows = await stage.client.sql<{ id: number; workspace: number }[]>`
      select id, workspace_id as workspace from contact_holds where decided_at is null`;
    for (const { id, workspace } of rows) {
      const hold = { workspaceId: workspace, contactHoldId: id, actor: DANA };
      await decideContactHold(stage.deps, { ...hold, decision: 'keep' });
    }
  };
  const timers = [
    setInterval(() => void resume().catch(() => undefined), RESUME_EVERY_MS),
    setInterval(() => void read().catch(() => undefined), RESUME_EVERY_MS),
    setInterval(() => void reap().catch(() => undefined), MINUTE_MS / stage.pace.haste),
  ];
  return {
    stops,
    replies,
    resumed: () => resumed,
    stop() {
      off();
      offCalls();
      for (const timer of timers) clearInterval(timer);
    },
  };
}

/** What was being said when the stop came may still follow it: only what is said after that is an answer to it. */
const FRAMES_OF_AN_ANSWER = 2;

/**
 * A stop on a call counts from the answer to it, or from the end that the same bot puts to the conversation: nothing is
 * spoken as done before it is committed. What a killed bot had heard, it had not promised.
 */
function noteSaidStops(stage: Stage, noteStop: (phone: string) => void): () => void {
  const framesSince = new Map<string, number>();
  return stage.on((happening: Happening) => {
    if (happening.kind !== 'heard' && happening.kind !== 'spoken') return;
    const talk = `${happening.callSid} ${happening.port}`;
    if (happening.kind === 'heard') {
      if (STOPS_SAID.includes(happening.words) && !framesSince.has(talk)) framesSince.set(talk, 0);
      return;
    }
    const before = framesSince.get(talk);
    if (before === undefined) return;
    framesSince.set(talk, before + 1);
    if (happening.isEnd || before + 1 === FRAMES_OF_AN_ANSWER) noteStop(happening.contactNumber);
  });
}

/** Whether nothing is left to do but, perhaps, calls back that people were promised. */
export async function isOver(stage: Stage, campaignIds: readonly number[]): Promise<boolean> {
  const rows = await stage.client.sql`
    select from campaigns p where id = any(${[...campaignIds]}) and status in ('running', 'paused') and (
      exists (select from contacts c where c.campaign_id = p.id and (c.status = 'in_progress'
        or (c.status = 'pending' and c.wait_reason is distinct from 'callback')))
      or not exists (select from contacts c where c.campaign_id = p.id and c.status = 'pending'))`;
  return rows.length === 0;
}

/** Over is over: nobody open, nothing on its way in either direction, every message posted. */
export async function waitForEnd(stage: Stage, campaignIds: readonly number[]): Promise<boolean> {
  const deadline = performance.now() + END_PATIENCE_MS;
  while (performance.now() < deadline) {
    if ((await isOver(stage, campaignIds)) && (await isQuiet(stage))) {
      await stage.carrier.settled();
      if (await isQuiet(stage)) return true;
    }
    await sleep(CALM_POLL_MS);
  }
  return false;
}

/** The oracle's word, once what is still on its way (a late reply, the last edit of a card) has had time to arrive. */
export async function judge(stage: Stage, campaignIds: number[], watch: Watch): Promise<string[]> {
  const deadline = performance.now() + LAST_WORDS_MS;
  for (;;) {
    const broken = await findBrokenPromises(stage.client.sql, {
      campaignIds,
      accepted: acceptedTexts(stage),
      calls: acceptedCalls(stage),
      stops: watch.stops,
      replies: watch.replies,
      wayMs: (REQUEST_DEADLINE_MS / stage.pace.haste) * stage.pace.speed,
      callsPerSecond: CALLS_PER_SECOND,
      graceMs: GRACE_REAL_MS * stage.pace.speed,
      messages: shownMessages(stage),
    });
    if (broken.length === 0 || performance.now() > deadline) return broken;
    await sleep(CALM_POLL_MS);
  }
}

async function isQuiet(stage: Stage): Promise<boolean> {
  const [row] = await stage.client.sql<{ open: number }[]>`
    select (select count(*) from attempts where state <> 'ended') + (select count(*) from provider_events
      where merged_at is null) + (select count(*) from posts where state in ('pending', 'sending'))
      + (select count(*) from calls where finished_at is null) as open`;
  return Number(row?.open) === 0;
}
