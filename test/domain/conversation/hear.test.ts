import { describe, expect, it } from 'vitest';
import { type Heard, readUtterance } from '#domain/conversation/hear.ts';

const SILENCE = { isDuringSpeech: false, isOptOutOffered: false, lastSaid: 'Would Tuesday suit you?' };
const SPEECH = { ...SILENCE, isDuringSpeech: true };
const OFFERED = { ...SILENCE, isOptOutOffered: true };

function firstHeard(text: string, hearing = SILENCE): Heard | null {
  return readUtterance(text, hearing)[0] ?? null;
}

describe('an opt-out', () => {
  it.each([
    'Stop calling me.',
    'stop calling me',
    'Please stop calling this number!',
    'Uh, would you please stop calling.',
    'Can you stop phoning us?',
    'Take me off your list.',
    'Please take my number off the list',
    'Get me off this list',
    'Remove me from your call list please',
    'Remove my number.',
    'Delete my number',
    'Lose my number.',
    'Put me on your do not call list.',
    'I am on the do not call registry.',
    "Don't call me again",
    'Do not call again.',
    "Don't ever call here again",
    'Never call this number again.',
    "I don't want any more calls.",
    "I don't want to be called anymore",
    'No more calls.',
    'I never want to hear from you again',
    "I don't want you calling my house",
    'Leave me alone.',
    'Unsubscribe.',
    'Opt out',
    'I want to opt out, please.',
    'I revoke my consent.',
    'Cease and desist.',
    'Quit bothering me',
    'Fuck off.',
    "Well, listen, I'm not interested, and don't call me back.",
    'Hello? Yeah, hi, stop calling me at dinner time.',
    "Don't call me again, call my lawyer.",
    'Rufen Sie mich nicht mehr an.',
    'Rufen Sie nie wieder an!',
    'Streichen Sie mich von der Liste, löschen Sie meine Nummer.',
    'Lassen Sie mich in Ruhe.',
    'Hören Sie auf, mich anzurufen.',
    'Keine Anrufe mehr.',
    'No me llame más.',
    'Deje de llamarme.',
    'Quítenme de la lista. Quite mi número.',
    'No quiero más llamadas',
    'Ne m’appelez plus.',
    'Arrêtez de m’appeler.',
    'Je ne veux plus être contacté.',
    'Retirez mon numéro de votre liste.',
    'Laissez-moi tranquille.',
  ])('is heard at once in “%s”, also into the assistant’s words', (text) => {
    expect(firstHeard(text)).toBe('opt_out');
    expect(firstHeard(text, SPEECH)).toBe('opt_out');
  });

  it.each(['Stop.', 'stop', 'Please stop.', 'Stop stop stop', 'Stopp!', 'Alto.', 'Uh, stop.'])(
    'is a bare “%s” into silence or after the offer, and a wish for silence into speech',
    (text) => {
      expect(firstHeard(text)).toBe('opt_out');
      expect(firstHeard(text, OFFERED)).toBe('opt_out');
      expect(firstHeard(text, { ...SPEECH, isOptOutOffered: true })).toBe('opt_out');
      expect(firstHeard(text, SPEECH)).toBe('stop_talking');
    },
  );

  it.each(['Cancel.', 'Enough.', 'Quit.', 'Go away.', "Don't text me.", 'Stop it, will you.'])(
    'may be meant by “%s”, so they are asked',
    (text) => expect(firstHeard(text)).toBe('maybe_opt_out'),
  );

  it('is not meant by a word that the assistant has just offered', () => {
    const asked = { ...SILENCE, lastSaid: 'Do you want to keep the appointment or cancel it?' };
    expect(firstHeard('Cancel.', asked)).toBeNull();
  });

  it.each([
    "I can't stop laughing.",
    'Stop by tomorrow.',
    "I'll stop by the office on Monday",
    "Don't stop.",
    "No no, don't stop, go on.",
    'The bus stop is right here.',
    'It is the next stop after the station',
    'We make a stop in Denver.',
    'I never call anybody before noon.',
    "I don't call people back.",
    'My flight has one stop.',
    'Call me tomorrow.',
    'Can you call me back at three?',
    "Don't call me before five.",
    'Do not call until Monday, please.',
    "Don't call me at work, call my cell.",
    "Don't call me now, call me tomorrow at three.",
    'Yes.',
    'No.',
    'Hello?',
    'I am not interested.',
    'What is this about?',
    'I want to cancel my appointment on Friday',
    'Remove the old bed when you come',
    'The list is fine.',
    'Ja, gerne.',
    'Rufen Sie mich morgen an.',
    'Llámeme mañana.',
    'Appelez-moi demain.',
  ])('is not heard in “%s”', (text) => {
    expect(readUtterance(text, SILENCE)).not.toContain('opt_out');
    expect(readUtterance(text, SPEECH)).not.toContain('opt_out');
  });
});

describe('the question whether one talks to a robot', () => {
  it.each([
    'Are you a robot?',
    'are you a real person',
    'Is this a recording?',
    'Is this a real person or a machine?',
    'Am I talking to a bot?',
    'Are you human?',
    'Wait, are you an AI?',
    "You're a robot, aren't you?",
    'You sound like a robot.',
    'Is this some kind of robocall?',
    'Are you a person?',
    'Sind Sie ein Roboter?',
    'Spreche ich mit einem Menschen?',
    '¿Es usted un robot?',
    'Êtes-vous un robot ?',
    'C’est un enregistrement ?',
  ])('is heard in “%s”', (text) => expect(readUtterance(text, SILENCE)).toContain('robot_question'));

  it.each([
    'Is this the bank?',
    'Are you calling about the robot vacuum I ordered?',
    'My son builds a robot.',
    'Is this call about my car?',
    'Are you open on Sunday?',
  ])('is not heard in “%s”', (text) => expect(readUtterance(text, SILENCE)).not.toContain('robot_question'));
});

describe('the wish to talk to a person', () => {
  it.each([
    'Can I speak to a human?',
    'I want to talk to a real person.',
    'Representative.',
    'Agent, please.',
    'Can you put me through to someone?',
    'Let me talk to your manager',
    'Transfer me to an operator',
    'I would like to speak with somebody from customer service',
    'Give me a human.',
    'Verbinden Sie mich mit einem Mitarbeiter.',
    'Ich möchte mit einem Menschen sprechen.',
    'Quiero hablar con una persona.',
    'Je veux parler à un conseiller.',
  ])('is heard in “%s”', (text) => expect(readUtterance(text, SILENCE)).toContain('human'));

  it.each([
    'I need to talk to my manager first.',
    'Let me speak to my wife.',
    'I have to talk to someone at home first',
    'I was talking to you yesterday.',
    'I am a manager.',
    'Can we talk tomorrow?',
    'Can you transfer me the money?',
  ])('is not heard in “%s”', (text) => expect(readUtterance(text, SILENCE)).not.toContain('human'));
});

describe('a wrong number', () => {
  it.each([
    'You have the wrong number.',
    'Wrong number!',
    'I think you got the wrong person',
    'There is nobody here by that name.',
    "There's no Bob here.",
    'No one here of that name',
    "He doesn't live here anymore.",
    "I don't know anyone called Bob.",
    'Sie haben sich verwählt.',
    'Falsche Nummer.',
    'Número equivocado.',
    'Vous vous êtes trompé de numéro.',
    'C’est un mauvais numéro.',
  ])('is heard in “%s”', (text) => expect(firstHeard(text)).toBe('wrong_number'));

  it.each([
    "It's not the wrong number, I am his wife.",
    'Bob is not here right now.',
    'What number are you calling from?',
    'There is no problem here.',
    'I live here.',
  ])('is not heard in “%s”', (text) => expect(readUtterance(text, SILENCE)).not.toContain('wrong_number'));
});

describe('a refusal to be recorded', () => {
  it.each([
    "Don't record this call.",
    'Stop recording.',
    'Please turn off the recording',
    "I don't consent to being recorded.",
    'No recording please',
    'I do not want to be recorded',
    'Bitte keine Aufzeichnung.',
    'No grabe la llamada.',
    'Je ne veux pas être enregistré.',
  ])('is heard in “%s”, which is no opt-out', (text) => {
    expect(readUtterance(text, SILENCE)).toContain('no_recording');
    expect(readUtterance(text, SILENCE)).not.toContain('opt_out');
  });

  it('is heard beside an opt-out, which comes first', () => {
    expect(readUtterance('Stop recording this, and take me off your list.', SILENCE)).toEqual([
      'opt_out',
      'no_recording',
    ]);
  });

  it.each(["I don't mind being recorded.", 'For the record, I like it.', 'Are you recording this?'])(
    'is not heard in “%s”',
    (text) => expect(readUtterance(text, SILENCE)).not.toContain('no_recording'),
  );

  it('is told from the question whether there is a recording', () => {
    expect(firstHeard('Is this call being recorded?')).toBe('recording_question');
  });
});

describe('a voicemail greeting', () => {
  it.each([
    'Please leave a message after the tone.',
    "Hi, you've reached the voicemail of Bob Miller.",
    "I can't come to the phone right now, so leave your name and number and I'll call you back.",
    'The person you are trying to reach is not available. At the tone, please record your message.',
    'The mailbox is full and cannot accept any messages.',
    'Your call has been forwarded to an automatic voice messaging system.',
    "We're not available to take your call. Leave a message and we'll get back to you as soon as possible.",
    'No one is available to take your call.',
    'Beep.',
    'Dies ist die Mailbox von Anna. Bitte hinterlassen Sie eine Nachricht nach dem Signalton.',
    'Deje su mensaje después del tono.',
    'Laissez un message après le bip sonore.',
  ])('is heard in “%s”', (text) => expect(firstHeard(text)).toBe('machine'));

  it.each([
    'Can I take a message?',
    'Do you want to leave a message for him?',
    'He is not available right now, can I help you?',
    'I got your voicemail yesterday.',
    'Send me a message.',
    'My phone beeped.',
  ])('is not heard in a person’s “%s”', (text) =>
    expect(readUtterance(text, SILENCE)).not.toContain('machine'),
  );
});

describe('anger', () => {
  it.each([
    'Fuck you.',
    'Go to hell!',
    'I will report you to the FCC.',
    'My lawyer will hear of this.',
    'This is illegal.',
  ])('is heard in “%s”', (text) => expect(readUtterance(text, SILENCE)).toContain('complaint'));

  it.each(['Holy shit, that is great.', 'Damn, I forgot.', 'I am a lawyer.', 'My son is a police officer'])(
    'is not heard in “%s”',
    (text) => expect(readUtterance(text, SILENCE)).not.toContain('complaint'),
  );

  it('“shut up” asks for silence', () => expect(firstHeard('Shut up!', SPEECH)).toBe('stop_talking'));
});
