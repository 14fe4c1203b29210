import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ClaimedRequest, claimRequest, REQUEST_LEASE_MS } from '#operations/claim-request.ts';
import type { Deps } from '#operations/deps.ts';
import { type RequestEnd, settleRequest } from '#operations/settle-request.ts';
import type { ApiEnv } from './api.ts';
import { isUpload } from './bodies.ts';
import { unprocessable } from './problems.ts';
import { digestUpload } from './uploads.ts';

export const IDEMPOTENCY_KEY = 'Idempotency-Key';
/** Printable ASCII, as a header can carry it. */
export const KEY_SHAPE = /^[\x20-\x7E]{1,255}$/;

const ODD_KEY = 'An Idempotency-Key has 1 to 255 printable characters. Nothing was done.';
const OTHER_REQUEST =
  'This Idempotency-Key stands for another request, which was sent to another address or had another body. Nothing was done. Give each request a key of its own.';
const UNDER_WAY =
  'The first request with this Idempotency-Key is still under way, so nothing was done twice. Send it again in a moment for its answer.';
const ANSWER_GONE =
  'This was done already under the same Idempotency-Key, and nothing was done again. Its answer is not kept: it held a secret, which is shown once, or the data of a person who was erased. If a secret was lost, revoke or delete what was made and make it anew.';

/**
 * Has a POST with an Idempotency-Key done once, and its answer given again for a day with `Idempotent-Replayed: true`.
 * What does not succeed leaves the key free. Verbs that make something take `requestKey`, which stays the same over all
 * repetitions, so that not even a crash between their commit and the kept answer makes it twice.
 */
export function idempotent(deps: Pick<Deps, 'db' | 'clock' | 'randomToken'>): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { id: tokenId, scopes } = c.get('token');
    const key = c.req.method === 'POST' ? c.req.header(IDEMPOTENCY_KEY) : undefined;
    // A token that may only look makes nothing that could be made twice.
    if (key === undefined || scopes.every((scope) => scope === 'read')) {
      c.set('requestKey', `token:${tokenId}:${deps.randomToken()}`);
      return next();
    }
    if (!KEY_SHAPE.test(key))
      return unprocessable(c, [{ loc: ['header', IDEMPOTENCY_KEY], msg: ODD_KEY, type: 'value_error' }]);
    const ref = { tokenId, idempotencyKey: key };
    const claimed = await claimRequest(deps, { ...ref, fingerprint: await fingerprintOf(c) });
    if (claimed.kind === 'answer_again' && isUpload(c) && claimed.contentDigest !== (await digestUpload(c)))
      return answerRepetition(c, { kind: 'other_request' });
    if (claimed.kind !== 'do') return answerRepetition(c, claimed);
    c.set('requestKey', `token:${tokenId}:${key}:${claimed.since.getTime()}`);
    const settle = (end: RequestEnd) => settleRequest(deps, ref, end);
    const renewing = setInterval(() => void settle({ kind: 'under_way' }).catch(() => undefined), RENEW_MS);
    try {
      await next();
    } finally {
      clearInterval(renewing);
    }
    return settle(await endOf(c));
  };
}

const RENEW_MS = REQUEST_LEASE_MS / 3;

/**
 * Method, address and body. What a file holds is known only once its route has read it piece by piece; that is kept with the
 * answer, and compared before the answer is given again.
 */
async function fingerprintOf(c: Context): Promise<string> {
  const { pathname, search } = new URL(c.req.url);
  const body = isUpload(c) ? '' : await c.req.text();
  return createHash('sha256').update(`${c.req.method} ${pathname}${search}\n${body}`).digest('hex');
}

function answerRepetition(c: Context, claimed: Exclude<ClaimedRequest, { kind: 'do' }>): Response {
  if (claimed.kind === 'other_request')
    return unprocessable(c, [{ loc: ['header', IDEMPOTENCY_KEY], msg: OTHER_REQUEST, type: 'value_error' }]);
  if (claimed.kind === 'under_way') return c.json({ detail: UNDER_WAY }, 409, { 'retry-after': '1' });
  if (claimed.body === null) return c.json({ detail: ANSWER_GONE }, 409);
  return c.body(claimed.body, claimed.status as ContentfulStatusCode, {
    'content-type': 'application/json',
    'idempotent-replayed': 'true',
  });
}

/** Nobody keeps what is marked `no-store`. */
async function endOf(c: Context<ApiEnv>): Promise<RequestEnd> {
  const answer = c.res;
  if (!answer.ok) return { kind: 'failed' };
  const isSecret = answer.headers.get('cache-control') === 'no-store';
  const body = isSecret ? null : await answer.clone().text();
  return { kind: 'done', status: answer.status, body, contentDigest: c.get('contentDigest') ?? null };
}
