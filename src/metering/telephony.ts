import type { Meters } from '#ports/meters.ts';
import type { CallChange, PlaceResult, Telephony } from '#ports/telephony.ts';

/** What is asked of a carrier; each is one request, or a few that belong together. */
const REQUESTS = [
  'sendText',
  'findTexts',
  'fetchText',
  'ownsNumber',
  'listNumbers',
  'placeCall',
  'findCalls',
  'fetchCall',
  'cancelCall',
  'hangUp',
  'redirectCall',
  'fetchRecording',
  'stopRecording',
  'deleteRecording',
] as const satisfies (keyof Telephony)[];

/** The same carrier, with every request timed. A look-up that throws has failed; nothing else of it changes. */
export function meterTelephony<T extends Telephony>(telephony: T, meters: Meters): T {
  const timed = REQUESTS.map((name) => {
    const ask = telephony[name].bind(telephony) as (...given: unknown[]) => Promise<unknown>;
    return [name, timeRequest(wordOf(name), ask, meters)];
  });
  return { ...telephony, ...Object.fromEntries(timed) };
}

function timeRequest(
  request: string,
  ask: (...given: unknown[]) => Promise<unknown>,
  { providerAsked }: Meters,
) {
  return async (...given: unknown[]): Promise<unknown> => {
    const from = performance.now();
    const tell = (result: string) =>
      providerAsked({ request, result, seconds: (performance.now() - from) / 1_000 });
    try {
      const answer = await ask(...given);
      tell(resultOf(answer));
      return answer;
    } catch (error) {
      tell('failed');
      throw error;
    }
  };
}

/** `placeCall` → `place_call`. */
function wordOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What came of it as the port says it, such as `accepted`; of a look-up, that it succeeded. */
function resultOf(answer: unknown): string {
  const kind = typeof answer === 'object' && answer !== null && 'kind' in answer ? String(answer.kind) : '';
  return RESULTS.has(kind) ? kind : 'done';
}

const RESULTS = new Set<string>([
  'accepted',
  'rejected',
  'throttled',
  'unknown',
  'done',
  'too_late',
] satisfies (PlaceResult | CallChange)['kind'][]);
