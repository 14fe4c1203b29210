import { LAW_HOLIDAY_PLACES } from '#domain/law/legal-rules.ts';
import type { ContactPolicy } from '#domain/reach.ts';

/** The policy of a workspace that nobody has changed, without its cap; the same holidays everywhere. */
export function plainPolicy(holidays: string[] = []): ContactPolicy {
  return {
    preset: 'by_state',
    ownHours: null,
    overrides: new Map(),
    unknownPlace: 'intersect',
    tollFree: 'skip',
    frequency: null,
    requiresConsent: { call: false, sms: false },
    holidays: new Map(LAW_HOLIDAY_PLACES.map((place) => [place, holidays])),
  };
}
