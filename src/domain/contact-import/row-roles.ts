import { type OwnPlace, placeOf } from '#domain/places/place-of.ts';
import { type ConsentCell, isNothing, readConsentCell, readConsentChannel } from './consent-cell.ts';
import type { KnownField } from './header-aliases.ts';
import type { ColumnMapping } from './mapping.ts';

/** What somebody consented to, as a row says it. `givenAt` is null when the row says no day. */
export type StatedConsent = {
  channel: 'all' | 'voice' | 'sms';
  givenAt: string | null;
  method: string;
  wording: string | null;
};

/** What the columns about place and consent say of one row. `place` and `consent` are null where they say nothing. */
export type RowRoles = {
  place: OwnPlace | null;
  consent: StatedConsent | null;
  remarks: ('place_unreadable' | 'consent_unreadable' | 'consent_refused')[];
};

/** Which of these columns a file has at all; rows cost nothing extra without them. */
export type RoleColumns = { hasPlaces: boolean; hasConsents: boolean };

/** Which columns about place and consent a mapping has. */
export function roleColumns(mapping: readonly ColumnMapping[]): RoleColumns {
  const has = (...fields: KnownField[]) =>
    mapping.some(({ target }) => fields.some((field) => field === target));
  return {
    hasPlaces: has('time_zone', 'postcode', 'state', 'country'),
    hasConsents: has('consent_at', 'consent_given'),
  };
}

/** A reader of these columns, or null when the file has none. `now` bounds the days on which somebody can have consented. */
export function createRoleReader(
  mapping: readonly ColumnMapping[],
  defaultCountry: string,
  now: Date,
): ((cells: readonly string[], numberCountry: string | null) => RowRoles) | null {
  const { hasPlaces, hasConsents } = roleColumns(mapping);
  if (!hasPlaces && !hasConsents) return null;
  const placeIn = hasPlaces ? placeReader(mapping) : () => null;
  const consentIn = hasConsents ? consentReader(mapping, defaultCountry, now) : () => null;
  return (cells, numberCountry) => {
    const place = placeIn(cells, numberCountry);
    const consent = consentIn(cells);
    return {
      place,
      consent: consent?.kind === 'given' ? consent.consent : null,
      remarks: [
        ...(place?.ownZones?.length === 0 ? (['place_unreadable'] as const) : []),
        ...(consent?.kind === 'unreadable' ? (['consent_unreadable'] as const) : []),
        ...(consent?.kind === 'refused' ? (['consent_refused'] as const) : []),
      ],
    };
  };
}

/** Lists name few places many times over, and a place costs more to read than a row. */
const MOST_KEPT = 50_000;
const LONGEST_PLACE = 80;
const LONGEST_METHOD = 100;
const LONGEST_WORDING = 2_000;
const UNSAID_METHOD = 'as the imported file says';

function placeReader(mapping: readonly ColumnMapping[]) {
  const cellOf = {
    zone: cellReader(mapping, 'time_zone'),
    postcode: cellReader(mapping, 'postcode'),
    state: cellReader(mapping, 'state'),
    country: cellReader(mapping, 'country'),
  };
  const known = new Map<string, OwnPlace | null>();
  return (cells: readonly string[], numberCountry: string | null): OwnPlace | null => {
    const said = {
      zone: cellOf.zone(cells),
      postcode: cellOf.postcode(cells),
      state: cellOf.state(cells),
      country: cellOf.country(cells),
    };
    const parts = [said.zone, said.postcode, said.state, said.country];
    if (parts.every((part) => part === null)) return null;
    if (parts.some((part) => part !== null && part.length > LONGEST_PLACE)) return NOWHERE;
    const key = [...parts, numberCountry].join('\u001f');
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    if (known.size >= MOST_KEPT) known.clear();
    const place = placeOf({ ...said, numberCountry });
    known.set(key, place);
    return place;
  };
}

const NOWHERE: OwnPlace = { ownZones: [], ownRegion: null };

type ReadConsent = { kind: 'given'; consent: StatedConsent } | { kind: 'refused' | 'unreadable' };

function consentReader(mapping: readonly ColumnMapping[], defaultCountry: string, now: Date) {
  const cellOf = {
    at: cellReader(mapping, 'consent_at'),
    given: cellReader(mapping, 'consent_given'),
    method: cellReader(mapping, 'consent_method'),
    wording: cellReader(mapping, 'consent_wording'),
    channel: cellReader(mapping, 'consent_channel'),
  };
  const hasAnswer = mapping.some(({ target }) => target === 'consent_given');
  const headerChannel = channelOfHeader(mapping);
  const read = (cell: string | null) => readConsentCell(cell ?? '', defaultCountry, now);
  return (cells: readonly string[]): ReadConsent | null => {
    const at = read(cellOf.at(cells));
    const cell = hasAnswer ? answered(read(cellOf.given(cells)), at) : at;
    if (cell?.kind !== 'given') return cell;
    const said = cellOf.channel(cells);
    const channel = said === null ? headerChannel : readConsentChannel(said);
    if (channel === null) return { kind: 'unreadable' };
    const method = storable(cellOf.method(cells) ?? UNSAID_METHOD, LONGEST_METHOD);
    const wording = cellOf.wording(cells);
    return {
      kind: 'given',
      consent: {
        channel,
        givenAt: cell.givenAt,
        method,
        wording: wording === null ? null : storable(wording, LONGEST_WORDING),
      },
    };
  };
}

/** A day says when somebody answered, and not what: a no, or no answer that can be read, stands against it. */
function answered(answer: ConsentCell | null, at: ConsentCell | null): ConsentCell | null {
  if (answer === null) return at === null || at.kind === 'refused' ? at : { kind: 'unreadable' };
  if (answer.kind !== 'given' || at === null) return answer;
  return at.kind === 'given' ? { kind: 'given', givenAt: at.givenAt ?? answer.givenAt } : at;
}

/** A column called “SMS consent” says nothing about calls, where no column of its own names the channels. */
function channelOfHeader(mapping: readonly ColumnMapping[]): 'all' | 'voice' | 'sms' {
  const header = (field: KnownField) => mapping.find(({ target }) => target === field)?.header;
  const words = header('consent_given') ?? header('consent_at') ?? '';
  return readConsentChannel(words.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')) ?? 'all';
}

/** The cut may halve a character, which the database does not store. */
function storable(text: string, longest: number): string {
  return text.slice(0, longest).toWellFormed();
}

function cellReader(mapping: readonly ColumnMapping[], field: KnownField) {
  const index = mapping.find(({ target }) => target === field)?.index ?? -1;
  return (cells: readonly string[]): string | null => {
    const cell = cells[index]?.trim() ?? '';
    return cell === '' || isNothing(cell) ? null : cell;
  };
}
