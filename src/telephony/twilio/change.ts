import type { CallChange } from '#ports/telephony.ts';
import { RequestLost, TwilioRefused } from './request-problem.ts';

/** What Twilio says of a call, or a recording, that is past such a change, or that it does not know (any more). */
const PAST_CHANGE = new Set([21220, 20404]);

/** What became of a change. When the answer was lost, or made no sense, nobody knows how the call stands now. */
export async function change(request: () => Promise<CallChange>): Promise<CallChange> {
  try {
    return await request();
  } catch (problem) {
    if (problem instanceof RequestLost) return { kind: 'unknown', cause: problem.code };
    if (!(problem instanceof TwilioRefused)) return { kind: 'unknown', cause: 'unreadable answer' };
    const isPast = problem.status === 404 || (problem.code !== null && PAST_CHANGE.has(problem.code));
    return isPast ? { kind: 'too_late' } : { kind: 'unknown', cause: problem.message };
  }
}
