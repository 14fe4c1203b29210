/** Failures on request. Each stays on until switched off or until it has struck `count` times. */

import type { Fault } from '#sandbox/page-protocol.ts';
import type { Feed } from './feed.ts';

const FAULTS = {
  'slack-lose-answer': 'Slack does what the bot asks, but the answer gets lost',
  'slack-answer-500': 'Slack answers 500 and does nothing',
  'slack-answer-slow': 'Slack answers 5 seconds late',
  'slack-rate-limit': 'Slack answers 429 to everything',
  'slack-revoke-token': "The bot's token is revoked",
  'slack-uninstall': 'The app is uninstalled',
  'slack-missing-files-read': 'The permission files:read is missing',
  'slack-block-upload': 'File uploads are switched off by the workspace',
  'slack-refuse-new-blocks': 'New kinds of blocks are refused (workspace in rollout)',
  'slack-delete-posted': "Each of the bot's messages is deleted right after it is posted",
  'slack-duplicate-events': 'Each event is delivered twice',
  'slack-late-events': 'Events arrive late and out of order',
} as const;

export type FaultId = keyof typeof FAULTS;

/** A lost answer only hurts where something was done. */
const WRITES =
  /^(chat\.(post|update|delete)|views\.|files\.(complete|delete)|conversations\.open|reactions\.)/;

/** Seconds a client is told to wait while everything is rate-limited. */
export const RATE_LIMIT_FAULT_SECONDS = 2;

export type Faults = {
  rows(): Fault[];
  isOn(id: FaultId): boolean;
  /** Whether the fault strikes here; counts down. `method` is the Web API method, where there is one. */
  strikes(id: FaultId, method?: string): boolean;
  /** `methods` narrows a fault of the Web API to those; tests aim with it. */
  turn(id: FaultId, isOn: boolean, count?: number | null, methods?: readonly string[]): void;
};

export function createFaults(feed: Feed): Faults {
  const states = new Map<FaultId, { count: number | null; methods: readonly string[] | null }>();
  const row = (id: FaultId): Fault => ({
    id,
    side: 'slack',
    label: FAULTS[id],
    isOn: states.has(id),
    count: states.get(id)?.count ?? null,
  });

  return {
    rows: () => (Object.keys(FAULTS) as FaultId[]).map(row),
    isOn: (id) => states.has(id),
    strikes(id, method) {
      const state = states.get(id);
      if (!state || !isAimedAt(id, state.methods, method)) return false;
      if (state.count !== null) {
        state.count -= 1;
        if (state.count <= 0) states.delete(id);
        feed.upsert('faults', row(id));
      }
      return true;
    },
    turn(id, isOn, count = null, methods) {
      if (isOn) states.set(id, { count, methods: methods ?? null });
      else states.delete(id);
      feed.upsert('faults', row(id));
    },
  };
}

export function isFaultId(id: string): id is FaultId {
  return Object.hasOwn(FAULTS, id);
}

function isAimedAt(id: FaultId, methods: readonly string[] | null, method: string | undefined): boolean {
  if (method === undefined) return true;
  if (methods) return methods.includes(method);
  return id === 'slack-lose-answer' ? WRITES.test(method) : true;
}
