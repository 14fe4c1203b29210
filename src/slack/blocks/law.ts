import type { LawRow } from '#domain/law/law-row.ts';
import { describeWeek } from '#domain/week-hours.ts';
import type { KeptRow, ShownLaw } from '#operations/show-law.ts';
import { actionId } from '#slack/action-ids.ts';
import { actorName, localTime, quote } from '#slack/mrkdwn.ts';
import { actions, type Block, button, context, fallback, type Message, section } from './kit.ts';

/** Rows that go into one section, so that none is cut. */
const ROWS_EACH = 8;
/** Slack takes 50 blocks in a message; each row has one or two. */
const MOST_OVERRIDES = 12;

/** Every row in a line, the overrides in force before them; whoever administers gets the buttons that revoke these. */
export function lawOverview(law: ShownLaw, mayChange: boolean): Message {
  const lead = `*Hours that the law allows*\n${presetWords(law)}`;
  const overridden = law.rows.filter(({ override }) => override !== null);
  const lines = law.rows.map((kept) => lineOf(kept));
  const blocks: Block[] = [
    section(lead),
    ...overridden.slice(0, MOST_OVERRIDES).flatMap((kept) => rowBlocks(kept, mayChange)),
    ...inGroups(lines).map((group) => section(group.join('\n'))),
    context(
      'All hours are on the clock of whoever is contacted. /campaign law Florida shows one row in full.',
    ),
  ];
  return { text: plainText(lead, ...lines), blocks };
}

/** The rows of one place in full, with the button that overrides or revokes each for whoever administers. */
export function lawOfPlace(law: ShownLaw, place: string, mayChange: boolean): Message {
  const lead = `*The law for “${quote(place)}”*\n${presetWords(law)}`;
  const together =
    law.rows.length > 1 ? ['All of these rows hold together: the hours that each of them allows.'] : [];
  return {
    text: plainText(lead, ...together, ...law.rows.map((kept) => details(kept))),
    blocks: [
      section(lead),
      ...together.map((sentence) => context(sentence)),
      ...law.rows.flatMap((kept) => rowBlocks(kept, mayChange)),
    ],
  };
}

function presetWords({ preset, ownHours }: ShownLaw): string {
  const kept =
    preset === 'strict'
      ? 'This workspace keeps to the *strict* hours in every state (US-STRICT).'
      : 'This workspace keeps to the row of each *state*; whoever may be in any state, to US-STRICT.';
  return ownHours ? `${kept} Its own hours on top: ${describeWeek(ownHours)}.` : kept;
}

function rowBlocks(kept: KeptRow, mayChange: boolean): Block[] {
  const block = section(details(kept));
  return mayChange ? [block, actions([changeButton(kept)])] : [block];
}

function changeButton({ row, override }: KeptRow) {
  const value = row.key;
  if (!override)
    return button({
      label: `Override ${row.name}…`,
      actionId: actionId('law.override', row.key),
      value,
    });
  return button({
    label: `Revoke for ${row.name}`,
    actionId: actionId('law.revoke', row.key),
    value,
    confirm: {
      title: `Back to the law of ${row.name}?`,
      text: `From the next attempt on people there are reached ${describeWeek(row.hours)} only.`,
      confirm: 'Revoke',
    },
  });
}

function details({ row, override }: KeptRow): string {
  const hours = override
    ? `*Overridden: ${describeWeek(override.hours)}*, in place of ${describeWeek(row.hours)}\n` +
      `by ${actorName(override.actor)}, ${localTime(override.createdAt)}: ${quote(override.reason, 500)}`
    : `${describeWeek(row.hours)}`;
  const also = [...limitsOf(row), row.note ?? ''].filter(Boolean).join(' ');
  const source = `_${quote(row.source, 200)}, looked at ${row.asOf}_`;
  return [`*${row.name}* (${row.key}): ${hours}`, also, source].filter(Boolean).join('\n');
}

function lineOf({ row, override }: KeptRow): string {
  const hours = override ? `*overridden: ${describeWeek(override.hours)}*` : describeWeek(row.hours);
  const limits = limitsOf(row).join(' ');
  return `• *${row.key}* ${row.name}: ${hours}. ${limits ? `${limits} ` : ''}_${quote(row.source, 200)}, ${row.asOf}_`;
}

function limitsOf({ closedOn, caps, applies }: LawRow): string[] {
  return [
    closedOn.length > 0 ? 'Never on public holidays.' : '',
    ...caps.map(({ limit, hours }) => `At most ${attempts(limit)} in ${span(hours)}.`),
    applies === 'calls' ? 'For calls only.' : '',
  ].filter((sentence) => sentence !== '');
}

function attempts(limit: number): string {
  return limit === 1 ? 'one attempt' : `${limit} attempts`;
}

function span(hours: number): string {
  return hours % 24 === 0 && hours > 24 ? `${hours / 24} days` : `${hours} hours`;
}

function inGroups(lines: string[]): string[][] {
  const groups: string[][] = [];
  for (let at = 0; at < lines.length; at += ROWS_EACH) groups.push(lines.slice(at, at + ROWS_EACH));
  return groups;
}

function plainText(...lines: string[]): string {
  return fallback(...lines.map((line) => line.replaceAll(/[*_]/g, '')));
}
