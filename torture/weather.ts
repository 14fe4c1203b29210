import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultName } from '#sandbox/carrier/faults.ts';
import type { Kind } from './campaigns.ts';
import type { Dice } from './dice.ts';
import type { Stage } from './stage.ts';

/** What can go wrong at the carrier and on the way to and from it, with how often while it does; at most two of a kind at once. */
const STORMS: [FaultName, number][][] = [
  [
    ['lose_answer', 0.4],
    ['error_after_accepting', 0.4],
    ['drop_request', 0.3],
    ['error_before_accepting', 0.3],
    ['unavailable', 0.3],
    ['too_many_requests', 0.2],
    ['slow_answer', 0.2],
  ],
  [
    ['early_callbacks', 0.5],
    ['duplicate_callbacks', 0.8],
    ['reordered_callbacks', 0.8],
    ['lost_callbacks', 0.9],
    ['forged_callback', 0.3],
    ['duplicate_inbound', 0.8],
  ],
  [['lookups_failing', 0.5]],
];
/** What goes wrong in rounds with calls, too. */
const STORMS_OVER_CALLS: [FaultName, number][][] = [
  [
    ['calls_full', 0.2],
    ['second_call', 0.2],
    ['early_callbacks', 0.5],
    ['no_sequence', 0.6],
    ['lost_callbacks', 0.5],
    ['reordered_callbacks', 0.6],
  ],
  [
    ['twiml_fetch_failing', 0.3],
    ['duplicate_twiml_fetch', 0.6],
    ['late_verdict', 0.6],
    ['drop_socket', 0.3],
  ],
];
const KIND_STRIKES = 0.7;
const LONGEST_DELAY_MS = 400;

/** Changes the weather every moment or so until it is told to clear up; then everything works again. */
export async function makeWeather(
  stage: Stage,
  dice: Dice,
  signal: AbortSignal,
  kind: Kind = 'texts',
): Promise<void> {
  const storms = kind === 'texts' ? STORMS : [...STORMS, ...STORMS_OVER_CALLS];
  const { verbs } = stage.carrier;
  const on = new Set<FaultName>();
  const clear = () => {
    for (const name of on) verbs.setFaultChance(name, 0);
    on.clear();
    stage.door.setDelay(() => 0);
  };
  try {
    while (!signal.aborted) {
      clear();
      for (const faults of storms) {
        const count = dice.chance(KIND_STRIKES) ? dice.between(1, 2) : 0;
        for (let left = count; left > 0; left -= 1) {
          const [name, chance] = dice.pick(faults);
          verbs.setFaultChance(name, chance);
          on.add(name);
        }
      }
      if (dice.chance(0.4)) stage.door.setDelay(() => dice.between(0, LONGEST_DELAY_MS));
      await sleep(dice.between(200, 2_000), undefined, { signal }).catch(() => undefined);
    }
  } finally {
    clear();
  }
}
