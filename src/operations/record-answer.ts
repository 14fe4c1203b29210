import { addAnswer } from '#db/call-actions.ts';
import type { CallVerb } from './run-call-act.ts';

const MOST_ANSWERS = 20;
const LONGEST_KEY = 40;
const LONGEST_VALUE = 500;

/** Keeps an answer under a short name; the newest one to the same question stands. */
export const recordAnswer: CallVerb = async (_, tx, call, given) => {
  const key = String(given.key ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, LONGEST_KEY);
  const value = String(given.value ?? '')
    .trim()
    .slice(0, LONGEST_VALUE);
  if (key === '' || value === '') return { ok: false, problem: 'An answer needs a key and a value.' };
  const isKept = await addAnswer(tx, call.id, { key, value, most: MOST_ANSWERS });
  return isKept
    ? { ok: true, told: { recorded: { [key]: value } } }
    : { ok: false, problem: `There are ${MOST_ANSWERS} answers already; no more are kept.` };
};
