import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '#sandbox/carrier/feed.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  contactLike,
  OUR_NUMBERS,
  startCarrier,
  stillClock,
  type TestCarrier,
} from '#support/carrier.ts';

const CONTACT = contactLike('stop');
const clock = stillClock('2026-03-02T15:00:00Z');
let carrier: TestCarrier;
let changes: Change[];
let stopListening: () => void;

beforeEach(async () => {
  carrier = await startCarrier({ clock, trafficKept: 3 });
  changes = [];
  stopListening = carrier.subscribe((change) => changes.push(change));
});
afterEach(() => carrier.stop());

async function send(): Promise<void> {
  await fetch(`${carrier.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}` },
    body: new URLSearchParams({ To: CONTACT, From: OUR_NUMBERS.first, Body: 'Größe €' }),
  });
  await carrier.settled();
}

const told = <Table extends string>(table: Table) =>
  changes.flatMap((change) => (change.type === 'upsert' && change.table === table ? [change.row] : []));

describe('what the page is told', () => {
  it('every step of a text, as the contact’s phone shows it', async () => {
    await send();
    const [first] = told('texts');
    expect(first).toEqual({
      id: carrier.accepted()[0]?.sid,
      direction: 'to_contact',
      contactNumber: CONTACT,
      botNumber: OUR_NUMBERS.first,
      body: 'Größe €',
      status: 'queued',
      errorCode: null,
      segments: 1,
      encoding: 'GSM-7',
      price: null,
      createdAt: clock.now(),
    });
    const steps = told('texts').filter((row) => row.id === first?.id);
    expect(steps.map((row) => 'status' in row && row.status)).toEqual([
      'queued',
      'sending',
      'sent',
      'sent',
      'delivered',
    ]);
  });

  it('a contact’s word before the carrier’s answer to it', async () => {
    await send();
    const bodies = told('texts').map((row) => 'body' in row && row.body);
    expect(bodies.indexOf('STOP')).toBeGreaterThan(0);
    expect(bodies.indexOf('STOP')).toBeLessThan(
      bodies.indexOf('You will get no more texts from this number. Text START to change your mind.'),
    );
  });

  it('that a contact opted out, and that a person plays one', async () => {
    await send();
    carrier.verbs.takePhone({ contactNumber: CONTACT, isTaken: true });
    expect(told('phones').at(-1)).toEqual({
      id: CONTACT,
      persona: 'stop',
      personaLabel: 'Texts STOP',
      isOptedOut: true,
      isTaken: true,
    });
  });

  it('the last exchanges only, and which ones to forget', async () => {
    for (let count = 0; count < 5; count += 1) await send();
    const forgotten = changes.flatMap((change) => (change.type === 'remove' ? [change.id] : []));
    expect(forgotten).toEqual(['carrier-1', 'carrier-2']);
    expect(carrier.snapshot().traffic.map(({ id }) => id)).toEqual(['carrier-3', 'carrier-4', 'carrier-5']);
  });

  it('nothing any more once it stops listening', async () => {
    stopListening();
    await send();
    expect(changes).toEqual([]);
    expect(carrier.snapshot().texts.length).toBeGreaterThan(0);
  });

  it('in a snapshot: texts, phones, personas, faults and traffic', async () => {
    await send();
    const snapshot = carrier.snapshot();
    expect(snapshot.texts.map(({ direction, body }) => [direction, body])).toEqual([
      ['to_contact', 'Größe €'],
      ['from_contact', 'STOP'],
      ['to_contact', 'You will get no more texts from this number. Text START to change your mind.'],
    ]);
    expect(snapshot.phones).toMatchObject([{ id: CONTACT, isOptedOut: true }]);
    expect(snapshot.faults.every((fault) => fault.side === 'carrier' && !fault.isOn)).toBe(true);
    expect(snapshot.personas.length).toBeGreaterThan(10);
  });
});
