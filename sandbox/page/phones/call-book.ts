import { computed } from '@preact/signals';
import { tables } from '#sandbox/page/tables.ts';
import type { PhoneCall } from '#sandbox/page-protocol.ts';

const open = ['queued', 'initiated', 'ringing', 'in-progress'];

/** Each contact's calls, oldest first. */
export const callsByNumber = computed(() => {
  const byNumber = new Map<string, PhoneCall[]>();
  for (const call of [...tables.calls.rows.value].sort((one, other) => one.createdAt - other.createdAt)) {
    const calls = byNumber.get(call.contactNumber);
    if (calls) calls.push(call);
    else byNumber.set(call.contactNumber, [call]);
  }
  return byNumber;
});

/** Calls that wait for the person at this page, the one that has rung longest first. */
export const ringingForMe = computed(() => tables.calls.rows.value.filter((call) => isRingingForMe(call)));

export function isRingingForMe(call: PhoneCall): boolean {
  return call.isTaken && call.direction === 'to_contact' && call.status === 'ringing';
}

export function isOpenCall(call: PhoneCall): boolean {
  return open.includes(call.status);
}

/** The call that a phone rings with or is on. */
export function openCallOf(number: string): PhoneCall | undefined {
  return callsByNumber.value.get(number)?.findLast(isOpenCall);
}

const words: Record<string, string> = {
  queued: 'Waiting to be dialed',
  initiated: 'Dialing…',
  ringing: 'Ringing…',
  'in-progress': 'On a call',
  completed: 'Call',
  busy: 'Call, busy',
  'no-answer': 'Call, no answer',
  failed: 'Call failed',
  canceled: 'Call taken back',
};

const verdicts: Record<string, string> = {
  human: 'detected a human',
  fax: 'detected a fax',
  unknown: 'detected nobody for certain',
  machine_start: 'detected a machine',
  machine_end_beep: 'detected a machine, then its beep',
  machine_end_silence: 'detected a machine, then silence',
  machine_end_other: 'detected a machine, then its end',
};

/** “Call, 1 min 20 s, detected a machine”. */
export function describeCall(call: PhoneCall): string {
  const what = call.direction === 'from_contact' && !isOpenCall(call) ? 'Called the bot' : wordsOf(call);
  return [what, talkTime(call), verdictOf(call)].filter(Boolean).join(', ');
}

/** What the carrier's detection takes whoever picked up for. */
function verdictOf({ answeredBy }: PhoneCall): string {
  if (answeredBy === null) return '';
  return verdicts[answeredBy] ?? answeredBy.replaceAll('_', ' ');
}

function wordsOf(call: PhoneCall): string {
  return words[call.status] ?? call.status;
}

function talkTime({ answeredAt, endedAt }: PhoneCall): string {
  if (answeredAt === null || endedAt === null) return '';
  return formatSeconds(Math.round((endedAt - answeredAt) / 1000));
}

export function formatSeconds(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
