/** Whom a caller reaches: the assistant's name, the company it speaks for, and whether the call is recorded. */
export type Introduction = { assistantName: string; companyName: string; isRecording: boolean };

/**
 * The fixed words of a call outside the conversation, in one language. Every greeting says at its beginning who speaks and
 * for whom, that it is an automated voice, that the call is transcribed or recorded too, and how to be left alone, in the words
 * of first-words.ts (telephony.md §4, §5, §6).
 */
export type DeskWords = {
  /** The conversation cannot go on, or never began, for a reason of our own. */
  apology(companyName: string): string;
  /** Said to somebody who is put through. */
  puttingThrough: string;
  /** Nobody took the call they were put through to; that they asked is known to us by then. */
  nobodyFree(companyName: string): string;
  /** Somebody whom we called or texted rings back. */
  backGreeting(who: Introduction, reached: 'call' | 'sms'): string;
  /** Somebody calls whom we know nothing of. */
  strangerGreeting(who: Introduction): string;
  /** Why they may have our number, and that they may speak. */
  strangerWelcome(companyName: string): string;
  /** Follows the greeting of somebody who was texted and never called. */
  textedWelcome(companyName: string): string;
  goodbye(companyName: string): string;
  /** Somebody whose number we are not shown, so that nothing can be done for them. */
  withheld(companyName: string): string;
};

const ENGLISH: DeskWords = {
  apology: (company) =>
    `I am sorry, we have a technical problem and cannot go on with this call. This was an automated call for ${company}. Goodbye.`,
  puttingThrough: 'One moment please, I am putting you through.',
  nobodyFree: (company) =>
    `I am sorry, nobody could take your call just now. The people at ${company} are told that you asked for them. Goodbye.`,
  backGreeting: (who, reached) =>
    `Hello, this is ${who.assistantName}, the automated voice assistant of ${who.companyName}. ` +
    `${who.isRecording ? 'This call is recorded and transcribed.' : 'This call is transcribed.'} ` +
    `We ${reached === 'call' ? 'called' : 'texted'} you recently. ` +
    'If you do not want our calls, say stop calling, or press 9, at any time.',
  strangerGreeting: (who) =>
    `Hello, this is ${who.assistantName}, the automated voice assistant of ${who.companyName}. ` +
    `${who.isRecording ? 'This call is recorded and transcribed.' : 'This call is transcribed.'} ` +
    'If you do not want our calls, say stop calling, or press 9, at any time.',
  strangerWelcome: (company) =>
    `If you had a call from this number, ${company} was trying to reach somebody at yours. What can I do for you?`,
  textedWelcome: (company) =>
    `You had a text message from ${company}, and this is the number it came from. What can I do for you?`,
  goodbye: (company) => `Thank you for calling ${company}. Goodbye.`,
  withheld: (company) =>
    `Hello, this is the automated line of ${company}. Your number is not shown to us, so we cannot tell whether we called you. ` +
    'If you do not want to be called by us, please call again with your number shown. Goodbye.',
};

const GERMAN: DeskWords = {
  apology: (company) =>
    `Es tut mir leid, wir haben eine technische Störung und können dieses Gespräch nicht fortsetzen. Das war ein automatischer Anruf für ${company}. Auf Wiederhören.`,
  puttingThrough: 'Einen Moment bitte, ich verbinde Sie.',
  nobodyFree: (company) =>
    `Es tut mir leid, im Moment ist niemand frei. ${company} weiß, dass Sie um ein Gespräch gebeten haben. Auf Wiederhören.`,
  backGreeting: (who, reached) =>
    `Guten Tag, hier ist ${who.assistantName}, die automatische Sprachassistenz von ${who.companyName}. ` +
    `${who.isRecording ? 'Dieses Gespräch wird aufgezeichnet und mitgeschrieben.' : 'Dieses Gespräch wird mitgeschrieben.'} ` +
    `Wir haben ${reached === 'call' ? 'Sie kürzlich angerufen' : 'Ihnen kürzlich eine Nachricht geschickt'}. ` +
    'Wenn Sie keine Anrufe von uns möchten, sagen Sie jederzeit: Stopp, keine Anrufe mehr, oder drücken Sie die 9.',
  strangerGreeting: (who) =>
    `Guten Tag, hier ist ${who.assistantName}, die automatische Sprachassistenz von ${who.companyName}. ` +
    `${who.isRecording ? 'Dieses Gespräch wird aufgezeichnet und mitgeschrieben.' : 'Dieses Gespräch wird mitgeschrieben.'} ` +
    'Wenn Sie keine Anrufe von uns möchten, sagen Sie jederzeit: Stopp, keine Anrufe mehr, oder drücken Sie die 9.',
  strangerWelcome: (company) =>
    `Wenn Sie von dieser Nummer angerufen wurden, wollte ${company} jemanden bei Ihnen erreichen. Was kann ich für Sie tun?`,
  textedWelcome: (company) =>
    `Sie haben von ${company} eine Nachricht bekommen, und zwar von dieser Nummer. Was kann ich für Sie tun?`,
  goodbye: (company) => `Danke für Ihren Anruf bei ${company}. Auf Wiederhören.`,
  withheld: (company) =>
    `Guten Tag, hier ist der automatische Anschluss von ${company}. Ihre Nummer wird nicht angezeigt, deshalb wissen wir nicht, ob wir Sie angerufen haben. ` +
    'Wenn Sie nicht von uns angerufen werden möchten, rufen Sie bitte noch einmal mit sichtbarer Nummer an. Auf Wiederhören.',
};

const FRENCH: DeskWords = {
  apology: (company) =>
    `Je suis désolé, nous avons un problème technique et ne pouvons pas poursuivre cet appel. C’était un appel automatique pour ${company}. Au revoir.`,
  puttingThrough: 'Un instant s’il vous plaît, je vous mets en relation.',
  nobodyFree: (company) =>
    `Je suis désolé, personne n’est disponible pour le moment. ${company} est informé de votre demande. Au revoir.`,
  backGreeting: (who, reached) =>
    `Bonjour, ici ${who.assistantName}, l’assistant vocal automatique de ${who.companyName}. ` +
    `${who.isRecording ? 'Cet appel est enregistré et transcrit.' : 'Cet appel est transcrit.'} ` +
    `Nous vous avons récemment ${reached === 'call' ? 'appelé' : 'envoyé un message'}. ` +
    'Si vous ne souhaitez plus nos appels, dites stop, ne m’appelez plus, ou appuyez sur la touche 9, à tout moment.',
  strangerGreeting: (who) =>
    `Bonjour, ici ${who.assistantName}, l’assistant vocal automatique de ${who.companyName}. ` +
    `${who.isRecording ? 'Cet appel est enregistré et transcrit.' : 'Cet appel est transcrit.'} ` +
    'Si vous ne souhaitez plus nos appels, dites stop, ne m’appelez plus, ou appuyez sur la touche 9, à tout moment.',
  strangerWelcome: (company) =>
    `Si vous avez reçu un appel de ce numéro, ${company} cherchait à joindre quelqu’un chez vous. Que puis-je faire pour vous ?`,
  textedWelcome: (company) =>
    `Vous avez reçu un message de ${company}, envoyé depuis ce numéro. Que puis-je faire pour vous ?`,
  goodbye: (company) => `Merci d’avoir appelé ${company}. Au revoir.`,
  withheld: (company) =>
    `Bonjour, ici la ligne automatique de ${company}. Votre numéro est masqué, nous ne pouvons donc pas savoir si nous vous avons appelé. ` +
    'Si vous ne souhaitez pas être appelé par nous, rappelez en affichant votre numéro. Au revoir.',
};

const SPANISH: DeskWords = {
  apology: (company) =>
    `Lo siento, tenemos un problema técnico y no podemos continuar esta llamada. Esta fue una llamada automática de ${company}. Adiós.`,
  puttingThrough: 'Un momento, por favor, le paso la llamada.',
  nobodyFree: (company) =>
    `Lo siento, en este momento nadie puede atenderle. ${company} sabe que usted lo pidió. Adiós.`,
  backGreeting: (who, reached) =>
    `Hola, le habla ${who.assistantName}, el asistente de voz automático de ${who.companyName}. ` +
    `${who.isRecording ? 'Esta llamada se graba y se transcribe.' : 'Esta llamada se transcribe.'} ` +
    `Hace poco ${reached === 'call' ? 'le llamamos' : 'le enviamos un mensaje'}. ` +
    'Si no desea nuestras llamadas, diga basta, no me llame más, o pulse el 9, en cualquier momento.',
  strangerGreeting: (who) =>
    `Hola, le habla ${who.assistantName}, el asistente de voz automático de ${who.companyName}. ` +
    `${who.isRecording ? 'Esta llamada se graba y se transcribe.' : 'Esta llamada se transcribe.'} ` +
    'Si no desea nuestras llamadas, diga basta, no me llame más, o pulse el 9, en cualquier momento.',
  strangerWelcome: (company) =>
    `Si recibió una llamada de este número, ${company} quería hablar con alguien en el suyo. ¿En qué puedo ayudarle?`,
  textedWelcome: (company) =>
    `Usted recibió un mensaje de ${company}, enviado desde este número. ¿En qué puedo ayudarle?`,
  goodbye: (company) => `Gracias por llamar a ${company}. Adiós.`,
  withheld: (company) =>
    `Hola, esta es la línea automática de ${company}. No vemos su número, así que no sabemos si le hemos llamado. ` +
    'Si no quiere que le llamemos, vuelva a llamar mostrando su número. Adiós.',
};

const BY_LANGUAGE: Record<string, DeskWords> = { en: ENGLISH, de: GERMAN, fr: FRENCH, es: SPANISH };

/** The fixed words in a language, by its BCP-47 tag; in English where they are not known. */
export function deskWords(language: string): DeskWords {
  return BY_LANGUAGE[language.slice(0, 2).toLowerCase()] ?? ENGLISH;
}
