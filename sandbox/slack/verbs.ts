/** What people can do on the page, by name; a refusal becomes a sentence. */

import type { JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { actInMessage, actInView } from './block-actions.ts';
import { archiveChannel, setBotMembership } from './channel-changes.ts';
import type { SlackContext } from './context.ts';
import { switchFault } from './fault-switches.ts';
import { deleteAsPerson, dismissEphemeral, openHome, postAsPerson } from './people-actions.ts';
import { PersonRefusal } from './person-refusal.ts';
import { runMessageShortcut, runShortcut } from './shortcuts.ts';
import { runSlashCommand } from './slash-commands.ts';
import { suggestOptions } from './suggestions.ts';
import { closeView, submitView } from './view-submissions.ts';

const VERBS = {
  'post-message': postAsPerson,
  'run-slash-command': runSlashCommand,
  'act-in-message': actInMessage,
  'act-in-view': actInView,
  'submit-view': submitView,
  'close-view': closeView,
  'suggest-options': suggestOptions,
  'run-shortcut': runShortcut,
  'run-message-shortcut': runMessageShortcut,
  'open-home': openHome,
  'dismiss-ephemeral': dismissEphemeral,
  'delete-message': deleteAsPerson,
  'archive-channel': archiveChannel,
  'set-bot-membership': setBotMembership,
  'switch-fault': switchFault,
} satisfies {
  [K in keyof Verbs]?: (slack: SlackContext, input: Verbs[K]) => JsonObject | Promise<JsonObject>;
};

export type SlackVerbName = keyof typeof VERBS;
export type VerbAnswer = ({ ok: true } & JsonObject) | { ok: false; error: string };
export type SlackVerbs = { [K in SlackVerbName]: (input: Verbs[K]) => Promise<VerbAnswer> };

export const SLACK_VERB_NAMES = Object.keys(VERBS) as SlackVerbName[];

export function createVerbs(slack: SlackContext): SlackVerbs {
  return Object.fromEntries(
    SLACK_VERB_NAMES.map((name) => [
      name,
      (input: never) => answered(async () => await VERBS[name](slack, input)),
    ]),
  ) as unknown as SlackVerbs;
}

export async function answered(act: () => Promise<JsonObject>): Promise<VerbAnswer> {
  try {
    return { ok: true, ...(await act()) };
  } catch (error) {
    if (error instanceof PersonRefusal) return { ok: false, error: error.message };
    throw error;
  }
}
