import type { SlackChannel, SlackUser, SlashCommandHelp } from '#sandbox/page-protocol.ts';

export type Suggestion = { key: string; label: string; detail: string; insert: string };
export type Completion = { kind: 'command' | 'person' | 'channel'; start: number; suggestions: Suggestion[] };

type Known = { commands: SlashCommandHelp[]; users: SlackUser[]; channels: SlackChannel[] };

const most = 8;

/** What the words before the caret may become: a command, a person or a channel. */
export function completionAt(text: string, caret: number, known: Known): Completion | null {
  const before = text.slice(0, caret);
  const command = /^\/\S*$/.exec(before);
  if (command) return complete('command', 0, commandSuggestions(command[0], known.commands));
  const mention = /(?:^|[\s(])([@#])([\p{L}\p{N}._-]*)$/u.exec(before);
  if (!mention) return null;
  const words = (mention[2] ?? '').toLowerCase();
  const start = caret - words.length - 1;
  return mention[1] === '@'
    ? complete('person', start, personSuggestions(words, known.users))
    : complete('channel', start, channelSuggestions(words, known.channels));
}

/** `/campaign new` → the help of `/campaign`, once it is typed out. */
export function commandOf(text: string, commands: SlashCommandHelp[]): SlashCommandHelp | undefined {
  const name = /^\/\S+/.exec(text)?.[0];
  return commands.find((candidate) => candidate.command === name);
}

function complete(kind: Completion['kind'], start: number, suggestions: Suggestion[]): Completion | null {
  return suggestions.length > 0 ? { kind, start, suggestions: suggestions.slice(0, most) } : null;
}

function commandSuggestions(typed: string, commands: SlashCommandHelp[]): Suggestion[] {
  return commands
    .filter((candidate) => candidate.command.startsWith(typed.toLowerCase()))
    .map((candidate) => ({
      key: candidate.command,
      label: `${candidate.command} ${candidate.usageHint}`.trim(),
      detail: candidate.description,
      insert: `${candidate.command} `,
    }));
}

function personSuggestions(typed: string, users: SlackUser[]): Suggestion[] {
  return users
    .filter((user) =>
      `${user.name} ${user.realName}`
        .toLowerCase()
        .split(/\s+/)
        .some((word) => word.startsWith(typed)),
    )
    .map((user) => ({
      key: user.id,
      label: user.realName,
      detail: `@${user.name}`,
      insert: `@${user.name} `,
    }));
}

function channelSuggestions(typed: string, channels: SlackChannel[]): Suggestion[] {
  return channels
    .filter((channel) => channel.kind !== 'im' && !channel.isArchived && channel.name.includes(typed))
    .map((channel) => ({
      key: channel.id,
      label: `#${channel.name}`,
      detail: '',
      insert: `#${channel.name} `,
    }));
}
