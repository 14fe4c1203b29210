import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallScript } from '#domain/call.ts';
import { DEFAULT_ALLOWED_HOURS } from '#domain/calling-window.ts';
import { readAnswer } from '#domain/conversation/answers.ts';
import { reflex } from '#domain/conversation/reflexes.ts';
import { followScript, openScript } from '#domain/conversation/script.ts';
import { newTalk, type Step, type TalkEvent, type TalkFacts } from '#domain/conversation/talk.ts';
import { CALL_SCRIPT } from '#support/call-script.ts';

const ZONE = 'America/New_York';
const SCRIPT: CallScript = {
  ...CALL_SCRIPT,
  welcome: 'Hi Bob.',
  agenda: 'Your order is ready.',
  closing: '',
};
const FACTS: TalkFacts = {
  script: SCRIPT,
  now: new Date('2026-11-24T19:00:00Z'),
  reach: { zone: ZONE, zones: [ZONE], hours: [DEFAULT_ALLOWED_HOURS] },
  transferKey: null,
  canCallBack: true,
};

/** A whole conversation: what the assistant says to each thing said, keyed or kept silent about. */
function talk(said: (string | TalkEvent)[], facts: TalkFacts = FACTS) {
  const opened = openScript(newTalk(facts.script), facts);
  const steps: Step[] = [opened];
  let { state } = opened;
  for (const one of said) {
    if (steps.at(-1)?.ending) break;
    const event: TalkEvent =
      typeof one === 'string' ? { kind: 'heard', text: one, isDuringSpeech: false } : one;
    const felt = reflex(state, event, facts);
    const step = felt.step ?? followScript(felt.state, event, facts);
    state = step?.state ?? felt.state;
    if (step) steps.push(step);
  }
  return {
    lines: steps.map(({ say }) => say),
    acts: steps.flatMap(({ acts }) => acts.map(({ tool }) => tool)),
    last: steps.at(-1),
    steps,
  };
}

describe('an answer', () => {
  it.each([
    [
      'yes',
      [
        'Yes.',
        'Yeah, sure.',
        'Sounds good to me',
        'OK',
        'Of course.',
        'No, yes.',
        'I do.',
        'Ja, gerne',
        'Claro que sí',
        'Oui, bien sûr',
        'Go ahead',
        'That works for me.',
      ],
    ],
    [
      'no',
      [
        'No.',
        'Nope',
        'Not interested',
        'No thanks',
        'Of course not.',
        'Absolutely not',
        "I don't want it",
        'Yeah, no.',
        'Nein danke',
        'No, gracias',
        'Non merci',
        "I don't think so",
      ],
    ],
    [
      'later',
      [
        'Call me later',
        'Not now',
        'I am busy',
        "I'm driving",
        'No, call me tomorrow',
        'Can you call back on Monday?',
        'Bad time',
        'Rufen Sie später an',
        'Más tarde',
        'Rappelez-moi demain',
        'in a meeting',
      ],
    ],
    [
      'repeat',
      [
        'Pardon?',
        'Can you repeat that?',
        'What?',
        "I didn't understand",
        'Wie bitte?',
        '¿Puede repetir?',
        'Vous pouvez répéter ?',
      ],
    ],
    [
      'who',
      [
        'Who is this?',
        "Who's calling?",
        'What is this about?',
        'How did you get my number?',
        'Wer spricht da?',
        '¿Quién habla?',
        'Qui est à l’appareil ?',
      ],
    ],
    ['number', ['Three.', 'forty two', 'About 12', '3.5']],
    [
      'other',
      [
        'The blue one',
        'My husband decides that',
        'Banana',
        'We have 2 dogs and 3 cats',
        'He knows what to do',
        'I know him',
      ],
    ],
  ] as const)('is a %s', (kind, texts) => {
    for (const text of texts) expect([text, readAnswer(text).kind]).toEqual([text, kind]);
  });
});

describe('the scripted assistant', () => {
  it('asks its own question where the campaign asks none', () => {
    expect(talk([]).lines[0]).toBe(
      'Hi Bob. Your order is ready. Is that all right with you? You can say yes or no, ask me to call later, or ask for a person.',
    );
  });

  it('is a whole call in four languages', () => {
    for (const [language, yes, goodbye] of [
      ['de-DE', 'Ja, gerne.', 'Auf Wiederhören'],
      ['es-ES', 'Sí, claro.', 'Adiós'],
      ['fr-FR', 'Oui, volontiers.', 'Au revoir'],
    ] as const) {
      const { last, acts } = talk([yes], { ...FACTS, script: { ...SCRIPT, language } });
      expect(last?.say).toContain(goodbye);
      expect(acts).toEqual(['record_answer', 'end_call']);
    }
  });

  it('tells again who it is and what it wants', () => {
    const { lines } = talk(['Who is this?', 'Sorry?']);
    expect(lines[1]).toMatch(/^This is Mia, an automated assistant, calling for Acme. Hi Bob\./);
    expect(lines[2]).toBe(lines[0]);
  });

  it('takes keys for answers: one is yes, two no, three later', () => {
    expect(talk([{ kind: 'digit', digit: '1' }]).last?.acts[0]?.arguments.value).toBe('yes');
    expect(talk([{ kind: 'digit', digit: '2' }]).last?.acts[0]?.arguments.value).toBe('no');
    expect(talk([{ kind: 'digit', digit: '3' }]).last?.say).toContain('When should we call you back?');
  });

  it('keeps a time only when it was confirmed', () => {
    expect(talk(['Call me tomorrow at three', 'No.']).acts).toEqual([]);
    const { acts, last } = talk(['Call me tomorrow at three', 'Yes, but at four.', 'Right.']);
    expect(acts).toEqual(['schedule_callback', 'end_call']);
    expect(last?.acts[0]?.arguments.local_time).toBe('2026-11-25T16:00');
    expect(
      talk(['Call me tomorrow at three', 'Yes, tomorrow is fine.']).last?.acts[0]?.arguments.local_time,
    ).toBe('2026-11-25T15:00');
  });

  it('promises no call when it understood no time twice', () => {
    const { acts, last } = talk(['Later.', 'whenever', 'whenever you want']);
    expect(acts).toEqual(['end_call']);
    expect(last?.say).toContain('I noted none');
  });

  it('promises no call to somebody who is no contact', () => {
    const facts = { ...FACTS, canCallBack: false };
    expect(talk(['Call me tomorrow at three'], facts).last?.say).toContain('nor arrange a call');
    expect(talk(['I want a human'], facts).last?.say).toContain('nor arrange a call');
  });

  it('asks for a nearer day when they say one that is too far ahead', () => {
    expect(talk(['Later.', 'In three weeks.']).last?.say).toContain('within the next two weeks');
  });

  it('takes the second curse for the end', () => {
    const { lines, acts, last } = talk(['Go to hell!', 'Go to hell, I said!']);
    expect(lines[1]).toContain('take this number off our list');
    expect(acts).toEqual(['note_complaint', 'note_complaint']);
    expect(last?.ending).toBe('hang_up');
  });

  it('asks again whether they want no more calls when the answer is neither', () => {
    const { lines } = talk(['Go away.', 'Who is asking?', 'Yes.']);
    expect(lines[2]).toBe(lines[1]);
    expect(lines[3]).toContain('We will not contact you');
    expect(talk(['Go away.', 'Banana', 'No.']).lines.at(-1)).toBe('All right, nothing is changed.');
  });

  it('takes silence for a yes where it was asked whether they want no more calls', () => {
    expect(talk(['Enough.', { kind: 'silence' }]).acts).toEqual(['mark_do_not_call']);
  });

  it('tells whether it is recorded', () => {
    expect(talk(['Is this call recorded?']).last?.say).toContain('There is no recording');
    const recorded = { ...FACTS, script: { ...SCRIPT, isRecording: true } };
    expect(talk(['Is this call recorded?'], recorded).last?.say).toContain('Yes, this call is recorded');
  });
});

describe('whatever is said in whatever order', () => {
  const events = fc.array(
    fc.oneof(
      fc.constantFrom(
        'yes',
        'no',
        'stop',
        'stop calling me',
        'call me tomorrow at three',
        'later',
        'in an hour',
        'are you a robot',
        'human please',
        'wrong number',
        'what?',
        'who is this',
        'go away',
        'do not record this',
        'fuck you',
        'banana',
        'leave a message after the tone',
        '42',
      ),
      fc.constantFrom<TalkEvent>(
        { kind: 'silence' },
        { kind: 'digit', digit: '9' },
        { kind: 'digit', digit: '0' },
        { kind: 'digit', digit: '5' },
      ),
      fc.string({ maxLength: 40 }),
    ),
    { maxLength: 25 },
  );

  it('an opt-out is committed before it is confirmed, in the same step', () => {
    fc.assert(
      fc.property(events, (said) => {
        for (const step of talk(said).steps) {
          const isConfirmed = step.say?.includes('We will not contact') ?? false;
          const isCommitted = step.acts.some(
            ({ tool }) => tool === 'mark_do_not_call' || tool === 'note_wrong_number',
          );
          expect(isConfirmed).toBe(isCommitted);
        }
      }),
    );
  });

  it('every step says something or ends, and nothing follows the end', () => {
    fc.assert(
      fc.property(events, (said) => {
        const { steps } = talk(said);
        for (const step of steps.slice(0, -1)) {
          expect(step.ending).toBeNull();
          expect(step.say).toMatch(/\S/);
        }
      }),
    );
  });

  it('“stop calling me” and key 9 end it wherever it stands', () => {
    fc.assert(
      fc.property(
        events,
        fc.constantFrom<string | TalkEvent>('Stop calling me.', { kind: 'digit', digit: '9' }),
        (said, wish) => {
          // Nobody hears what is said after the end: two curses in a row are one.
          fc.pre(!talk(said).last?.ending);
          const { last, acts } = talk([...said, wish]);
          expect(last?.ending).not.toBeNull();
          const isOver = acts.some((tool) => tool !== 'note_complaint' && tool !== 'refuse_recording');
          expect(isOver).toBe(true);
        },
      ),
    );
  });
});
