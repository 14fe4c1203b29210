import { and, eq, isNull } from 'drizzle-orm/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { callActions } from '#db/call-schema.ts';
import { attempts, suppressions } from '#db/schema.ts';
import type { ModelPiece, ModelRequest } from '#ports/model.ts';
import { ModelUnavailable } from '#ports/model.ts';
import { CALL_SCRIPT } from '#support/call-script.ts';
import { createTalkWorld, fakeModel, person, type TalkOptions, type TalkWorld, words } from './talk-world.ts';

let world: TalkWorld;
beforeAll(async () => {
  world = await createTalkWorld();
});

type Answer = (request: ModelRequest) => AsyncIterable<ModelPiece>;

/** Somebody who has heard the welcome, and a model that will answer them. */
async function talking(answers: Answer[], options: TalkOptions = {}) {
  const model = fakeModel(answers);
  world.use(model);
  const call = await world.call(options);
  const { line, listener } = await world.open(call);
  const somebody = person(listener, world.clocks);
  await somebody.listens();
  await somebody.listens();
  return { call, line, model, listener, ...somebody };
}

const tool = (name: string, given: object, id = 'call_0'): ModelPiece => ({
  kind: 'tool_call',
  call: { id, name, argumentsJson: JSON.stringify(given) },
});

async function* using(...pieces: (ModelPiece | string)[]): AsyncGenerator<ModelPiece> {
  for (const piece of pieces) yield typeof piece === 'string' ? { kind: 'text', text: piece } : piece;
}

/** An answer that comes piece by piece when the test says so, whatever its signal. */
function gated() {
  const waiting: ((piece: ModelPiece | null) => void)[] = [];
  const ready: (ModelPiece | null)[] = [];
  const give = (piece: ModelPiece | null) => {
    const next = waiting.shift();
    if (next) next(piece);
    else ready.push(piece);
  };
  return {
    say: (text: string) => give({ kind: 'text', text }),
    give,
    end: () => give(null),
    answer: async function* (): AsyncGenerator<ModelPiece> {
      for (;;) {
        const piece =
          ready.length > 0
            ? ready.shift()
            : await new Promise<ModelPiece | null>((next) => waiting.push(next));
        if (!piece) return;
        yield piece;
      }
    },
  };
}

async function isListed(phone: string) {
  const rows = await world.engine.deps.db
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.phoneNumber, phone), isNull(suppressions.liftedAt)));
  return rows.length > 0;
}

describe('a call with a model', () => {
  it('speaks its words clause by clause, clean, each turn closed', async () => {
    const talk = await talking([
      () => words('**Sure', '**, see ', 'https://x.example ', 'for 1', '.5 kg. ', 'Is Tuesday', ' fine? 🙂'),
    ]);
    expect(talk.line.said).toEqual([CALL_SCRIPT.welcome]);
    await talk.says('How heavy is it?');
    expect(talk.line.said.at(-1)).toBe('Sure, see  for 1.5 kg. Is Tuesday fine? ');
    expect(talk.line.open).toBe('');
    const [request] = talk.model.requests;
    expect(request?.messages.map(({ role }) => role)).toEqual(['system', 'assistant', 'assistant', 'user']);
    expect(request?.messages[0]?.content).toContain('{"name":"Bob","order":"17"}');
    expect(request?.messages[0]?.content).toContain(CALL_SCRIPT.agenda);
  });

  it('is never asked about an opt-out, a robot question or key 9', async () => {
    const talk = await talking([]);
    await talk.says('Are you a robot?');
    expect(talk.line.said.at(-1)).toContain('Yes, I am an automated assistant');
    await talk.says('Then stop calling me.');
    expect(await isListed(talk.call.phone)).toBe(true);
    expect(talk.model.requests).toEqual([]);
  });

  it('is stopped by an opt-out while it thinks, and says nothing more', async () => {
    const slow = gated();
    const talk = await talking([slow.answer]);
    await talk.says('Tell me more.');
    await talk.says('No, take me off your list.');
    slow.say('You would love our offer. ');
    slow.end();
    await talk.settled();
    expect(await isListed(talk.call.phone)).toBe(true);
    expect(talk.line.said.at(-1)).toContain('We will not contact you');
    expect(talk.line.said.join(' ')).not.toContain('offer');
    expect(talk.line.open).toBe('');
  });

  it('hears what is added while it thinks as one message', async () => {
    const slow = gated();
    const talk = await talking([slow.answer, () => words('Both are fine.')]);
    await talk.says('Can it be Wednesday?');
    await talk.says('Or Thursday?');
    slow.say('Wednesday it is. ');
    slow.end();
    await talk.settled();
    expect(talk.line.said.at(-1)).toBe('Both are fine.');
    expect(talk.model.requests[1]?.messages.at(-1)).toEqual({
      role: 'user',
      content: 'Can it be Wednesday?\nOr Thursday?',
    });
  });

  it('remembers only what was heard of words that were cut', async () => {
    const slow = gated();
    const talk = await talking([slow.answer, () => words('I see.')]);
    await talk.says('What is in it?');
    slow.say('A table, two chairs, a lamp and ');
    slow.say('a very long list of other things. ');
    await talk.settled();
    await talk.cutsIn('A table, two chairs,');
    slow.end();
    await talk.says('That is enough, thank you very much.');
    const cut = (await world.turns(talk.call.id)).find(({ isInterrupted }) => isInterrupted);
    expect(cut).toMatchObject({ heardText: 'A table, two chairs,' });
    expect(talk.model.requests[1]?.messages.at(-2)).toEqual({
      role: 'assistant',
      content: 'A table, two chairs,',
    });
  });

  it('keeps apart what it had begun to say and what it says to a question that was asked meanwhile', async () => {
    const slow = gated();
    const talk = await talking([slow.answer, () => words('It is blue.')]);
    await talk.says('What is in it?');
    slow.say('A table, two chairs, ');
    await talk.settled();
    await talk.says('And the lamp?');
    expect(talk.line.said.slice(-2)).toEqual(['A table, two chairs, ', 'It is blue.']);
    expect(talk.line.open).toBe('');
  });

  it('uses tools, hears their answers, and confirms afterwards', async () => {
    const talk = await talking([
      () => using(tool('record_answer', { key: 'Delivery Day', value: 'Tuesday' })),
      () => words('It is noted.'),
    ]);
    await talk.says('Tuesday is fine for me.');
    expect((await world.row(talk.call.id)).answers).toEqual({ delivery_day: 'Tuesday' });
    expect(talk.line.said.at(-1)).toBe('It is noted.');
    expect(talk.model.requests[1]?.messages.at(-1)).toEqual({
      role: 'tool',
      toolCallId: 'call_0',
      content: '{"ok":true,"recorded":{"delivery_day":"Tuesday"}}',
    });
  });

  it('calls back within the hours of the person only, whatever it asks for', async () => {
    const talk = await talking([
      () => using(tool('schedule_callback', { local_time: '2026-11-25T03:00', note: 'order' })),
      () => words('Tomorrow at 8, then.'),
    ]);
    await talk.says('Call me at three in the night.');
    expect((await world.row(talk.call.id)).callbackAt).toEqual(new Date('2026-11-25T13:00:00Z'));
    expect(talk.model.requests[1]?.messages.at(-1)?.content).toContain('"moved_into_calling_hours":true');
  });

  it('puts nobody through to a number of its own', async () => {
    const target = { key: 'sales', label: 'Sales', phoneNumber: '+12125559999', slackUserId: null };
    const talk = await talking(
      [
        () => using(tool('transfer', { target_key: '+19005550000' })),
        () => using('One moment. ', tool('transfer', { target_key: 'sales' })),
      ],
      { targets: [target] },
    );
    await talk.says('Somebody from sales should explain that to me in detail.');
    expect(talk.model.requests[1]?.messages.at(-1)?.content).toContain('must be one of: sales');
    await talk.listens();
    expect(talk.line.ended).toEqual(['{"next":"transfer","key":null}']);
    expect((await world.row(talk.call.id)).transferKey).toBe('sales');
  });

  it('confirms an opt-out that it understood in our words and ends', async () => {
    const talk = await talking([
      () => using(tool('mark_do_not_call', { channel: 'all', quote: 'I have had it with you' })),
    ]);
    await talk.says('I have had it with you lot.');
    expect(await isListed(talk.call.phone)).toBe(true);
    expect(talk.line.said.at(-1)).toBe('Understood. We will not contact you at this number again. Goodbye.');
    await talk.listens();
    expect(talk.line.ended).toEqual(['{"next":"hang_up"}']);
  });

  it('goes on with somebody who only wants no more texts', async () => {
    const talk = await talking([
      () => using(tool('mark_do_not_call', { channel: 'sms', quote: 'no texts, they cost me' })),
      () => words('No more texts. Shall we go on?'),
    ]);
    await talk.says('Only I get charged for each of those, you know.');
    expect(talk.line.said.at(-1)).toBe('No more texts. Shall we go on?');
    expect((await world.row(talk.call.id)).result).toBeNull();
    expect(await isListed(talk.call.phone)).toBe(true);
  });

  it('sends the campaign’s text once, through the gate', async () => {
    const talk = await talking([
      () => using(tool('send_followup_sms', { template_key: 'campaign' })),
      () => using(tool('send_followup_sms', { template_key: 'campaign' }, 'call_1')),
      () => words('It is on its way.'),
    ]);
    await talk.says('Text me the details.');
    const rows = await world.engine.deps.db
      .select()
      .from(attempts)
      .where(eq(attempts.contactId, talk.call.contactId));
    expect(rows).toMatchObject([{ channel: 'sms', purpose: 'reply', body: 'Hello P1' }]);
  });

  it('has tools only three times before it must speak', async () => {
    const again = () => using(tool('record_answer', { key: 'a', value: 'b' }));
    const talk = await talking([again, again, again, () => words('Done.')]);
    await talk.says('Note that down four times, would you?');
    expect(talk.model.requests.map(({ tools }) => tools.length > 0)).toEqual([true, true, true, false]);
    expect(talk.line.said.at(-1)).toBe('Done.');
  });

  it('is told what is wrong with a use it may not make', async () => {
    const talk = await talking([
      () =>
        using(
          { kind: 'tool_call', call: { id: 'x', name: 'record_answer', argumentsJson: '{"key":' } },
          tool('delete_all', {}, 'y'),
        ),
      () => words('Sorry.'),
    ]);
    await talk.says('The river house, if you ask me');
    const told = talk.model.requests[1]?.messages.slice(-2).map(({ content }) => content);
    expect(told).toEqual([
      '{"ok":false,"problem":"The arguments are not a JSON object."}',
      '{"ok":false,"problem":"There is no tool delete_all on this call."}',
    ]);
    const done = await world.engine.deps.db
      .select()
      .from(callActions)
      .where(eq(callActions.callId, talk.call.id));
    expect(done).toEqual([]);
  });

  it('ends the call when its last words were heard', async () => {
    const talk = await talking([
      () => using('Thank you, goodbye. ', tool('end_call', { outcome: 'yes', summary: 'Tuesday suits.' })),
    ]);
    await talk.says('Tuesday it is then, wonderful.');
    expect(talk.line.ended).toEqual([]);
    await talk.listens();
    expect(talk.line.ended).toEqual(['{"next":"hang_up"}']);
  });
});

describe('a model that is', () => {
  it('slow makes the person wait in words, once', async () => {
    const slow = gated();
    const talk = await talking([slow.answer]);
    await talk.says('What about the lamp?');
    world.clocks.pass('real', 2_000);
    slow.say('It is blue. ');
    slow.end();
    await talk.settled();
    expect(talk.line.said.at(-1)).toBe('One moment, please. It is blue. ');
  });

  it('too slow is apologised for; the second time the call is brought to its end', async () => {
    const talk = await talking([gated().answer, gated().answer]);
    await talk.says('What about the lamp?');
    world.clocks.pass('real', 2_000);
    world.clocks.pass('real', 4_000);
    await talk.settled();
    expect(talk.line.said.at(-1)).toBe(
      'One moment, please. I am sorry, that took me too long. Could you say that again?',
    );
    await talk.listens();
    await talk.says('Hello, the lamp?');
    world.clocks.pass('real', 6_000);
    await talk.settled();
    expect(talk.line.said.at(-1)).toContain(
      `I am sorry, I have a technical problem and must end this call. ${CALL_SCRIPT.closing}`,
    );
    await talk.listens();
    expect(talk.line.ended).toHaveLength(1);
  });

  it('broken at once is apologised for, and forgiven when it answers again', async () => {
    const broken: Answer = () => {
      throw new ModelUnavailable('500');
    };
    const talk = await talking([broken, () => words('Here I am.'), broken]);
    await talk.says('What about the lamp?');
    expect(talk.line.said.at(-1)).toBe('I am sorry, that took me too long. Could you say that again?');
    await talk.says('The lamp, I said.');
    expect(talk.line.said.at(-1)).toBe('Here I am.');
    await talk.says('And the table?');
    expect(talk.line.said.at(-1)).toContain('Could you say that again');
    expect(talk.line.ended).toEqual([]);
  });

  it('cut off in the middle closes what it had begun', async () => {
    const talk = await talking([
      async function* () {
        yield { kind: 'text', text: 'It is blue. And ' };
        throw new ModelUnavailable('reset');
      },
    ]);
    await talk.says('What about the lamp?');
    expect(talk.line.said.at(-1)).toBe('It is blue. ');
    expect(talk.line.open).toBe('');
  });

  it('broken everywhere rests, and calls that begin meanwhile follow their script', async () => {
    const broken: Answer = () => {
      throw new ModelUnavailable('500');
    };
    const first = await talking(Array.from({ length: 5 }, () => broken));
    const others = [];
    for (let i = 0; i < 4; i += 1) {
      const call = await world.call();
      const { listener } = await world.open(call);
      const somebody = person(listener, world.clocks);
      await somebody.listens();
      await somebody.listens();
      others.push(somebody);
    }
    await first.says('And the lamp?');
    for (const somebody of others) await somebody.says('And the lamp?');
    const call = await world.call();
    const { line, listener } = await world.open(call);
    const somebody = person(listener, world.clocks);
    await somebody.listens();
    expect(line.said).toEqual([`${CALL_SCRIPT.welcome} ${CALL_SCRIPT.agenda}`]);
  });
});

it('an assistant that follows its script asks no model', async () => {
  const talk = await talking([], { isScripted: true });
  await talk.says('Yes.');
  expect(talk.model.requests).toEqual([]);
  expect(talk.line.said.at(-1)).toContain(CALL_SCRIPT.closing);
});
