import { asObjects, asText, wordsOf } from '#sandbox/page/json.ts';
import type { Json, JsonObject } from '#sandbox/page-protocol.ts';

/** One line of a list; `value` is what Slack's state holds for it: an option object or an id. */
export type Choice = { key: string; label: string; detail: string; value: Json };
export type ChoiceGroup = { label: string; choices: Choice[] };

export function choicesOfOptions(options: Json | undefined, optionGroups: Json | undefined): ChoiceGroup[] {
  const groups = asObjects(optionGroups).map((group) => ({
    label: wordsOf(group.label),
    choices: asObjects(group.options).map(choiceOfOption),
  }));
  const loose = asObjects(options).map(choiceOfOption);
  return groups.length > 0 ? groups : [{ label: '', choices: loose }];
}

export function choiceOfOption(option: JsonObject): Choice {
  return {
    key: asText(option.value),
    label: wordsOf(option.text),
    detail: wordsOf(option.description),
    value: option,
  };
}

export function isSame(one: Choice, other: Choice): boolean {
  return one.key === other.key;
}

/** The choices that hold every typed word, those that begin with the words first. */
export function matching(groups: ChoiceGroup[], query: string): ChoiceGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  const begins = (choice: Choice) => Number(choice.label.toLowerCase().startsWith(words[0] ?? ''));
  return groups
    .map((group) => ({
      label: group.label,
      choices: group.choices
        .filter((choice) =>
          words.every((word) => `${choice.label} ${choice.detail}`.toLowerCase().includes(word)),
        )
        .sort((one, other) => begins(other) - begins(one)),
    }))
    .filter((group) => group.choices.length > 0);
}
