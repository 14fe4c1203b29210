/** A voice of an assistant, by its name in our own list; each provider's adapter knows what it is called there. */
export const VOICES = {
  joanna: { label: 'Joanna, US English', language: 'en-US' },
  matthew: { label: 'Matthew, US English', language: 'en-US' },
  amy: { label: 'Amy, British English', language: 'en-GB' },
  brian: { label: 'Brian, British English', language: 'en-GB' },
  olivia: { label: 'Olivia, Australian English', language: 'en-AU' },
  vicki: { label: 'Vicki, German', language: 'de-DE' },
  daniel: { label: 'Daniel, German', language: 'de-DE' },
  lea: { label: 'Léa, French', language: 'fr-FR' },
  lucia: { label: 'Lucía, Spanish of Spain', language: 'es-ES' },
  mia: { label: 'Mía, Mexican Spanish', language: 'es-MX' },
} as const satisfies Record<string, { label: string; language: string }>;

export type VoiceName = keyof typeof VOICES;
