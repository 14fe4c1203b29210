import type { AssistantRow } from '#db/assistants.ts';
import type { Reach } from '#db/call-desk.ts';
import type { WorkspaceRow } from '#db/workspaces.ts';
import type { CallScript } from '#domain/call.ts';
import { deskWords } from '#domain/desk-words.ts';

/** Who answers where no assistant was ever set up. */
const NOBODY = {
  name: 'Ringmaster',
  voice: 'joanna',
  language: 'en-US',
  isRecording: false,
  maxCallSeconds: 600,
} as const;

type Speaker = Pick<AssistantRow, 'name' | 'voice' | 'language' | 'isRecording' | 'maxCallSeconds'>;

/** What somebody hears who rings back: who we are, that we reached for them, and what about, as it was said to them. */
export function backScript(
  reach: Reach,
  assistant: AssistantRow | null,
  workspace: Pick<WorkspaceRow, 'name' | 'companyName'> | null,
): CallScript {
  const speaker = assistant ?? NOBODY;
  const companyName = reach.script?.companyName ?? companyOf(workspace);
  const words = deskWords(speaker.language);
  return {
    ...scriptOf(speaker, companyName),
    greeting: words.backGreeting(introduction(speaker, companyName), reach.channel),
    welcome: reach.script?.welcome ?? words.textedWelcome(companyName),
    agenda: reach.script?.agenda ?? '',
    closing: reach.script?.closing || words.goodbye(companyName),
    contactName: reach.script?.contactName ?? (reach.contactValues.name?.trim() || null),
    values: reach.script?.values ?? reach.contactValues,
  };
}

/** What a caller hears whom we know nothing of. */
export function strangerScript(
  assistant: AssistantRow | null,
  workspace: Pick<WorkspaceRow, 'name' | 'companyName'>,
): CallScript {
  const speaker = assistant ?? NOBODY;
  const companyName = companyOf(workspace);
  const words = deskWords(speaker.language);
  return {
    ...scriptOf(speaker, companyName),
    greeting: words.strangerGreeting(introduction(speaker, companyName)),
    welcome: words.strangerWelcome(companyName),
    agenda: '',
    closing: words.goodbye(companyName),
    contactName: null,
    values: {},
  };
}

function scriptOf(speaker: Speaker, companyName: string) {
  return {
    voicemail: null,
    companyName,
    assistantName: speaker.name,
    language: speaker.language,
    voice: speaker.voice,
    isRecording: speaker.isRecording,
    detection: 'off' as const,
    maxSeconds: speaker.maxCallSeconds,
  };
}

function introduction({ name, isRecording }: Speaker, companyName: string) {
  return { assistantName: name, companyName, isRecording };
}

function companyOf(workspace: Pick<WorkspaceRow, 'name' | 'companyName'> | null): string {
  return workspace?.companyName ?? workspace?.name ?? 'our company';
}
