import { createHmac } from 'node:crypto';

/**
 * X-Twilio-Signature of a form post: HMAC-SHA1 over the address exactly as it was given, without its fragment, followed
 * by every parameter in the order of the names (telephony.md §1).
 */
export function signForm(authToken: string, address: string, params: Record<string, string>): string {
  let signed = withoutFragment(address);
  for (const name of Object.keys(params).sort()) signed += name + params[name];
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

export function withoutFragment(address: string): string {
  const hash = address.indexOf('#');
  return hash < 0 ? address : address.slice(0, hash);
}
