import { describe, expect, it } from 'vitest';
import { createHolidays } from '#calendar/holidays.ts';

const holidays = createHolidays();
const datesOf = async (place: string, year: number) =>
  (await holidays.datesOf(place, [year])).map(({ date }) => date);

describe('public holidays', () => {
  it.each<[string, string, string[], string[]]>([
    [
      'a feast of three days is three dates',
      'KR',
      ['2027-02-07', '2027-02-08', '2027-02-09'],
      ['2027-02-10'],
    ],
    [
      'a feast that begins on the eve does not take the eve',
      'AE',
      ['2027-03-09', '2027-03-10', '2027-03-11'],
      ['2027-03-12'],
    ],
    ['an ordinary one is one date', 'US', ['2027-11-25'], ['2027-11-26']],
    ['one that is kept on another day takes both', 'US', ['2027-07-04', '2027-07-05'], ['2027-07-06']],
  ])('%s', async (_, place, closed, open) => {
    const dates = await datesOf(place, 2027);
    expect(dates).toEqual(expect.arrayContaining(closed));
    for (const date of open) expect(dates).not.toContain(date);
  });

  it('are those of the year that begins tomorrow, too, where the day off falls on its eve', async () => {
    expect(await holidays.datesOf('US', [2027, 2028])).toContainEqual(
      expect.objectContaining({ date: '2027-12-31' }),
    );
  });
});
