import type { FailureClass } from '#domain/failure.ts';
import type { ProviderRefusal } from '#ports/telephony.ts';

type Row = [codes: number[], failure: FailureClass, fix: string];

/**
 * Twilio's error codes (telephony.md §2, §3; twilio.com/docs/api/errors), at the create and in delivery reports, in our
 * classes, each with what a person can do about it.
 */
const TABLE: Row[] = [
  [
    [20003, 20006, 20008, 20403],
    'account',
    'Twilio refused our credentials. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.',
  ],
  [
    [20005, 10001, 30002],
    'account',
    'The Twilio account is suspended or closed. Open the Twilio Console to see why.',
  ],
  [[20404], 'account', 'Twilio does not know this account. Check TWILIO_ACCOUNT_SID.'],
  [
    [21608],
    'account',
    'The Twilio account is on trial and may text verified numbers only. Upgrade it in the Console.',
  ],
  [
    [21219],
    'account',
    'The Twilio account is on trial and may call verified numbers only. Upgrade it in the Console.',
  ],
  [
    [21205, 21609],
    'account',
    'Twilio cannot use our callback address. PUBLIC_URL must be a public address without underscores.',
  ],
  [
    [21603, 21212, 21213],
    'sender',
    'The number to text or call from is missing or not a phone number. Check TWILIO_PHONE_NUMBER.',
  ],
  [
    [21210],
    'sender',
    'The number to call from does not belong to this Twilio account. Choose another one, or buy it in the Console.',
  ],
  [
    [21601, 21606, 21659, 21660, 21661],
    'sender',
    'The sender is not a text-capable number of this Twilio account. Choose another one, or buy it in the Console.',
  ],
  [
    [21701, 21705],
    'sender',
    'Twilio does not know the messaging service. Check TWILIO_MESSAGING_SERVICE_SID.',
  ],
  [
    [21703, 21704, 21712],
    'sender',
    'The messaging service has no number that can send. Add one to its sender pool.',
  ],
  [
    [21408],
    'region',
    'Texts to this country are switched off. Allow it in the Console under Messaging, Geo permissions.',
  ],
  [
    [21203, 21215, 13227],
    'region',
    'Calls to this country are switched off. Allow it in the Console under Voice, Geo permissions.',
  ],
  [
    [21201, 21211, 21214, 21217, 21604, 13224],
    'invalid_number',
    'This is not a phone number that exists. Correct it in the contact list.',
  ],
  [[30005], 'invalid_number', 'Nobody has this number any more. Remove it from the contact list.'],
  [
    [21614, 30006],
    'not_textable',
    'This number cannot receive texts, usually because it is a landline. Call it instead.',
  ],
  [[21612], 'not_textable', 'This sender cannot reach this number. A sender of the contact’s country may.'],
  [
    [30640],
    'not_textable',
    'Twilio lists this person as one who sues over texts, and does not deliver. Leave them out.',
  ],
  [
    [21202, 21216, 13225],
    'not_callable',
    'Twilio puts no calls through to this number, usually because it is a premium one. Leave them out.',
  ],
  [[21610], 'opted_out', 'This person texted STOP to the sender. Only a START from their phone changes it.'],
  [[21617, 21605], 'content', 'The text is longer than 1,600 characters. Shorten it.'],
  [
    [21602, 21619, 21620, 21623, 30011, 30019],
    'content',
    'The text is empty or holds something Twilio cannot send. Change it.',
  ],
  [
    [30007],
    'filtered',
    'The network took the text for spam. Say who is writing and how to stop, leave out short links, then resume.',
  ],
  [[30032], 'filtered', 'The toll-free sender is not verified. Verify it in the Console, then resume.'],
  [
    [30034, 30018, 30024, 30027, 30035],
    'filtered',
    'The sender is not registered for business texts in this country (A2P 10DLC). Register it in the Console, then resume.',
  ],
  [
    [30450, 30451, 30453],
    'filtered',
    'Twilio suspects fraud behind texts to this country and blocks them. Ask Twilio before resuming.',
  ],
  [[30003], 'unreachable', 'The phone was off or out of reach. Another try later may succeed.'],
  [
    [30610],
    'unreachable',
    'Twilio holds its own quiet hours. Narrow the campaign’s hours so that they lie inside.',
  ],
  [[30004], 'blocked', 'The phone or its network blocks our texts. Ask the contact on another channel.'],
  [
    [30008],
    'blocked',
    'The network gave no reason. If many texts fail like this, look at status.twilio.com.',
  ],
  [
    [30001, 30022, 30023],
    'provider',
    'The sender has more to send than it may. Lower the campaign’s rate or add senders.',
  ],
  [
    [30036],
    'provider',
    'The text waited longer than it was valid. Lower the campaign’s rate or add senders.',
  ],
  [
    [30009, 30017, 30020, 30410, 30500],
    'provider',
    'The network had a fault of its own. Another try later may succeed.',
  ],
];

const byCode = new Map(
  TABLE.flatMap(([codes, failure, fix]) => codes.map((code) => [code, { failure, fix }] as const)),
);

/** What an error code of Twilio means for us. A code nobody foresaw counts as the provider's fault. */
export function refusalFor(code: number): ProviderRefusal {
  const known = byCode.get(code);
  return {
    class: known?.failure ?? 'provider',
    code: String(code),
    fix: known?.fix ?? `Twilio reported error ${code}. Look it up at twilio.com/docs/api/errors/${code}.`,
  };
}

/**
 * Codes that mean: not now, and for how long at least. Nothing was processed and nothing is wrong (telephony.md §2
 * “capacity”, §3): too many requests, calls at once, or texts in the sender's queue.
 */
export const CAPACITY_PAUSE_MS = new Map([
  [20429, 1_000],
  [10004, 10_000],
  [21611, 60_000],
]);

/** A failed delivery without a code. */
export const UNEXPLAINED: ProviderRefusal = {
  class: 'provider',
  code: 'none',
  fix: 'Twilio gave no reason. If many texts fail like this, look at status.twilio.com.',
};
