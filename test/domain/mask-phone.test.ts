import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskPhone } from '#domain/mask-phone.ts';

describe('a masked phone number', () => {
  test.each([
    ['+15551234567', '+1 555 •••-••67'],
    ['+12125550123', '+1 212 •••-••23'],
    ['+447911123456', '+44 ••••••••56'],
    ['+491711234567', '+49 ••••••••67'],
    ['+6591234567', '+65 ••••••67'],
    ['+2906123', '+290 ••••'],
    ['+881612345678', '+881 •••••••78'],
    ['5551234567', '••••••••67'],
    ['72345', '•••••'],
    ['', ''],
    ['anonymous', ''],
  ])('%s is %s', (phoneNumber, expected) => {
    expect(maskPhone(phoneNumber)).toBe(expected);
  });

  test('shows of a subscriber number its last two digits at most', () => {
    const phoneNumber = fc.tuple(
      fc.constantFrom('+1', '+44', '+49', '+91', '+971', ''),
      fc.stringMatching(/^\d{4,13}$/),
    );
    fc.assert(
      fc.property(phoneNumber, ([code, rest]) => {
        const masked = maskPhone(code + rest);
        const tail = masked.slice(masked.lastIndexOf('•') + 1);
        expect(tail.length).toBeLessThanOrEqual(2);
        const shown = masked.replace(/\D/g, '').length - code.length;
        expect(shown).toBeLessThanOrEqual(code === '+1' && rest.length === 10 ? 6 : 5);
        expect(masked.split('•').length - 1).toBeGreaterThanOrEqual(Math.min(rest.length, 4) - 2);
      }),
    );
  });
});
