/** What an API token may do: look, change, or have people contacted. */
export const TOKEN_SCOPES = ['read', 'write', 'launch'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** What a request needs: one of the scopes, or `stop`, which either of those that change something may (slack.md §8). */
export type Need = TokenScope | 'stop';

/** Whether a token with these scopes may do what needs this. Nothing includes anything else, but stopping. */
export function scopesAllow(scopes: readonly TokenScope[], need: Need): boolean {
  return need === 'stop' ? scopes.includes('write') || scopes.includes('launch') : scopes.includes(need);
}
