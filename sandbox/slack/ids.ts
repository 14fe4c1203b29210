import { randomBytes, randomInt } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** An identifier in Slack's manner: a letter for the kind and ten capitals or digits. */
export function newId(prefix: string): string {
  return prefix + Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

export function newSecret(bytes = 18): string {
  return randomBytes(bytes).toString('hex');
}

/** The block_id or action_id Slack makes up where the app gave none. */
export function newShortId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5);
}
