import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Right } from '#domain/rights.ts';
import { authorize } from '#operations/authorize.ts';
import type { Deps } from '#operations/deps.ts';
import type { Answer } from './answer.ts';
import type { SlackClients } from './clients.ts';
import type { Identity } from './identity.ts';

/** What every listener works with. */
export type SlackContext = {
  deps: Deps;
  clients: SlackClients;
  /** Which workspace this is and who we are in it; asks Slack and the database once. */
  home(): Promise<{ workspaceId: number; identity: Identity }>;
  /** Has both asked again: the token was revoked, and may come back. */
  forgetHome(): void;
};

/** Somebody wants something: who, where, and how to answer them. */
export type Entry = {
  slack: SlackContext;
  deps: Deps;
  workspaceId: number;
  userId: string;
  actor: Actor;
  /** Null where there is no channel: the home tab, a modal opened from it. */
  channelId: string | null;
  /** Whether the press came from an open modal, on which another one is laid. */
  isInModal?: boolean;
  /** Opens one modal within 3 s of the press; null for words in a channel. */
  triggerId: string | null;
  answer: Answer;
};

export type Visitor = Pick<Entry, 'userId' | 'channelId' | 'triggerId' | 'isInModal' | 'answer'>;

/** Completes what a request says of its sender with the workspace it belongs to. */
export async function enter(slack: SlackContext, visitor: Visitor): Promise<Entry> {
  const { workspaceId } = await slack.home();
  return {
    ...visitor,
    slack,
    deps: slack.deps,
    workspaceId,
    actor: { kind: 'slack_user', userId: visitor.userId },
  };
}

/** Asked at every entry point; throws a `Refusal` that says who may (slack.md §8). */
export async function demand(entry: Entry, right: Right): Promise<void> {
  const { deps, workspaceId, actor, channelId } = entry;
  await authorize(deps, { workspaceId, actor, channelId, right });
}

/** Whether somebody may do something, for showing more or less. Throws when it cannot be known. */
export async function may(entry: Entry, right: Right): Promise<boolean> {
  try {
    await demand(entry, right);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not_allowed') return false;
    throw error;
  }
}
