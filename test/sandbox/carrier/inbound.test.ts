import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  contactLike,
  OUR_NUMBERS,
  SERVICE_SID,
  startCarrier,
  startWebhookSink,
  stillClock,
  type TestCarrier,
  type WebhookSink,
} from '#support/carrier.ts';

const ALICE = contactLike('silent');
const clock = stillClock('2026-03-02T15:00:00Z');
let sink: WebhookSink;
let carrier: TestCarrier;

beforeEach(async () => {
  sink = await startWebhookSink();
  carrier = await startCarrier({ clock });
  carrier.deliverTo(`${sink.url}/twilio/sms#rc=5&rp=all`);
});
afterEach(async () => {
  await carrier.stop();
  await sink.close();
});

async function send(form: Record<string, string>): Promise<string> {
  const response = await fetch(`${carrier.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}` },
    body: new URLSearchParams({ From: OUR_NUMBERS.first, Body: 'Hello', ...form }),
  });
  const json = (await response.json()) as { sid?: string; code?: number };
  await carrier.settled();
  return json.sid ? 'accepted' : `refused ${json.code}`;
}

async function textFrom(contactNumber: string, body: string, botNumber: string | null = OUR_NUMBERS.first) {
  const answer = carrier.verbs.textFromPhone({ contactNumber, botNumber, body });
  await carrier.settled();
  return answer;
}

const said = (contactNumber: string) =>
  carrier
    .snapshot()
    .texts.filter((text) => text.contactNumber === contactNumber)
    .map((text) => `${text.direction === 'to_contact' ? 'us' : 'them'}: ${text.body}`);

describe('a text from a contact', () => {
  it('is posted with all of Twilio’s fields and a good signature', async () => {
    await textFrom('+12125550100', 'Größe?', OUR_NUMBERS.pooled);
    const [webhook] = sink.received;
    expect(webhook?.isSigned).toBe(true);
    const sid = webhook?.params.MessageSid;
    expect(sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(webhook?.params).toEqual({
      MessageSid: sid,
      SmsSid: sid,
      SmsMessageSid: sid,
      SmsStatus: 'received',
      AccountSid: ACCOUNT_SID,
      ApiVersion: '2010-04-01',
      MessagingServiceSid: SERVICE_SID,
      From: '+12125550100',
      FromCity: 'NEW YORK',
      FromState: 'NY',
      FromZip: '10001',
      FromCountry: 'US',
      To: OUR_NUMBERS.pooled,
      ToCity: 'WASHINGTON',
      ToState: 'DC',
      ToZip: '20001',
      ToCountry: 'US',
      Body: 'Größe?',
      NumMedia: '0',
      NumSegments: '1',
    });
  });

  it('answers the number that texted last when none is named', async () => {
    await send({ To: ALICE, From: OUR_NUMBERS.second });
    await textFrom(ALICE, 'Who is this?', null);
    expect(sink.received[0]?.params.To).toBe(OUR_NUMBERS.second);
  });

  it.each([
    ['from no number', { contactNumber: '555', body: 'Hi', botNumber: null }, 'not a full phone number'],
    ['without words', { contactNumber: ALICE, body: '', botNumber: null }, 'needs words'],
    [
      'to a number that cannot text',
      { contactNumber: ALICE, body: 'Hi', botNumber: OUR_NUMBERS.voiceOnly },
      'None of',
    ],
  ])('is refused %s', (_name, input, sentence) => {
    const answer = carrier.verbs.textFromPhone(input);
    expect(answer).toMatchObject({ ok: false, error: expect.stringContaining(sentence) });
  });

  it('may be answered in TwiML', async () => {
    sink.answerNext({ status: 200, body: '<Response><Message>Thanks &amp; bye</Message></Response>' });
    await textFrom(ALICE, 'I am in');
    expect(said(ALICE)).toEqual(['them: I am in', 'us: Thanks & bye']);
    expect(carrier.accepted()).toEqual([]);
  });

  it('is answered with the words of a plain text answer, as in the real thing', async () => {
    sink.answerNext({ status: 200, contentType: 'text/plain', body: 'ok' });
    await textFrom(ALICE, 'Hi');
    expect(said(ALICE)).toEqual(['them: Hi', 'us: ok']);
  });

  it('shows the inspector an answer that is no TwiML', async () => {
    sink.answerNext({ status: 200, contentType: 'application/json', body: '{}' });
    await textFrom(ALICE, 'Hi');
    expect(carrier.snapshot().traffic.at(-1)).toMatchObject({ note: expect.stringContaining('12300') });
  });
});

describe('keywords', () => {
  it.each([
    ['STOP', 'STOP'],
    [' stop \n', 'STOP'],
    ['Unsubscribe', 'STOP'],
    ['OPTOUT', 'STOP'],
    ['revoke', 'STOP'],
    ['Start', 'START'],
    ['help', 'HELP'],
    ['INFO', 'HELP'],
    ['stop texting me please', undefined],
    ['STOP!', undefined],
    ['we must stop this', undefined],
    ['stop stop', undefined],
  ])('%j is recognised as %s', async (body, optOutType) => {
    await textFrom(ALICE, body);
    expect(sink.received[0]?.params.OptOutType).toBe(optOutType);
  });

  it('STOP is confirmed once, blocks that number alone, and START opens it again', async () => {
    await textFrom(ALICE, 'STOP');
    await textFrom(ALICE, 'STOP');
    expect(await send({ To: ALICE })).toBe('refused 21610');
    expect(await send({ To: ALICE, From: OUR_NUMBERS.second })).toBe('accepted');
    expect(said(ALICE).filter((line) => line.startsWith('us: You will get no more'))).toHaveLength(1);
    await textFrom(ALICE, 'START');
    expect(await send({ To: ALICE })).toBe('accepted');
    expect(carrier.snapshot().phones.find(({ id }) => id === ALICE)?.isOptedOut).toBe(false);
  });

  it('STOP to a pooled number blocks the whole messaging service', async () => {
    await textFrom(ALICE, 'STOP', OUR_NUMBERS.pooled);
    expect(await send({ To: ALICE, From: '', MessagingServiceSid: SERVICE_SID })).toBe('refused 21610');
    expect(await send({ To: ALICE, From: OUR_NUMBERS.pooled })).toBe('refused 21610');
    expect(await send({ To: ALICE })).toBe('accepted');
  });

  it('HELP is explained every time, also to somebody who stopped', async () => {
    await textFrom(ALICE, 'STOP');
    await textFrom(ALICE, 'HELP');
    expect(said(ALICE).at(-1)).toContain('us: Text STOP');
  });

  it('a reply in TwiML to somebody who stopped is not sent', async () => {
    sink.answerNext({ status: 200, body: '<Response><Message>But why?</Message></Response>' });
    await textFrom(ALICE, 'STOP');
    expect(said(ALICE)).not.toContain('us: But why?');
  });
});

describe('contacts who answer by themselves', () => {
  it.each([
    ['interested', 'Yes please, tell me more', undefined],
    ['stop', 'STOP', 'STOP'],
    ['stop_in_words', 'stop texting me please', undefined],
    ['false_friend', 'we must stop this', undefined],
    ['help', 'HELP', 'HELP'],
    ['emoji', 'Klingt gut 👍 – schreibe später zurück 😀', undefined],
    ['mischief', '<!channel> *free* `code` & <https://example.com|click> :tada:', undefined],
  ])('%s', async (persona, body, optOutType) => {
    await send({ To: contactLike(persona) });
    expect(sink.received.map(({ params }) => [params.Body, params.OptOutType])).toEqual([[body, optOutType]]);
  });

  it('answer again only half a day later', async () => {
    await send({ To: contactLike('interested') });
    await send({ To: contactLike('interested') });
    expect(sink.received).toHaveLength(1);
    clock.move(12 * 3_600_000);
    await send({ To: contactLike('interested') });
    expect(sink.received).toHaveLength(2);
  });

  it('stay silent while a person plays them', async () => {
    carrier.verbs.takePhone({ contactNumber: contactLike('interested'), isTaken: true });
    await send({ To: contactLike('interested') });
    expect(sink.received).toEqual([]);
    await textFrom(contactLike('interested'), 'It is me', null);
    expect(sink.received[0]?.params.Body).toBe('It is me');
  });
});
