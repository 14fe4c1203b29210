/**
 * What our session says at its end about how the call goes on; it comes back to us through the provider. `key` is that of
 * one of the assistant's transfer targets, never a number; null where the call's own row names it (telephony.md §4).
 */
export type Handoff = { next: 'hang_up' } | { next: 'voicemail' } | { next: 'transfer'; key: string | null };

/** A handoff as the provider carries it. */
export function writeHandoff(handoff: Handoff): string {
  return JSON.stringify(handoff);
}

/** A handoff as it came back; whatever is none of ours ends the call. */
export function readHandoff(text: string | null): Handoff {
  const { next, key } = parsed(text);
  if (next === 'transfer') return { next, key: typeof key === 'string' && key !== '' ? key : null };
  return { next: next === 'voicemail' ? next : 'hang_up' };
}

function parsed(text: string | null): { next?: unknown; key?: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
