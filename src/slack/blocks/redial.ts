import type { Button, StaticSelect } from '@slack/types';
import { type Counts, measureCampaign } from '#domain/metrics.ts';
import { actionId, REDIAL_CHOICES, type RedialChoice, redialValue } from '#slack/action-ids.ts';
import { clip, count } from '#slack/mrkdwn.ts';
import { button, option, type Question, select } from './kit.ts';

type Called = { campaignId: number; name: string; counts: Counts };

const CHOICE_WORDS: Record<RedialChoice, string> = {
  no_answer: 'No answer',
  busy: 'Busy',
  voicemail: 'Voicemail',
  failed: 'Failed',
  all: 'All who were not reached',
};

/** The button for those who did not pick up, and a menu for the others that there are; empty when everybody was reached. */
export function redialElements(called: Called): (Button | StaticSelect)[] {
  const others = REDIAL_CHOICES.filter((choice) => choice !== 'no_answer' && contactsOf(called, choice) > 0);
  const options = others.map((choice) =>
    option(labelOf(called, choice), redialValue(called.campaignId, choice)),
  );
  const menu = () =>
    select(actionId('campaign.redial', 'other'), 'Redial others', options, undefined, question(called.name));
  return [...redialButton(called, 'no_answer'), ...(options.length > 0 ? [menu()] : [])];
}

/** One button for one outcome; none when nobody's last call ended so. */
export function redialButton(called: Called, choice: RedialChoice): Button[] {
  if (contactsOf(called, choice) === 0) return [];
  const label = choice === 'no_answer' ? 'Redial no-answers' : `Redial: ${labelOf(called, choice)}`;
  return [
    button({
      label,
      actionId: actionId('campaign.redial'),
      value: redialValue(called.campaignId, choice),
      confirm: question(called.name),
    }),
  ];
}

function labelOf(called: Called, choice: RedialChoice): string {
  return `${CHOICE_WORDS[choice]} (${count(contactsOf(called, choice))})`;
}

function contactsOf({ counts }: Called, choice: RedialChoice): number {
  return choice === 'all' ? (measureCampaign(counts).failed ?? 0) : counts[choice];
}

function question(name: string): Question {
  return {
    title: 'Prepare a redial?',
    text: `These contacts of “${clip(name, 80)}” become waiting again. Nobody is called before somebody presses Start, and whoever opted out is left alone.`,
    confirm: 'Prepare it',
  };
}
