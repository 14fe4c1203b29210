import { describe, expect, test } from 'vitest';
import { download } from '#http/api/download.ts';
import { quietLog } from '#support/engine.ts';

/** Pieces that count how many of them were asked for, and whether somebody said that no more are wanted. */
function counted(total: number, breaksAt = Number.POSITIVE_INFINITY) {
  const seen = { asked: 0, isOver: false };
  async function* pieces(): AsyncGenerator<string, void> {
    try {
      for (let number = 0; number < total; number += 1) {
        seen.asked += 1;
        if (number === breaksAt) throw new Error('the database went away');
        yield number % 3 === 1 ? '' : `piece ${number}\n`;
      }
    } finally {
      seen.isOver = true;
    }
  }
  return { seen, pieces: pieces() };
}

const csv = { contentType: 'text/csv', fileName: 'list.csv', log: quietLog };

describe('a download', () => {
  test('hands out every piece, empty ones passed over', async () => {
    const { pieces, seen } = counted(7);
    const answer = download(pieces, csv);
    expect(await answer.text()).toBe('piece 0\npiece 2\npiece 3\npiece 5\npiece 6\n');
    expect(seen.isOver).toBe(true);
  });

  test('reads nothing that nobody has asked for yet', async () => {
    const { pieces, seen } = counted(1_000);
    const reader = download(pieces, csv).body?.getReader();
    await new Promise((done) => setTimeout(done, 20));
    expect(seen.asked).toBe(0);
    await reader?.read();
    await new Promise((done) => setTimeout(done, 20));
    expect(seen.asked).toBe(1);
    await reader?.cancel();
    expect(seen).toEqual({ asked: 1, isOver: true });
  });

  test('breaks off where its pieces do, and the log says why', async () => {
    const { pieces } = counted(5, 3);
    const logged: object[] = [];
    const log = { ...quietLog, error: (fields: object) => void logged.push(fields) };
    await expect(download(pieces, { ...csv, log }).text()).rejects.toThrow('the database went away');
    expect(logged).toMatchObject([{ fileName: 'list.csv', cause: expect.any(Error) }]);
  });

  test.each([
    [
      'Frühling "1".csv',
      `attachment; filename="Fr_hling _1_.csv"; filename*=UTF-8''Fr%C3%BChling%20%221%22.csv`,
    ],
    [
      'a\r\nset-cookie: x\ud800.csv',
      /^attachment; filename="a__set-cookie_ x_\.csv"; filename\*=UTF-8''a%0D%0A/,
    ],
    ["it's (1).csv", /it%27s%20%281%29\.csv$/],
  ])('is called %j in a header that cannot be broken out of', (fileName, header) => {
    const value = download(counted(1).pieces, { ...csv, fileName }).headers.get('content-disposition');
    if (typeof header === 'string') expect(value).toBe(header);
    else expect(value).toMatch(header);
  });
});
