import type { Context } from 'hono';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';
import { socketOrigin, withoutSlash } from './callback-address.ts';

/** A verified form: `fields` holds the values, `raw` the body as it came, which is plain ASCII and safe to store. */
export type SignedForm = { fields: Map<string, string>; query: string; raw: string };

export type SignatureCheck = { authTokens: readonly string[]; accountSid: string; publicUrl: string };

const LARGEST_BODY_BYTES = 64 * 1_024;

/**
 * Lets a request through only with Twilio's signature over the public address as configured, never as the request
 * claims (telephony.md §1). Nothing but the length and the signature is looked at before; a refusal has no body.
 */
export async function readSignedForm(c: Context, check: SignatureCheck): Promise<SignedForm | Response> {
  const length = Number.parseInt(c.req.header('content-length') ?? '', 10);
  if (Number.isNaN(length)) return c.body(null, 411);
  if (length > LARGEST_BODY_BYTES) return c.body(null, 413);
  const signature = c.req.header('x-twilio-signature');
  if (!signature) return c.body(null, 403);
  const raw = await c.req.text();
  const target = targetOf(c);
  const params = paramsOf(raw);
  const url = withoutSlash(check.publicUrl) + target;
  if (!isSigned(check, signature, url, params) || params.AccountSid !== check.accountSid)
    return c.body(null, 403);
  const questionMark = target.indexOf('?');
  return { fields: fieldsOf(params), query: questionMark < 0 ? '' : target.slice(questionMark + 1), raw };
}

/**
 * Whether Twilio signed the handshake of a WebSocket, over the public address as configured (telephony.md §1,
 * “WebSocket upgrade”): it carries no parameters, and the scheme is that of sockets.
 */
export function isSignedUpgrade(c: Context, check: SignatureCheck): boolean {
  const signature = c.req.header('x-twilio-signature');
  return (
    Boolean(signature) && isSigned(check, signature ?? '', socketOrigin(check.publicUrl) + targetOf(c), {})
  );
}

type Params = Record<string, string | string[]>;

/** Repeated names keep all their values, because the signature covers each of them. */
function paramsOf(raw: string): Params {
  const params: Params = Object.create(null);
  for (const [name, value] of new URLSearchParams(raw)) {
    const known = params[name];
    if (known === undefined) params[name] = value;
    else params[name] = Array.isArray(known) ? [...known, value] : [known, value];
  }
  return params;
}

/** A database cannot hold the NUL character; nobody means anything by it. */
function fieldsOf(params: Params): Map<string, string> {
  return new Map(
    Object.entries(params).map(([name, value]) => [
      name,
      String(Array.isArray(value) ? value[0] : value).replaceAll('\0', ''),
    ]),
  );
}

function isSigned(check: SignatureCheck, signature: string, url: string, params: Params): boolean {
  return check.authTokens.some((token) => hasSigned(token, signature, url, params));
}

function hasSigned(token: string, signature: string, url: string, params: Params): boolean {
  try {
    return validateRequest(token, signature, url, params);
  } catch {
    return false;
  }
}

/** Path and query exactly as received: the parsed address of a request has lost what the signature covers. */
function targetOf(c: Context): string {
  const { incoming }: { incoming?: { url?: string } } = c.env ?? {};
  return incoming?.url ?? c.req.url.replace(/^[a-z]+:\/\/[^/?#]*/i, '');
}
