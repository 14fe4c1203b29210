import type { assistants } from '#db/call-schema.ts';
import type { DueContact } from '#db/claims.ts';
import type { campaigns, workspaces } from '#db/schema.ts';
import type { CallScript } from '#domain/call.ts';
import { asSpoken } from '#domain/campaign-templates.ts';
import { firstWords } from '#domain/first-words.ts';
import { type CompiledTemplate, compileTemplate, renderTemplate, templateContext } from '#domain/template.ts';

/** Longest text that a carrier speaks in one piece (twilio.com/docs/voice/twiml/say: 4096 characters). */
const MAX_CHARACTERS = 4_000;

const TEXTS = ['welcome', 'agenda', 'closing', 'voicemail'] as const;
type TextName = (typeof TEXTS)[number];
type Assistant = typeof assistants.$inferSelect;

/** What all calls of a campaign share; made once per claim, each template is compiled once per wording. */
export type CallComposer = {
  assistant: Assistant;
  templates: Partial<Record<TextName, CompiledTemplate>>;
  fallbackValues: Record<string, string>;
  companyName: string | null;
  /** On whose behalf the assistant calls. */
  caller: string;
  detection: CallScript['detection'];
  /** The number that the calls come from. */
  fromNumber: string;
};

export type ComposedCall =
  | { kind: 'call'; script: CallScript }
  | { kind: 'refused'; reason: 'empty_message' | 'speech_too_long' };

/** The composer of a campaign's calls. Throws when a template cannot be used, which saving it has already refused. */
export function callComposer(
  campaign: typeof campaigns.$inferSelect,
  workspace: typeof workspaces.$inferSelect,
  assistant: Assistant,
  fromNumber: string,
): CallComposer {
  const spoken = asSpoken(campaign, assistant);
  const isDetecting = campaign.enableVoicemailDetection;
  const wordings: Record<TextName, string | null> = {
    welcome: spoken.welcomeMessageTemplate,
    agenda: campaign.agendaTemplate,
    closing: spoken.endCallMessageTemplate,
    voicemail: isDetecting && campaign.leaveVoicemail ? (campaign.voicemailMessage ?? '') : null,
  };
  return {
    assistant,
    templates: Object.fromEntries(
      TEXTS.flatMap((name) => {
        const wording = wordings[name];
        // A voicemail that is to be left and has no words is refused for each contact, not left out in silence.
        const isUsed = wording !== null && (name === 'voicemail' || wording.trim() !== '');
        return isUsed ? [[name, compileTemplate(wording)]] : [];
      }),
    ),
    fallbackValues: campaign.fallbackValues,
    companyName: workspace.companyName,
    caller: workspace.companyName ?? workspace.name,
    detection: isDetecting ? campaign.detectionMode : 'off',
    fromNumber,
  };
}

/**
 * Everything said on one contact's call, rendered; refused when one of the texts comes out empty, when there is none that
 * says why we call, or when one is longer than a carrier speaks.
 */
export function composeCall(
  composer: CallComposer,
  contact: Pick<DueContact, 'phoneNumber' | 'variableValues'>,
): ComposedCall {
  const { assistant } = composer;
  const context = templateContext({
    values: contact.variableValues,
    phoneNumber: contact.phoneNumber,
    fallbackValues: composer.fallbackValues,
    companyName: composer.companyName,
    assistantName: assistant.name,
  });
  const texts = new Map<TextName, string>();
  for (const name of TEXTS) {
    const template = composer.templates[name];
    if (template) texts.set(name, renderTemplate(template, context).text.trim());
  }
  const greeting = greetingOf(composer);
  if ([...texts.values()].includes('') || !(texts.has('welcome') || texts.has('agenda')))
    return { kind: 'refused', reason: 'empty_message' };
  if ([greeting, ...texts.values()].some((text) => text.length > MAX_CHARACTERS))
    return { kind: 'refused', reason: 'speech_too_long' };
  return {
    kind: 'call',
    script: {
      greeting,
      welcome: texts.get('welcome') ?? '',
      agenda: texts.get('agenda') ?? '',
      closing: texts.get('closing') ?? '',
      voicemail: texts.get('voicemail') ?? null,
      contactName: contact.variableValues.name ?? null,
      companyName: composer.caller,
      assistantName: assistant.name,
      language: assistant.language,
      voice: assistant.voice,
      isRecording: assistant.isRecording,
      detection: composer.detection,
      maxSeconds: assistant.maxCallSeconds,
      values: contact.variableValues,
    },
  };
}

function greetingOf({ assistant, caller }: CallComposer): string {
  return firstWords({
    assistantName: assistant.name,
    companyName: caller,
    isRecording: assistant.isRecording,
    language: assistant.language,
  });
}
