import { setTimeout as sleep } from 'node:timers/promises';
import { OUR_NUMBERS } from '#support/carrier.ts';
import type { Dice } from './dice.ts';
import { STOP_WORD } from './round.ts';
import type { Stage } from './stage.ts';

const STOP_EVERY_MS = 700;
const STOP_SHARE = 0.06;

/** People who have been neither texted nor called yet ask, now and then, never to be, until enough of them were heard. */
export async function textStops(
  stage: Stage,
  dice: Dice,
  phones: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const over = new Set<string>();
  let left = Math.ceil(phones.length * STOP_SHARE);
  stage.on((happening) => {
    if (happening.kind === 'text_accepted' || happening.kind === 'call_accepted') over.add(happening.to);
    if (happening.kind !== 'reply_answered' || happening.status !== 200) return;
    if (happening.body === STOP_WORD && !over.has(happening.from)) left -= 1;
    over.add(happening.from);
  });
  while (left > 0 && !signal.aborted) {
    const waiting = phones.filter((phone) => !over.has(phone));
    if (waiting.length === 0) return;
    const contactNumber = dice.pick(waiting);
    stage.carrier.verbs.textFromPhone({ contactNumber, botNumber: OUR_NUMBERS.first, body: STOP_WORD });
    await sleep(dice.between(STOP_EVERY_MS / 2, STOP_EVERY_MS * 2), undefined, { signal }).catch(
      () => undefined,
    );
  }
}
