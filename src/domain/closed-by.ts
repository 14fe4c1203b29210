import { type CallingWindow, windowVerdict } from './calling-window.ts';
import { LAW } from './law/legal-rules.ts';
import { localDateTime } from './local-moment.ts';
import type { Reach } from './reach.ts';
import { describeWeek } from './week-hours.ts';
import { placeName } from './window-words.ts';

/**
 * Which hours keep somebody from being reached at an instant, as a sentence: the campaign’s, the workspace’s, or the rows of
 * the law, each with what it allows; null when all of them are open in every zone where the person may be.
 */
export function describeClosedBy({ zones, hours }: Reach, at: Date): string | null {
  const shut = hours.flatMap((window) => {
    const verdict = windowVerdict({ at, zones: zones.zones, hours: [window] });
    return verdict.open || verdict.closedZone === null ? [] : [{ window, zone: verdict.closedZone }];
  });
  if (shut.length === 0) return null;
  return `Shut now: ${shut.map(({ window, zone }) => wordsOf(window, zone, at)).join('; ')}.`;
}

function wordsOf(window: CallingWindow, zone: string, at: Date): string {
  const date = localDateTime(at, zone)?.date ?? '';
  const isDayOff = window.dates !== undefined && Object.hasOwn(window.dates, date);
  const allows = isDayOff ? `${date} is a day off` : describeWeek(window.anyOf);
  return `${ownerOf(window.name ?? '')} (${allows}, ${placeName(zone)} time)`;
}

function ownerOf(name: string): string {
  if (name === 'campaign') return 'the campaign’s own hours';
  if (name === 'workspace') return 'the workspace’s own hours';
  const [key = '', overridden] = name.split(' ');
  const law = `the law of ${LAW.get(key)?.name ?? key}, row ${key}`;
  return overridden ? `${law}, as overridden` : law;
}
