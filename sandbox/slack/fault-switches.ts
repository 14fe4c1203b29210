/** All switches of the page: the faults that count down, and two per channel that mirror its state. */

import type { Fault, JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { archiveChannel, setBotMembership } from './channel-changes.ts';
import { channelFaultRows } from './channel-faults.ts';
import type { SlackContext } from './context.ts';
import { announce } from './events.ts';
import { type FaultId, isFaultId } from './faults.ts';
import { PersonRefusal } from './person-refusal.ts';

export function faultRows({ faults, workspace }: SlackContext): Fault[] {
  const channels = [...workspace.channels.values()].filter(({ kind }) => kind !== 'im');
  return [...faults.rows(), ...channels.flatMap((channel) => channelFaultRows(workspace, channel))];
}

export function switchFault(
  slack: SlackContext,
  input: Verbs['switch-fault'],
  methods?: readonly string[],
): JsonObject {
  const { id, isOn, count } = input;
  if (isFaultId(id)) {
    if (isOn) FAREWELLS[id]?.(slack);
    slack.faults.turn(id, isOn, count, methods);
    return {};
  }
  const [kind, channelId = ''] = id.split(':');
  if (kind === 'slack-archive') return archiveChannel(slack, { channelId, isArchived: isOn });
  if (kind === 'slack-remove-bot') return setBotMembership(slack, { channelId, isMember: !isOn });
  throw new PersonRefusal('There is no such switch.');
}

/** The last events an app hears, sent while it still can. */
const FAREWELLS: Partial<Record<FaultId, (slack: SlackContext) => void>> = {
  'slack-revoke-token': tokensRevoked,
  'slack-uninstall': (slack) => {
    tokensRevoked(slack);
    announce(slack, 'app_uninstalled');
  },
};

function tokensRevoked(slack: SlackContext): void {
  announce(slack, 'tokens_revoked', { tokens: { oauth: [], bot: [slack.workspace.app.botUserId] } });
}
