import type { AllowedHours } from '#domain/calling-window.ts';
import { describeWeek } from '#domain/week-hours.ts';
import type { LawRow } from './law-row.ts';
import { LAW } from './legal-rules.ts';

export type CheckedOverride =
  | { ok: true; row: LawRow; reason: string }
  | { ok: false; problems: { field: string; sentence: string }[] };

/** Shorter than this is no reason that anybody could later judge by. */
const SHORTEST_REASON = 10;
const LONGEST_REASON = 500;

/**
 * Whether an override says what it has to: a row that there is, hours other than the row's own, and a reason. Every problem
 * comes back together. Hours within the row's are refused too: what is stricter than the law belongs into own hours, where
 * it does not read as if the law had been loosened.
 */
export function checkOverride(input: {
  ruleKey: string;
  hours: readonly AllowedHours[];
  reason: string;
}): CheckedOverride {
  const row = LAW.get(input.ruleKey);
  if (!row) return failed('rule', `There is no row of the law called “${input.ruleKey.slice(0, 40)}”.`);
  const reason = input.reason.trim();
  const problems = [hoursProblem(row, input.hours), reasonProblem(reason)].flatMap(
    (problem) => problem ?? [],
  );
  return problems.length > 0 ? { ok: false, problems } : { ok: true, row, reason };
}

function hoursProblem(row: LawRow, hours: readonly AllowedHours[]) {
  if (hours.length === 0) return { field: 'weekdays', sentence: 'Give at least one day some hours.' };
  if (!isWithin(hours, row.hours)) return null;
  const sentence =
    `These hours lie within what the row allows (${describeWeek(row.hours)}), so no override is needed; ` +
    'to be stricter, set the workspace’s own hours in /campaign settings.';
  return { field: 'weekdays', sentence };
}

function reasonProblem(reason: string) {
  if (reason.length < SHORTEST_REASON)
    return { field: 'reason', sentence: 'Say why in a sentence: whoever asks later has only this to go by.' };
  if (reason.length > LONGEST_REASON)
    return { field: 'reason', sentence: `Say it in at most ${LONGEST_REASON} characters.` };
  return null;
}

/** Whether every minute of some hours is one of others; windows that touch are one. */
function isWithin(inner: readonly AllowedHours[], outer: readonly AllowedHours[]): boolean {
  return inner.every(({ start, end, days }) =>
    days.every((day) => {
      const allowed = outer
        .filter((one) => one.days.includes(day))
        .sort((a, b) => (a.start < b.start ? -1 : 1));
      let reached = start;
      for (const one of allowed) if (one.start <= reached && one.end > reached) reached = one.end;
      return reached >= end;
    }),
  );
}

function failed(field: string, sentence: string): CheckedOverride {
  return { ok: false, problems: [{ field, sentence }] };
}
