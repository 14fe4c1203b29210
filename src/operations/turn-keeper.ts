import type { Transaction } from '#db/client.ts';
import { listenedTo, markSpoken, type Turn, upsertTurns } from '#db/turns.ts';
import type { Deps } from './deps.ts';
import { touchTranscript } from './touch-transcript.ts';

/** Keeps what is said on calls, without keeping anybody waiting who speaks. */
export type TurnKeeper = {
  /** Keeps a turn as it is now, after all kept before it. Never throws; what the database refuses is tried again. */
  keep(turn: Turn): void;
  /**
   * Notes that a person spoke. False when a machine’s verdict was there first: then nobody is answered. True also when
   * the database cannot say, for a person must not be left in silence.
   */
  hasSpoken(callId: number): Promise<boolean>;
  /** Resolves once everything kept so far is stored, or given up. */
  flush(): Promise<void>;
};

type Spoken = { callId: number; decide: (isPerson: boolean) => void };

const MOST_TRIES = 5;

/**
 * Makes the keeper of a process. One transaction is under way at a time, and what comes meanwhile goes into the next:
 * three hundred conversations cost a few commits a second (performance.md §6, “natural batching”).
 */
export function createTurnKeeper(deps: Pick<Deps, 'db' | 'clock' | 'log'>): TurnKeeper {
  let turns = new Map<string, Turn>();
  let spoken: Spoken[] = [];
  let failures = 0;
  let draining: Promise<void> | null = null;
  const drain = async () => {
    while (turns.size > 0 || spoken.length > 0) {
      const [batch, asking] = [turns, spoken];
      [turns, spoken] = [new Map(), []];
      const persons = await store(deps, [...batch.values()], asking);
      for (const { callId, decide } of asking) decide(persons?.has(callId) ?? true);
      failures = persons ? 0 : failures + 1;
      // What became of a turn since is newer than what could not be stored.
      if (!persons && failures < MOST_TRIES) turns = new Map([...batch, ...turns]);
    }
    draining = null;
  };
  const start = () => {
    draining ??= Promise.resolve().then(drain);
    return draining;
  };
  return {
    keep(turn) {
      turns.set(`${turn.callId}:${turn.seq}`, { ...turn });
      void start();
    },
    hasSpoken: (callId) =>
      new Promise((decide) => {
        spoken.push({ callId, decide });
        void start();
      }),
    flush: () => draining ?? Promise.resolve(),
  };
}

/** The calls on which a person has spoken; null when nothing could be stored. */
async function store(
  deps: Pick<Deps, 'db' | 'clock' | 'log'>,
  turns: Turn[],
  spoken: Spoken[],
): Promise<Set<number> | null> {
  try {
    return await deps.db.transaction((tx) => storeIn(deps, tx, turns, spoken));
  } catch (cause) {
    deps.log.error({ cause, turns: turns.length }, 'what was said on calls could not be stored');
    return null;
  }
}

async function storeIn(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  turns: Turn[],
  spoken: Spoken[],
): Promise<Set<number>> {
  await upsertTurns(tx, turns);
  const shown = [...new Set(turns.map(({ callId }) => callId))];
  for (const callId of await listenedTo(tx, shown)) await touchTranscript(tx, deps, callId);
  return markSpoken(
    tx,
    [...new Set(spoken.map(({ callId }) => callId))].sort((a, b) => a - b),
    deps.clock.now(),
  );
}
