import { describe, expect, it } from 'vitest';
import { repliesIn } from '#sandbox/carrier/twiml.ts';

const NO_ADDRESSES = { to: null, from: null, statusCallback: null };

const GOOD: [name: string, contentType: string, answer: string, expected: object[]][] = [
  ['an empty answer says nothing', 'text/xml', '', []],
  ['an empty response says nothing', 'text/xml; charset=utf-8', '<Response/>', []],
  ['the declaration is skipped', 'application/xml', '<?xml version="1.0"?>\n<Response></Response>\n', []],
  [
    'a message with text',
    'text/xml',
    '<Response><Message>Hi</Message></Response>',
    [{ ...NO_ADDRESSES, body: 'Hi' }],
  ],
  [
    'a message with a body and addresses',
    'text/xml',
    `<Response><Message to="+1" from='+2' action="https://x/y?a=1&amp;b=2"><Body>Hi &amp; bye &#128077;</Body></Message></Response>`,
    [{ to: '+1', from: '+2', statusCallback: 'https://x/y?a=1&b=2', body: 'Hi & bye 👍' }],
  ],
  [
    'two messages, with a comment and CDATA',
    'text/xml',
    '<Response><!-- two --><Message>1</Message><Message><![CDATA[<2>]]></Message></Response>',
    [
      { ...NO_ADDRESSES, body: '1' },
      { ...NO_ADDRESSES, body: '<2>' },
    ],
  ],
  ['plain text is sent as it is', 'text/plain; charset=UTF-8', 'ok', [{ ...NO_ADDRESSES, body: 'ok' }]],
];

const BAD: [name: string, contentType: string, answer: string, code: string][] = [
  ['JSON is no TwiML', 'application/json', '{"ok":true}', '12300'],
  ['another root', 'text/xml', '<Reply>Hi</Reply>', '12100'],
  ['a tag left open', 'text/xml', '<Response><Message>Hi</Response>', '12100'],
  ['an unfinished document', 'text/xml', '<Response><Message>Hi', '12100'],
  ['a bare ampersand tag', 'text/xml', '<Response><Message>a < b</Message></Response>', '12100'],
];

describe('the answer to a text', () => {
  it.each(GOOD)('%s', (_name, contentType, answer, expected) => {
    expect(repliesIn(contentType, answer)).toEqual(expected);
  });

  it.each(BAD)('%s is refused as Twilio would', (_name, contentType, answer, code) => {
    expect(() => repliesIn(contentType, answer)).toThrow(code);
  });
});
