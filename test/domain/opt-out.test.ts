import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReplyVerdict, readReply } from '#domain/opt-out.ts';
import { STOP_MESSAGES } from '#domain/opt-out-words.ts';

const STOPS = [
  'STOP',
  'stop',
  'Stop.',
  'stop!!',
  ' STOP \n',
  '"STOP"',
  '“stop”',
  "'Stop'",
  '«stop»',
  '*STOP*',
  'STOP 🛑',
  '✋ stop ✋',
  'stop stop stop',
  'STOOOOP',
  's t o p',
  'ＳＴＯＰ',
  '𝐒𝐓𝐎𝐏',
  'Stop, stop!',
  'STOP\n\nSent from my iPhone',
  'STOPALL',
  'stop all',
  'Stop-all',
  'UNSUBSCRIBE',
  'unsubscribe.',
  'Cancel',
  'CANCEL!',
  'END',
  'end.',
  'Quit',
  'OPTOUT',
  'opt out',
  'Opt-Out',
  'OPT–OUT',
  'revoke',
  'stop unsubscribe',
  'ALTO',
  '¡Alto!',
  'baja',
  'DAR DE BAJA',
  'cancelar',
  'Parar',
  'Arrêt',
  'ARRET',
  'arrêter',
  'STOP SMS',
  'désabonner',
  'STOPP',
  'Stopp!',
  'abmelden',
  'sair',
  'PARE',
  'Ferma',
  'Disiscriviti',
];

const NEAR_STOPS = [
  // English, courtesy and anger
  'stop, thanks',
  'Stop please',
  'please stop',
  'STOP IT',
  'stop this!!!',
  'I said stop',
  'I told you to stop',
  'ok stop',
  'Cancel please',
  'please unsubscribe',
  'Can you please stop?',
  'make it stop',
  'This has to stop.',
  '🛑',
  '✋🏽',
  // English, in sentences
  'stop texting me please',
  'Stop texting me',
  'please stop calling',
  'STOP MESSAGING ME',
  'stop sending me this crap',
  'Can you stop these texts?',
  'I want you to stop contacting me',
  "why can't you stop texting me",
  'This number will not stop calling me',
  'The messages need to stop',
  'Stop bothering me',
  'I never said you could, stop texting this number',
  'unsubscribe me please',
  'How do I unsubscribe?',
  'I want to unsubscribe from this',
  'unsubcribe',
  'opt me out',
  'I am opting out',
  'Please opt-out',
  'please remove me',
  'REMOVE',
  'Remove my number',
  'take me off your list',
  'Take me off.',
  'get me off this list',
  'Please take my number off your list!',
  'delete my number',
  'Lose my number',
  'remove my name from your database',
  "don't contact me again",
  'Do not text me',
  'dont call me anymore',
  'Don’t ever text this number again',
  'never call me again',
  'DO NOT CALL',
  'Please do not message me before or after work again',
  "I don't want these texts",
  'I do not wish to be contacted',
  "I don't want to receive any more of these messages",
  "I don't need any more reminders",
  'I no longer wish to receive your texts',
  'no more texts',
  'No more messages please.',
  'No more',
  'no texts',
  'leave me alone',
  'Go away',
  'fuck off',
  'I revoke my consent',
  'I do not consent to this',
  'cease and desist',
  'this is harassment',
  'quit texting me',
  'End these texts',
  'cancel my subscription',
  'STPO',
  'enough!',
  "I'm not interested. Stop.",
  'Thanks but stop',
  'stop bro',
  'pls stop man',
  'no thanks, stop',
  'STOP TEXTING',
  'who is this? stop texting',
  "I'd like to opt out",
  'not interested please remove me',
  'Please remove from your mailing list',
  'do not contact',
  "Don't send me any more texts",
  // Spanish
  'por favor parar',
  'Deje de enviarme mensajes',
  'dejen de llamarme',
  'No me escriban más',
  'no me llames',
  'No quiero más mensajes',
  'quítenme de la lista',
  'Borre mi número',
  'Dame de baja por favor',
  'quiero darme de baja',
  'déjenme en paz',
  'no más',
  // French
  'Arrêtez de m’envoyer des messages',
  "Ne m'appelez plus",
  'ne me contactez plus svp',
  'Je ne veux plus recevoir de SMS',
  'Retirez-moi de votre liste',
  'Supprimez mon numéro',
  'plus de messages merci',
  'désabonnez-moi',
  'Laissez-moi tranquille !',
  'Merci de ne plus me contacter',
  // German
  'Bitte keine SMS mehr',
  'Hören Sie auf mir zu schreiben',
  'Rufen Sie mich nicht mehr an',
  'Löschen Sie meine Nummer',
  'Nehmen Sie mich von der Liste',
  'Lasst mich in Ruhe',
  'bitte abmelden',
  'Ich möchte mich abmelden',
  'Keine weiteren Nachrichten bitte',
  // Portuguese
  'Pare de me enviar mensagens',
  'Não me liguem mais',
  'não quero mais receber mensagens',
  'me remova da lista',
  'Tire meu número da lista',
  'Me deixe em paz',
  // Italian
  'Smettete di scrivermi',
  'Non scrivetemi più',
  'non voglio più messaggi',
  'Toglietemi dalla lista',
  'Cancellate il mio numero',
  'basta messaggi',
  'Lasciatemi in pace',
];

const FALSE_FRIENDS = [
  '',
  '   ',
  '👍',
  'YES',
  'yes please',
  'No',
  'ok',
  'Thanks!',
  'we must stop this',
  'We must STOP this bill! Call your senator.',
  'stop by tomorrow',
  'Can you stop by at 5?',
  "I'll stop by and call you",
  'I am at the bus stop',
  'text me when you reach the next stop',
  'its the last stop, call me there',
  "I'll end the day at 5",
  'The end of the month works for me',
  'in the end it worked',
  "can't stop laughing",
  'I cannot stop smiling',
  "please don't stop",
  "Don't stop texting me!",
  'never stop',
  "I don't want to stop",
  "we won't stop",
  "It won't stop raining",
  'They stopped yesterday',
  'cancel my appointment',
  "I can't make it, please cancel",
  "Cancel, I can't make it",
  'Please cancel my appointment on Monday',
  'I need to cancel our meeting',
  'Can I cancel for Tuesday? And call me please',
  "don't cancel my order",
  'I quit smoking last year',
  'I quit my job, call me on my cell',
  'a non-stop flight please',
  'full stop',
  'stop sign',
  'What does stop mean',
  "I'm driving with Focus turned on. I'll see your message when I get where I'm going.",
  "I'm not receiving notifications. If this is urgent, reply urgent.",
  'Liked “Hi Ann, your order is ready. Reply STOP to opt out.”',
  'Disliked "Hi Ann, your order is ready. Reply STOP to opt out of texts"',
  '👍 to “Hi Ann, reply STOP to end these messages”',
  'Do not call before 5',
  "please don't text me until Monday",
  "don't worry, I'll text you",
  "Don't forget to call me",
  "I didn't get your message",
  "I don't have your number",
  "I don't want to miss your call",
  'you never call me',
  'no problem, call me',
  'Not interested',
  'wrong number',
  'who is this?',
  'call me',
  'Please text me the address',
  'remove the onions please',
  'delete that order',
  'the list of items please',
  'My number is 555 123 4567',
  'I am fine',
  'Fine',
  'alto nivel, gracias',
  'No me llame antes de las 5',
  'no me llamaste ayer',
  'Para cuando es la cita?',
  'Je veux plus de temps',
  'Pouvez-vous m’appeler demain ?',
  'Ich habe keine Nachricht bekommen',
  'Bitte nicht anrufen vor 9',
  'Pode me ligar amanhã?',
  'Chiamatemi domani',
];

const KEYWORDS: [string, ReplyVerdict][] = [
  ['START', 'start'],
  ['start!', 'start'],
  ['Unstop', 'start'],
  ['"UNSTOP".', 'start'],
  ['HELP', 'help'],
  ['help?', 'help'],
  ['Info', 'help'],
  ['ayuda', 'help'],
  ['Hilfe!', 'help'],
  ['start at five', 'reply'],
  ['can you help me', 'reply'],
  ['YES', 'reply'],
];

describe('a text from a contact', () => {
  test.each(STOPS)('“%s” is an opt-out at once', (body) => {
    expect(readReply(body)).toBe('stop');
  });

  test.each(NEAR_STOPS)('“%s” holds everything until someone decides', (body) => {
    expect(readReply(body)).toBe('near_stop');
  });

  test.each(FALSE_FRIENDS)('“%s” is only a reply', (body) => {
    expect(readReply(body)).toBe('reply');
  });

  test.each(KEYWORDS)('“%s” is read as %s', (body, verdict) => {
    expect(readReply(body)).toBe(verdict);
  });

  test.each(['stop', 'start', 'help'] as const)(
    "the provider's own verdict %s wins over our reading",
    (verdict) => {
      expect(readReply('YES', verdict)).toBe(verdict);
      expect(readReply('cancel my appointment', verdict)).toBe(verdict);
    },
  );

  test('no verdict of the provider leaves the reading to us', () => {
    expect(readReply('STOP', null)).toBe('stop');
  });

  test('every keyword is an opt-out whatever its case and the signs around it', () => {
    const keyword = fc.constantFrom(...Object.values(STOP_MESSAGES).flat());
    const sign = fc.constantFrom('', ' ', '.', '!!', '"', '“', '…', '🙏', '\n', '-', '*');
    const letterCase = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toUpperCase(),
      (text: string) => text.charAt(0).toUpperCase() + text.slice(1),
    );
    fc.assert(
      fc.property(keyword, letterCase, sign, sign, (word, change, before, after) => {
        expect(readReply(before + change(word) + after)).toBe('stop');
      }),
    );
  });

  test('any text whatever gets one of the five verdicts', () => {
    const words = fc.array(
      fc.constantFrom('stop', 'dont', '"', '“', 'me', 'text', '>', "'", 'ne', 'plus', 'i', '🛑', '.'),
    );
    const bodies = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2000 }),
      words.map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(bodies, (body) => {
        expect(['stop', 'near_stop', 'start', 'help', 'reply']).toContain(readReply(body));
      }),
    );
  });
});
