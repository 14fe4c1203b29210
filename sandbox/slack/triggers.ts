/** Trigger ids: three seconds, one use (slack.md §2.2). */

import { ApiRefusal, invalidArguments } from './api-call.ts';
import { newSecret } from './ids.ts';

/** Used and expired ids are remembered this long, to name the right error. */
const TRIGGER_MEMORY_MS = 10 * 60_000;

export type Trigger = {
  id: string;
  userId: string;
  channelId: string | null;
  /** The modal the interaction happened in, onto which a view may be pushed. */
  viewId: string | null;
  issuedAt: number;
  isUsed: boolean;
};

export type Triggers = {
  issue(from: Pick<Trigger, 'userId' | 'channelId' | 'viewId'>): string;
  /** Finds a live trigger or throws Slack's refusal; `markUsed` ends its life. */
  find(id: string | null): Trigger;
  markUsed(trigger: Trigger): void;
};

export function createTriggers(clock: { now(): number }, lifeMs: number): Triggers {
  const triggers = new Map<string, Trigger>();
  return {
    issue(from) {
      const now = clock.now();
      for (const [id, trigger] of triggers)
        if (trigger.issuedAt < now - TRIGGER_MEMORY_MS) triggers.delete(id);
      const id = `${Math.floor(now)}.${triggers.size + 1000}.${newSecret(16)}`;
      triggers.set(id, { ...from, id, issuedAt: now, isUsed: false });
      return id;
    },
    find(id) {
      if (id === null) throw invalidArguments('missing required field: trigger_id');
      const trigger = triggers.get(id);
      if (!trigger) throw new ApiRefusal('invalid_trigger_id');
      if (trigger.isUsed) throw new ApiRefusal('exchanged_trigger_id');
      if (clock.now() - trigger.issuedAt > lifeMs) throw new ApiRefusal('expired_trigger_id');
      return trigger;
    },
    markUsed(trigger) {
      trigger.isUsed = true;
    },
  };
}
