import type { ModalView } from '@slack/types';
import { describeWeek, formatWeek, parseWeek, type WeekLines } from '#domain/week-hours.ts';
import { overrideLaw } from '#operations/override-law.ts';
import { showLaw } from '#operations/show-law.ts';
import { section } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import { textField } from './fields.ts';
import { modal, sentenceView } from './frame.ts';
import { type ModalHandler, metadataText } from './modal.ts';
import { shownOnceDone } from './once-done.ts';
import { openThen } from './open.ts';
import { type FormState, readText } from './state.ts';

const LONGEST_LINE = 80;
const LONGEST_REASON = 500;
const HINT = 'Like 07:00-22:00, or 09:00-12:00, 14:00-18:00; empty for a day off.';

/** Asks which hours are to hold in place of a row's, and for the reason. */
export async function openLawOverride(entry: Entry, ruleKey: string): Promise<void> {
  await openThen(entry, 'Looking the row up…', async () => {
    const { workspaceId } = entry;
    const shown = await showLaw(entry.deps, { workspaceId, place: ruleKey });
    const kept = shown?.rows.find(({ row }) => row.key === ruleKey);
    if (!kept)
      return sentenceView(
        'No such row',
        sentenceMessage('There is no such row. /campaign law shows all rows.'),
      );
    const { row, override } = kept;
    const week = formatWeek(override?.hours ?? row.hours);
    const lead =
      `*${row.name}* allows ${describeWeek(row.hours)} (_${quote(row.source, 200)}_, looked at ${row.asOf}).\n` +
      'Hours beyond that are outside the law as this row has it. You answer for them: your name, the reason and both hours ' +
      'are kept, and the audit log shows them. Public holidays and limits of the row stay as they are.';
    return modal({
      name: 'law_override',
      title: 'Override the law',
      submit: 'Override',
      metadata: { ruleKey },
      blocks: [
        section(lead),
        dayField('weekdays', 'Monday to Friday', week.monday),
        dayField('saturday', 'Saturday', week.saturday),
        dayField('sunday', 'Sunday', week.sunday),
        textField({
          blockId: 'reason',
          label: 'Reason',
          hint: 'On what it rests: consent, an exemption, advice, and from whom.',
          lines: true,
          max: LONGEST_REASON,
        }),
      ],
    });
  });
}

export const lawOverride: ModalHandler = {
  right: 'administer',
  problemField: 'reason',
  async submit({ deps, workspaceId, actor, metadata, state }) {
    const week = parseWeek(linesOf(state));
    if (!week.ok) return { kind: 'errors', errors: errorsOf(week.problems) };
    const ruleKey = metadataText(metadata, 'ruleKey') ?? '';
    const reason = readText(state, 'reason');
    const overriding = overrideLaw(deps, { workspaceId, actor, ruleKey, hours: week.hours, reason });
    return shownOnceDone(
      overriding.then(overriddenView),
      'Overriding. Whoever waits in campaigns is judged by the new hours.',
    );
  },
};

function overriddenView({ ruleKey, hours }: Awaited<ReturnType<typeof overrideLaw>>): ModalView {
  const sentence =
    `People under the row ${ruleKey} are reached ${describeWeek(hours)} from the next attempt on. The other rows and the ` +
    `campaigns’ own hours still hold. The override is kept with your name; /campaign law ${ruleKey} shows and revokes it.`;
  return sentenceView('Overridden', sentenceMessage(sentence));
}

function dayField(blockId: string, label: string, value: string) {
  return textField({ blockId, label, hint: HINT, value, optional: true, max: LONGEST_LINE });
}

function linesOf(state: FormState): WeekLines {
  const weekdays = readText(state, 'weekdays');
  return {
    monday: weekdays,
    tuesday: weekdays,
    wednesday: weekdays,
    thursday: weekdays,
    friday: weekdays,
    saturday: readText(state, 'saturday'),
    sunday: readText(state, 'sunday'),
  };
}

function errorsOf(problems: { day: string; sentence: string }[]): Record<string, string> {
  const fieldOf = (day: string) => (day === 'saturday' || day === 'sunday' ? day : 'weekdays');
  return Object.fromEntries(problems.map(({ day, sentence }) => [fieldOf(day), sentence]));
}
