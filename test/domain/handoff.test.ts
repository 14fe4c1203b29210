import { describe, expect, it } from 'vitest';
import { type Handoff, readHandoff, writeHandoff } from '#domain/handoff.ts';

describe('what a session says at its end', () => {
  it.each<Handoff>([
    { next: 'hang_up' },
    { next: 'voicemail' },
    { next: 'transfer', key: 'sales' },
    { next: 'transfer', key: null },
  ])('comes back as it was written: $next', (handoff) => {
    expect(readHandoff(writeHandoff(handoff))).toEqual(handoff);
  });

  it.each([
    ['nothing', null],
    ['an empty text', ''],
    ['no JSON', 'transfer'],
    ['JSON that is no object', '"transfer"'],
    ['null', 'null'],
    ['a list', '["transfer"]'],
    ['an unknown step', '{"next":"dial","number":"+12125550100"}'],
  ])('ends the call when it is %s', (_, text) => {
    expect(readHandoff(text)).toEqual({ next: 'hang_up' });
  });

  it.each(['{"next":"transfer","key":7}', '{"next":"transfer","key":""}', '{"next":"transfer"}'])(
    'leaves to the call’s row where it goes when no key came back: %s',
    (text) => {
      expect(readHandoff(text)).toEqual({ next: 'transfer', key: null });
    },
  );
});
