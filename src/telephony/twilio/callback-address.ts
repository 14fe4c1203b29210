/**
 * By itself Twilio tries a webhook again only when no connection came about, so an error 500 of ours would lose the
 * event; the fragment, which is not signed, asks for five more tries after any failure (telephony.md §2).
 */
const RETRY_OVERRIDES = '#rc=5&rp=all';

/** Where Twilio reports on the text of one attempt. The token is a reference and no secret. */
export function statusCallbackUrl(publicUrl: string, token: string): string {
  return `${withoutSlash(publicUrl)}/twilio/status?attempt=${encodeURIComponent(token)}${RETRY_OVERRIDES}`;
}

export function withoutSlash(publicUrl: string): string {
  return publicUrl.replace(/\/+$/, '');
}
