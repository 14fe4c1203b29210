import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import { tokensInForce } from '#operations/tokens-in-force.ts';

const LOOK_EVERY_MS = 1_000;

/**
 * The same pieces, as long as the token that asked for them is in force: a file can take longer than it takes to find out
 * that a token has got into the wrong hands.
 */
export async function* whileInForce(
  deps: Pick<Deps, 'db' | 'clock'>,
  token: ApiToken,
  pieces: AsyncGenerator<string, void>,
): AsyncGenerator<string, void> {
  const now = () => deps.clock.now().getTime();
  let looksAt = now() + LOOK_EVERY_MS;
  for await (const piece of pieces) {
    if (now() >= looksAt) {
      if (!(await tokensInForce(deps, [token.id])).has(token.id)) throw new TokenOver();
      looksAt = now() + LOOK_EVERY_MS;
    }
    yield piece;
  }
}

class TokenOver extends Error {
  override name = 'TokenOver';

  constructor() {
    super('the token that asked for this file is not in force any more');
  }
}
