/** What an API token may do: look, change, or have people contacted. */
export const TOKEN_SCOPES = ['read', 'write', 'launch'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/**
 * What a request needs: one of the scopes; `stop`, which either of those that change something may (slack.md §8); or `any`,
 * for what is about the token itself.
 */
export type Need = TokenScope | 'stop' | 'any';

/** Whether a token with these scopes may do what needs this. Nothing includes anything else, but stopping. */
export function scopesAllow(scopes: readonly TokenScope[], need: Need): boolean {
  if (need === 'any') return true;
  return need === 'stop' ? scopes.includes('write') || scopes.includes('launch') : scopes.includes(need);
}
