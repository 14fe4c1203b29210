import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Agenda } from '#sandbox/carrier/agenda.ts';
import { stillClock } from '#support/carrier.ts';

describe('the carrier’s agenda', () => {
  it('performs in the order of time, and in the order of entry within one instant', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 }), { maxLength: 200 }), (times) => {
        const performed: [number, number][] = [];
        const clock = stillClock(0);
        const agenda = new Agenda<[number, number]>(clock, (item) => performed.push(item));
        for (const [index, at] of times.entries()) agenda.add(at, [at, index]);
        clock.move(20);
        agenda.runDue();
        expect(performed).toEqual(
          times.map((at, index) => [at, index]).toSorted(([a = 0, i = 0], [b = 0, j = 0]) => a - b || i - j),
        );
      }),
    );
  });

  it('leaves alone what lies ahead, and lists it for a restart', () => {
    const clock = stillClock(1_000);
    const performed: string[] = [];
    const agenda = new Agenda<string>(clock, (item) => performed.push(item));
    agenda.add(3_000, 'later');
    agenda.add(1_000, 'now');
    expect(agenda.runDue()).toBe(1);
    expect(performed).toEqual(['now']);
    expect(agenda.appointments()).toEqual([{ dueAt: 3_000, item: 'later' }]);
  });

  it('performs in the same run what an item adds for the same instant', () => {
    const clock = stillClock(0);
    const performed: number[] = [];
    const agenda: Agenda<number> = new Agenda<number>(clock, (item) => {
      performed.push(item);
      if (item < 3) agenda.add(0, item + 1);
    });
    agenda.add(0, 1);
    agenda.runDue();
    expect(performed).toEqual([1, 2, 3]);
  });

  it('runs faster than the wall when the product’s time does', async () => {
    const startedAt = Date.now();
    const speed = 3_600;
    const clock = { now: () => (Date.now() - startedAt) * speed, speed };
    const performed = vi.fn();
    const agenda = new Agenda<string>(clock, performed);
    agenda.add(60_000, 'a minute later');
    await expect.poll(() => performed.mock.calls.length).toBe(1);
    agenda.close();
  });

  it('does nothing any more once closed', async () => {
    const performed = vi.fn();
    const agenda = new Agenda<string>({ now: () => Date.now(), speed: 1 }, performed);
    agenda.add(0, 'never');
    agenda.close();
    agenda.add(0, 'neither');
    await sleep(5);
    expect(performed).not.toHaveBeenCalled();
  });
});
