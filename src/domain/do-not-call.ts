/** On which channels an entry of the do-not-call list counts. */
export type ListChannel = 'all' | 'voice' | 'sms';

/** What somebody typed about the do-not-call list, taken apart. `campaign` and `reason` are null where they were not said. */
export type ListWords = {
  number: string;
  channel: ListChannel;
  campaign: string | null;
  reason: string | null;
};

/**
 * Takes words such as `+14155550123 calls in Spring because they wrote to us` apart: a number or a range, then what the
 * entry is about. Every part but the number may be missing; nothing is refused here.
 */
export function readListWords(words: string): ListWords {
  const because = cut(words, /\s+because\s+(?<said>.+)$/is);
  const campaign = cut(because.rest, /\s+(?:only\s+)?in\s+(?<said>.+)$/is);
  const channel = cut(campaign.rest, /\s+(?:for\s+|on\s+)?(?<said>calls?|voice|texts?|sms)$/i);
  return {
    number: channel.rest.trim(),
    channel: channel.said === null ? 'all' : (CHANNEL_WORDS[channel.said.toLowerCase()] ?? 'all'),
    campaign: campaign.said,
    reason: because.said,
  };
}

/**
 * The prefix of a range of numbers written as `+1900*`, or null when the text is no range. `problem` says what is wrong with
 * one. A range needs two digits at least: `+1*` would be a continent. An apostrophe in front is that of our own files, which
 * keeps spreadsheets from reckoning.
 */
export function readRange(text: string): { prefix: string } | { problem: string } | null {
  const written = text.replaceAll(/[\s().-]/g, '').replace(/^'/, '');
  if (!written.includes('*')) return null;
  if (/^\+[1-9]\d{1,13}\*$/.test(written)) return { prefix: written.slice(0, -1) };
  return {
    problem:
      'A range begins with + and the country code, has two digits at least, and ends with a star, like +1900*.',
  };
}

/** What the list is searched for: a part of a number, or words of a reason. */
export type ListSearch = { digits: string } | { words: string };

/** Reads what somebody searches the list for: what is written like a number, or a part of one, is compared with numbers. */
export function readListSearch(text: string): ListSearch | null {
  const words = text.trim();
  if (words === '') return null;
  const digits = words.replaceAll(/\D/g, '');
  return digits !== '' && /^[+\d\s().*-]+$/.test(words) ? { digits } : { words };
}

/** A range as people write it. */
export function rangeText(prefix: string): string {
  return `${prefix}*`;
}

/** What an entry keeps from somebody, as the beginning of a sentence. */
export const CHANNEL_NAMES: Record<ListChannel, string> = {
  all: 'Calls and texts',
  voice: 'Calls',
  sms: 'Texts',
};

const CHANNEL_WORDS: Record<string, ListChannel> = {
  call: 'voice',
  calls: 'voice',
  voice: 'voice',
  text: 'sms',
  texts: 'sms',
  sms: 'sms',
};

function cut(text: string, pattern: RegExp): { rest: string; said: string | null } {
  const match = pattern.exec(text);
  return match
    ? { rest: text.slice(0, match.index), said: match.groups?.said?.trim() ?? null }
    : { rest: text, said: null };
}
