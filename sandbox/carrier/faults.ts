import type { Fault } from '#sandbox/page-protocol.ts';

/** Everything that can be made to go wrong. The order is the order in which a request meets them. */
export const FAULTS = {
  auth_refused: 'Credentials are refused (20003)',
  drop_request: 'The connection breaks before a text or call is accepted',
  error_before_accepting: 'Error 500 before a text or call is accepted',
  unavailable: 'An HTML error page (503) instead of an answer',
  too_many_requests: 'Too many requests (429)',
  queue_full: 'The sender’s queue is full (21611)',
  calls_full: 'Too many calls at once (10004)',
  sender_refused: 'The sender is refused (21606, 21210 for calls)',
  lose_answer: 'The answer is lost after a text or call is accepted',
  error_after_accepting: 'Error 500 after a text or call is accepted',
  slow_answer: 'The answer comes after the client has given up',
  early_callbacks: 'Callbacks arrive before the answer to the create',
  second_call: 'The carrier dials twice for one call',
  lookups_failing: 'Looking texts and calls up fails (503)',
  deliveries_failing: 'Every delivery fails (30008)',
  calls_failing: 'Every call fails to be put through (SIP 503)',
  duplicate_callbacks: 'Callbacks arrive twice',
  reordered_callbacks: 'Callbacks arrive in the wrong order',
  lost_callbacks: 'Callbacks get lost',
  no_sequence: 'Callbacks of calls come without their number',
  forged_callback: 'Somebody forges callbacks with a wrong signature',
  duplicate_inbound: 'Texts from contacts arrive twice',
  lost_inbound: 'Texts from contacts get lost',
  twiml_fetch_failing: 'Asking for a call’s instructions fails (11200)',
  duplicate_twiml_fetch: 'A call’s instructions are asked for twice',
  late_verdict: 'The verdict of machine detection comes late',
  drop_socket: 'A conversation’s socket breaks in the middle of a sentence',
} as const;

export type FaultName = keyof typeof FAULTS;

type Switch = { isOn: boolean; count: number | null; chance: number };

/** Which faults are on: a number of times, until switched off, or with a chance at every opportunity. */
export type FaultSwitches = {
  random: () => number;
  onChange: (row: Fault) => void;
  switches: Map<FaultName, Switch>;
};

const ID_PREFIX = 'carrier:';

export function createFaults(random: () => number, onChange: (row: Fault) => void): FaultSwitches {
  return { random, onChange, switches: new Map() };
}

/** Whether this fault happens now; uses one of its times up. */
export function strikes(faults: FaultSwitches, name: FaultName): boolean {
  const state = faults.switches.get(name);
  if (!state) return false;
  if (!state.isOn) return state.chance > 0 && faults.random() < state.chance;
  useUp(faults, name, state);
  return true;
}

/** The first of these faults that happens now. */
export function firstFault<Name extends FaultName>(
  faults: FaultSwitches,
  names: readonly Name[],
): Name | null {
  return names.find((name) => strikes(faults, name)) ?? null;
}

export function switchFault(
  faults: FaultSwitches,
  name: FaultName,
  isOn: boolean,
  count: number | null,
): void {
  const chance = faults.switches.get(name)?.chance ?? 0;
  faults.switches.set(name, { isOn: isOn && count !== 0, count: isOn ? count : null, chance });
  faults.onChange(rowOf(faults, name));
}

export function setFaultChance(faults: FaultSwitches, name: FaultName, chance: number): void {
  const { isOn, count } = faults.switches.get(name) ?? { isOn: false, count: null };
  faults.switches.set(name, { isOn, count, chance });
}

export function faultRows(faults: FaultSwitches): Fault[] {
  return faultNames().map((name) => rowOf(faults, name));
}

function faultNames(): FaultName[] {
  return Object.keys(FAULTS) as FaultName[];
}

/** The fault a row of the page stands for; null when the row belongs to somebody else. */
export function faultOfRow(id: string): FaultName | null {
  return faultNames().find((name) => id === `${ID_PREFIX}${name}`) ?? null;
}

function useUp(faults: FaultSwitches, name: FaultName, state: Switch): void {
  if (state.count === null) return;
  state.count -= 1;
  if (state.count <= 0) {
    state.isOn = false;
    state.count = null;
  }
  faults.onChange(rowOf(faults, name));
}

function rowOf(faults: FaultSwitches, name: FaultName): Fault {
  const state = faults.switches.get(name);
  return {
    id: `${ID_PREFIX}${name}`,
    side: 'carrier',
    label: FAULTS[name],
    isOn: state?.isOn ?? false,
    count: state?.count ?? null,
  };
}
