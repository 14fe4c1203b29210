import { isInForce } from '#domain/api-token.ts';
import { listWords } from '#domain/phrases.ts';
import type { TokenScope } from '#domain/token-scopes.ts';
import type { ShownToken } from '#operations/list-tokens.ts';
import { actionId } from '#slack/action-ids.ts';
import { actorName, count, localTime, quote } from '#slack/mrkdwn.ts';
import { actions, type Block, button, context, fallback, type Message, section } from './kit.ts';

/** What each scope allows; the form and the list say it alike. */
export const SCOPE_WORDS: Record<TokenScope, string> = {
  read: 'looks at campaigns, contacts, calls and figures',
  write: 'makes and changes campaigns, loads contacts, keeps the do-not-call list, stops',
  launch: 'starts and schedules campaigns, and stops them',
};

/** Slack takes 50 blocks in a message. */
const SHOWN = 40;

/** Tokens with what they may, how to tell them apart, and when they were used; each with the button that ends it. */
export function tokenList(tokens: readonly ShownToken[], now: Date): Message {
  const lead =
    tokens.length === 0
      ? '*API tokens*\nThere is none. A program needs one to use the API; make one for each program.'
      : `*API tokens*\n${count(tokens.length)} in this workspace. Their secrets are kept nowhere: one that is lost is revoked and made anew.`;
  const shown = tokens.slice(0, SHOWN);
  const lines = shown.map((token) => lineOf(token, now));
  const blocks: Block[] = [
    section(lead),
    ...shown.map((token, index) => section(lines[index] ?? '', { accessory: revokeButton(token) })),
    ...(tokens.length > SHOWN ? [context(`… and ${count(tokens.length - SHOWN)} older ones.`)] : []),
    actions([button({ label: 'New token…', actionId: actionId('token.new'), style: 'primary' })]),
  ];
  return {
    text: fallback(lead.replaceAll('*', ''), ...lines.map((line) => line.replaceAll('*', ''))),
    blocks,
  };
}

function lineOf(token: ShownToken, now: Date): string {
  const { id, name, hint, scopes, createdBy, createdAt, parentId, lastUsedAt } = token;
  const maker = parentId === null ? actorName(createdBy) : `token ${parentId}`;
  const used = lastUsedAt ? `last used ${localTime(lastUsedAt)}` : 'never used';
  return [
    `*${quote(name)}* (token ${id}, …${quote(hint)}): ${listWords(scopes)}`,
    `${endOf(token, now)}; ${used}; made by ${maker}, ${localTime(createdAt)}`,
  ].join('\n');
}

function endOf(token: ShownToken, now: Date): string {
  if (!token.expiresAt) return 'No end';
  return isInForce(token, now)
    ? `Ends ${localTime(token.expiresAt)}`
    : `*Over* since ${localTime(token.expiresAt)}`;
}

function revokeButton({ id, name }: ShownToken) {
  return button({
    label: 'Revoke',
    actionId: actionId('token.revoke', id),
    value: String(id),
    style: 'danger',
    spoken: `Revoke the token ${name}`,
    confirm: {
      title: 'Revoke this token?',
      text: `Whatever uses “${name}” is refused within a second, and so are tokens made by it. What was done with it stands. This cannot be undone.`,
      confirm: 'Revoke',
      danger: true,
    },
  });
}
