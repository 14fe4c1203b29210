import type { CallScript } from '#domain/call.ts';
import { type Lines, linesOf } from './lines.ts';
import type { Reach } from './spoken-time.ts';

/** What the assistant may do beside speaking; those of `REFLEX_ACTS` are never offered to a model. */
export type Act = { tool: ToolName | ReflexTool; arguments: Record<string, unknown> };
export type ToolName =
  | 'end_call'
  | 'mark_do_not_call'
  | 'schedule_callback'
  | 'transfer'
  | 'record_answer'
  | 'send_followup_sms';
export type ReflexTool =
  | 'note_wrong_number'
  | 'note_person_wanted'
  | 'note_complaint'
  | 'note_machine'
  | 'refuse_recording';

/** What follows a conversation: nothing more, the person is put through, or the voicemail is left. */
export type Ending = 'hang_up' | 'transfer' | 'voicemail';

/** What is known of a call while it runs. `transferKey`: whom people are put through to who ask for a person. */
export type TalkFacts = {
  script: CallScript;
  now: Date;
  reach: Reach;
  transferKey: string | null;
  canCallBack: boolean;
};

/**
 * Where a conversation stands. `offer`: an opt-out was only mentioned, or it was asked whether one is wanted; `asked` also
 * says by which words. `replies` counts what the person said since the greeting.
 */
export type TalkState = {
  stage: 'greeting' | 'welcome' | 'question' | 'callback' | 'callback_check' | 'over';
  offer: { kind: 'none' } | { kind: 'mentioned' } | { kind: 'asked'; quote: string };
  lastSaid: string;
  replies: number;
  silences: number;
  misses: number;
  complaints: number;
  proposedAt: string | null;
};

export type TalkEvent =
  | { kind: 'heard'; text: string; isDuringSpeech: boolean }
  | { kind: 'digit'; digit: string }
  | { kind: 'silence' };

/**
 * What happens next: the acts are committed in order, then the words are spoken, then the conversation ends or listens.
 * Where an act cannot be committed, `Lines.notNoted` is said instead and it ends.
 */
export type Step = { state: TalkState; acts: Act[]; say: string | null; ending: Ending | null };

/** A conversation whose greeting, with its offer to opt out, is being spoken. */
export function newTalk(script: CallScript): TalkState {
  return {
    stage: 'greeting',
    offer: { kind: 'mentioned' },
    lastSaid: script.greeting,
    replies: 0,
    silences: 0,
    misses: 0,
    complaints: 0,
    proposedAt: null,
  };
}

/** The lines in the language of a call. */
export function linesFor({ script }: TalkFacts): Lines {
  return linesOf(script.language);
}

/** The end message of the campaign, or else a goodbye. */
export function endMessage(facts: TalkFacts): string {
  return facts.script.closing.trim() || linesFor(facts).goodbye;
}

/** Says something and listens. A mere mention of the opt-out ends with it. */
export function saying(state: TalkState, say: string, change: Partial<TalkState> = {}): Step {
  return {
    state: { ...state, offer: { kind: 'none' }, ...change, lastSaid: say },
    acts: [],
    say,
    ending: null,
  };
}

/** Does something, says the last words, and ends. */
export function ending(state: TalkState, acts: Act[], say: string | null, next: Ending = 'hang_up'): Step {
  return {
    state: { ...state, stage: 'over', offer: { kind: 'none' }, lastSaid: say ?? state.lastSaid },
    acts,
    say,
    ending: next,
  };
}

/** Sentences one after the other, blank ones left out. */
export function joined(...parts: string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
}

/** The question that is open in something said: its last sentence, if it asks. */
export function questionIn(said: string): string {
  return /[^.!?]*\?\s*$/u.exec(said)?.[0].trim() ?? '';
}
