/**
 * By itself Twilio tries a webhook again only when no connection came about, so an error 500 of ours would lose the
 * event; the fragment, which is not signed, asks for five more tries after any failure (telephony.md §2).
 */
const RETRY_OVERRIDES = '#rc=5&rp=all';

/** Where Twilio asks for instructions and reports while a call runs; each address names the call by its token. */
export const CALL_PATHS = {
  answer: '/twilio/voice/answer',
  after: '/twilio/voice/after',
  dialed: '/twilio/voice/dialed',
  sorry: '/twilio/voice/sorry',
  status: '/twilio/call-status',
  verdict: '/twilio/amd',
  recording: '/twilio/recording',
} as const;

/** Where the assistant’s conversations come to. */
export const RELAY_PATH = '/twilio/relay';

/** Where Twilio reports on the text of one attempt. The token is a reference and no secret. */
export function statusCallbackUrl(publicUrl: string, token: string): string {
  return `${withoutSlash(publicUrl)}/twilio/status?attempt=${encodeURIComponent(token)}${RETRY_OVERRIDES}`;
}

/** One address of a call. The token is a reference and no secret. */
export function callUrl(publicUrl: string, page: keyof typeof CALL_PATHS, token: string): string {
  return `${withoutSlash(publicUrl)}${CALL_PATHS[page]}?call=${encodeURIComponent(token)}${RETRY_OVERRIDES}`;
}

/**
 * Where the assistant's conversations come to. Twilio signs exactly what is written here, so it has neither query nor
 * fragment (telephony.md §1).
 */
export function relayUrl(publicUrl: string): string {
  return socketOrigin(publicUrl) + RELAY_PATH;
}

/** The public address as WebSockets name it: wss for https, ws for the plain http of a machine's own network. */
export function socketOrigin(publicUrl: string): string {
  return withoutSlash(publicUrl).replace(/^http/, 'ws');
}

export function withoutSlash(publicUrl: string): string {
  return publicUrl.replace(/\/+$/, '');
}
