import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConsentCell, readConsentChannel } from '#domain/contact-import/consent-cell.ts';
import { suggestMapping } from '#domain/contact-import/mapping.ts';
import { createRowJudge } from '#domain/contact-import/row-judge.ts';

const NOW = new Date('2026-11-23T12:00:00Z');

/** What a file with these columns says of its rows; the rows are also the sample that the mapping is guessed from. */
function rolesOf(headers: string[], ...rows: string[][]) {
  const all = ['phone', ...headers];
  const numbered = rows.map((cells, index) => [`212555${String(1000 + index)}`, ...cells]);
  const judge = createRowJudge(suggestMapping(all, numbered, 'US'), 'US', NOW);
  return numbered.map((cells, index) => {
    const verdict = judge.judge(index + 2, cells);
    if (verdict.kind !== 'loaded') throw new Error(`row ${index} was not loaded`);
    return verdict.roles;
  });
}
const targets = (headers: string[], ...rows: string[][]) =>
  suggestMapping(headers, rows, 'US').map(({ target, variable }) => [target, variable]);

describe('columns about a place', () => {
  it('are found by their header and what stands in them, and keep their names for messages', () => {
    expect(
      targets(
        ['Phone', 'Zip Code', 'State', 'Timezone', 'Country'],
        ['2125551000', '33101', 'FL', 'America/New_York', 'US'],
      ),
    ).toEqual([
      ['phone_number', 'phone_number'],
      ['postcode', 'zip_code'],
      ['state', 'state'],
      ['time_zone', 'timezone'],
      ['country', 'country'],
    ]);
  });

  it.each([
    ['state', ['open', 'closed', 'open']],
    ['region', ['North', 'South', 'North']],
    ['zip', ['file.zip', 'a', 'b']],
    ['timezone', ['+01:00', '-5', '3']],
    ['consent', ['maybe', 'later', 'perhaps']],
    ['state', []],
  ])('called “%s” that hold something else stay variables', (header, values) => {
    expect(targets([header], ...values.map((value) => [value]))).toEqual([['variable', header]]);
  });

  it('say where somebody is, in the same words as the area code’s own zones', () => {
    const [florida, , blank, unknown] = rolesOf(
      ['zip', 'state'],
      ['33101', 'FL'],
      ['10001', 'NY'],
      ['', 'n/a'],
      ['99999999', '??'],
    );
    expect(florida?.place).toEqual({ ownZones: ['America/New_York'], ownRegion: 'US-FL' });
    expect(blank).toEqual({ place: null, consent: null, remarks: [] });
    expect(unknown?.place).toMatchObject({ ownZones: [] });
    expect(unknown?.remarks).toEqual(['place_unreadable']);
  });

  it('cost nothing where the file has none', () => {
    expect(rolesOf(['city'], ['Boston'])).toEqual([null]);
  });
});

describe('a cell about consent', () => {
  it.each([
    ['yes', 'US', { kind: 'given', givenAt: null }],
    ['Opted_In', 'US', { kind: 'given', givenAt: null }],
    ['no', 'US', { kind: 'refused' }],
    ['', 'US', null],
    ['n/a', 'US', null],
    ['2026-02-15', 'US', { kind: 'given', givenAt: '2026-02-15T00:00:00.000Z' }],
    ['2026-02-15T10:30:00Z', 'US', { kind: 'given', givenAt: '2026-02-15T10:30:00.000Z' }],
    ['2026-02-15 10:30:00+02:00', 'US', { kind: 'given', givenAt: '2026-02-15T08:30:00.000Z' }],
    ['02/03/2026', 'US', { kind: 'given', givenAt: '2026-02-03T00:00:00.000Z' }],
    ['02/03/2026', 'GB', { kind: 'given', givenAt: '2026-03-02T00:00:00.000Z' }],
    ['2/3/2026 4:05 PM', 'US', { kind: 'given', givenAt: '2026-02-03T16:05:00.000Z' }],
    ['15.02.2026', 'US', { kind: 'given', givenAt: '2026-02-15T00:00:00.000Z' }],
    ['2026-02-30', 'US', { kind: 'unreadable' }],
    ['2026-12-24', 'US', { kind: 'unreadable' }],
    ['1970-01-01', 'US', { kind: 'unreadable' }],
    ['02/15/2026', 'GB', { kind: 'unreadable' }],
    ['maybe', 'US', { kind: 'unreadable' }],
    ['45123', 'US', { kind: 'unreadable' }],
  ])('“%s” in %s is %o', (cell, country, expected) => {
    expect(readConsentCell(cell, country, NOW)).toEqual(expected);
  });

  it('where it is tomorrow already counts from now', () => {
    expect(readConsentCell('2026-11-24', 'US', NOW)).toEqual({ kind: 'given', givenAt: NOW.toISOString() });
  });

  it('never gives consent in the future or for no reason, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (cell) => {
        const read = readConsentCell(cell, 'US', NOW);
        if (read?.kind === 'given' && read.givenAt !== null)
          expect(new Date(read.givenAt).getTime()).toBeLessThanOrEqual(NOW.getTime());
      }),
    );
  });

  it.each([
    ['calls', 'voice'],
    ['SMS', 'sms'],
    ['calls and texts', 'all'],
    ['both', 'all'],
    ['', 'all'],
    ['post', null],
  ])('names “%s” as %s', (cell, channel) => {
    expect(readConsentChannel(cell)).toBe(channel);
  });
});

describe('a row with consent', () => {
  it('says what, how and in which words, and never turns a no into a yes', () => {
    const said = rolesOf(
      ['consent_date', 'consent_method', 'consent_text', 'consent_channel'],
      ['2026-02-15', 'web form', 'I agree.', 'sms'],
      ['yes', '', '', ''],
      ['no', 'web form', 'I agree.', 'sms'],
      ['soon', 'web form', '', ''],
      ['2026-02-15', '', '', 'pigeon'],
      ['', 'web form', 'I agree.', ''],
    );
    expect(said.map((roles) => roles?.consent)).toEqual([
      { channel: 'sms', givenAt: '2026-02-15T00:00:00.000Z', method: 'web form', wording: 'I agree.' },
      { channel: 'all', givenAt: null, method: 'as the imported file says', wording: null },
      null,
      null,
      null,
      null,
    ]);
    expect(said.map((roles) => roles?.remarks)).toEqual([
      [],
      [],
      ['consent_refused'],
      ['consent_unreadable'],
      ['consent_unreadable'],
      [],
    ]);
  });

  it.each([
    ['yes', '2026-02-15', { channel: 'sms', givenAt: '2026-02-15T00:00:00.000Z' }, []],
    ['yes', '', { channel: 'sms', givenAt: null }, []],
    ['no', '2026-02-15', null, ['consent_refused']],
    ['no', '', null, ['consent_refused']],
    ['yes', 'no', null, ['consent_refused']],
    ['perhaps', '2026-02-15', null, ['consent_unreadable']],
    ['yes', 'soon', null, ['consent_unreadable']],
    ['', '2026-02-15', null, ['consent_unreadable']],
    ['', '', null, []],
  ] as const)(
    'that answers “%s” beside the day “%s” is taken at its answer',
    (answer, day, consent, remarks) => {
      const [said] = rolesOf(
        ['sms_consent', 'consent_date'],
        [answer, day],
        ['yes', '2026-02-15'],
        ['no', '2026-02-16'],
      );
      if (consent === null) expect(said?.consent).toBeNull();
      else expect(said?.consent).toMatchObject(consent);
      expect(said?.remarks).toEqual(remarks);
    },
  );

  it.each([
    ['SMS consent', 'sms'],
    ['smsConsent', 'sms'],
    ['consent_to_call', 'voice'],
    ['consent', 'all'],
  ])('under “%s” counts for %s', (header, channel) => {
    const [said] = rolesOf([header], ['yes'], ['no'], ['yes']);
    expect(said?.consent).toMatchObject({ channel });
  });
});
