/**
 * What a cell says about somebody's consent: given, at an instant (ISO) where it says when; refused; or nothing that can be
 * understood, which is never taken for a yes. Null: the cell is blank.
 */
export type ConsentCell =
  | { kind: 'given'; givenAt: string | null }
  | { kind: 'refused' }
  | { kind: 'unreadable' };

/**
 * Reads “yes”, “no”, or a date. `2/3/2026` is March in most countries and February in the United States; a day without a
 * time counts from its first minute in UTC. Before 1990 and after `latest` nobody consented.
 */
export function readConsentCell(cell: string, defaultCountry: string, latest: Date): ConsentCell | null {
  const text = cell.trim();
  if (text === '' || isNothing(text)) return null;
  if (YES.has(text.toLowerCase())) return { kind: 'given', givenAt: null };
  if (NO.has(text.toLowerCase())) return { kind: 'refused' };
  const at = readIsoDate(text) ?? readWrittenDate(text, defaultCountry);
  if (at === null || at < EARLIEST || at > latest.getTime() + AHEAD_MS) return { kind: 'unreadable' };
  return { kind: 'given', givenAt: new Date(Math.min(at, latest.getTime())).toISOString() };
}

/** On which channels a cell says that consent counts; null when it names none that we have. */
export function readConsentChannel(cell: string): 'all' | 'voice' | 'sms' | null {
  const text = cell.trim().toLowerCase();
  if (text === '' || isNothing(text)) return 'all';
  const isVoice = /\b(calls?|voice|phone|telephone|anrufe?|telefon)\b/.test(text);
  const isText = /\b(sms|texts?|messages?|texting)\b/.test(text);
  if (/\b(all|both|any|every)\b/.test(text) || (isVoice && isText)) return 'all';
  if (isVoice) return 'voice';
  return isText ? 'sms' : null;
}

/** Whether a cell holds what people write where they have nothing to say. */
export function isNothing(cell: string): boolean {
  return /^(?:n\/?a|n\.a\.|none|null|nil|unknown|undefined|[-–—?.]+)$/i.test(cell.trim());
}

const EARLIEST = Date.UTC(1990, 0, 1);
/** Somewhere it is tomorrow already. */
const AHEAD_MS = 15 * 3_600_000;
const YES = new Set(
  'yes y true 1 x ok ✓ ✔ ja oui si sí sim given granted opted_in opted-in optin opt-in subscribed consented'.split(
    ' ',
  ),
);
const NO = new Set(
  'no n false 0 nein non nao não refused denied revoked withdrawn opted_out opted-out optout opt-out unsubscribed'.split(
    ' ',
  ),
);
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ]+(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?\s*(?:Z|UTC|([+-])(\d{2}):?(\d{2}))?$/i;
const WRITTEN = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:[ ,]+(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap]m)?)?$/i;

function readIsoDate(text: string): number | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const [, year, month, day, hour = 0, minute = 0, second = 0, sign, offHours = 0, offMinutes = 0] = match;
  const at = instant([year, month, day, hour, minute, second].map(Number));
  const offset = (Number(offHours) * 60 + Number(offMinutes)) * 60_000;
  return at === null ? null : at - (sign === '-' ? -offset : offset);
}

function readWrittenDate(text: string, defaultCountry: string): number | null {
  const match = WRITTEN.exec(text);
  if (!match) return null;
  const [, one, separator, other, year, hour = 0, minute = 0, half] = match;
  const isMonthFirst = separator !== '.' && defaultCountry === 'US';
  const [month, day] = isMonthFirst ? [one, other] : [other, one];
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0) : Number(hour);
  return instant([Number(year), Number(month), Number(day), hours, Number(minute), 0]);
}

/** Milliseconds of a day and time that exist, in UTC; null for February 30. */
function instant([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: number[]): number | null {
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60;
  return isReal ? at.getTime() : null;
}
