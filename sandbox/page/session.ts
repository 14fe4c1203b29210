import { computed, effect, type Signal, signal } from '@preact/signals';
import type { SlackChannel, SlackUser } from '#sandbox/page-protocol.ts';
import { botUserId, tables } from './tables.ts';

export type Place = { kind: 'channel'; channelId: string } | { kind: 'home' };
export type Pane = 'channels' | 'conversation' | 'thread' | 'phones';
export type Drawer = 'traffic' | 'faults' | null;

export const chosenUserId = remembered('ringmaster.user', '');
const chosenPlace = remembered<Place | null>('ringmaster.place', null);
export const openThreadTs = signal<string | null>(null);
export const openPhoneNumber = signal<string | null>(null);
export const drawer = signal<Drawer>(null);
export const hasPhones = remembered('ringmaster.phones', true);
/** The one pane that a narrow screen shows. */
export const pane = signal<Pane>('conversation');

export const people = computed(() => tables.users.rows.value.filter((user) => !user.isBot));

/** Whoever was chosen, else the first person of the workspace. */
export const actingUser = computed<SlackUser | undefined>(
  () => people.value.find((user) => user.id === chosenUserId.value) ?? people.value[0],
);
export const actingUserId = computed(() => actingUser.value?.id ?? '');
export const readerTimeZone = computed(() => validTimeZone(actingUser.value?.timeZone));

export const visibleChannels = computed(() =>
  tables.channels.rows.value.filter((channel) => isVisibleTo(channel, actingUserId.value)),
);

export const place = computed<Place | null>(() => {
  const chosen = chosenPlace.value;
  if (chosen?.kind === 'home') return chosen;
  const channels = visibleChannels.value.filter((channel) => channel.kind !== 'im');
  const channel =
    visibleChannels.value.find((candidate) => candidate.id === chosen?.channelId) ??
    channels.find((candidate) => !candidate.isArchived && candidate.memberIds.includes(botUserId.value)) ??
    channels[0];
  return channel ? { kind: 'channel', channelId: channel.id } : null;
});

export function openChannel(channelId: string) {
  chosenPlace.value = { kind: 'channel', channelId };
  openThreadTs.value = null;
  pane.value = 'conversation';
}

export function openHome() {
  chosenPlace.value = { kind: 'home' };
  openThreadTs.value = null;
  pane.value = 'conversation';
}

export function openThread(ts: string) {
  openThreadTs.value = ts;
  pane.value = 'thread';
}

export function closeThread() {
  openThreadTs.value = null;
  pane.value = 'conversation';
}

export function openPhone(number: string | null) {
  openPhoneNumber.value = number;
  hasPhones.value = true;
  pane.value = 'phones';
}

/** What another channel calls its people: the bot's direct messages go by the bot's name. */
export function channelLabel(channel: SlackChannel): string {
  if (channel.kind !== 'im') return channel.name;
  const others = channel.memberIds.filter((id) => id !== actingUserId.value);
  return tables.users.find(others[0] ?? null)?.realName ?? channel.name;
}

function isVisibleTo(channel: SlackChannel, userId: string): boolean {
  return channel.kind === 'public' || channel.memberIds.includes(userId);
}

function validTimeZone(timeZone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** A signal that outlives a reload of the page. */
export function remembered<Value>(key: string, initial: Value): Signal<Value> {
  const value = signal(readStored(key, initial));
  effect(() => {
    const text = JSON.stringify(value.value);
    try {
      localStorage.setItem(key, text);
    } catch {
      // A browser that stores nothing only forgets on reload.
    }
  });
  return value;
}

function readStored<Value>(key: string, initial: Value): Value {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? 'null') as Value | null) ?? initial;
  } catch {
    return initial;
  }
}
