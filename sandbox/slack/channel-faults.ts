import type { Fault } from '#sandbox/page-protocol.ts';
import { type Channel, isBotMember, type Workspace } from './workspace.ts';

/** The switches of one channel; they are on while the channel is in that state, however it came there. */
export function channelFaultRows(workspace: Workspace, channel: Channel): Fault[] {
  const common = { side: 'slack', count: null } as const;
  return [
    {
      ...common,
      id: `slack-archive:${channel.id}`,
      label: `#${channel.name} is archived`,
      isOn: channel.isArchived,
    },
    {
      ...common,
      id: `slack-remove-bot:${channel.id}`,
      label: `The bot is not in #${channel.name}`,
      isOn: !isBotMember(workspace, channel),
    },
  ];
}
