import type { WebClient } from '@slack/web-api';
import { ChatUnavailable } from '#ports/chat.ts';
import { failureCode } from './errors.ts';

/** What a person is looked up by: `me`, a member id, or a name as Slack shows it. */
export type Wanted = { person: string; me: string; known: ReadonlyMap<string, string> };

const PAGE = 200;
/** Slack gives twenty pages a minute (slack.md §2.1), and the person waits three seconds. */
const MAX_PAGES = 5;

type Member = { id: string; names: string[] };

/** The id of the one member who is meant, or what is wrong as a sentence. Throws `ChatUnavailable`. */
export async function findPerson(
  web: WebClient,
  { person, me, known }: Wanted,
): Promise<{ userId: string } | { problem: string }> {
  if (person.toLowerCase() === 'me') return { userId: me };
  const before = [...known].find(([, name]) => isSame(name, person));
  if (before) return { userId: before[0] };
  const members = await listMembers(web);
  const found = members.filter(
    ({ id, names }) => id === person || names.some((name) => isSame(name, person)),
  );
  const [only, another] = found;
  if (only && !another) return { userId: only.id };
  const shown = person.slice(0, 60);
  const instead = 'Write @me for yourself, or @ and the member ID from their profile.';
  return {
    problem: another
      ? `Several people are called @${shown}. ${instead}`
      : `Nobody here is called @${shown}. ${instead}`,
  };
}

async function listMembers(web: WebClient): Promise<Member[]> {
  const members: Member[] = [];
  let cursor: string | undefined;
  try {
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const answer = await web.users.list({ limit: PAGE, ...(cursor ? { cursor } : {}) });
      members.push(...(answer.members ?? []).filter(isColleague).map(memberOf));
      cursor = answer.response_metadata?.next_cursor || undefined;
      if (!cursor) break;
    }
  } catch (error) {
    throw new ChatUnavailable(`Slack does not list its members (${failureCode(error)}).`, { cause: error });
  }
  return members;
}

type SlackMember = NonNullable<Awaited<ReturnType<WebClient['users']['list']>>['members']>[number];

/** Calls are not put through to guests, people of other companies or bots. */
function isColleague(member: SlackMember): boolean {
  const { is_stranger: isStranger } = member as { is_stranger?: boolean };
  const isGuest = member.is_restricted || member.is_ultra_restricted;
  return Boolean(member.id) && !member.deleted && !member.is_bot && !isGuest && !isStranger;
}

function memberOf({ id = '', name, real_name, profile }: SlackMember): Member {
  const names = [name, real_name, profile?.display_name, profile?.real_name];
  return { id, names: names.flatMap((one) => one?.trim() || []) };
}

function isSame(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
