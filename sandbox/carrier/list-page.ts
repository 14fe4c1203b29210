import type { MessageFilter } from './messages.ts';
import type { CallFilter } from './voice/call-book.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const USUAL_PAGE_SIZE = 50;
const LARGEST_PAGE_SIZE = 1_000;

export type PageRequest = { size: number; index: number; after: string | null };

export function pageRequestOf(query: URLSearchParams): PageRequest {
  const size = Number(query.get('PageSize') ?? USUAL_PAGE_SIZE);
  return {
    size: Number.isInteger(size) && size > 0 ? Math.min(size, LARGEST_PAGE_SIZE) : USUAL_PAGE_SIZE,
    index: Number(query.get('Page')) || 0,
    after: query.get('PageToken')?.replace(/^PA/, '') || null,
  };
}

/** `DateSent`, `DateSent>` and `DateSent<`; whole days in UTC, whatever time of day is given. */
export function messageFilterOf(query: URLSearchParams, now: number): MessageFilter {
  const on = dayOf(query.get('DateSent'));
  const after = dayOf(query.get('DateSent>')) ?? on;
  const before = dayOf(query.get('DateSent<')) ?? on;
  return {
    to: query.get('To') || null,
    from: query.get('From') || null,
    sentFrom: after,
    sentUntil: before === null ? null : before + DAY_MS,
    now,
  };
}

/** `StartTime`, `StartTime>` and `StartTime<` likewise; a call that was not dialled yet has none. */
export function callFilterOf(query: URLSearchParams, now: number): CallFilter {
  const on = dayOf(query.get('StartTime'));
  const after = dayOf(query.get('StartTime>')) ?? on;
  const before = dayOf(query.get('StartTime<')) ?? on;
  return {
    to: query.get('To') || null,
    from: query.get('From') || null,
    status: query.get('Status') || null,
    parentCallSid: query.get('ParentCallSid') || null,
    startedFrom: after,
    startedUntil: before === null ? null : before + DAY_MS,
    now,
  };
}

/** Twilio's envelope of one page; `lastSid` carries the next page on when there is one. */
export function pageEnvelope(
  path: string,
  query: URLSearchParams,
  page: PageRequest,
  count: number,
  lastSid: string | null,
): object {
  const start = page.index * page.size;
  const uriOf = (index: number, token: string | null) => {
    const params = new URLSearchParams(query);
    params.set('PageSize', String(page.size));
    params.set('Page', String(index));
    params.delete('PageToken');
    if (token) params.set('PageToken', `PA${token}`);
    return `${path}?${params}`;
  };
  return {
    page: page.index,
    page_size: page.size,
    start,
    end: Math.max(start + count - 1, start),
    uri: uriOf(page.index, page.after),
    first_page_uri: uriOf(0, null),
    previous_page_uri: page.index > 0 ? uriOf(page.index - 1, page.after) : null,
    next_page_uri: lastSid === null ? null : uriOf(page.index + 1, lastSid),
  };
}

function dayOf(value: string | null): number | null {
  const at = value ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.floor(at / DAY_MS) * DAY_MS;
}
