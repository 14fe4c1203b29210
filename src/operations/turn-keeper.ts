import type { Transaction } from '#db/client.ts';
import { listenedTo, markSpoken, type Turn, takeInOrder, upsertTurns } from '#db/turns.ts';
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
  /** Resolves once what was kept so far has been stored, or tried. */
  flush(): Promise<void>;
};

type Spoken = { callId: number; decide: (isPerson: boolean) => void };
type Batch = { turns: Map<string, Turn>; spoken: Spoken[]; waiting: (() => void)[] };

const emptyBatch = (): Batch => ({ turns: new Map(), spoken: [], waiting: [] });
const isEmpty = ({ turns, spoken, waiting }: Batch) => turns.size + spoken.length + waiting.length === 0;

const MOST_TRIES = 5;

/**
 * Makes the keeper of a process. One transaction is under way at a time, and what comes meanwhile goes into the next:
 * three hundred conversations cost a few commits a second (performance.md §6, “natural batching”).
 */
export function createTurnKeeper(deps: Pick<Deps, 'db' | 'clock' | 'log'>): TurnKeeper {
  let next = emptyBatch();
  let failures = 0;
  let isBusy = false;
  const drain = async () => {
    isBusy = true;
    while (!isEmpty(next)) {
      const batch = next;
      next = emptyBatch();
      const persons = await store(deps, batch);
      answer(batch, persons);
      failures = persons ? 0 : failures + 1;
      // What became of a turn since is newer than what could not be stored.
      if (!persons && failures < MOST_TRIES) next.turns = new Map([...batch.turns, ...next.turns]);
    }
    isBusy = false;
  };
  const start = () => {
    if (!isBusy) void drain();
  };
  return {
    keep(turn) {
      next.turns.set(`${turn.callId}:${turn.seq}`, { ...turn });
      start();
    },
    hasSpoken: (callId) =>
      new Promise((decide) => {
        next.spoken.push({ callId, decide });
        start();
      }),
    flush: () =>
      new Promise((done) => {
        next.waiting.push(done);
        start();
      }),
  };
}

function answer({ spoken, waiting }: Batch, persons: Set<number> | null): void {
  for (const { callId, decide } of spoken) decide(persons?.has(callId) ?? true);
  for (const tell of waiting) tell();
}

type Keeping = Pick<Deps, 'db' | 'clock' | 'log'>;

/** The calls on which a person has spoken; null when nothing could be stored. */
async function store(deps: Keeping, batch: Batch): Promise<Set<number> | null> {
  const turns = [...batch.turns.values()];
  const spoken = [...new Set(batch.spoken.map(({ callId }) => callId))].sort((a, b) => a - b);
  try {
    return await deps.db.transaction((tx) => storeIn(deps, tx, turns, spoken));
  } catch (cause) {
    deps.log.error({ cause, turns: turns.length }, 'what was said on calls could not be stored');
    return null;
  }
}

async function storeIn(
  deps: Keeping,
  tx: Transaction,
  turns: Turn[],
  spoken: number[],
): Promise<Set<number>> {
  const shown = [...new Set(turns.map(({ callId }) => callId))];
  await takeInOrder(tx, [...new Set([...shown, ...spoken])]);
  await upsertTurns(tx, turns);
  for (const callId of await listenedTo(tx, shown)) await touchTranscript(tx, deps, callId);
  return markSpoken(tx, spoken, deps.clock.now());
}
