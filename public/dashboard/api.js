/**
 * Reading from the REST API: every request carries the token in its header, every refusal comes back as a sentence. See
 * /api/docs for what there is.
 */

const UNREACHABLE =
  'The server cannot be reached. The numbers stand as they were; reload the page in a moment.';

/** A refused request. `status` is 0 where there was no answer at all. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * `get(token, '/campaigns?per_page=100')` gives the answer's JSON, or throws an `ApiError`.
 *
 * @returns {Promise<any>}
 */
export async function get(token, path, mayWait = true) {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const answer = await fetch(`/api/v1${path}`, { headers }).catch(() => null);
  if (!answer) throw new ApiError(0, UNREACHABLE);
  // Whoever asks too often is told how long to wait, and waits.
  if (answer.status === 429 && mayWait) {
    const seconds = Number(answer.headers.get('retry-after')) || 1;
    await new Promise((done) => setTimeout(done, seconds * 1_000));
    return get(token, path, false);
  }
  const body = await answer.json().catch(() => null);
  if (answer.ok && body) return body;
  throw new ApiError(answer.status, sentenceOf(body) ?? `The server answered ${answer.status}.`);
}

/** `detail` is a sentence, or, for a request of the wrong shape, a list of problems. */
function sentenceOf(body) {
  if (typeof body?.detail === 'string') return body.detail;
  return body?.detail?.map?.(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join(' ');
}
