import fc from 'fast-check';
import { getExpectedTwilioSignature, validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { describe, expect, it } from 'vitest';
import { signForm } from '#sandbox/carrier/signature.ts';

const urls = fc.constantFrom(
  'https://bot.example.com/twilio/status?attempt=a1&b=2',
  'http://127.0.0.1:3000/twilio/sms',
  "https://bot.example.com:8443/prefix/twilio/status?x='y'",
);

describe('the carrier’s signature', () => {
  it('is the one Twilio’s own library expects, for any parameters', () => {
    const params = fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(urls, params, fc.string({ minLength: 1 }), (url, form, token) => {
        expect(signForm(token, url, form)).toBe(getExpectedTwilioSignature(token, url, form));
      }),
    );
  });

  it('leaves the connection overrides out', () => {
    const address = 'https://bot.example.com/twilio/status?attempt=a1';
    const signature = signForm('token', `${address}#rc=5&rp=all`, { A: '1' });
    expect(validateRequest('token', signature, address, { A: '1' })).toBe(true);
  });
});
