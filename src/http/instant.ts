/** An instant as the reference's examples write it: `2024-02-15T09:00:00Z`, with milliseconds only where there are any. */
export function instant<At extends Date | null>(at: At): At extends null ? string | null : string;
export function instant(at: Date | null): string | null {
  if (!at) return null;
  const text = at.toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}
