import { listWords } from './phrases.ts';
import { TOKEN_SCOPES, type TokenScope } from './token-scopes.ts';

const LONGEST_NAME = 80;

/** What somebody wants a token to be. */
export type TokenWish = { name: string; scopes: readonly string[]; expiresAt: Date | null };
/** What the token that makes another one may itself. */
export type TokenMaker = { scopes: readonly TokenScope[]; expiresAt: Date | null };
export type TokenProblem = { field: 'name' | 'scopes' | 'expires_at'; sentence: string };

export type CheckedToken =
  | { ok: true; name: string; scopes: TokenScope[]; expiresAt: Date | null }
  | { ok: false; problems: TokenProblem[] };

/**
 * Whether there may be such a token: a name of 1 to 80 characters, at least one scope, an end that is still to come. One
 * that is made by another token may do no more than that one, and no longer. All problems together.
 */
export function checkTokenWish(wish: TokenWish, now: Date, maker: TokenMaker | null): CheckedToken {
  const name = wish.name.trim().replaceAll(/\s+/g, ' ');
  const problems = [
    nameProblem(name),
    scopesProblem(wish.scopes, maker),
    endProblem(wish, now, maker),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) return { ok: false, problems };
  const scopes = TOKEN_SCOPES.filter((scope) => wish.scopes.includes(scope));
  return { ok: true, name, scopes, expiresAt: wish.expiresAt };
}

/** Whether a token counts: it was not revoked, and its end is still to come. */
export function isInForce(
  { revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null },
  now: Date,
): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

/** What is said of webhooks that tokens made which are revoked: they lead wherever their maker wanted. Empty for none. */
export function stillTold(webhookIds: readonly number[]): string {
  if (webhookIds.length === 0) return '';
  const which = listWords(webhookIds.map(String));
  return webhookIds.length === 1
    ? ` Webhook ${which}, which was made with it, is still told what happens: switch it off, unless that is meant to go on.`
    : ` Webhooks ${which}, which were made with it, are still told what happens: switch them off, unless that is meant to go on.`;
}

function nameProblem(name: string): TokenProblem | null {
  const length = [...name].length;
  if (length >= 1 && length <= LONGEST_NAME) return null;
  return {
    field: 'name',
    sentence: `Give the token a name of 1 to ${LONGEST_NAME} characters: what it is for.`,
  };
}

function scopesProblem(scopes: readonly string[], maker: TokenMaker | null): TokenProblem | null {
  const unknown = scopes.find((scope) => !TOKEN_SCOPES.some((known) => known === scope));
  if (unknown !== undefined || scopes.length === 0)
    return { field: 'scopes', sentence: `Choose at least one of the scopes ${listWords(TOKEN_SCOPES)}.` };
  const missing = maker && scopes.filter((scope) => !maker.scopes.some((own) => own === scope));
  if (!missing || missing.length === 0) return null;
  return {
    field: 'scopes',
    sentence: `A token makes others that may do no more than itself: it has ${listWords(maker.scopes)}, and not ${listWords(missing, 'or')}.`,
  };
}

function endProblem({ expiresAt }: TokenWish, now: Date, maker: TokenMaker | null): TokenProblem | null {
  if (expiresAt !== null && !(expiresAt > now))
    return { field: 'expires_at', sentence: 'The token has to end at an instant that is still to come.' };
  if (!maker?.expiresAt || (expiresAt !== null && expiresAt <= maker.expiresAt)) return null;
  return {
    field: 'expires_at',
    sentence: `A token makes others that end no later than itself, at ${maker.expiresAt.toISOString()}.`,
  };
}
