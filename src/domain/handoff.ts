/**
 * What our session says at its end about how the call goes on; it comes back to us through the provider. `key` is that of
 * one of the assistant's transfer targets, never a number; null where the call's own row names it (telephony.md §4). `say`:
 * words that must be heard first and could not wait behind what was being spoken, since the end of a session drops that.
 */
export type Handoff = { say?: string } & (
  | { next: 'hang_up' }
  | { next: 'voicemail' }
  | { next: 'transfer'; key: string | null }
);

const LONGEST_WORDS = 500;

/** A handoff as the provider carries it. */
export function writeHandoff(handoff: Handoff): string {
  return JSON.stringify(handoff);
}

/** A handoff as it came back; whatever is none of ours ends the call. */
export function readHandoff(text: string | null): Handoff {
  const { next, key, say } = parsed(text);
  const words = typeof say === 'string' && say !== '' ? { say: say.slice(0, LONGEST_WORDS) } : {};
  if (next === 'transfer') return { ...words, next, key: typeof key === 'string' && key !== '' ? key : null };
  return { ...words, next: next === 'voicemail' ? next : 'hang_up' };
}

function parsed(text: string | null): { next?: unknown; key?: unknown; say?: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
