/** What the first words of a call are made of. `companyName`: on whose behalf; `language`: BCP 47, as voices have it. */
export type FirstWords = {
  assistantName: string;
  companyName: string;
  isRecording: boolean;
  language: string;
};

/**
 * The fixed first utterance of every call: who calls, on whose behalf, that it is an automated voice, that the call is
 * recorded and transcribed where it is, and how to be left alone, within the call and at any time (telephony.md §4, §6:
 * 47 CFR 64.1200(b), state laws on disclosure; §5: consent to recording). A language nobody wrote them in is greeted in
 * English.
 */
export function firstWords({ assistantName, companyName, isRecording, language }: FirstWords): string {
  const words = WORDS[language.slice(0, 2).toLowerCase()] ?? ENGLISH;
  const name = oneLine(assistantName);
  const company = withoutPeriod(oneLine(companyName));
  return [words.who(name, company), isRecording ? words.recorded : words.transcribed, words.optOut].join(' ');
}

type Words = {
  who(name: string, company: string): string;
  recorded: string;
  transcribed: string;
  optOut: string;
};

const ENGLISH: Words = {
  who: (name, company) => `Hello, this is ${name}, an automated voice calling on behalf of ${company}.`,
  recorded: 'This call is recorded and transcribed.',
  transcribed: 'This call is transcribed.',
  optOut: 'If you do not want these calls, say stop calling, or press 9, at any time.',
};

const WORDS: Record<string, Words> = {
  en: ENGLISH,
  de: {
    who: (name, company) =>
      `Guten Tag, hier ist ${name}, eine automatische Stimme, die im Auftrag von ${company} anruft.`,
    recorded: 'Dieses Gespräch wird aufgezeichnet und mitgeschrieben.',
    transcribed: 'Dieses Gespräch wird mitgeschrieben.',
    optOut:
      'Wenn Sie solche Anrufe nicht möchten, sagen Sie jederzeit: Stopp, keine Anrufe mehr, oder drücken Sie die 9.',
  },
  fr: {
    who: (name, company) =>
      `Bonjour, ici ${name}, une voix automatique qui vous appelle de la part de ${company}.`,
    recorded: 'Cet appel est enregistré et transcrit.',
    transcribed: 'Cet appel est transcrit.',
    optOut:
      'Si vous ne souhaitez plus recevoir ces appels, dites stop, ne m’appelez plus, ou appuyez sur la touche 9, à tout moment.',
  },
  es: {
    who: (name, company) => `Hola, soy ${name}, una voz automática que llama de parte de ${company}.`,
    recorded: 'Esta llamada se graba y se transcribe.',
    transcribed: 'Esta llamada se transcribe.',
    optOut:
      'Si no desea recibir estas llamadas, diga basta, no me llame más, o pulse el 9, en cualquier momento.',
  },
};

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function withoutPeriod(text: string): string {
  return text.replace(/\.$/, '');
}
