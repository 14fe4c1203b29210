import { readContact } from '#db/call-actions.ts';
import { changeCall } from '#db/call-desk.ts';
import { sayTime } from '#domain/conversation/say-time.ts';
import { readSpokenTime } from '#domain/conversation/spoken-time.ts';
import { MOST_CALLBACKS } from '#domain/retry.ts';
import { isTimeZone } from '#domain/window-clock.ts';
import type { CallVerb } from './run-call-act.ts';

/**
 * Notes when somebody wants to be called again: read on their clock, moved into the hours at which they may be called, at
 * most 14 days ahead, and not more often than is kept. Its end puts the contact back to that time (telephony.md §4, §9).
 */
export const scheduleCallback: CallVerb = async (deps, tx, call, { local_time: time, zone }) => {
  const now = deps.clock.now();
  const theirs = typeof zone === 'string' && isTimeZone(zone) ? zone : call.reach.zone;
  const read = readSpokenTime(String(time ?? ''), now, { ...call.reach, zone: theirs }, call.script.language);
  if (read.kind === 'unclear') return { ok: false, problem: 'This is no time. Ask them when.' };
  if (read.kind === 'too_far') {
    return {
      ok: false,
      problem: 'Only the next 14 days can be noted, within calling hours. Ask for another time.',
    };
  }
  if (call.contactId === null) return { ok: false, problem: 'Nobody can be called back who is no contact.' };
  if (await hasHadEnough(tx, call.contactId)) {
    return { ok: false, problem: 'They were called back often enough. Do not promise another call.' };
  }
  await changeCall(tx, call.id, { callbackAt: read.at });
  const when = sayTime(read.at, now, theirs, call.script.language);
  return { ok: true, told: { scheduled_for: when, moved_into_calling_hours: read.isMoved } };
};

async function hasHadEnough(tx: Parameters<CallVerb>[1], contactId: number): Promise<boolean> {
  const contact = await readContact(tx, contactId);
  return (contact?.callbacks ?? 0) >= MOST_CALLBACKS;
}
