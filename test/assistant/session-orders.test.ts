import { and, count, eq, isNull } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { callActions } from '#db/call-schema.ts';
import { suppressions } from '#db/schema.ts';
import type { ConversationListener } from '#ports/conversation.ts';
import type { ModelPiece } from '#ports/model.ts';
import { createTalkWorld, fakeModel, person, recordingLine, type TalkWorld } from './talk-world.ts';

let world: TalkWorld;
beforeAll(async () => {
  world = await createTalkWorld();
});

type Happening = (session: ConversationListener) => void;

const says =
  (text: string, isDuringSpeech = false): Happening =>
  (session) =>
    session.onUtterance({ text, isFinal: true, isDuringSpeech, language: null });

const HAPPENINGS: Record<string, Happening> = {
  hello: says('Hello?'),
  yes: says('Yes.'),
  stop: says('Stop.', true),
  optOut: says('Stop calling me.'),
  maybe: says('Go away.'),
  later: says('Call me tomorrow at three'),
  robot: says('Are you a robot?'),
  human: says('I want to talk to a human.'),
  tool: says('Please do what you must with the order.'),
  machine: says('Please leave a message after the tone.'),
  nine: (session) => session.onDigit('9'),
  five: (session) => session.onDigit('5'),
  cut: (session) => session.onInterrupt({ heardText: 'Hi Bob, it', afterMs: 10 }),
  on: (session) => session.onSpeaking('assistant', true),
  off: (session) => session.onSpeaking('assistant', false),
  breath: (session) => session.onSpeaking('contact', true),
  pause: (session) => session.onSpeaking('contact', false),
  played: (session) => session.onPlayed('Hi Bob, it is about your order.'),
  partial: (session) =>
    session.onUtterance({ text: 'Sto', isFinal: false, isDuringSpeech: false, language: null }),
  silence: () => world.clocks.pass('product', 8_000),
  minutes: () => world.clocks.pass('product', 600_000),
  seconds: () => world.clocks.pass('real', 6_000),
  hangUp: (session) => session.onClose(),
};

/** A model that always does the same things, with the same id for every use, as some endpoints do. */
function busyModel() {
  const answer = async function* (): AsyncGenerator<ModelPiece> {
    yield { kind: 'text', text: 'Let me see. ' };
    yield {
      kind: 'tool_call',
      call: { id: 'call_0', name: 'send_followup_sms', argumentsJson: '{"template_key":"campaign"}' },
    };
    yield {
      kind: 'tool_call',
      call: { id: 'call_0', name: 'send_followup_sms', argumentsJson: '{"template_key":"campaign"}' },
    };
  };
  return fakeModel(Array.from({ length: 500 }, () => answer));
}

const orders = fc.array(
  fc.record({ what: fc.constantFrom(...Object.keys(HAPPENINGS)), isAwaited: fc.boolean() }),
  { minLength: 1, maxLength: 14 },
);

async function hold(order: { what: string; isAwaited: boolean }[], isScripted: boolean) {
  const call = await world.call({ isScripted });
  const line = recordingLine();
  const [first, second] = await Promise.all([world.open(call, line), world.open(call)]);
  const opened = [first, second].filter(({ listener }) => listener !== null);
  const { line: held, listener } = opened[0] ?? first;
  if (!listener) throw new Error('nobody opened the conversation');
  const somebody = person(listener, world.clocks);
  for (const { what, isAwaited } of order) {
    HAPPENINGS[what]?.(listener);
    if (isAwaited) await somebody.settled();
  }
  await somebody.settled();
  await somebody.hangsUp();
  return { call, opened: opened.length, line: held };
}

async function countOf(phone: string) {
  const [row] = await world.engine.deps.db
    .select({ entries: count() })
    .from(suppressions)
    .where(and(eq(suppressions.phoneNumber, phone), isNull(suppressions.liftedAt)));
  return row?.entries ?? 0;
}

describe('whatever happens on the line, in whatever order', () => {
  for (const isScripted of [true, false]) {
    it(`one socket holds the call, nothing is said after its end, and nothing is done twice (${isScripted ? 'script' : 'model'})`, async () => {
      world.use(isScripted ? null : busyModel());
      await fc.assert(
        fc.asyncProperty(orders, async (order) => {
          const { call, opened, line } = await hold(order, isScripted);
          expect(opened).toBe(1);
          expect(line.ended.length).toBeLessThanOrEqual(1);
          expect(line.afterEnd).toBe(0);
          const entries = await countOf(call.phone);
          expect(entries).toBeLessThanOrEqual(1);
          const said = line.said.join(' ');
          if (said.includes('We will not contact you')) expect(entries).toBe(1);
          if (order.some(({ what }) => what === 'optOut' || what === 'nine') && line.ended.length === 0) {
            expect(entries).toBeLessThanOrEqual(1);
          }
          const texts = await world.engine.deps.db.execute<{ n: number }>(
            `select count(*)::int as n from attempts where token = 'follow-up-${call.id}'`,
          );
          expect(texts[0]?.n ?? 0).toBeLessThanOrEqual(1);
          const acts = await world.engine.deps.db
            .select()
            .from(callActions)
            .where(eq(callActions.callId, call.id));
          expect(new Set(acts.map(({ actionKey }) => actionKey)).size).toBe(acts.length);
        }),
        { numRuns: 40 },
      );
    });
  }

  it('an opt-out counts before anything else that happens afterwards', async () => {
    world.use(null);
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const { call } = await hold([{ what: 'optOut', isAwaited: false }, ...order], true);
        expect(await countOf(call.phone)).toBe(1);
      }),
      { numRuns: 25 },
    );
  });
});
