/** What people type, as Slack stores and sends it: names become references, `&`, `<` and `>` are escaped. */

import type { Workspace } from './workspace.ts';

const REFERENCE = /<[@#!][^<>]+>/;

/** `withLabels` is the form of slash commands: `<@U…|name>`. */
export function encodeText(workspace: Workspace, typed: string, withLabels = false): string {
  return typed
    .split(new RegExp(`(${REFERENCE.source})`))
    .map((piece) => (REFERENCE.test(piece) ? piece : nameReferences(workspace, escaped(piece), withLabels)))
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function nameReferences(workspace: Workspace, text: string, withLabels: boolean): string {
  return text.replace(
    /(^|[\s(])([@#])([\p{L}\p{N}._-]*[\p{L}\p{N}_-])/gu,
    (whole, before: string, sign: string, name: string) => {
      const reference = sign === '@' ? mention(workspace, name, withLabels) : channelLink(workspace, name);
      return reference === null ? whole : before + reference;
    },
  );
}

function mention(workspace: Workspace, name: string, withLabels: boolean): string | null {
  const user = [...workspace.users.values()].find((one) => one.name === name);
  if (user) return withLabels ? `<@${user.id}|${user.name}>` : `<@${user.id}>`;
  const group = [...workspace.groups.values()].find((one) => one.handle === name);
  return group ? `<!subteam^${group.id}|@${group.handle}>` : null;
}

function channelLink(workspace: Workspace, name: string): string | null {
  const channel = [...workspace.channels.values()].find((one) => one.kind !== 'im' && one.name === name);
  return channel ? `<#${channel.id}|${channel.name}>` : null;
}
