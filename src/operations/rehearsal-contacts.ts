import { type Obstacles, readObstacles } from '#db/obstacles.ts';
import { type RehearsedRow, readRehearsed } from '#db/rehearsal.ts';
import type { Channel, RehearsedContact } from '#domain/rehearsal/rehearsal.ts';
import { DAY_MS } from '#domain/window-clock.ts';
import type { Composers } from './claim-contacts.ts';
import { composeCall } from './compose-call.ts';
import { composeText } from './compose-text.ts';
import type { Deps } from './deps.ts';

/** The longest that a cap can reach back: 720 hours, and some room. */
const CAPS_REACH_MS = 31 * DAY_MS;

type Question = {
  campaign: { id: number; workspaceId: number; excludeContactedDays: number | null };
  composers: Composers;
  startsAt: Date;
  /** The next run takes everybody up anew; otherwise those who wait go on. */
  everybody: boolean;
};

/** Everybody whom a rehearsal is about, with what stands for and against each, read a few thousand at a time. */
export async function readContacts(deps: Pick<Deps, 'db'>, question: Question): Promise<RehearsedContact[]> {
  const { campaign, everybody } = question;
  const found: RehearsedContact[] = [];
  let afterId = 0;
  for (;;) {
    const rows = await readRehearsed(deps.db, { campaignId: campaign.id, afterId, everybody });
    const last = rows.at(-1);
    if (!last) return found;
    afterId = last.id;
    const against = await readAgainst(deps, question, rows);
    for (const row of rows) found.push(contactOf(row, question, against));
  }
}

type Against = Partial<Record<Channel, Obstacles>>;

async function readAgainst(
  deps: Pick<Deps, 'db'>,
  { campaign, composers, startsAt }: Question,
  rows: RehearsedRow[],
): Promise<Against> {
  const days = campaign.excludeContactedDays;
  const on = (channel: Channel) =>
    readObstacles(deps.db, {
      workspaceId: campaign.workspaceId,
      campaignId: campaign.id,
      people: rows.map(({ phoneNumber }) => ({ phoneNumber, channel })),
      now: startsAt,
      capsSince: new Date(startsAt.getTime() - CAPS_REACH_MS),
      contactedSince: days === null ? null : new Date(startsAt.getTime() - days * DAY_MS),
    });
  return {
    ...(composers.call && { call: await on('call') }),
    ...(composers.text && { sms: await on('sms') }),
  };
}

function contactOf(row: RehearsedRow, question: Question, against: Against): RehearsedContact {
  const { phoneNumber, ownZones, ownRegion } = row;
  const either = against.call ?? against.sms;
  return {
    phoneNumber,
    ownZones,
    ownRegion,
    ...progressOf(row, question),
    ...wordsOf(row, question.composers),
    suppression: { call: listed(against.call, row), sms: listed(against.sms, row) },
    hasConsent: { call: consents(against.call, row), sms: consents(against.sms, row) },
    isHeldForReview: either?.held.has(phoneNumber) ?? false,
    recentAttempts: either?.recent.get(phoneNumber) ?? [],
    lastContactAt: either?.lastContactAt.get(phoneNumber) ?? null,
  };
}

function progressOf(row: RehearsedRow, { startsAt, everybody }: Question) {
  if (everybody) return { dueAt: startsAt.getTime(), nextChannel: null, firstStatus: null, used: 0 };
  const { nextAttemptAt, nextChannel, firstStatus, channelAttempts } = row;
  return { dueAt: (nextAttemptAt ?? startsAt).getTime(), nextChannel, firstStatus, used: channelAttempts };
}

/** How long their text is, and why what would be sent or said to them cannot be. */
function wordsOf(row: RehearsedRow, composers: Composers): Pick<RehearsedContact, 'segments' | 'refused'> {
  const text = composers.text && composeText(composers.text, row);
  const call = composers.call && composeCall(composers.call, row);
  return {
    segments: text?.kind === 'text' ? text.segments : null,
    refused: {
      ...(text?.kind === 'refused' && { sms: text.reason }),
      ...(call?.kind === 'refused' && { call: call.reason }),
    },
  };
}

function listed(obstacles: Obstacles | undefined, { phoneNumber }: RehearsedRow) {
  return obstacles?.suppressed.get(phoneNumber) ?? null;
}

function consents(obstacles: Obstacles | undefined, { phoneNumber }: RehearsedRow): boolean {
  return obstacles?.consentIds.has(phoneNumber) ?? false;
}
