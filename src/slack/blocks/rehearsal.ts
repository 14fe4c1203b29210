import { describeSkip } from '#domain/hold.ts';
import type { Plan, PlannedHour } from '#domain/rehearsal/plan.ts';
import { formatCostRange } from '#domain/text-cost.ts';
import { describeInstant } from '#domain/window-words.ts';
import type { Rehearsed } from '#operations/rehearse-campaign.ts';
import { LIMITS } from '#slack/limits.ts';
import { count, counted, quote } from '#slack/mrkdwn.ts';
import { bullets, context, fallback, type Message, plainSection, section } from './kit.ts';

/** Hours and zones that fit on a screen; the rest is told as a number. */
const MOST_HOURS = 24;
const MOST_ZONES = 3;

const ASSUMED =
  'Nobody was contacted. How calls and texts end is assumed, not known: usual shares of answers, machines and no-answers. Replies, call backs and other campaigns are not in it.';

/** The plan of a rehearsal for who asked for it: what would happen, where it would stop, who is left out, hour by hour. */
export function drawRehearsal(name: string, rehearsed: Rehearsed, now: Date): Message {
  const { plan, obstacles } = rehearsed;
  const title = `Rehearsal of ${quote(name, LIMITS.header - 20)}`;
  const lines = sentences(rehearsed, now);
  const left = plan.skips.map(
    ({ reason, contacts }) => `${counted(contacts, 'contact')}: ${describeSkip(reason)}`,
  );
  return {
    text: fallback(
      `${title}.`,
      ...standstill(obstacles),
      ...lines,
      ...left.map((line) => `Left out, ${line}`),
      ASSUMED,
    ),
    blocks: [
      section(`*${title}*`),
      ...standstill(obstacles).map(plainSection),
      plainSection(lines.join('\n')),
      ...(left.length > 0 ? [plainSection(`Left out:\n${bullets(left)}`)] : []),
      ...(plan.hours.length > 0 ? [section(`\`\`\`\n${tableOf(plan).join('\n')}\n\`\`\``)] : []),
      context(ASSUMED),
    ],
  };
}

/** A plan must not pass for a promise where a real run would contact nobody. */
function standstill(obstacles: readonly string[]): string[] {
  if (obstacles.length === 0) return [];
  return [
    `⚠️ As things stand it would contact nobody:\n${bullets([...obstacles])}\nThe plan is of a run without that.`,
  ];
}

function sentences({ plan, startsAt, zone, contacts }: Rehearsed, now: Date): string[] {
  const when = (at: Date) => describeInstant(at, now, zone);
  const kinds = [
    plan.calls > 0 ? counted(plan.calls, 'call') : null,
    plan.texts > 0 ? counted(plan.texts, 'text') : null,
  ].filter((kind) => kind !== null);
  const start = startsAt > now ? `Started ${when(startsAt)}` : 'Started now';
  const done =
    kinds.length === 0
      ? `${start}, nobody of ${counted(contacts, 'contact')} would be contacted.`
      : `${start}, it would make ${kinds.join(' and ')} to ${count(plan.reached)} of ${counted(contacts, 'contact')}, for ${formatCostRange(plan.cost)}.`;
  return [done, ...stopSentences(plan, when), endSentence(plan, when)].filter((line) => line !== null);
}

type When = (at: Date) => string;

function stopSentences({ stops, left }: Plan, when: When): string[] {
  return stops.map(({ kind, at, attempts }) =>
    kind === 'canary'
      ? `After the first ${count(attempts)} it holds ${when(new Date(at))} and asks; the plan goes on as if somebody had pressed Continue at once.`
      : `The budget is used up ${when(new Date(at))}, with ${counted(left, 'contact')} still waiting.`,
  );
}

function endSentence({ finishesAt, undecided, stops, left }: Plan, when: When): string | null {
  const waits =
    undecided > 0
      ? ` ${counted(undecided, 'contact')} would wait for somebody’s decision in the thread.`
      : '';
  if (finishesAt === null && left > 0) return `It would not come to an end within a year.${waits}`;
  if (finishesAt === null) return waits === '' ? null : waits.trim();
  const isCut = stops.some(({ kind }) => kind === 'budget');
  return `${isCut ? 'The last attempt would be over' : 'It would be finished'} ${when(finishesAt)}.${waits}`;
}

/** Hours down, zones across, in letters of one width. */
function tableOf({ hours, zones }: Plan): string[] {
  const shown = zones.slice(0, MOST_ZONES);
  const hasOthers = zones.length > shown.length;
  const head = ['', 'all', ...shown, ...(hasOthers ? ['other'] : [])];
  const rows = hours.slice(0, MOST_HOURS).map((hour) => rowOf(hour, shown, hasOthers));
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  const rest = hours.slice(MOST_HOURS);
  if (rest.length === 0) return lines;
  const attempts = rest.reduce((sum, hour) => sum + hour.attempts, 0);
  return [...lines, `and ${counted(attempts, 'attempt')} in ${counted(rest.length, 'hour')} after that`];
}

function rowOf(hour: PlannedHour, shown: readonly string[], hasOthers: boolean): string[] {
  const own = shown.map((zone) => hour.zones.get(zone) ?? 0);
  const others = hour.attempts - own.reduce((sum, attempts) => sum + attempts, 0);
  const cells = [hour.attempts, ...own, ...(hasOthers ? [others] : [])];
  // The year is left out: a line that wraps is no table any more.
  return [
    `${hour.day.replace(/\d{4}-/, '')} ${hour.hour}`,
    ...cells.map((cell) => (cell === 0 ? '·' : count(cell))),
  ];
}
