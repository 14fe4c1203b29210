import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyLine } from '#domain/rehearsal/line.ts';

test('a line gives out the earliest first, and of the same instant the lowest number', () => {
  const place = fc.record({ at: fc.integer({ min: 0, max: 20 }), index: fc.integer({ min: 0, max: 50 }) });
  fc.assert(
    fc.property(fc.array(place), fc.array(fc.boolean()), (places, takes) => {
      const line = emptyLine();
      let kept: typeof places = [];
      const takeOne = () => {
        kept.sort((a, b) => a.at - b.at || a.index - b.index);
        const [first = null, ...rest] = kept;
        kept = rest;
        expect(line.firstAt()).toBe(first?.at ?? null);
        expect(line.take()).toEqual(first);
      };
      for (const [i, one] of places.entries()) {
        line.add(one.at, one.index);
        kept.push(one);
        if (takes[i]) takeOne();
      }
      expect(line.length).toBe(kept.length);
      while (line.length > 0) takeOne();
      takeOne();
    }),
  );
});
