import { ROLES, type Role, type RoleSubject } from '#domain/rights.ts';
import { grantRole } from '#operations/grant-role.ts';
import { listRoles } from '#operations/list-roles.ts';
import { revokeRole } from '#operations/revoke-role.ts';
import { type ChatGroup, ChatUnavailable } from '#ports/chat.ts';
import { actionId } from '#slack/action-ids.ts';
import { actions, type Block, button, context, fallback, type Message, section } from '#slack/blocks/kit.ts';
import { type Entry, may } from '#slack/context.ts';
import { actorName, localTime, quote } from '#slack/mrkdwn.ts';
import { sentenceMessage } from '#slack/reply.ts';
import type { WordsCommand } from './command.ts';

/** What each role may do, as a sentence; forms and the list say it alike. */
export const ROLE_WORDS: Record<Role, string> = {
  viewer: 'looks, stops campaigns, puts numbers on the do-not-call list',
  editor: 'also prepares campaigns, imports, exports, listens to calls',
  launcher: 'also starts campaigns and approves those of others',
  admin: 'also changes settings, roles, rates and legal overrides',
};

export const roles: WordsCommand = {
  name: 'roles',
  usage: '[@person or @group] [viewer | editor | launcher | admin | none]',
  summary: 'Who may do what; admins give and take roles',
  right: 'view',
  runs: 'stored',
  takes: 'words',
  async run(entry, words) {
    if (!words) return entry.answer.privately(await rolesMessage(entry));
    const said = readWords(words);
    if (!said) return entry.answer.privately(sentenceMessage(`${misreadWords(words)} ${HOW}`));
    await entry.answer.privately(await carryOut(entry, said));
  },
};

/** All roles that were given; whoever administers gets the buttons that change them. */
export async function rolesMessage(entry: Entry): Promise<Message> {
  const { standard, grants } = await listRoles(entry.deps, entry);
  const mayChange = await may(entry, 'administer');
  const names = await groupNames(entry, grants);
  const lines = grants.map((grant) => ({
    subject: grant,
    line: `${subjectName(grant, names)}: *${grant.role}*, given by ${actorName(grant.grantedBy)}, ${localTime(grant.grantedAt)}`,
  }));
  const lead = `*Who may do what*\nEverybody here without a role of their own or of a group is a *${standard}*; Slack’s admins are admins.`;
  const blocks: Block[] = [
    section(lead),
    ...lines
      .slice(0, SHOWN)
      .map(({ subject, line }) => section(line, mayChange ? { accessory: takeButton(subject, names) } : {})),
    context(ROLES.map((role) => `*${role}* ${ROLE_WORDS[role]}`).join('; ')),
    ...(mayChange
      ? [actions([button({ label: 'Give a role', actionId: actionId('role.give'), style: 'primary' })])]
      : []),
  ];
  return {
    text: fallback(lead.replaceAll('*', ''), ...lines.map(({ line }) => line.replaceAll('*', ''))),
    blocks,
  };
}

/** Gives or takes a role and says so. */
async function carryOut(entry: Entry, { subject, role }: Said): Promise<Message> {
  const { deps, workspaceId, actor } = entry;
  const names = await groupNames(entry, [subject]);
  const whom = subjectName(subject, names);
  if (role === null) {
    const { changed } = await revokeRole(deps, { workspaceId, actor, subject });
    return told(
      changed
        ? `${whom} has no role of their own any more; the workspace’s default holds.`
        : `${whom} had none.`,
    );
  }
  const { before } = await grantRole(deps, { workspaceId, actor, subject, role });
  return told(`${whom} is *${role}* now${before && before !== role ? `, and was ${before}` : ''}.`);
}

type Said = { subject: RoleSubject; role: Role | null };

const SHOWN = 40;
const HOW =
  'Say whom and which role: /campaign roles @mia launcher, or none to take it back. Nothing was changed.';
const MENTION = /^<(?:@([UW][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+))(?:\|[^>]*)?>\s+(\w+)$/;

function readWords(words: string): Said | null {
  const [, userId, groupId, word = ''] = MENTION.exec(words) ?? [];
  const role = ROLES.find((known) => known === word.toLowerCase()) ?? null;
  const subject = subjectOf(userId, groupId);
  return subject && (role || word.toLowerCase() === 'none') ? { subject, role } : null;
}

/** Which of the words is not understood. */
function misreadWords(words: string): string {
  const [whom = '', ...rest] = words.split(/\s+/);
  const role = rest.join(' ');
  if (!/^<[@!]/.test(whom)) return `“${quote(whom, 60)}” is nobody that Slack knows here.`;
  return role === '' ? 'The role is missing.' : `“${quote(role, 60)}” is no role.`;
}

function subjectOf(userId: string | undefined, groupId: string | undefined): RoleSubject | null {
  if (userId) return { subjectKind: 'user', subjectId: userId };
  return groupId ? { subjectKind: 'group', subjectId: groupId } : null;
}

/** What groups are called; those that Slack does not tell are shown by their ids. */
async function groupNames(
  { deps }: Entry,
  subjects: readonly RoleSubject[],
): Promise<ReadonlyMap<string, ChatGroup>> {
  if (!subjects.some(({ subjectKind }) => subjectKind === 'group')) return new Map();
  try {
    return new Map((await deps.chat.groups()).map((group) => [group.id, group]));
  } catch (error) {
    if (error instanceof ChatUnavailable) return new Map();
    throw error;
  }
}

/** A group by its handle, since a mention would ring everybody in it. */
function subjectName({ subjectKind, subjectId }: RoleSubject, names: ReadonlyMap<string, ChatGroup>): string {
  if (subjectKind === 'user') return `<@${subjectId}>`;
  const group = names.get(subjectId);
  return group
    ? `Group ${quote(group.name)} (${quote(group.handle)})`
    : `Group ${quote(subjectId)}, which is gone`;
}

function takeButton(subject: RoleSubject, names: ReadonlyMap<string, ChatGroup>) {
  const { subjectKind, subjectId } = subject;
  return button({
    label: 'Take back',
    actionId: actionId('role.take', subjectId),
    value: `${subjectKind}.${subjectId}`,
    spoken: `Take back the role of ${subjectKind === 'user' ? 'this person' : (names.get(subjectId)?.name ?? 'this group')}`,
  });
}

function told(sentence: string): Message {
  return { text: fallback(sentence.replaceAll('*', '')), blocks: [section(sentence)] };
}
