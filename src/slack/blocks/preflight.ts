import { formatMicroDollars } from '#domain/money.ts';
import { MAX_TEXT_CHARACTERS } from '#domain/segments.ts';
import { formatCostRange } from '#domain/text-cost.ts';
import type { Preflight } from '#operations/preflight.ts';
import { count, counted, quote } from '#slack/mrkdwn.ts';
import { type Block, bullets, context, fields, plainSection, section } from './kit.ts';

/** What keeps it from starting, and for whom its messages come out so that they cannot be sent. */
export function problemBlocks(found: Preflight, mayStart: boolean): Block[] {
  if (found.problems.length > 0) return [plainSection(`⚠️ It cannot start yet:\n${bullets(found.problems)}`)];
  const unsendable = [
    ...sampleWords('sms', found.sample),
    ...(found.calls ? sampleWords('call', found.calls.sample) : []),
  ];
  const blocks = unsendable.length > 0 ? [plainSection(`⚠️ ${unsendable.join('\n')}`)] : [];
  if (mayStart || nothingCanBeSent(found)) return blocks;
  return [plainSection('⚠️ It cannot start: nobody in it may be contacted.'), ...blocks];
}

/** Whether none of its channels could reach anybody looked at: a mixed campaign goes on as long as one can. */
export function nothingCanBeSent({ sample, calls }: Preflight): boolean {
  const samples = [sample, ...(calls ? [calls.sample] : [])].filter(({ contacts }) => contacts > 0);
  const isDead = ({ contacts, tooLong, empty }: Preflight['sample']) => tooLong + empty >= contacts;
  return samples.length > 0 && samples.every(isDead);
}

const UNSENDABLE = {
  sms: {
    tooLong: `the text comes out longer than ${count(MAX_TEXT_CHARACTERS)} characters and cannot be sent. Press Edit on the card and shorten the message.`,
    empty: 'the text comes out empty and cannot be sent. Press Edit on the card and give the missing values.',
  },
  call: {
    tooLong:
      'something said on the call comes out too long, so they are not called. Press Edit on the card and shorten it.',
    empty:
      'something said on the call comes out empty, so they are not called. Press Edit on the card and give the missing values.',
  },
};

/** They would be refused one by one, long after somebody could have shortened the message. */
function sampleWords(channel: keyof typeof UNSENDABLE, sample: Preflight['sample']): string[] {
  const { contacts } = sample;
  const whom = (some: number) =>
    some === contacts ? 'For everybody looked at' : `For ${count(some)} of ${count(contacts)} looked at`;
  return (['tooLong', 'empty'] as const)
    .filter((fault) => sample[fault] > 0)
    .map((fault) => `${whom(sample[fault])} ${UNSENDABLE[channel][fault]}`);
}

/** Who would be contacted, what that costs and how long it takes. */
export function foundBlocks(found: Preflight): Block[] {
  const limits = limitWords(found);
  return [
    fields(verdicts(found)),
    ...leftOutBlocks(found),
    section(costWords(found)),
    ...(limits.length > 0 ? [plainSection(limits.join('\n'))] : []),
    ...(found.ready + found.capped > 0 ? [plainSection(`How long: ${found.outlook}`)] : []),
    ...gapBlocks(found),
  ];
}

/** What is always looked for, and what seldom is the case, where it is. */
function verdicts(found: Preflight): string[] {
  const always: [string, number][] = [
    ['Ready', found.ready],
    ['Do not call', found.doNotCall],
    ['No time zone', found.noTimeZone],
    ['Outside hours now', found.outsideHoursNow],
  ];
  const seldom: [string, number][] = [
    ['No consent', found.noConsent],
    ['To be decided', found.heldForReview],
    ['Contacted lately', found.contactedRecently],
    ['At their limit for now', found.capped],
    ['Twice in the files', found.duplicates],
    ['Invalid in the files', found.invalid],
  ];
  return [...always, ...seldom.filter(([, contacts]) => contacts > 0)].map(
    ([label, contacts]) => `*${label}* ${count(contacts)}`,
  );
}

/** Whoever is counted here is not contacted at all; the others wait. */
function leftOutBlocks({ doNotCall, noTimeZone, noConsent, contactedRecently }: Preflight): Block[] {
  const leftOut = doNotCall + noTimeZone + noConsent + contactedRecently;
  if (leftOut === 0) return [];
  return [
    context(
      `${counted(leftOut, 'contact')} will be left out: on the do-not-call list, without a time zone or a consent, or contacted lately. \`/campaign why +1…\` answers for one of them.`,
    ),
  ];
}

/** What will make it pause by itself. */
function limitWords(found: Preflight): string[] {
  const { canarySize } = found;
  return [
    ...budgetWords(found),
    ...(canarySize === null
      ? []
      : [`The first ${count(canarySize)} are tried, then it pauses and asks whether to go on.`]),
  ];
}

function budgetWords({ budgetMicros, reserveMicros, cost }: Preflight): string[] {
  if (budgetMicros === null) return [];
  const budget = `Budget: ${formatMicroDollars(budgetMicros)}`;
  if (budgetMicros < reserveMicros) {
    const each = formatMicroDollars(reserveMicros);
    return [
      `⚠️ ${budget}, which is less than the ${each} that one attempt may need. It would pause at once; raise the budget first.`,
    ];
  }
  return [
    cost.high > budgetMicros
      ? `⚠️ ${budget}, which may not be enough. It pauses before it would pass it, and asks.`
      : `${budget}. It pauses before it would pass it.`,
  ];
}

function costWords({ segments, segmentsEach, calls, cost }: Preflight): string {
  const { low, high } = segmentsEach;
  const each = low === high ? counted(low, 'segment') : `${low} to ${high} segments`;
  const parts = [
    ...(calls && calls.contacts > 0 ? [counted(calls.contacts, 'call')] : []),
    ...(segments > 0 ? [`${counted(segments, 'segment')}, ${each} a text`] : []),
  ];
  if (parts.length === 0) return calls ? '*Cost* nobody to call' : '*Cost* nothing to send';
  return `*Cost* about ${formatCostRange(cost)} (estimate) for ${parts.join(' and ')}`;
}

function gapBlocks({ missingVariables }: Preflight): Block[] {
  if (missingVariables.length === 0) return [];
  const gaps = missingVariables
    .slice(0, 20)
    .map(({ name, contacts }) => `\`${quote(name, 60)}\` for ${counted(contacts, 'contact')}`);
  return [section(`⚠️ *Without a value:* ${gaps.join(', ')}. What they hear or read has a gap there.`)];
}
