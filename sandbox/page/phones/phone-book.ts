import { computed } from '@preact/signals';
import { tables } from '#sandbox/page/tables.ts';
import type { Phone, PhoneCall, PhoneText } from '#sandbox/page-protocol.ts';
import { callsByNumber } from './call-book.ts';

export type PhoneEntry = {
  phone: Phone;
  last: PhoneText | undefined;
  lastCall: PhoneCall | undefined;
  textCount: number;
  hasReplied: boolean;
};

/** Each contact's texts, oldest first. */
export const textsByNumber = computed(() => {
  const byNumber = new Map<string, PhoneText[]>();
  for (const text of [...tables.texts.rows.value].sort((one, other) => one.createdAt - other.createdAt)) {
    const texts = byNumber.get(text.contactNumber);
    if (texts) texts.push(text);
    else byNumber.set(text.contactNumber, [text]);
  }
  return byNumber;
});

/** Every phone, the one that something happened on last first. */
export const phoneBook = computed<PhoneEntry[]>(() =>
  tables.phones.rows.value
    .map((phone) => {
      const texts = textsByNumber.value.get(phone.id) ?? [];
      const hasReplied = texts.some((text) => text.direction === 'from_contact');
      const lastCall = callsByNumber.value.get(phone.id)?.at(-1);
      return { phone, last: texts.at(-1), lastCall, textCount: texts.length, hasReplied };
    })
    .sort((one, other) => lastAt(other) - lastAt(one) || one.phone.id.localeCompare(other.phone.id)),
);

function lastAt({ last, lastCall }: PhoneEntry): number {
  return Math.max(last?.createdAt ?? 0, lastCall?.createdAt ?? 0);
}

export type PhoneFilter = 'all' | 'replied' | 'opted_out' | 'taken';

const passes: Record<PhoneFilter, (entry: PhoneEntry) => boolean> = {
  all: () => true,
  replied: (entry) => entry.hasReplied,
  opted_out: (entry) => entry.phone.isOptedOut,
  taken: (entry) => entry.phone.isTaken,
};

export function findPhones(entries: PhoneEntry[], filter: PhoneFilter, query: string): PhoneEntry[] {
  const words = query.trim().toLowerCase();
  const digits = words.replace(/[^\d+]/g, '');
  return entries.filter((entry) => {
    if (!passes[filter](entry)) return false;
    if (words === '') return true;
    const isNumber = digits.length > 1 && entry.phone.id.includes(digits);
    return isNumber || `${entry.phone.personaLabel} ${entry.last?.body ?? ''}`.toLowerCase().includes(words);
  });
}

/** A whole number that somebody typed, as E.164; null when it is not one. */
export function typedNumber(query: string): string | null {
  const number = query.replace(/[\s().-]/g, '');
  return /^\+[1-9]\d{7,14}$/.test(number) ? number : null;
}

export function formatNumber(number: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return american
    ? `+1 ${american[1]} ${american[2]} ${american[3]}`
    : number.replace(/(\d{2,3})(?=(\d{3})+$)/g, '$1 ');
}
