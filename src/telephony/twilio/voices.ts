import { VOICES, type VoiceName } from '#domain/voices.ts';

/** Our voices by the names they have at Amazon Polly, which Twilio speaks with. */
const POLLY = {
  joanna: 'Joanna-Neural',
  matthew: 'Matthew-Neural',
  amy: 'Amy-Neural',
  brian: 'Brian-Neural',
  olivia: 'Olivia-Neural',
  vicki: 'Vicki-Neural',
  daniel: 'Daniel-Neural',
  lea: 'Lea-Neural',
  lucia: 'Lucia-Neural',
  mia: 'Mia-Neural',
} as const satisfies Record<VoiceName, string>;

/** A voice as Twilio knows it, with the one language it speaks: another one beside it is refused (telephony.md §4, 64106). */
export type TwilioVoice = { name: string; language: string };

/** A voice nobody knows any more is replaced by one of the same language, so that the call still speaks. */
export function twilioVoice(voice: string, language: string): TwilioVoice {
  const known = isVoice(voice) ? voice : (voiceOf(language) ?? 'joanna');
  return { name: POLLY[known], language: VOICES[known].language };
}

/**
 * What listens best to a language: Deepgram's flux knows when somebody has finished, without waiting for a silence, but
 * understands English only (telephony.md §4).
 */
export function speechModel(language: string): 'flux' | 'nova-3-general' {
  return /^en\b/i.test(language) ? 'flux' : 'nova-3-general';
}

function isVoice(voice: string): voice is VoiceName {
  return Object.hasOwn(VOICES, voice);
}

function voiceOf(language: string): VoiceName | undefined {
  const names = Object.keys(VOICES) as VoiceName[];
  const primary = language.split('-', 1)[0];
  return (
    names.find((name) => VOICES[name].language === language) ??
    names.find((name) => VOICES[name].language.startsWith(`${primary}-`))
  );
}
