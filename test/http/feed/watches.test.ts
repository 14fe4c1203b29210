import { sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, test } from 'vitest';
import { Watches } from '#http/feed/watches.ts';
import { purge } from '#operations/purge.ts';
import { createEngine } from '#support/engine.ts';

const { deps, clock } = await createEngine();
const watched = async () => {
  const rows = await deps.db.execute<{ line: string }>(
    sql`select concat_ws(' ', process_id, topic, sockets) as line from feed_watches order by 1`,
  );
  return rows.map(({ line }) => line);
};
const SECOND = 1_000;

beforeEach(async () => void (await deps.db.execute(sql`delete from feed_watches`)));

describe('what a process watches', () => {
  test('is known to all as soon as somebody may rely on it, whoever came first', async () => {
    const watches = new Watches(deps, 'a');
    const first = watches.enter('campaign:1');
    const second = watches.enter('campaign:1');
    await second;
    expect(await watched()).toEqual(['a campaign:1 2']);
    await first;
    await Promise.all([3, 1, 2].map((id) => watches.enter(`campaign:${id}`)));
    expect(await watched()).toEqual(expect.arrayContaining(['a campaign:2 1', 'a campaign:3 1']));
    await watches.renew();
    expect(await watched()).toEqual(['a campaign:1 3', 'a campaign:2 1', 'a campaign:3 1']);
  });

  test('is taken back with the last socket, and with the process', async () => {
    const watches = new Watches(deps, 'a');
    await Promise.all(['campaign:1', 'campaign:1', 'call:7'].map((topic) => watches.enter(topic)));
    watches.leave('campaign:1');
    watches.leave('call:7');
    await watches.renew();
    expect(await watched()).toEqual(['a campaign:1 1']);
    await watches.stop();
    expect(await watched()).toEqual([]);
  });

  test('stands while it is renewed, is taken away by others half a minute after that, and by the purge', async () => {
    const [alive, dead] = [new Watches(deps, 'alive'), new Watches(deps, 'dead')];
    await alive.enter('campaign:1');
    await dead.enter('campaign:2');
    for (let n = 0; n < 3; n += 1) {
      clock.move(10 * SECOND);
      await alive.renew();
    }
    expect(await watched()).toEqual(['alive campaign:1 1', 'dead campaign:2 1']);
    clock.move(10 * SECOND);
    await alive.renew();
    expect(await watched()).toEqual(['alive campaign:1 1']);
    clock.move(25 * 3_600 * SECOND);
    await purge(deps);
    expect(await watched()).toEqual([]);
  });

  test('is told anew when it could not be told', async () => {
    let isAway = true;
    const db = new Proxy(deps.db, {
      get(target, name, receiver) {
        if (name === 'execute' && isAway) return () => Promise.reject(new Error('away'));
        return Reflect.get(target, name, receiver);
      },
    });
    const watches = new Watches({ ...deps, db }, 'a');
    await expect(watches.enter('campaign:1')).rejects.toThrow('away');
    await expect(watches.enter('campaign:1')).rejects.toThrow('away');
    isAway = false;
    await watches.renew();
    expect(await watched()).toEqual(['a campaign:1 2']);
  });
});
